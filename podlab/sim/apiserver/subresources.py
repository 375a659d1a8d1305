"""The other doors of an object: status, scale, binding, eviction, ephemeral containers, resize, finalize.

Upstream: pkg/registry/core/pod/storage (storage.go, eviction.go), pkg/registry/apps/deployment/storage. Left out: log, exec, attach,
portforward and proxy (streams: the kubelet serves them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api import labels, validation
from podlab.sim.api.resources import Resource
from podlab.sim.api.validation import pod_update
from podlab.sim.api.validation.errors import FieldError, invalid, invalid_object
from podlab.sim.apiserver import answers, budgets
from podlab.sim.apiserver.admission.pod_topology_labels import labelled
from podlab.sim.apiserver.deletion import Wanted, delete
from podlab.sim.changes import Cause, Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

BINDING = "pods/binding"


def merged(row: Resource, old: Obj, new: Obj, subresource: str) -> Obj:
    """`old` with what that door may change taken from `new`."""
    if subresource == "status":
        meta = {**new["metadata"], "ownerReferences": old["metadata"].get("ownerReferences")}
        if meta["ownerReferences"] is None:
            del meta["ownerReferences"]
        out = {**new, "metadata": meta, "status": kept_class(row, new.get("status", {}), old)}
        return {**out, "spec": old["spec"]} if "spec" in old else out
    if subresource == "scale":
        return {**old, "spec": {**old["spec"], "replicas": new["spec"].get("replicas", 0)}}
    if subresource == "ephemeralcontainers":
        return {**old, "spec": _replaced(old["spec"], "ephemeralContainers", new["spec"].get("ephemeralContainers"))}
    if subresource == "resize":
        return {**old, "spec": _resized(old["spec"], new["spec"])}
    if subresource == "finalize":
        return {**old, "spec": _replaced(old["spec"], "finalizers", new["spec"].get("finalizers"))}
    raise answers.not_found(f"{row.plural}/{subresource}", old["metadata"]["name"])


def kept_class(row: Resource, status: Obj, old: Obj) -> Obj:
    """A Pod's status with its QoS class, which a writer may leave out."""
    held = old.get("status", {}).get("qosClass")
    return {**status, "qosClass": held} if row.plural == "pods" and held and not status.get("qosClass") else status


def _replaced(spec: Obj, name: str, value: object) -> Obj:
    rest = {key: held for key, held in spec.items() if key != name}
    return {**rest, name: value} if value else rest


def _resized(old: Obj, new: Obj) -> Obj:
    """Only resources and resize policies come through."""
    out = dict(old)
    for group in ("containers", "initContainers"):
        wanted = {each.get("name"): each for each in new.get(group) or ()}
        if group in old:
            out[group] = [_resources_of(each, wanted.get(each["name"], each)) for each in old[group]]
    if "resources" in new or "resources" in old:
        out = _replaced(out, "resources", new.get("resources"))
    return out


def _resources_of(old: Obj, new: Obj) -> Obj:
    found = {**old, "resources": new.get("resources", {})}
    return _replaced(found, "resizePolicy", new.get("resizePolicy"))


def errors(row: Resource, new: Obj, old: Obj, subresource: str) -> list[FieldError]:
    """What is wrong with a change through a door."""
    found = _POD_DOORS.get(subresource) if row.plural == "pods" else None
    if found is not None:
        return [*validation.before_update(new, old), *found(new, old)]
    if subresource == "status":
        return validation.before_update(new, old) + validation.status(row, new, old)
    return validation.update(row, new, old)


_POD_DOORS = {
    "status": pod_update.validate_status,
    "ephemeralcontainers": pod_update.validate_ephemeral,
    "resize": pod_update.validate_resize,
}


def bind(api: ApiServer, namespace: str, name: str, node: str, *, cause: Cause | None, uid: str = "") -> None:
    """MU-4: the node, once; PodScheduled turns True; the node's zone and region become labels."""
    old = api.get("pods", name, namespace)
    meta = old["metadata"]
    if uid and uid != meta["uid"]:
        raise answers.conflict(
            "pods", name, f"Precondition failed: UID in precondition: {uid}, UID in object meta: {meta['uid']}", kind=BINDING
        )
    if "deletionTimestamp" in meta:
        raise answers.conflict("pods", name, f"pod {name} is being deleted, cannot be assigned to a host", kind=BINDING)
    if old["spec"].get("nodeName"):
        raise answers.conflict("pods", name, f'pod {name} is already assigned to node "{old["spec"]["nodeName"]}"', kind=BINDING)
    if old["spec"].get("schedulingGates"):
        raise answers.conflict("pods", name, f"pod {name} has non-empty .spec.schedulingGates", kind=BINDING)
    status = {key: value for key, value in old.get("status", {}).items() if key != "nominatedNodeName"}
    condition = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": api.world.stamp()}
    new = {
        **old,
        "spec": {**old["spec"], "nodeName": node},
        "status": {**status, "conditions": with_condition(status.get("conditions", []), condition)},
    }
    api.store.put("pods", labelled(api, new, node), cause)


def with_condition(held: list[Obj], condition: Obj) -> list[Obj]:
    """Conditions with one of them replaced or added."""
    if all(each["type"] != condition["type"] for each in held):
        return [*held, condition]
    return [condition if each["type"] == condition["type"] else each for each in held]


def evict(api: ApiServer, namespace: str, name: str, wanted: Wanted, *, by: str, cause: Cause | None, dry_run: bool) -> None:
    """Delete with the Pod's own grace, unless that would violate its budget; DisruptionTarget says why."""
    pod = api.get("pods", name, namespace)
    budgets.take(api, pod, dry_run=dry_run)
    status = pod.get("status", {})
    condition = {"type": "DisruptionTarget", "status": "True", "lastProbeTime": None, "lastTransitionTime": api.world.stamp()}
    condition |= {"reason": "EvictionByEvictionAPI", "message": "Eviction API: evicting"}
    if wanted.uid and wanted.uid != pod["metadata"]["uid"]:
        delete(api, "pods", name, namespace, wanted, by=by, cause=cause, dry_run=True)
    if not dry_run and "deletionTimestamp" not in pod["metadata"]:
        api.store.put("pods", {**pod, "status": {**status, "conditions": with_condition(status.get("conditions", []), condition)}}, cause)
    delete(api, "pods", name, namespace, wanted, by=by, cause=cause, dry_run=dry_run)


def check_scale(name: str, replicas: int) -> None:
    """Invalid for a negative number."""
    if replicas < 0:
        raise invalid_object("Scale", "autoscaling", name, [invalid("spec.replicas", replicas, "must be greater than or equal to 0")])


def scale_of(obj: Obj) -> Obj:
    """The Scale of a Deployment or ReplicaSet."""
    meta = {
        key: obj["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp") if key in obj["metadata"]
    }
    status: Obj = {"replicas": obj.get("status", {}).get("replicas", 0)}
    held = obj["spec"].get("selector") or {}
    selector = labels.render(labels.of({"matchLabels": held} if obj.get("kind") == "ReplicationController" else held))
    if selector:
        status["selector"] = selector
    replicas = obj["spec"].get("replicas", 0)
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": meta,
        "spec": {"replicas": replicas} if replicas else {},
        "status": status,
    }
