"""The simulation keeps its word: explained, pure, and the same on every run."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import tree

FORBIDDEN_MODULES = {"random", "secrets", "uuid", "time", "asyncio", "socket", "threading", "subprocess", "django", "redis"}
FORBIDDEN_BUILTINS = {"hash", "id", "open", "input", "print"}
FORBIDDEN_METHODS = {"now", "utcnow", "today"}
ORDERED = {"list", "tuple", "iter", "next", "enumerate", "map", "filter", "zip", "dict"}
"""What makes a sequence of its first argument; `sorted`, `len`, `any` … do not care for its order."""


@pytest.mark.parametrize("path", [p for p in tree.sim() if p.name != "__init__.py"], ids=str)
def test_every_module_says_what_it_promises(path: Path) -> None:
    """A docstring at the head of each module."""
    assert ast.get_docstring(tree.parsed(path)), f"{path} has no docstring"


@pytest.mark.parametrize("path", tree.sim(), ids=str)
def test_nothing_depends_on_clock_chance_or_order_of_sets(path: Path) -> None:
    """No clock, random, uuid4, hash(), no iteration over a set."""
    assert list(_offences(path)) == []


def test_the_guard_sees_each_offence(tmp_path: Path) -> None:
    """The guard itself can fail."""
    source = "import random\nfrom time import time\nhash('a')\ndatetime.now()\nfor x in {1, 2}: pass\n[y for y in set('ab')]\nlist({1})\n"
    (tmp_path / "bad.py").write_text(source)
    lines = [int(offence.split(":")[1]) for offence in _offences(tmp_path / "bad.py")]
    assert sorted(lines) == [1, 2, 3, 4, 5, 6, 7]


def _offences(path: Path) -> Iterator[str]:
    for node in ast.walk(tree.parsed(path)):
        if problem := _problem(node):
            line = node.lineno if isinstance(node, ast.expr | ast.stmt) else getattr(node, "iter").lineno  # noqa: B009
            yield f"{path}:{line}: {problem}"


def _problem(node: ast.AST) -> str | None:
    match node:
        case ast.Import(names=names) if FORBIDDEN_MODULES & {alias.name.split(".")[0] for alias in names}:
            return "imports what is not the same on every run"
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in FORBIDDEN_MODULES:
            return "imports what is not the same on every run"
        case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_BUILTINS:
            return f"calls {name}()"
        case ast.Call(func=ast.Attribute(attr=name, value=ast.Name(id="datetime" | "date"))) if name in FORBIDDEN_METHODS:
            return f"asks the clock: .{name}()"
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if _is_set(first) and name in ORDERED:
            return f"{name}() of a set: in which order?"
        case ast.For(iter=source) | ast.comprehension(iter=source) if _is_set(source):
            return "iterates over a set"
    return None


def _is_set(node: ast.expr) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd() | ast.Sub(), right=right):
            return _is_set(left) or _is_set(right)
    return False
