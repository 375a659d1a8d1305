"""NamespaceLifecycle: nothing is made in a namespace that is missing or going away.

Upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go. Left out: its cache's delays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.admission.priority import SYSTEM

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

IMMORTAL = ("default", "kube-system", "kube-public")


def check_create(api: ApiServer, row: Resource, namespace: str, name: str) -> None:
    """NotFound where there is no such namespace, Forbidden where it is being terminated."""
    if not row.namespaced or not namespace:
        return
    held = api.store.get("namespaces", "", namespace)
    if held is None:
        raise answers.not_found("namespaces", namespace)
    if "deletionTimestamp" in held["metadata"]:
        cause = {"reason": "NamespaceTerminating", "message": f"namespace {namespace} is being terminated", "field": "metadata.namespace"}
        raise answers.forbidden(
            row.plural, name, f"unable to create new content in namespace {namespace} because it is being terminated", [cause]
        )


def check_delete(row: Resource, name: str) -> None:
    """Forbidden for the namespaces and classes that a cluster cannot be without."""
    if row.plural == "namespaces" and name in IMMORTAL:
        raise answers.forbidden(row.plural, name, "this namespace may not be deleted")
    if row.plural == "priorityclasses" and name in SYSTEM:
        raise answers.forbidden(row.plural, name, "this is a system priority class and cannot be deleted")
