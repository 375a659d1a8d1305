"""What the world tells: every change with its instant, its number and its cause.

Upstream: staging/src/k8s.io/apimachinery/pkg/watch (ADDED, MODIFIED, DELETED). Left out: bookmarks (made where a watch is served).
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

Obj = dict[str, Any]
"""An API object as plain JSON data. Never changed in place once it is stored."""


class Cause(Struct, frozen=True):
    """Why: the rule's id, its numbers, and the number of the change that triggered it (0: the learner, or time alone).

    Sentences: `static/src/texts/causes.{en,ko}.json`, by `rule`, with `{name}` for each of `args`.
    """

    rule: str
    args: dict[str, str | int] = field(default_factory=dict)
    by: int = 0


class ObjectChange(Struct, tag_field="kind", tag="object"):
    """An API object was made, changed or removed; `old` and `new` share their untouched parts."""

    t: int
    n: int
    type: Literal["ADDED", "MODIFIED", "DELETED"]
    resource: str
    namespace: str
    name: str
    uid: str
    rv: str
    old: Obj | None
    new: Obj
    cause: Cause | None = None


class Output(Struct, tag_field="kind", tag="output", omit_defaults=True):
    """Text on a terminal (lines end with CR LF); `prompt` set: the shell waits for a line with that prompt; `busy`: something runs."""

    t: int
    n: int
    terminal: str
    text: str
    prompt: str | None = None
    busy: bool | None = None


class Line(Struct, tag_field="kind", tag="log"):
    """What a container wrote to its log (may hold several lines)."""

    t: int
    n: int
    uid: str
    namespace: str
    pod: str
    container: str
    text: str


class Request(Struct, tag_field="kind", tag="request", omit_defaults=True):
    """One connection attempt: `source` is `workstation`, `node/N`, `kubelet/N` or `pod/NS/P/C`; `err`: refused, timeout, dns, reset, or a database's own.

    `verb`: GET, HEAD, POST …, or the first word of a line of SQL (then `proto` is `sql` and `path` the line).
    """

    t: int
    n: int
    source: str
    host: str
    port: int
    service: str = ""
    pod: str = ""
    proto: str = "TCP"
    path: str = ""
    code: int = 0
    err: str = ""
    verb: str = ""


class ProbeSeen(Struct, tag_field="kind", tag="probe", omit_defaults=True):
    """A try of a probe: its `outcome` (Success, Failure, Unknown; "": the first is planned), the `count`th alike of `threshold`.

    `probe`: startup, readiness or liveness; `next`: the instant of the next try (0: none is planned). `period` > 0: nothing is told
    of the tries from `next` on, one a `period` ms; they all succeed, until something else is told of this probe.
    """

    t: int
    n: int
    uid: str
    container: str
    probe: str
    outcome: str = ""
    count: int = 0
    threshold: int = 0
    next: int = 0
    period: int = 0


class Held(Struct, frozen=True, omit_defaults=True):
    """Memory that a process holds: `base` bytes, and `step` more each `period` ms since `since`, up to `most`."""

    base: int
    since: int = 0
    step: int = 0
    period: int = 0
    most: int = 0


class MemorySeen(Struct, tag_field="kind", tag="memory"):
    """What the processes of a host (`container/<id>`, `node/<name>`) hold from now on, until something else is told of it."""

    t: int
    n: int
    host: str
    holds: list[Held]


class QueueSeen(Struct, tag_field="kind", tag="queue", omit_defaults=True):
    """Where in the scheduling queue a Pod waits from now on: `place` active, backoff (until `next`), unschedulable or gated. Of a new Pod
    that is to be tried for the first time nothing is told."""

    t: int
    n: int
    uid: str
    place: str
    next: int = 0


class NodeSeen(Struct, tag_field="kind", tag="node"):
    """What the kubelet found at its last look: bytes on a machine's disk and its processes, how many process numbers there are, and how
    much of each must stay free (0: it does not look at that)."""

    t: int
    n: int
    node: str
    disk: int
    disk_kept: int
    pids: int
    pids_most: int
    pids_kept: int


Seen = ProbeSeen | MemorySeen | QueueSeen | NodeSeen
"""What is told of things that are no API objects and go on by themselves: the newest of each counts."""


class Verdict(Struct, tag_field="kind", tag="verdict", omit_defaults=True):
    """What whoever observes the cluster has found: `about` (`task`, `hint`, `value`) and `name` say of what, `data` what it is now."""

    t: int
    n: int
    about: str
    name: str
    data: dict[str, Any]


Change = ObjectChange | Output | Line | Request | Seen | Verdict


class Denied(Struct, frozen=True):
    """The API server refused a request of the learner's; for the observer alone."""

    t: int
    code: int
    reason: str
    message: str


class Broken(Struct, frozen=True):
    """A fault was let happen, or healed; for the observer alone."""

    t: int
    name: str
    node: str
    args: dict[str, str]


class Touched(Struct, frozen=True):
    """A file was written or removed (`verb`); `host` as in `Host.name`; for the observer alone."""

    t: int
    host: str
    path: str
    verb: str


Noticed = Change | Denied | Broken | Touched
