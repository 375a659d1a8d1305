"""The table of ReplicaSets and ReplicationControllers.

Upstream: pkg/printers/internalversion/printers.go (printReplicaSet, printReplicationController). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, containers, labels, name, number, selector
from podlab.sim.changes import Obj
from podlab.sim.world import World


def _cells(world: World, obj: Obj, chosen: str) -> list[str]:
    spec, status = obj["spec"], obj.get("status") or {}
    counts = (str(spec.get("replicas", 1)), number(status.get("replicas")), number(status.get("readyReplicas")))
    return [name(obj), *counts, age(world, obj), *containers(spec.get("template") or {}), chosen]


def _row(world: World, obj: Obj) -> list[str]:
    return _cells(world, obj, selector(obj["spec"].get("selector")))


def _controller_row(world: World, obj: Obj) -> list[str]:
    return _cells(world, obj, labels(obj["spec"].get("selector")))


_HEADERS = "NAME|DESIRED|CURRENT|READY|AGE|+CONTAINERS|+IMAGES|+SELECTOR"
PRINTER = Printer(_HEADERS, _row)
CONTROLLER_PRINTER = Printer(_HEADERS, _controller_row)
