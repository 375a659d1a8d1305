"""Vectors of kubectl's columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podlab.sim.apiserver.printers import printer
from podlab.sim.human import human_duration, parse_go_duration
from podlab.sim.world import World, WorldState

ZERO_MS = 1_767_323_045_000
LONG_MS = 400 * 86_400_000


def columns(vector: dict[str, Any]) -> None:
    """`HumanDuration`, and the cells of a Pod's row."""
    given, expect = vector["given"], vector["expect"]
    if vector["func"] == "HumanDuration":
        assert expect["text"] == human_duration(int(given["seconds"] * 1000))
        return
    world = World(WorldState(zero_ms=ZERO_MS), {})
    world.kernel.state.now = LONG_MS
    cells = _cells(world, given)
    assert expect == {key: cells[key] for key in expect}


def _cells(world: World, given: dict[str, Any]) -> dict[str, Any]:
    meta = {"name": "p", "creationTimestamp": world.stamp()} | (
        {"deletionTimestamp": world.stamp()} if given.get("deletionTimestamp") else {}
    )
    row = printer("pods").row(
        world, {"metadata": meta, "spec": given.get("spec") or {}, "status": _with_stamps(world, given.get("status") or {})}
    )
    return {"ready": row[1], "status": row[2], "restarts": row[3], "wide": row[5:]}


def _with_stamps(world: World, value: Any) -> Any:
    """`finishedAgo: 10s` as the timestamp of that instant."""
    if isinstance(value, list):
        return [_with_stamps(world, each) for each in value]
    if not isinstance(value, dict):
        return value
    out = {key: _with_stamps(world, each) for key, each in value.items()}
    if "finishedAgo" in out:
        out["finishedAt"] = world.stamp(world.now - _ago(out.pop("finishedAgo")))
    return out


def _ago(text: str) -> int:
    return int(text[:-1]) * 86_400_000 if text.endswith("d") else parse_go_duration(text)


AREAS: dict[str, Callable[[dict[str, Any]], None]] = {"kubectl-columns": columns}
