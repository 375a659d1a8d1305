"""The Events at the end of a description.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (DescribeEvents), cli-runtime/pkg/util/event. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.printers.events import first_seen
from podlab.sim.changes import Obj
from podlab.sim.gosort import go_sort
from podlab.sim.human import since
from podlab.sim.kubectl.describers.writer import Scene, Writer


def about(scene: Scene, obj: Obj) -> list[Obj]:
    """The Events of an object, oldest last time first."""
    meta = obj["metadata"]
    uids = {meta.get("uid"), meta["name"]} if obj["kind"] == "Node" else {meta.get("uid")}
    found = []
    for event in scene.client.list(RESOURCES["events"], meta.get("namespace", "")):
        held = event.get("involvedObject") or {}
        if held.get("kind") == obj["kind"] and held.get("name") == meta["name"] and held.get("uid") in uids:
            found.append(event)
    return go_sort(found, lambda one, other: (one.get("lastTimestamp") or "") < (other.get("lastTimestamp") or ""))


def events(scene: Scene, out: Writer, obj: Obj) -> None:
    """The section of Events, if it is wanted."""
    if not scene.events:
        return
    found = about(scene, obj)
    if not found:
        out.line(0, "Events:\t<none>")
        return
    out.line(0, "Events:")
    out.line(1, "Type\tReason\tAge\tFrom\tMessage")
    out.line(1, "----\t------\t----\t----\t-------")
    for event in found:
        source = (event.get("source") or {}).get("component") or event.get("reportingComponent") or ""
        out.line(1, f"{event.get('type', '')}\t{event.get('reason', '')}\t{interval(scene, event)}\t{source}\t{_message(event)}")


def _message(event: Obj) -> str:
    path = (event.get("involvedObject") or {}).get("fieldPath")
    text = (event.get("message") or "").strip()
    return f"{path}: {text}" if path else text


def interval(scene: Scene, event: Obj) -> str:
    """`4s (x3 over 10s)`."""
    first = since(scene.world, event.get("eventTime") or first_seen(event))
    series = event.get("series")
    if series:
        return f"{since(scene.world, series.get('lastObservedTime'))} (x{series.get('count', 0)} over {first})"
    if (event.get("count") or 0) > 1:
        return f"{since(scene.world, event.get('lastTimestamp'))} (x{event['count']} over {first})"
    return first
