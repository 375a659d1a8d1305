"""Faults: random scenarios of Pods and faults with their healing; the laws of a node hold throughout, and all falls silent in the end."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from podlab.cli.bench.measure import Figure
from podlab.sim.api.quantities import milli
from podlab.sim.changes import Change, Obj, ObjectChange
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.errors import StatusError
from podlab.sim.faults import CATALOGUE, Kind

ZERO_MS = 1_777_000_000_000
STEP_MS = 10_000
STEPS = 9
SETTLE_MS = 420_000
HEALED_MS = 60_000
CRITICAL = 2_000_000_000
CONTAINERS: tuple[Obj, ...] = (
    {"image": "podlab/web", "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 3}},
    {"image": "podlab/mem", "env": [{"name": "MEM_START", "value": "300Mi"}], "resources": {"limits": {"memory": "600Mi"}}},
    {"image": "podlab/mem", "env": [{"name": "MEM_START", "value": "200Mi"}], "resources": {"requests": {"memory": "300Mi", "cpu": "1"}}},
    {"image": "podlab/crasher"},
    {"image": "busybox", "command": ["sh", "-c", "head -c 100000 /dev/zero > /x; sleep 1d"]},
    {"image": "nginx", "resources": {"requests": {"cpu": "1500m", "memory": "900Mi"}}},
    {"image": "nginx", "livenessProbe": {"httpGet": {"path": "/no", "port": 80}, "periodSeconds": 2, "failureThreshold": 1}},
)
BREAKING = tuple(each for each in CATALOGUE if each.name not in {other.healed_by for other in CATALOGUE} and each.name != "promote")


@dataclass
class Outcome:
    """What scenarios came to: faults that happened, evictions seen, and `bugs` by seed."""

    faults: int = 0
    evictions: int = 0
    bugs: list[str] = field(default_factory=list)


def figures() -> Iterator[Figure]:
    """Three hundred scenarios; ten thousand with PODLAB_BENCH_FULL."""
    outcome, boot = Outcome(), Cluster.boot("trio")
    for seed in range(10_000 if os.environ.get("PODLAB_BENCH_FULL") else 300):
        play(boot, seed, outcome)
    yield Figure("faults", outcome.faults, "faults", 0)
    yield Figure("evictions", outcome.evictions, "Pods", 0)
    yield Figure("bugs", len(outcome.bugs), "bugs", 0)
    for bug in outcome.bugs:
        print(bug)


def play(boot: bytes, seed: int, outcome: Outcome) -> None:
    """One scenario: what is wrong with it is noted in `outcome.bugs`."""
    try:
        wrong = _play(Cluster.start(boot, seed, ZERO_MS), Random(seed), outcome)
    except Exception:
        wrong = [traceback.format_exc(limit=-4)]
    outcome.bugs += [f"seed {seed}: {each}" for each in wrong]


def _play(cluster: Cluster, random: Random, outcome: Outcome) -> list[str]:
    told: list[Change] = []
    wrong: list[str] = []
    names = [f"p{number}" for number in range(random.randint(2, 5))]
    for name in names:
        cluster.api.create("pods", _pod(random, name), by="learner")
    to_heal: list[Fault] = []
    for _ in range(STEPS):
        cluster.advance(cluster.now + STEP_MS)
        if random.random() < 0.4:
            _break(cluster, random, names, to_heal, outcome)
        elif to_heal and random.random() < 0.5:
            _apply(cluster, to_heal.pop(random.randrange(len(to_heal))))
        wrong += laws(cluster)
        told += cluster.take_changes()
    for each in to_heal:
        _apply(cluster, each)
    cluster.advance(cluster.now + HEALED_MS)
    told += cluster.take_changes()
    found = evicted(told)
    outcome.evictions += len(found)
    return wrong + [each for each in found if each] + settled(cluster, names)


def _pod(random: Random, name: str) -> Obj:
    spec: Obj = {"containers": [{"name": "app", **random.choice(CONTAINERS)}], "terminationGracePeriodSeconds": random.choice((1, 30))}
    return {"metadata": {"name": name, "namespace": "default"}, "spec": spec}


def _break(cluster: Cluster, random: Random, names: list[str], to_heal: list[Fault], outcome: Outcome) -> None:
    kind = random.choice(BREAKING)
    node = random.choice(("node-1", "node-2")) if kind.needs == "node" else ""
    args: dict[str, str] = {"pod": random.choice(names)} if kind.needs == "pod" else {}
    args |= {"to": "http://10.96.0.1/"} if kind.name == "traffic" else {}
    if _apply(cluster, Fault(kind.name, node, args)):
        outcome.faults += 1
        if kind.healed_by:
            to_heal.append(Fault(kind.healed_by, node, _healing(kind, args)))


def _healing(kind: Kind, args: dict[str, str]) -> dict[str, str]:
    return {"pod": args["pod"]} if kind.needs == "pod" else {}


def _apply(cluster: Cluster, fault: Fault) -> bool:
    try:
        cluster.apply(fault)
    except StatusError:
        return False  # its Pod does not run now, or not at all
    return True


def laws(cluster: Cluster) -> list[str]:
    """What holds on every node at every instant."""
    wrong = []
    for node in cluster.api.list("nodes"):
        name, room = node["metadata"]["name"], node["status"]["allocatable"]
        pods = [each for each in cluster.api.list("pods") if each["spec"].get("nodeName") == name and not _finished(each)]
        for resource in ("cpu", "memory"):
            asked = sum(_requests(each, resource) for each in pods)
            if asked > milli(room[resource]):
                wrong.append(f"{name}: {asked} of {resource} requested, {milli(room[resource])} allocatable")
        wrong += _memory(cluster, name)
    return wrong


def _memory(cluster: Cluster, node: str) -> list[str]:
    """All memory of a machine is that of its processes, its own and each container's; no container is over its limit."""
    memory, hosts = cluster.linux.memory, [each for each in cluster.state.linux.hosts.values() if each.node == node]
    total, parts = sum(map(memory.of, memory.on_node(node))), {each.name: memory.of_host(each.name) for each in hosts}
    wrong = [] if total == sum(parts.values()) else [f"{node}: {total} bytes in use, {sum(parts.values())} by host"]
    return wrong + [f"{each.name}: over its limit" for each in hosts if each.memory_limit and parts[each.name] > each.memory_limit]


