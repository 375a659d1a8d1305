"""`python3 manage.py trace SCENARIO.yaml`: run a recorded scenario in a simulated cluster, write what was seen to change."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from podlab.cli import recording
from podlab.cli.trouble import Trouble
from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.errors import StatusError
from podlab.sim.faults import KINDS

# 2026-01-05 was a Monday; scenarios that need a second of the minute shift it (`align`).
MONDAY_MS = 1_767_571_200_000
SEED = 1


class Started(Struct):
    """A step that runs: its script's number, and when it began (ms)."""

    step: int
    script: int
    begun: int


def run_scenario(scenario: dict[str, Any], *, boot: bytes | None = None) -> Iterator[dict[str, Any]]:
    """The lines of an observation: watch events, then OUTPUTs, as `traces/README.md` asks for. Raises `Trouble` where a step cannot be done."""
    recording.check(scenario, presets=["standard"], steps=["run", "fault", "files"], faults="|".join(KINDS))
    recording.check_until(scenario)
    zero_ms = MONDAY_MS + 1000 * scenario.get("align", 0)
    cluster = Cluster.start(boot or Cluster.boot("standard"), SEED, zero_ms)
    for line in scenario.get("before") or ():
        cluster.finish(cluster.script(line))
    cluster.take_changes()
    offset = cluster.now
    started: list[Started] = []
    for node in cluster.api.list("nodes"):
        yield {"t": 0, "type": "ADDED", "object": complete("nodes", node)}
    for number, step in sorted(enumerate(scenario["steps"]), key=lambda pair: pair[1].get("at", 0)):
        cluster.advance(offset + round(1000 * step.get("at", 0)))
        _begin(cluster, number, step, started)
    cluster.advance(offset + round(1000 * scenario["until"]))
    changes = [change for change in cluster.take_changes() if isinstance(change, ObjectChange)]
    yield from (_event(change, offset) for change in changes)
    yield from _outputs(cluster, started, offset, _generated(changes))


def complete(resource: str, obj: Obj) -> Obj:
    """The object with its kind and apiVersion, as a watch shows it."""
    row = RESOURCES[resource]
    return {"apiVersion": row.api_version, "kind": row.kind, **obj}


def _begin(cluster: Cluster, number: int, step: dict[str, Any], started: list[Started]) -> None:
    for name, text in (step.get("files") or {}).items():
        cluster.write_file(name, text)
    try:
        if "fault" in step:
            cluster.apply(Fault(step["fault"], step.get("node", "")))
        elif "run" in step:
            host = f"node/{step['node']}" if "node" in step else "workstation"
            started.append(Started(number, cluster.script(step["run"], host=host), cluster.now))
    except StatusError as error:
        raise Trouble(f"step {number}: {error}") from None


def _generated(changes: list[ObjectChange]) -> list[str]:
    """The generated ends of names, which a recording's outputs show as `<hash>`."""
    made = [change.new["metadata"] for change in changes if change.type == "ADDED" and change.resource != "events"]
    ends = [meta["name"].removeprefix(meta["generateName"]) for meta in made if "generateName" in meta]
    return ends + [meta["labels"]["pod-template-hash"] for meta in made if "pod-template-hash" in (meta.get("labels") or {})]


def _event(change: ObjectChange, offset: int) -> dict[str, Any]:
    return {"t": (change.t - offset) / 1000, "type": change.type, "object": complete(change.resource, change.new)}


def _outputs(cluster: Cluster, started: list[Started], offset: int, generated: list[str]) -> Iterator[dict[str, Any]]:
    for each in started:
        result = cluster.result(each.script)
        if result.code is not None:
            text = result.both
            for end in generated:
                text = text.replace(end, "<hash>")
            times = {"from": (each.begun - offset) / 1000, "to": (result.ended_ms - offset) / 1000}
            yield {"type": "OUTPUT", "step": each.step, "rc": result.code, "text": text, **times}


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    return recording.parse("trace", arguments)


def main(options: argparse.Namespace) -> int:
    """Print the observation, one JSON document a line; the exit code."""
    for line in run_scenario(recording.read(options.recording)):
        recording.show(line)
    return 0
