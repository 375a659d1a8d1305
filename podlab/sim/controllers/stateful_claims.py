"""The claims of a StatefulSet's Pods: `<template>-<set>-<ordinal>`, made before the Pod, kept unless the set says otherwise.

Upstream: pkg/controller/statefulset (stateful_set_utils.go, stateful_pod_control.go). Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.controllers.base import Controller, reference_to, with_meta
from podlab.sim.controllers.pods import is_terminating
from podlab.sim.errors import StatusError


def _named(owner: Obj, number: int) -> dict[str, Obj]:
    """Claim name → template."""
    templates = owner["spec"].get("volumeClaimTemplates") or ()
    return {f"{each['metadata']['name']}-{owner['metadata']['name']}-{number}": each for each in templates}


def volumes(owner: Obj, spec: Obj, number: int) -> dict[str, Any]:
    """The Pod's `volumes` with those of its claims, which come before others of the same name; nothing for a set without templates."""
    own = {each["metadata"]["name"]: name for name, each in _named(owner, number).items()}
    if not own:
        return {}
    claims = [{"name": volume, "persistentVolumeClaim": {"claimName": claim}} for volume, claim in own.items()]
    return {"volumes": [*claims, *(each for each in spec.get("volumes") or () if each["name"] not in own)]}


def create(controller: Controller, owner: Obj, number: int) -> None:
    """Make the claims of an ordinal that are not there; StatusError for the first that is refused."""
    meta = owner["metadata"]
    for name, template in _named(owner, number).items():
        held = controller.api.find("persistentvolumeclaims", name, meta["namespace"])
        if held is not None and is_terminating(held):
            raise StatusError("InternalError", f"pvc {name} is being deleted")
        if held is not None:
            continue
        cause, where = controller.cause("X20", name=meta["name"]), f"Pod {meta['name']}-{number} in StatefulSet {meta['name']}"
        try:
            controller.api.create("persistentvolumeclaims", _claim(owner, name, template), by=controller.by, cause=cause)
        except StatusError as error:
            text = f"create Claim {name} for {where} failed error: {error.message}"
            controller.recorder.event(owner, "Warning", "FailedCreate", text, cause=cause)
            raise
        controller.recorder.event(owner, "Normal", "SuccessfulCreate", f"create Claim {name} {where} success", cause=cause)


def _claim(owner: Obj, name: str, template: Obj) -> Obj:
    held, own = template["metadata"], (owner["spec"].get("selector") or {}).get("matchLabels") or {}
    meta: Obj = {"name": name, "namespace": owner["metadata"]["namespace"], "labels": {**(held.get("labels") or {}), **own}}
    if held.get("annotations"):
        meta["annotations"] = held["annotations"]
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta, "spec": template["spec"]}


def is_stale(controller: Controller, owner: Obj, number: int) -> bool:
    """Whether a claim belongs to a former Pod of this name, and goes with it."""
    if _policy(owner)[0] != "Delete":
        return False
    pod = controller.api.find("pods", f"{owner['metadata']['name']}-{number}", owner["metadata"]["namespace"])
    uid = pod["metadata"]["uid"] if pod is not None else None
    return any(
        each["kind"] == "Pod" and each["uid"] != uid
        for name in _named(owner, number)
        for each in _references(controller.api.find("persistentvolumeclaims", name, owner["metadata"]["namespace"]))
    )


def match(controller: Controller, owner: Obj, pod: Obj, number: int, *, wanted: bool) -> None:
    """Whose the claims of a Pod are: the set's (`whenDeleted: Delete`), or, when the set has shrunk, the Pod's (`whenScaled: Delete`)."""
    scaled, deleted = (each == "Delete" for each in _policy(owner))
    mine = {owner["metadata"]["uid"], pod["metadata"]["uid"]}
    holder = reference_to(pod, "Pod", "v1") if scaled and not wanted else reference_to(owner, "StatefulSet", "apps/v1") if deleted else None
    for name in _named(owner, number):
        claim = controller.api.find("persistentvolumeclaims", name, owner["metadata"]["namespace"])
        others = [each for each in _references(claim) if each["uid"] not in mine]
        foreign = any(each.get("controller") for each in others)
        references = others if holder is None or foreign else [*others, holder]
        if claim is not None and references != _references(claim):
            cause = controller.cause("X20", name=owner["metadata"]["name"])
            changed = with_meta(claim, ownerReferences=references or None)
            controller.api.update("persistentvolumeclaims", changed, by=controller.by, cause=cause)


def _policy(owner: Obj) -> tuple[str, str]:
    """whenScaled, whenDeleted."""
    policy = owner["spec"].get("persistentVolumeClaimRetentionPolicy") or {}
    return policy.get("whenScaled", "Retain"), policy.get("whenDeleted", "Retain")


def _references(obj: Obj | None) -> list[Obj]:
    found: list[Obj] = (obj or {"metadata": {}})["metadata"].get("ownerReferences") or []
    return found
