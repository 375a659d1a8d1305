"""kubectl events.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/events (events.go, event_printer.go). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.printers.events import first_seen, last_seen
from podlab.sim.changes import Obj
from podlab.sim.gosort import go_sort
from podlab.sim.human import since
from podlab.sim.kubectl import output
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import named
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.follow import begin, changes
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.table import column_widths, line, widened
from podlab.sim.linux.types import Wait, Wake, Watch

_TYPES = ("normal", "warning")


def run(inv: Invocation) -> Wait | None:
    """Print Events in the order of their last time; with `-w` go on."""
    _validate(inv)
    place = "" if inv.flags["all-namespaces"] else inv.namespace
    wanted = [each for each in inv.client.list(RESOURCES["events"], place) if _wanted(inv, each)]
    found = go_sort(wanted, lambda one, other: (last_seen(one) or "") < (last_seen(other) or ""))
    if inv.flags["watch"]:
        return _watch(inv, place, found)
    emit = output.emitter(inv)
    if emit is not None:
        inv.out(_listed(inv, found, emit))
    elif found:
        _show(inv, found)
    else:
        inv.err("No events found.\n" if inv.flags["all-namespaces"] else f"No events found in {inv.namespace} namespace.\n")
    return None


def _listed(inv: Invocation, found: list[Obj], emit: output.Emit) -> str:
    if output.kind_of(inv) == "name":
        return ""
    return emit({"apiVersion": "v1", "kind": "EventList", "metadata": {}, "items": found})


def _validate(inv: Invocation) -> None:
    if inv.args:
        raise inv.usage(f"unexpected arguments: [{' '.join(inv.args)}]")
    if any(each.lower() not in _TYPES for each in inv.flags["types"]):
        raise Failure("valid --types are Normal or Warning")
    target = inv.flags["for"]
    if target and target.count("/") != 1:
        raise Failure("--for must be in resource/name form")
    if target and named(target.partition("/")[0]) is None:
        raise Failure(f'the server doesn\'t have a resource type "{target.partition("/")[0]}"', bare=True)


def _wanted(inv: Invocation, event: Obj) -> bool:
    types, target = [each.lower() for each in inv.flags["types"]], inv.flags["for"]
    if types and str(event.get("type", "")).lower() not in types:
        return False
    if not target:
        return True
    kind, _, name = target.partition("/")
    resource, about = named(kind), event.get("involvedObject") or {}
    return resource is not None and about.get("kind") == resource.kind and about.get("name") == name


def _header(inv: Invocation) -> list[str]:
    return (["NAMESPACE"] if inv.flags["all-namespaces"] else []) + ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]


def _row(inv: Invocation, event: Obj) -> list[str]:
    about = event.get("involvedObject") or {}
    place = [event["metadata"].get("namespace", "")] if inv.flags["all-namespaces"] else []
    message = (event.get("message") or "").strip()
    return [
        *place,
        _interval(inv, event),
        event.get("type", ""),
        event.get("reason", ""),
        f"{about.get('kind')}/{about.get('name')}",
        message,
    ]


def _interval(inv: Invocation, event: Obj) -> str:
    first = since(inv.world, first_seen(event))
    series = event.get("series")
    if series:
        return f"{since(inv.world, series.get('lastObservedTime'))} (x{series.get('count')} over {first})"
    if (event.get("count") or 0) > 1:
        return f"{since(inv.world, event.get('lastTimestamp'))} (x{event['count']} over {first})"
    return first


def _show(inv: Invocation, found: list[Obj]) -> None:
    """Rows in the widths of all that was printed before."""
    rows = [_row(inv, each) for each in found]
    widths = inv.memory.get("widths")
    if widths is None:
        rows = rows if inv.flags["no-headers"] else [_header(inv), *rows]
        widths = column_widths(rows)
    for row in rows:
        widths = widened(widths, row)
        inv.out(line(row, widths))
    inv.memory["widths"] = widths


def _watch(inv: Invocation, place: str, found: list[Obj]) -> Wait:
    begin(inv, "events", place)
    if found:
        _show(inv, found)
    return inv.then("changes", Watch("events", place))


def _changes(inv: Invocation, wake: Wake) -> Wait:
    found = [each.obj for each in changes(inv) if each.type != "DELETED" and _wanted(inv, each.obj)]
    if found:
        _show(inv, found)
    return inv.then("changes", Watch("events", inv.memory["namespace"]))


COMMAND = Command(run, steps={"changes": _changes})
