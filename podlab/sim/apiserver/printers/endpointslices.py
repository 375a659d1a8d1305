"""The table of EndpointSlices: at most three ports and addresses.

Upstream: pkg/printers/internalversion/printers.go (printEndpointSlice). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, name
from podlab.sim.changes import Obj
from podlab.sim.world import World

_MOST = 3


def _few(values: list[str]) -> str:
    if not values:
        return "<unset>"
    more = f" + {len(values) - _MOST} more..." if len(values) > _MOST else ""
    return ",".join(values[:_MOST]) + more


def _ports(held: list[Obj]) -> str:
    if any(each.get("port") is None for each in held):
        return "*"
    return _few([str(each["port"]) for each in held])


def _row(world: World, piece: Obj) -> list[str]:
    found = [address for each in piece.get("endpoints") or [] for address in each.get("addresses") or []]
    return [name(piece), piece.get("addressType", ""), _ports(piece.get("ports") or []), _few(found), age(world, piece)]


PRINTER = Printer("NAME|ADDRESSTYPE|PORTS|ENDPOINTS|AGE", _row)
