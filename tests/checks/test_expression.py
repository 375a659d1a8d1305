"""Expressions: CEL over plain data, with what is absent as null."""

from typing import Any

import pytest

from podlab.checks.expression import compile_
from podlab.checks.scope import Memory, Scope
from podlab.checks.tokens import ExpressionError
from podlab.sim.cluster import Cluster

POD = {
    "metadata": {"name": "web", "uid": "u"},
    "spec": {"containers": [{"name": "c", "image": "nginx"}], "nodeName": "node-1"},
    "status": {
        "phase": "Running",
        "conditions": [{"type": "Ready", "status": "True", "reason": "", "message": "all well"}],
        "containerStatuses": [{"name": "c", "restartCount": 2, "state": {"running": {"startedAt": "2026-01-05T00:00:00Z"}}}],
    },
}


def value(text: str, **subject: Any) -> Any:
    return compile_(text).evaluate(Scope(Cluster.bare(), Memory(), {"new": POD, "old": None} | subject))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("true ? 'a' : 'b'", "a"),
        ('"a" in ["a", "b"]', True),
        ("[1, 2, 3].exists(x, x > 2)", True),
        ("[1, 2, 3].all(x, x > 2)", False),
        ("[1, 2, 3].filter(x, x != 2)", [1, 3]),
        ("[1, 2].map(x, x * x)", [1, 4]),
        ('{"a": 1}.a', 1),
        ("size([1, 2])", 2),
        ('"kubectl".startsWith("kube")', True),
        ("phase", "Running"),
        ("ready(new)", True),
        ('n(new, "c")', 2),
        ('up(new, "c") && !gone(new)', True),
        ('msg(new, "Ready")', "all well"),
        ('cond(new, "Initialized")', "absent"),
        ("on(new)", "node-1"),
        ("new.spec.containers[0].image", "nginx"),
    ],
)
def test_an_expression_has_the_value_that_cel_gives_it(text: str, expected: Any) -> None:
    """Operators, macros, members, and the shorthands over a Pod."""
    assert expected == value(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("new.spec.nothing.at.all", None),
        ("new.spec.nothing == 1", False),
        ("new.spec.nothing != 1", False),
        ("new.spec.nothing == null", True),
        ("new.spec.containers != null", True),
        ('n(pod("none"), "c") == 0', False),
        ('pod("none").spec.nodeName', None),
        ("!old", True),
        ('ready(old) || on(old) == ""', False),
    ],
)
def test_what_is_absent_is_null_and_a_test_of_it_is_false(text: str, expected: Any) -> None:
    """No expression fails for a field that is not there; only the literal null can be compared with it."""
    assert expected == value(text)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("1 +", 4, "expected"),
        ("redy(new)", 1, "redy"),
        ("ready(new, 1)", 1, "takes 1 argument"),
        ("nw.spec", 1, "there is no 'nw'"),
        ("a.b.c", 1, "there is no 'a'"),
        ("[1, 2].exist(x, true)", 8, "exist"),
        ("1 ; 2", 3, "means nothing"),
        ("(1", 1, "'(' is not closed"),
        ("ready(new", 6, "'(' is not closed"),
        ("[1, 2", 1, "'[' is not closed"),
        ("1 ? 2", 6, "':' is missing"),
        ("new.a = 1", 7, "did you mean '=='?"),
        ("new.a & new.b", 7, "did you mean '&&'?"),
        ("new.a == 'x", 10, "the quote ' is not closed"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_column(text: str, column: int, words: str) -> None:
    """The author sees where, and what there is instead."""
    with pytest.raises(ExpressionError) as error:
        compile_(text)
    assert (column, True) == (error.value.column, words in str(error.value))


def test_no_expression_runs_for_long() -> None:
    """Loops in loops end as null when their steps are used up; deep nesting is refused when it is read."""
    many = f"[{', '.join(['1'] * 100)}]"
    assert value(f"{many}.all(a, {many}.all(b, {many}.all(c, true)))") is None
    with pytest.raises(ExpressionError):
        compile_("(" * 100 + "1" + ")" * 100)
    with pytest.raises(ExpressionError):
        compile_("1 + " * 2000 + "1")
