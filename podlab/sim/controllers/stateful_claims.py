"""The claims of a StatefulSet's Pods: `<template>-<set>-<ordinal>`, made before the Pod, kept unless the set says otherwise.

Upstream: pkg/controller/statefulset (stateful_set_utils.go, stateful_pod_control.go). Left out: adoption when the policy changes later.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.controllers.base import Controller, with_meta
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
        if controller.api.find("persistentvolumeclaims", name, meta["namespace"]) is not None:
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
    if (owner["spec"].get("persistentVolumeClaimRetentionPolicy") or {}).get("whenDeleted") == "Delete":
        meta["ownerReferences"] = [_owned_by(owner, "StatefulSet", "apps/v1")]
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta, "spec": template["spec"]}


def _owned_by(owner: Obj, kind: str, api_version: str) -> Obj:
    return {"apiVersion": api_version, "kind": kind, "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"]}


def condemn(controller: Controller, owner: Obj, pod: Obj, number: int) -> None:
    """A Pod goes because the set shrinks: with `whenScaled: Delete` its claims belong to it from now on, and go with it."""
    if (owner["spec"].get("persistentVolumeClaimRetentionPolicy") or {}).get("whenScaled") != "Delete":
        return
    for name in _named(owner, number):
        claim = controller.api.find("persistentvolumeclaims", name, owner["metadata"]["namespace"])
        if claim is not None:
            changed = with_meta(claim, ownerReferences=[_owned_by(pod, "Pod", "v1")])
            controller.api.update(
                "persistentvolumeclaims", changed, by=controller.by, cause=controller.cause("X20", name=owner["metadata"]["name"])
            )
