"""Changes as they cross the socket. All times are virtual milliseconds; `n` is the change's number, rising along one timeline."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

from podlab.sim import changes as sim
from podlab.sim.changes import Cause, MemorySeen, NodeSeen, ProbeSeen, QueueSeen
from podlab.wire.patch import merge_patch


class ObjectDelta(Struct, tag_field="kind", tag="object", omit_defaults=True):
    """An API object came (`object`: the whole of it), changed (`patch`: RFC 7386, onto the last version) or went (neither)."""

    t: int
    n: int
    type: Literal["ADDED", "MODIFIED", "DELETED"]
    resource: str
    namespace: str
    name: str
    uid: str
    rv: str
    object: dict[str, Any] | UnsetType = UNSET
    patch: dict[str, Any] | UnsetType = UNSET
    cause: Cause | UnsetType = UNSET


class OutputText(Struct, tag_field="kind", tag="output", omit_defaults=True):
    """Text on a terminal; `prompt`: the shell waits for a line; `busy`: something runs."""

    t: int
    n: int
    terminal: str
    text: str
    prompt: str | UnsetType = UNSET
    busy: bool | UnsetType = UNSET


class LogText(Struct, tag_field="kind", tag="log"):
    """What a container wrote; may hold several lines."""

    t: int
    n: int
    uid: str
    namespace: str
    pod: str
    container: str
    text: str


class RequestSeen(Struct, tag_field="kind", tag="request", omit_defaults=True):
    """One connection attempt; `err`: refused, timeout, dns, reset."""

    t: int
    n: int
    source: str = field(name="from")
    host: str
    port: int
    service: str = ""
    pod: str = ""
    proto: str = "TCP"
    path: str = ""
    code: int = 0
    err: str = ""


class Verdict(Struct, tag_field="kind", tag="verdict"):
    """What a lesson's goals have found: `about` (`task`, `hint`, `value`, `prediction`) and `name` say of what; `data`: docs/packs.md."""

    t: int
    n: int
    about: str
    name: str
    data: dict[str, Any]


WireChange = ObjectDelta | OutputText | LogText | RequestSeen | ProbeSeen | MemorySeen | QueueSeen | NodeSeen | Verdict


def to_wire(change: sim.Change) -> WireChange:
    """A change of the simulation in the form that the page reads."""
    match change:
        case sim.ObjectChange():
            return _object(change)
        case sim.Output(t, n, terminal, text, prompt, busy):
            return OutputText(t, n, terminal, text, UNSET if prompt is None else prompt, UNSET if busy is None else busy)
        case sim.Line():
            return LogText(change.t, change.n, change.uid, change.namespace, change.pod, change.container, change.text)
        case ProbeSeen() | MemorySeen() | QueueSeen() | NodeSeen():
            return change
        case sim.Verdict(t, n, about, name, data):
            return Verdict(t, n, about, name, data)
        case sim.Request():
            r = change
            return RequestSeen(r.t, r.n, r.source, r.host, r.port, r.service, r.pod, r.proto, r.path, r.code, r.err)


def _object(change: sim.ObjectChange) -> ObjectDelta:
    c = change
    delta = ObjectDelta(c.t, c.n, c.type, c.resource, c.namespace, c.name, c.uid, c.rv)
    if c.type == "ADDED":
        delta.object = c.new
    elif c.type == "MODIFIED":
        delta.patch = merge_patch(c.old or {}, c.new)
    if c.cause is not None:
        delta.cause = c.cause
    return delta


def observable(change: WireChange) -> bool:
    """Object changes (Events are objects) count for a window's size; text and requests travel in bulk."""
    return isinstance(change, ObjectDelta)
