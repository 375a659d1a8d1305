"""events.k8s.io/v1: the same Events under other names, checked more strictly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sim.apiserver.http.test_serve import ask
from tests.sim.apiserver.rig import bare

NEW = "/apis/events.k8s.io/v1/namespaces/default/events"
OLD = "/api/v1/namespaces/default/events"
REGARDING = {"kind": "Pod", "name": "p", "namespace": "default"}


def event(**more: Any) -> dict[str, Any]:
    """An Event as the new group wants it, and what `more` replaces."""
    whole = {
        "metadata": {"name": "e"},
        "eventTime": "2026-01-02T03:04:05.000000Z",
        "reportingController": "lab.example/c",
        "reportingInstance": "i",
        "action": "A",
        "reason": "R",
        "regarding": REGARDING,
        "note": "n",
        "type": "Normal",
    }
    return {name: value for name, value in (whole | more).items() if value is not None}


def test_it_is_seen_in_both_groups() -> None:
    """Made in one, read in the other, by item and by list."""
    api = bare()
    made = ask(api, "POST", NEW, event())
    old = ask(api, "GET", f"{OLD}/e").body
    assert (201, "n", REGARDING, {}) == (made.code, made.body["note"], made.body["regarding"], made.body["deprecatedSource"])
    assert ("n", REGARDING, "lab.example/c") == (old["message"], old["involvedObject"], old["reportingComponent"])
    (listed,) = ask(api, "GET", NEW).body["items"]
    assert "n" == listed["note"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"eventTime": None}, "eventTime: Required value"),
        ({"type": "Loud"}, 'type: Invalid value: "": has invalid value: Loud'),
        ({"action": None}, "action: Required value"),
        ({"deprecatedCount": 2}, 'count: Invalid value: "": needs to be unset'),
        ({"series": {"count": 1, "lastObservedTime": "2026-01-02T03:04:05.000000Z"}}, "should be at least 2"),
        ({"note": "n" * 1025}, "can have at most 1024 characters"),
    ],
)
def test_it_asks_for_more_than_v1(more: dict[str, Any], why: str) -> None:
    """What v1 lets through."""
    answer = ask(bare(), "POST", NEW, event(**more))
    assert 422 == answer.code
    assert why in answer.body["message"]


@pytest.mark.parametrize(
    ("body", "media", "code"),
    [
        ({"note": "other"}, "application/merge-patch+json", 422),
        ([{"op": "replace", "path": "/note", "value": "other"}], "application/json-patch+json", 422),
        ({"series": {"count": 2, "lastObservedTime": "2026-01-02T03:04:06.000000Z"}}, "application/merge-patch+json", 200),
    ],
)
def test_only_its_series_changes(body: Any, media: str, code: int) -> None:
    """Whatever the patch."""
    api = bare()
    ask(api, "POST", NEW, event())
    assert code == ask(api, "PATCH", f"{NEW}/e", body, content_type=media).code


def test_v1_wants_the_namespace_of_the_object() -> None:
    """An Event about an object of another namespace."""
    body = {"metadata": {"name": "e"}, "involvedObject": {"kind": "Pod", "namespace": "other", "name": "p"}}
    assert "does not match event.namespace" in ask(bare(), "POST", OLD, body).body["message"]
