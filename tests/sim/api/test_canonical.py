"""Objects as Go's types hold them."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.api.canonical import DecodeError, base64_text, canonical
from podlab.sim.api.schema import Type, type_of


def schema(kind: str = "Pod", version: str = "v1") -> Type:
    """The type of a kind."""
    found = type_of(version, kind)
    assert found is not None
    return found


def test_empty_values_are_left_out_where_go_leaves_them_out() -> None:
    """Values, not pointers: false, zero, empty texts and lists."""
    spec = {
        "hostNetwork": False,
        "automountServiceAccountToken": False,
        "nodeSelector": {},
        "containers": [{"name": "c", "stdin": False, "args": []}],
    }
    expected = {"automountServiceAccountToken": False, "containers": [{"name": "c", "resources": {}}]}
    assert expected == canonical(schema(), {"spec": spec})["spec"]


def test_empty_structs_are_shown_where_go_shows_them() -> None:
    """A Deployment's template, strategy and status."""
    expected = {"selector": None, "strategy": {}, "template": {"metadata": {}, "spec": {"containers": None}}}
    assert {"spec": expected, "status": {}} == canonical(schema("Deployment", "apps/v1"), {})


def test_unknown_fields_are_dropped_and_named() -> None:
    """With their whole path."""
    unknown: list[str] = []
    canonical(schema(), {"nope": 1, "spec": {"containers": [{"imagePullPolice": "x"}]}}, unknown)
    assert ["nope", "spec.containers[0].imagePullPolice"] == unknown


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"containers": "x"}, "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container"),
        ({"hostNetwork": "yes"}, "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool"),
        ({"containers": [{"name": 5}]}, "json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string"),
        ({"priority": 3_000_000_000}, "json: cannot unmarshal number 3000000000 into Go struct field PodSpec.spec.priority of type int32"),
        (
            {"containers": [{"resources": {"limits": {"cpu": "x"}}}]},
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ),
    ],
)
def test_a_wrong_type_is_told_in_gos_words(spec: dict[str, Any], message: str) -> None:
    """The struct, the path without indexes, the Go type."""
    with pytest.raises(DecodeError) as raised:
        canonical(schema(), {"spec": spec})
    assert message == str(raised.value)


@pytest.mark.parametrize(("text", "place"), [("not base64!", 3), ("e30", 0), ("YQ=", 0), ("YWJj=", 4)])
def test_bad_base64_is_told_with_its_place(text: str, place: int) -> None:
    """The first byte that cannot be."""
    with pytest.raises(DecodeError, match=f"^illegal base64 data at input byte {place}$"):
        base64_text(text)
