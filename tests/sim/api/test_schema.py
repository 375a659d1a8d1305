"""The schema: types, merge keys, what Go shows."""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.api.schema import descriptions, type_of, types


def test_every_served_kind_has_a_type() -> None:
    """By its apiVersion and kind."""
    assert [] == [row.kind for row in RESOURCES.values() if type_of(row.api_version, row.kind) is None]


def test_every_reference_leads_somewhere() -> None:
    """No field speaks of a type that is not there."""
    assert [] == [
        (name, field) for name, each in types().items() for field, found in each.fields.items() if found.ref and found.ref not in types()
    ]


def test_lists_know_their_merge_keys() -> None:
    """Strategic merge and apply ask for them."""
    containers = types()["core/v1.PodSpec"].fields["containers"]
    assert ("name", "merge", "map", ["name"]) == (containers.key, containers.strategy, containers.list_type, containers.list_keys)


def test_every_field_is_described() -> None:
    """For `kubectl explain`."""
    assert set(types()["core/v1.Container"].fields) <= set(descriptions()["core/v1.Container"])
