"""Strategic merge patch: lists by key, directives, order."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.api.schema import type_of
from podlab.sim.apiserver.patch.strategic import StrategicError, merge

SPEC: dict[str, Any] = {
    "containers": [{"name": "a", "image": "x", "args": ["1"]}, {"name": "b", "image": "y"}],
    "volumes": [{"name": "v", "emptyDir": {}}],
}
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "an item is merged by its key",
        {"containers": [{"name": "b", "image": "z"}]},
        {"containers": [SPEC["containers"][0], {"name": "b", "image": "z"}]},
    ),
    ("an item is deleted", {"containers": [{"name": "a", "$patch": "delete"}]}, {"containers": [SPEC["containers"][1]]}),
    ("a list is replaced", {"containers": [{"$patch": "replace"}, {"name": "n"}]}, {"containers": [{"name": "n"}]}),
    (
        "a plain list is one value",
        {"containers": [{"name": "a", "args": ["2"]}]},
        {"containers": [{"name": "a", "image": "x", "args": ["2"]}, SPEC["containers"][1]]},
    ),
    ("null removes", {"volumes": None}, {"volumes": None}),
    (
        "retainKeys takes the rest away",
        {"volumes": [{"name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/"}}]},
        {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]},
    ),
    (
        "the order is the patch's",
        {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]},
        {"containers": [SPEC["containers"][1], SPEC["containers"][0]]},
    ),
]


def merged(patch: dict[str, Any]) -> dict[str, Any]:
    """The Pod's spec after a patch."""
    schema = type_of("v1", "Pod")
    assert schema is not None
    found: dict[str, Any] = merge({"spec": SPEC}, {"spec": patch}, schema)["spec"]
    return found


@pytest.mark.parametrize(("patch", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_patch_is_merged_by_the_schema(patch: dict[str, Any], expected: dict[str, Any]) -> None:
    """Each strategy and directive."""
    whole = {key: value for key, value in {**SPEC, **expected}.items() if value is not None}
    assert whole == merged(patch)


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"containers": [{"image": "x"}]}, "map: map[image:x] does not contain declared merge key: name"),
        ({"nodeSelector": {"$patch": "nope"}}, "unknown patch type: nope in map: map[$patch:nope]"),
    ],
)
def test_a_bad_patch_is_refused_in_the_servers_words(patch: dict[str, Any], message: str) -> None:
    """These are 500s of the real server."""
    with pytest.raises(StrategicError) as raised:
        merged(patch)
    assert message == str(raised.value)
