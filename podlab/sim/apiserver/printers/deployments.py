"""The table of Deployments.

Upstream: pkg/printers/internalversion/printers.go (printDeployment). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, containers, name, number, selector
from podlab.sim.changes import Obj
from podlab.sim.world import World


def _row(world: World, obj: Obj) -> list[str]:
    spec, status = obj["spec"], obj.get("status") or {}
    ready = f"{status.get('readyReplicas') or 0}/{spec.get('replicas', 1)}"
    return [
        *(name(obj), ready, number(status.get("updatedReplicas")), number(status.get("availableReplicas")), age(world, obj)),
        *containers(spec["template"]),
        selector(spec.get("selector")),
    ]


PRINTER = Printer("NAME|READY|UP-TO-DATE|AVAILABLE|AGE|+CONTAINERS|+IMAGES|+SELECTOR", _row)
