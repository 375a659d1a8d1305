"""Our expressions beside a CEL implementation of somebody else: the same value, or both refuse; and where ours differ on purpose."""

from pathlib import Path
from typing import Any

import cel
import pytest
import yaml

from podlab.checks.expression import compile_
from podlab.checks.scope import Memory, Scope
from podlab.checks.tokens import ExpressionError
from podlab.sim.cluster import Cluster

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("cel.yaml").read_text("utf-8"))
REFUSED = "refused"


def ours(text: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The value here, null for what is refused while it runs; `x` is one more name."""
    monkeypatch.setattr(Scope, "NAMES", (*Scope.NAMES, "x"))
    try:
        return compile_(text).evaluate(Scope(Cluster.bare(), Memory(), {"x": TABLE["x"]}))
    except ExpressionError:
        return None


def theirs(text: str) -> Any:
    """The value by the package, or that it refuses."""
    try:
        return cel.evaluate(text, {"x": TABLE["x"]})
    except (TypeError, ValueError, RuntimeError, LookupError, ArithmeticError):
        return REFUSED


@pytest.mark.parametrize("text", [str(each) for each in TABLE["same"]])
def test_an_expression_has_the_value_that_the_package_gives_it_or_both_refuse(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values of the same type; refused here is null."""
    expected, actual = theirs(text), ours(text, monkeypatch)
    assert (type(None if expected == REFUSED else expected), None if expected == REFUSED else expected) == (type(actual), actual)


@pytest.mark.parametrize(("text", "value", "why"), TABLE["ours"], ids=str)
def test_what_we_answer_where_cel_refuses_is_written_down(text: str, value: Any, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its reason (docs/decisions/0005)."""
    assert (REFUSED, value) == (theirs(text), ours(text, monkeypatch)), why


@pytest.mark.parametrize(("text", "package", "right"), TABLE["differ"])
def test_where_the_package_is_wrong_ours_is_right(text: str, package: Any, right: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the package is mended, the expression moves to the others."""
    assert (package, right) == (theirs(text), ours(text, monkeypatch))
