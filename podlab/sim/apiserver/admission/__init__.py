"""Admission: the plug-ins that change or refuse a request before it is stored, in the order of the real ones.

Upstream: pkg/kubeapiserver/options/plugins.go. Left out: webhooks, policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver.admission import (
    default_toleration_seconds,
    limit_ranger,
    namespaces,
    pod_security,
    pod_topology_labels,
    priority,
    resize,
    runtime_class,
    service_account,
    storage,
    taint_nodes_by_condition,
)
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

namespace_lifecycle = namespaces.check_create


def admit_create(api: ApiServer, row: Resource, new: Obj) -> None:
    """Change a new object (fresh: in place) or refuse it."""
    if row.plural == "pods":
        limit_ranger.admit(api, new)
        service_account.admit(api, new)
        default_toleration_seconds.admit(new)
        priority.admit(api, new)
        pod_topology_labels.admit(api, new)
        runtime_class.admit(api, new)
    elif row.plural == "nodes":
        taint_nodes_by_condition.admit(new)
    elif row.plural == "persistentvolumeclaims":
        storage.protect(new, storage.CLAIM_IN_USE)
        storage.set_class(api, new)
    elif row.plural == "persistentvolumes":
        storage.protect(new, storage.VOLUME_IN_USE)
    elif row.plural == "priorityclasses":
        priority.check_class(api, new)


def admit_update(row: Resource, new: Obj) -> None:
    """Change an update in place."""
    if row.plural == "pods":
        default_toleration_seconds.admit_update(new)


def check_create(api: ApiServer, row: Resource, new: Obj, warnings: list[str] | None) -> None:
    """Refuse a new object that is valid, but may not be, or warn of it."""
    pod_security.check_create(api, row, new, warnings)


def check_update(api: ApiServer, row: Resource, new: Obj, old: Obj, subresource: str, warnings: list[str] | None = None) -> None:
    """Refuse an update that is valid, but may not be, or warn of it."""
    pod_security.check_update(api, row, new, old, subresource, warnings)
    if row.plural == "pods" and subresource == "resize":
        resize.check(api, new)
    elif row.plural == "persistentvolumeclaims" and not subresource:
        storage.check_resize(api, new, old)
