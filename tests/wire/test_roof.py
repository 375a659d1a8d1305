"""Roof test 3: a snapshot and the deltas since then make the next snapshot. `static/src` is held to the same fixtures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from podlab.sim.changes import ObjectChange
from podlab.sim.cluster import Snapshot
from podlab.wire.changes import to_wire
from podlab.wire.patch import apply_patch, merge_patch
from tests.sim.story import play, started

Objects = dict[str, Any]
FIXTURES = Path(__file__).parents[1] / "fixtures/wire"
PATCHES = json.loads((FIXTURES / "patches.json").read_text("utf-8"))
FRAMES = json.loads((FIXTURES / "one_pod.json").read_text("utf-8"))


def by_uid(snapshot: Any) -> Objects:
    """A snapshot's objects."""
    return {each["metadata"]["uid"]: each for each in snapshot["objects"]}


def applied(objects: Objects, changes: list[Any]) -> Objects:
    """The objects after changes as they cross the wire."""
    after = dict(objects)
    for each in changes:
        if each["kind"] == "object" and each["type"] == "DELETED":
            del after[each["uid"]]
        elif each["kind"] == "object":
            after[each["uid"]] = each["object"] if each.get("object") else apply_patch(after[each["uid"]], each["patch"])
    return after


@pytest.mark.parametrize("case", PATCHES, ids=[each["is"] for each in PATCHES])
def test_each_patch_of_the_table_is_made_and_applied(case: dict[str, Any]) -> None:
    """Both ways: what the server says, and what the page makes of it."""
    assert case["new"] == apply_patch(case["old"], case["patch"])
    assert case["patch"] == merge_patch(case["old"], case["new"])


def test_a_recorded_session_comes_from_snapshot_to_snapshot() -> None:
    """What a browser was sent, frame by frame."""
    held: Objects = {}
    met = 0
    for frame in FRAMES:
        if frame["kind"] == "window":
            held = applied(held, frame["changes"])
        elif frame["kind"] == "snapshot":
            assert not met or held == by_uid(frame)
            held, met = by_uid(frame), met + 1
    assert met == 3


def test_a_story_told_in_deltas_ends_in_its_snapshot() -> None:
    """The first snapshot, and every change of a minute as the wire has it."""
    cluster = started()
    first = plain(cluster.snapshot())
    cluster, told = play(cluster)
    deltas = [json.loads(msgspec.json.encode(to_wire(each))) for each in told if isinstance(each, ObjectChange)]
    assert len(deltas) > 10
    assert by_uid(plain(cluster.snapshot())) == applied(by_uid(first), deltas)


@pytest.mark.parametrize("name", ["readiness", "eviction"])
def test_a_story_and_its_last_picture_tell_the_same_of_probes_and_memory(name: str) -> None:
    """The newest told of each thing is what a page that comes later gets; of what holds nothing, nothing."""
    _, first, window, last = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    running = {container(each) for pod in last["objects"] for each in (pod.get("status") or {}).get("containerStatuses") or ()}
    told = {seen_key(each): each for each in [*first.get("seen", ()), *window["changes"]] if each["kind"] in ("probe", "memory")}
    expected = {
        key: what(each) for key, each in told.items() if each["kind"] == "probe" or (each["holds"] and alive(each["host"], running))
    }
    assert expected == {seen_key(each): what(each) for each in last["seen"]}
    assert expected


def container(status: Any) -> str:
    """A running container's host."""
    return "container/" + status["containerID"].rpartition("/")[2] if "running" in status["state"] else ""


def alive(host: str, running: set[str]) -> bool:
    """Whether a host is still there."""
    return host.startswith("node/") or host in running


def seen_key(seen: Any) -> str:
    """Of what it tells."""
    return seen["host"] if seen["kind"] == "memory" else f"{seen['uid']} {seen['probe']} {seen['container']}"


def what(seen: Any) -> Any:
    """What it tells, when and how often aside; of a probe that rests, its next try too."""
    return {key: value for key, value in seen.items() if key not in ("t", "n") and (key != "next" or not seen.get("period"))}


def plain(snapshot: Snapshot) -> Any:
    """A snapshot as JSON has it."""
    return json.loads(msgspec.json.encode(snapshot))
