"""What has changed since the last look at the objects that a command follows.

Upstream: staging/src/k8s.io/client-go/tools/watch. Left out: bookmarks.
"""

from __future__ import annotations

from msgspec import Struct

from podlab.sim.apiserver import watch
from podlab.sim.changes import Obj
from podlab.sim.kubectl import selectors
from podlab.sim.kubectl.client import typed
from podlab.sim.kubectl.discovery import resource_for
from podlab.sim.kubectl.invocation import Invocation


class Change(Struct):
    """`type`: ADDED, MODIFIED or DELETED (then `obj` is as it was last)."""

    type: str
    obj: Obj


def begin(inv: Invocation, plural: str, namespace: str, name: str = "") -> None:
    """Follow the objects of a resource (in a namespace, of a name) from now on; the command must go on to a `Watch` of them."""
    inv.memory |= {"resource": plural, "namespace": namespace, "name": name}
    inv.ctx.process.seen = []


def changes(inv: Invocation) -> list[Change]:
    """The changes since the last call; what matches the selectors no more counts as deleted."""
    memory, process = inv.memory, inv.ctx.process
    resource = resource_for(memory["resource"])
    label_matches = selectors.labels(inv.flags.get("selector") or "")
    field_matches = selectors.fields(resource, inv.flags.get("field-selector") or "")

    def selects(obj: Obj) -> bool:
        meta = obj["metadata"]
        return memory["name"] in ("", meta["name"]) and label_matches(meta.get("labels") or {}) and field_matches(obj)

    seen, process.seen = process.seen, []
    namespace = memory["namespace"] if resource.namespaced else ""
    return [Change(kind, typed(resource, obj)) for kind, obj in watch.translate(seen, resource.plural, namespace, 0, selects)]
