"""What a watcher sees of the store's changes: its selectors turn changes into ADDED, MODIFIED and DELETED of its own.

Upstream: staging/src/k8s.io/apiserver/pkg/storage/cacher (cache_watcher.go). Left out: bookmarks by time (made where a watch is served).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.errors import StatusError

if TYPE_CHECKING:
    from podlab.sim.apiserver.store import Store

Selects = Callable[[Obj], bool]


def seen(change: ObjectChange, selects: Selects) -> tuple[str, Obj] | None:
    """The event that a change is to a watcher; None: it does not see it."""
    before = change.old is not None and selects(change.old)
    now = change.type != "DELETED" and selects(change.new)
    if change.type == "DELETED":
        return ("DELETED", change.new) if before or selects(change.new) else None
    if now:
        return ("MODIFIED" if before else "ADDED"), change.new
    if before and change.old is not None:
        meta = {**change.old["metadata"], "resourceVersion": change.rv}
        return "DELETED", {**change.old, "metadata": meta}
    return None


def events_since(store: Store, resource: str, namespace: str, version: int, selects: Selects) -> Iterator[tuple[str, Obj]]:
    """The events after a resourceVersion; StatusError Expired when that is too long ago."""
    if version < store.oldest:
        raise expired(version, store.oldest)
    yield from translate(store.history, resource, namespace, version, selects)


def translate(changes: Iterable[ObjectChange], resource: str, namespace: str, version: int, selects: Selects) -> Iterator[tuple[str, Obj]]:
    """The events of one resource (in one namespace, or all) among changes."""
    for change in changes:
        if change.resource != resource or (namespace and change.namespace != namespace) or int(change.rv) <= version:
            continue
        event = seen(change, selects)
        if event is not None:
            yield event


def expired(version: int, oldest: int) -> StatusError:
    """410: the changes since then are forgotten."""
    return StatusError("Expired", f"too old resource version: {version} ({oldest})")
