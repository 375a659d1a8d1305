"""kubectl get -w: the list first, then a line for every change.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/get/get.go (watch). Left out: watches of several kinds (kubectl refuses them).
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl import builder, output, timeouts
from podlab.sim.kubectl.command import Step
from podlab.sim.kubectl.discovery import resource_for
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.follow import Change, begin, changes
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.listing import Listing
from podlab.sim.kubectl.table import column_widths, line, widened
from podlab.sim.linux.types import Exit, Wait, Wake, Watch


def start(inv: Invocation, emit: output.Emit | None) -> Wait:
    """The first table, then wait."""
    result = builder.resolve(inv, builder.request(inv, everything=True))
    infos = result.all()
    plurals = {info.resource.plural for info in infos} | (
        {resource_for(each).plural for each in inv.args[0].split(",")} if inv.args and "/" not in inv.args[0] else set()
    )
    if len(plurals) > 1 or (len(infos) > 1 and not result.listed):
        raise Failure("you may only specify a single resource type")
    begin(inv, plurals.pop(), "" if inv.flags["all-namespaces"] else inv.namespace, "" if result.listed else infos[0].name)
    if not inv.flags["watch-only"]:
        _show(inv, [Change("ADDED", info.obj) for info in infos], emit)
    timeout = timeouts.parse(inv.flags["request-timeout"])
    if timeout:
        inv.memory["until"] = inv.world.now + timeout
    return _wait(inv)


def _wait(inv: Invocation) -> Wait:
    memory = inv.memory
    resource = resource_for(memory["resource"])
    left = memory["until"] - inv.world.now if "until" in memory else None
    return inv.then("changes", Watch(resource.plural, memory["namespace"] if resource.namespaced else "", memory["name"], left))


def _changes(inv: Invocation, wake: Wake) -> Wait:
    kind = output.kind_of(inv)
    emit = None if kind in ("", "wide") or kind.startswith("custom-columns") else output.emitter(inv)
    _show(inv, changes(inv), emit)
    if inv.world.now >= inv.memory.get("until", inv.world.now + 1):
        return Exit(0)
    return _wait(inv)


def _show(inv: Invocation, found: list[Change], emit: output.Emit | None) -> None:
    if emit is not None:
        for each in found:
            inv.out(emit(_wrapped(inv, each)))
    elif found:
        _rows(inv, found)


def _wrapped(inv: Invocation, change: Change) -> Obj:
    return {"object": change.obj, "type": change.type} if inv.flags["output-watch-events"] else change.obj


def _rows(inv: Invocation, found: list[Change]) -> None:
    """Rows in the widths of all that was printed before; the header comes with the first."""
    listing, resource = Listing.of(inv, several=bool(inv.flags["show-kind"])), resource_for(inv.memory["resource"])
    events = inv.flags["output-watch-events"]
    rows = [([each.type] if events else []) + listing.row(inv.world, resource, each.obj) for each in found]
    widths = inv.memory.get("widths")
    if widths is None:
        header = (["EVENT"] if events else []) + listing.header(resource)
        rows = [header, *rows] if listing.headers else rows
        widths = column_widths(rows)
    for row in rows:
        widths = widened(widths, row)
        inv.out(line(row, widths))
    inv.memory["widths"] = widths


STEPS: dict[str, Step] = {"changes": _changes}
