"""JSON patch, with the library's leniency."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.apiserver.patch.json_patch import PatchError, apply

DOCUMENT = {"a": {"b": [1, 2]}, "x/y": 1}


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"op": "add", "path": "/a/b/-", "value": 3}, {"a": {"b": [1, 2, 3]}, "x/y": 1}),
        ({"op": "add", "path": "/a/b/0", "value": 0}, {"a": {"b": [0, 1, 2]}, "x/y": 1}),
        ({"op": "remove", "path": "/x~1y"}, {"a": {"b": [1, 2]}}),
        ({"op": "replace", "path": "/new", "value": 1}, {**DOCUMENT, "new": 1}),
        ({"op": "move", "from": "/x~1y", "path": "/a/c"}, {"a": {"b": [1, 2], "c": 1}}),
        ({"op": "test", "path": "/a/b/1", "value": 2}, DOCUMENT),
    ],
)
def test_an_operation_is_done(operation: dict[str, Any], expected: dict[str, Any]) -> None:
    """A replace of a member that is missing adds it."""
    assert expected == apply(DOCUMENT, [operation])


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/a/b/1", "value": 5},
        {"op": "remove", "path": "/nope"},
        {"op": "add", "path": "/a/b/9", "value": 1},
        {"op": "add", "value": 1},
        {"op": "jump", "path": "/a"},
    ],
)
def test_what_cannot_be_done_fails(operation: dict[str, Any]) -> None:
    """The server says no more than that."""
    with pytest.raises(PatchError):
        apply(DOCUMENT, [operation])
