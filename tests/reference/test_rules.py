"""Every rule of the two specifications is held by a case or a test, or left out in the open."""

from __future__ import annotations

import re

import pytest

from tests.reference.folder import ROOT, cases, load, reference_folder

FOLDER = reference_folder()
RULES = {"kubelet-spec.md": r"(?:PH|CO|CS|KC|RB|TD|MU|PR|EV|SM|CL)-\d+", "scheduler-spec.md": r"[QCFSPRKENDX]\d+"}
HELD: dict[str, list[str]] = load(ROOT / "tests/reference/rules.yaml")
SPECIFIED = FOLDER is not None and all((FOLDER / name).exists() for name in RULES)
pytestmark = pytest.mark.skipif(
    not SPECIFIED, reason="no specifications in a reference folder (PODLAB_REFERENCE, default ../shared/kubernetes)"
)


def rules(specification: str) -> list[str]:
    """The specification's rule ids."""
    assert FOLDER is not None
    return sorted(set(re.findall(rf"\*\*({RULES[specification]})\*\*", (FOLDER / specification).read_text("utf-8"))))


def named_elsewhere() -> set[str]:
    """The rules that our own tests name (`PH-1`; the short ids as `Rule Q5`, `Rules Q5, Q6`), and those in the tables of what is left out."""
    tests = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "tests/sim").rglob("*.py")))
    named = " ".join(re.findall(r"\b[Rr]ules? ((?:[A-Z]{1,2}-?\d+(?:, | and )?)+)", tests))
    left_out = " ".join(re.findall(r"(?m)^\| ([A-Z]{1,2}-?\d+) \|", (ROOT / "docs/left-out.md").read_text("utf-8")))
    unmistakable = " ".join(re.findall(r"(?<![A-Z])[A-Z]{2}-\d+", tests))
    return set(re.findall(r"[A-Z]{1,2}-?\d+", f"{named} {left_out} {unmistakable}"))


@pytest.mark.parametrize("specification", RULES)
def test_no_rule_is_forgotten(specification: str) -> None:
    """Each id stands in rules.yaml, in a test of the simulation, or in docs/left-out.md."""
    named = named_elsewhere()
    assert [] == [rule for rule in rules(specification) if rule not in HELD and rule not in named]


def test_what_holds_a_rule_exists() -> None:
    """Areas and cases that rules.yaml names are there."""
    assert FOLDER is not None
    known = {name for case in cases(FOLDER) for name in (case.id, case.area)}
    assert [] == [name for held in HELD.values() for name in held if name not in known]


def test_only_rules_that_exist_are_held() -> None:
    """No id of rules.yaml is misspelt."""
    known = {rule for specification in RULES for rule in rules(specification)}
    assert [] == [rule for rule in HELD if rule not in known]
