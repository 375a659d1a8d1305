"""The table of Endpoints: at most three addresses.

Upstream: pkg/printers/internalversion/printers.go (formatEndpoints). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, name
from podlab.sim.changes import Obj
from podlab.sim.world import World

_MOST = 3


def addresses(endpoints: Obj) -> str:
    """`10.0.0.1:80,10.0.0.2:80 + 4 more...`, `<none>`."""
    found: list[str] = []
    for subset in endpoints.get("subsets") or []:
        ready = [each["ip"] for each in subset.get("addresses") or []]
        ports = subset.get("ports") or []
        if not ports:
            found += [f"{ip}" for ip in ready]
        for port in ports:
            found += [f"{ip}:{port['port']}" for ip in ready]
    if not found:
        return "<none>"
    more = f" + {len(found) - _MOST} more..." if len(found) > _MOST else ""
    return ",".join(found[:_MOST]) + more


def _row(world: World, endpoints: Obj) -> list[str]:
    return [name(endpoints), addresses(endpoints), age(world, endpoints)]


PRINTER = Printer("NAME|ENDPOINTS|AGE", _row)
