"""The ReplicaSets of a Deployment, its revisions.

Upstream: staging/src/k8s.io/kubectl/pkg/util/deployment/deployment.go, pkg/polymorphichelpers/history.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj
from podlab.sim.kubectl.client import Client

REVISION = "deployment.kubernetes.io/revision"
CHANGE_CAUSE = "kubernetes.io/change-cause"
HASH = "pod-template-hash"


def replica_sets_of(client: Client, deployment: Obj) -> list[Obj]:
    """The ReplicaSets that a Deployment controls, by name."""
    meta = deployment["metadata"]
    held = client.list(RESOURCES["replicasets"], meta.get("namespace", ""))
    return [
        each
        for each in held
        if any(owner.get("controller") and owner.get("uid") == meta.get("uid") for owner in each["metadata"].get("ownerReferences") or [])
    ]


def revision_of(obj: Obj) -> int:
    """The revision that an object's annotation names; 0 without."""
    return int((obj["metadata"].get("annotations") or {}).get(REVISION) or 0)


def same_template(one: Obj, other: Obj) -> bool:
    """Whether two Pod templates are equal but for the template's hash."""
    return without_hash(one) == without_hash(other)


def without_hash(template: Obj) -> Obj:
    """The template without the label of its hash."""
    meta = dict(template.get("metadata") or {})
    held = {key: value for key, value in (meta.pop("labels", None) or {}).items() if key != HASH}
    meta.pop("creationTimestamp", None)
    return {**template, "metadata": {**meta, "labels": held}}
