"""Every rule of the kubelet's specification is held by a case or a test, or left out in the open."""

from __future__ import annotations

import re

import pytest

from tests.reference.folder import ROOT, cases, load, reference_folder

FOLDER = reference_folder()
RULE = re.compile(r"\*\*((?:PH|CO|CS|KC|RB|TD|MU|PR|EV|SM|CL)-\d+)\*\*")
HELD: dict[str, list[str]] = load(ROOT / "tests/reference/rules.yaml")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="no reference folder (PODLAB_REFERENCE, default ../shared/kubernetes)")


def rules() -> list[str]:
    """The specification's rule ids."""
    assert FOLDER is not None
    return sorted(set(RULE.findall((FOLDER / "kubelet-spec.md").read_text("utf-8"))))


def named_elsewhere() -> str:
    """Our own tests and what is left out, as text."""
    tests = [path.read_text("utf-8") for path in sorted((ROOT / "tests/sim").rglob("*.py"))]
    return "\n".join([*tests, (ROOT / "docs/left-out.md").read_text("utf-8")])


def test_no_rule_is_forgotten() -> None:
    """Each id stands in rules.yaml, in a test of the simulation, or in docs/left-out.md."""
    text = named_elsewhere()
    forgotten = [rule for rule in rules() if rule not in HELD and not re.search(rf"(?<![A-Z]){rule}(?!\d)", text)]
    assert forgotten == []


def test_what_holds_a_rule_exists() -> None:
    """Areas and cases that rules.yaml names are there."""
    assert FOLDER is not None
    known = {name for case in cases(FOLDER) for name in (case.id, case.area)}
    assert [name for held in HELD.values() for name in held if name not in known] == []
