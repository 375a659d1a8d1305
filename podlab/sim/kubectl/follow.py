"""What has changed since the last look at the objects that a command follows.

Upstream: staging/src/k8s.io/client-go/tools/watch. Left out: bookmarks.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.kubectl.discovery import resource_for
from podlab.sim.kubectl.invocation import Invocation


class Change(Struct):
    """`type`: ADDED, MODIFIED or DELETED (then `obj` is as it was last)."""

    type: str
    obj: Obj


def remember(inv: Invocation, objects: list[Obj]) -> None:
    """Note the objects as seen."""
    inv.memory["seen"] = {_key(each): each for each in objects}


def _key(obj: Obj) -> str:
    return f"{obj['metadata'].get('namespace', '')}/{obj['metadata']['name']}/{obj['metadata'].get('uid', '')}"


def changes(inv: Invocation) -> list[Change]:
    """The changes since the last call, by resourceVersion; what matches the selectors no more counts as deleted."""
    memory = inv.memory
    resource = resource_for(memory["resource"])
    fields = inv.flags.get("field-selector") or ""
    objects = inv.client.list(resource, memory["namespace"], inv.flags.get("selector") or "", fields)
    now = {_key(each): each for each in objects if not memory["name"] or each["metadata"]["name"] == memory["name"]}
    seen: dict[str, Any] = memory["seen"]
    memory["seen"] = now
    gone = [Change("DELETED", _last(inv, resource.plural, old)) for key, old in seen.items() if key not in now]
    news = [
        Change("MODIFIED" if key in seen else "ADDED", each)
        for key, each in now.items()
        if key not in seen or _version(seen[key]) != _version(each)
    ]
    return gone + sorted(news, key=lambda change: int(_version(change.obj)))


def _version(obj: Obj) -> str:
    return str(obj["metadata"].get("resourceVersion") or "0")


def _last(inv: Invocation, plural: str, old: Obj) -> Obj:
    """How a vanished object looked: as it is now where it only stopped matching, else as it was, being deleted."""
    meta = old["metadata"]
    now = inv.client.find(resource_for(plural), meta.get("namespace", ""), meta["name"])
    if now is not None and now["metadata"]["uid"] == meta["uid"]:
        return now
    return old if meta.get("deletionTimestamp") else {**old, "metadata": {**meta, "deletionTimestamp": inv.world.stamp()}}
