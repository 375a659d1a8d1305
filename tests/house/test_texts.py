"""What a learner reads is there in both languages, and every cause has its sentence."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from podlab.home import ROOT
from podlab.sim.scheduler.cycle import Framework
from podlab.sim.scheduler.framework import Handle, overrides
from podlab.sim.scheduler.node_info import Snapshot
from tests.house import tree

TEXTS = ROOT / "static" / "src" / "texts"
ENGLISH = sorted(path for folder in (TEXTS, ROOT / "podlab" / "web" / "texts") for path in folder.glob("*en.json"))


@pytest.mark.parametrize("english", ENGLISH, ids=lambda path: path.name)
def test_both_languages_have_the_same_keys_and_gaps(english: Path) -> None:
    """Equal keys, and in each text the same `{placeholders}`."""
    korean = english.with_name(english.name.replace("en.json", "ko.json"))
    assert _gaps(english) == _gaps(korean)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_cause_has_a_sentence(language: str) -> None:
    """Each rule id in `Cause("…", …)` of the simulation is a key of `causes.<language>.json`."""
    sentences = json.loads((TEXTS / f"causes.{language}.json").read_text("utf-8"))
    used = {rule: place for path in tree.sim() for rule, place in _rules(path)}
    assert {rule: place for rule, place in used.items() if rule not in sentences} == {}


def test_what_the_scheduler_explains_has_its_words() -> None:
    """Each code of a remedy, and what each plugin that scores counts."""
    words = json.loads((TEXTS / "en.json").read_text("utf-8"))
    codes = {code for path in tree.sim() if "remedies" in path.parts for code in _named(path, "Remedy")} - {"reason"}
    plugins = {each.name for each in Framework(Handle(Snapshot(), lambda _resource, _namespace: [])).plugins if overrides(each, "score")}
    assert codes and plugins
    assert [] == [
        key for key in sorted({f"sched.fix.{each}" for each in codes} | {f"sched.counts.{each}" for each in plugins}) if key not in words
    ]


def _named(path: Path, call: str) -> Iterator[str]:
    """Every literal in the first argument of such a call."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.Call) and _name(node.func) == call and node.args:
            yield from (part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _rules(path: Path) -> Iterator[tuple[str, str]]:
    """Every literal rule id in the first argument of `Cause`, also in `"A" if … else "B"`."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.Call) and _name(node.func) == "Cause" and node.args:
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                    yield part.value, f"{path}:{node.lineno}"


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _gaps(path: Path) -> dict[str, list[str]]:
    return {key: sorted(set(re.findall(r"\{(\w+)", value))) for key, value in _flat(json.loads(path.read_text("utf-8")))}


def _flat(tree_: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree_, dict):
        for name, value in tree_.items():
            yield from _flat(value, f"{key}.{name}")
    else:
        yield key, str(tree_)
