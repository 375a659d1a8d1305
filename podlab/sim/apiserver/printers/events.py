"""The table of Events.

Upstream: pkg/printers/internalversion/printers.go (printEvent, formatEventSource). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, name
from podlab.sim.changes import Obj
from podlab.sim.human import since
from podlab.sim.world import World


def first_seen(event: Obj) -> str | None:
    """The instant of the first time, as a timestamp."""
    return event.get("firstTimestamp") or event.get("eventTime")


def last_seen(event: Obj) -> str | None:
    """The instant of the last time, as a timestamp."""
    return (event.get("series") or {}).get("lastObservedTime") or event.get("lastTimestamp") or first_seen(event)


def count(event: Obj) -> int:
    """How often it was seen."""
    return int((event.get("series") or {}).get("count") or event.get("count") or 1)


def source(event: Obj) -> str:
    """`kubelet, node-1`."""
    held = event.get("source") or {}
    component = held.get("component") or event.get("reportingComponent") or ""
    host = held.get("host") or event.get("reportingInstance") or ""
    return f"{component}, {host}" if host else component


def target(event: Obj) -> str:
    """`pod/web`."""
    about = event.get("involvedObject") or {}
    kind = str(about.get("kind") or "").lower()
    return f"{kind}/{about['name']}" if about.get("name") else kind


def _row(world: World, event: Obj) -> list[str]:
    about = event.get("involvedObject") or {}
    return [
        *(since(world, last_seen(event)), event.get("type") or "", event.get("reason") or "", target(event)),
        *(about.get("fieldPath") or "", source(event), (event.get("message") or "").strip()),
        *(since(world, first_seen(event)), str(count(event)), name(event)),
    ]


PRINTER = Printer("LAST SEEN|TYPE|REASON|OBJECT|+SUBOBJECT|+SOURCE|MESSAGE|+FIRST SEEN|+COUNT|+NAME", _row)