def _finished(pod: Obj) -> bool:
    return pod["status"].get("phase") in ("Succeeded", "Failed")


def _requests(pod: Obj, resource: str) -> int:
    asked = ((each.get("resources") or {}).get("requests") or {} for each in pod["spec"]["containers"])
    return sum(milli(each.get(resource, "0")) for each in asked)


def evicted(told: list[Change]) -> list[str]:
    """One line for each eviction of a node short of something: what is wrong with it, or nothing."""
    causes = [(each.name, each.cause) for each in told if isinstance(each, ObjectChange) and each.cause is not None]
    return [_judge(name, cause.args) for name, cause in causes if cause.rule == "E7" and "ranking" in cause.args]


def _judge(name: str, args: dict[str, Any]) -> str:
    """The Pod must be the first of its ranking, judged by comparing each with each; a threshold must have been crossed."""
    rows = [line.split() for line in str(args["ranking"]).splitlines()]
    best: list[str] | None = None
    for row in rows:
        if int(row[3]) < CRITICAL and (best is None or _worse(row, best)):
            best = row
    if best is None or best[0] != name:
        return f"{name} was evicted, {best and best[0]} is the first of {rows}"
    crossed = milli(args["available"]) < milli(args["threshold"])
    return "" if crossed else f"{name} was evicted with {args['available']} available, at least {args['threshold']}"


def _worse(one: list[str], other: list[str]) -> bool:
    (over, priority), (held, low) = ((int(row[1]) - int(row[2]), int(row[3])) for row in (one, other))
    if (over > 0) != (held > 0):
        return over > 0
    return priority < low if priority != low else over > held


def settled(cluster: Cluster, names: list[str]) -> list[str]:
    """Healed and cleared away: the nodes are well, no Pod of the scenario is left, and no kubelet has anything to do for one."""
    for name in names:
        if cluster.api.find("pods", name, "default") is not None:
            cluster.api.delete("pods", name, "default", by="learner")
    cluster.advance(cluster.now + SETTLE_MS)
    wrong = []
    for node in cluster.api.list("nodes"):
        ill = [each["type"] for each in node["status"]["conditions"] if each["status"] != ("True" if each["type"] == "Ready" else "False")]
        if ill:
            wrong.append(f"{node['metadata']['name']} is still {ill}")
    left = [each["metadata"]["name"] for each in cluster.api.list("pods", "default")]
    busy = [each for each in cluster.state.world.kernel.due if each.startswith(("kubelet.worker", "kubelet.probe", "network.traffic"))]
    return wrong + [f"still there: {left}"] * bool(left) + [f"still busy: {busy}"] * bool(busy)
