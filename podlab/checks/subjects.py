"""What a check may happen on: object changes by kind, and the other sources (Event, Request, Line, File, Fault, Denied).

`of(noticed)` gives the subjects of one thing that was told: what kind, whose name and labels, and the names that it binds in an expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from podlab.checks.scope import NAMESPACE
from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Broken, Denied, Line, Noticed, Obj, ObjectChange, Request, Touched
from podlab.sim.cluster import Cluster

RESOURCE_OF = {row.kind: plural for plural, row in RESOURCES.items()}
"""Kind → resource."""


class Subject(NamedTuple):
    """`kind`: a resource or a source; `names`: what an expression may call it; `growth`: how often it happened (Events are counted)."""

    kind: str
    name: str
    labels: dict[str, str]
    uid: str
    names: dict[str, Any]
    growth: int = 1


def kinds(what: Noticed) -> tuple[str, ...]:
    """What checks call such a thing: a resource, a source; none where no check can be about it."""
    match what:
        case ObjectChange():
            return (what.resource, "Event") if what.resource == "events" else (what.resource,)
        case Touched():
            return ("File",)
        case Broken():
            return ("Fault",)
        case Request() | Line() | Denied():
            return (type(what).__name__,)
    return ()


def of(cluster: Cluster, what: Noticed) -> Iterator[Subject]:
    """The subjects of what was told; none of other namespaces."""
    match what:
        case ObjectChange():
            yield from _object(what)
        case Request():
            yield _plain("Request", r=_request(what))
        case Line():
            if what.namespace == NAMESPACE:
                for text in what.text.splitlines():
                    yield _plain("Line", l={"t": what.t, "pod": what.pod, "container": what.container, "text": text})
        case Touched():
            yield _plain("File", f={"t": what.t, "host": host_name(cluster, what.host), "path": what.path, "verb": what.verb})
        case Broken():
            pod = what.args.get("pod", "").removeprefix(f"{NAMESPACE}/")
            yield _plain("Fault", x={"t": what.t, "name": what.name, "node": what.node, "pod": pod, "args": what.args})
        case Denied():
            yield _plain("Denied", q={"t": what.t, "code": what.code, "reason": what.reason, "message": what.message})


def _plain(kind: str, **names: Any) -> Subject:
    return Subject(kind, "", {}, "", names)


def _object(change: ObjectChange) -> Iterator[Subject]:
    if change.namespace not in ("", NAMESPACE):
        return
    new: Obj | None = None if change.type == "DELETED" else change.new
    labels = change.new["metadata"].get("labels") or {}
    old = change.old if change.type != "ADDED" else None
    yield Subject(change.resource, change.name, labels, change.uid, {"new": new, "old": old})
    if change.resource == "events" and new is not None:
        growth = _count(new) - (_count(old) if old else 0)
        if growth > 0:
            yield Subject("Event", change.name, labels, change.uid, {"e": new}, growth)


def _count(event: Obj) -> int:
    return int((event.get("series") or {}).get("count") or event.get("count") or 1)


def _request(request: Request) -> Obj:
    return {
        "t": request.t,
        "from": request.source.replace(f"pod/{NAMESPACE}/", "pod/"),
        "svc": request.service.removeprefix(f"{NAMESPACE}/"),
        "pod": request.pod.removeprefix(f"{NAMESPACE}/"),
        "proto": request.proto,
        "host": request.host,
        "port": request.port,
        "path": request.path,
        "code": request.code,
        "err": request.err,
        "verb": request.verb,
    }


def host_name(cluster: Cluster, host: str) -> str:
    """A machine as lessons call it: `workstation`, `node/N`, `pod/P/C`."""
    kind, _, container_id = host.partition("/")
    if kind != "container":
        return host
    found = cluster.state.containerd.containers.get(container_id)
    sandbox = cluster.state.containerd.sandboxes.get(found.sandbox) if found else None
    return host if found is None or sandbox is None else f"pod/{sandbox.name}/{found.name}"
