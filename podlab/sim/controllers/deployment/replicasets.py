"""A Deployment's ReplicaSets: whose template is the present one, revisions, annotations, names.

Upstream: pkg/controller/deployment/util/deployment_util.go, sync.go. Left out: the real template hash (a Go memory dump); ours is of the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from podlab.sim.changes import Obj
from podlab.sim.controllers.base import reference_to, with_meta
from podlab.sim.controllers.deployment.numbers import DESIRED, MAXIMUM, by_age, max_surge, replicas_of
from podlab.sim.rng import ALPHABET

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
HISTORY = "deployment.kubernetes.io/revision-history"
NOT_COPIED = ("kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, DESIRED, MAXIMUM, "deprecated.deployment.rollback.to")
LONGEST_NAME = 253


def template_hash(template: Obj, collisions: int = 0) -> str:
    """The name part of a template."""
    text = json.dumps([template, collisions], sort_keys=True, separators=(",", ":"))
    digits = str(int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big"))
    return "".join(ALPHABET[ord(each) % len(ALPHABET)] for each in digits)


def without_hash(template: Obj) -> Obj:
    """The template as the Deployment has it."""
    meta = template.get("metadata") or {}
    labels = {key: value for key, value in (meta.get("labels") or {}).items() if key != HASH}
    return {**template, "metadata": {**meta, "labels": labels}}


def find_new(deployment: Obj, sets: Iterable[Obj]) -> Obj | None:
    """The oldest set with the Deployment's template."""
    wanted = without_hash(deployment["spec"]["template"])
    return next((each for each in by_age(sets) if without_hash(each["spec"]["template"]) == wanted), None)


def revision_of(obj: Obj) -> int:
    """The revision annotation; 0: none."""
    return int((obj["metadata"].get("annotations") or {}).get(REVISION) or 0)


def next_revision(old: Sequence[Obj]) -> int:
    """One more than the highest of the old sets."""
    return max(map(revision_of, old), default=0) + 1


def annotations_for(deployment: Obj, held: Obj, revision: int) -> Obj:
    """The set's annotations brought up to date: the Deployment's own, the revision, and the revisions it had before."""
    copied = {key: value for key, value in (deployment["metadata"].get("annotations") or {}).items() if key not in NOT_COPIED}
    new = {**held, **copied}
    before = held.get(REVISION)
    if int(before or 0) < revision:
        new[REVISION] = str(revision)
        if before is not None:
            new[HISTORY] = f"{held[HISTORY]},{before}" if held.get(HISTORY) else before
    return new


def size_annotations(deployment: Obj) -> dict[str, str]:
    """What the Deployment wants and allows, as its sets note it."""
    return {DESIRED: str(replicas_of(deployment)), MAXIMUM: str(replicas_of(deployment) + max_surge(deployment))}


def make(deployment: Obj, revision: int, replicas: int) -> Obj:
    """A new set for the present template."""
    meta, spec = deployment["metadata"], deployment["spec"]
    hashed = template_hash(spec["template"], (deployment.get("status") or {}).get("collisionCount", 0))
    template = spec["template"]
    labels = {**(template.get("metadata", {}).get("labels") or {}), HASH: hashed}
    selector = spec["selector"]
    annotations = annotations_for(deployment, {}, revision) | size_annotations(deployment)
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{meta['name'][: LONGEST_NAME - len(hashed) - 1]}-{hashed}",
            "namespace": meta["namespace"],
            "labels": labels,
            "annotations": annotations,
            "ownerReferences": [reference_to(deployment, "Deployment", "apps/v1")],
        },
        "spec": {
            "replicas": replicas,
            **({"minReadySeconds": spec["minReadySeconds"]} if spec.get("minReadySeconds") else {}),
            "selector": {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), HASH: hashed}},
            "template": {**template, "metadata": {**template.get("metadata", {}), "labels": labels}},
        },
    }


def resized(replicaset: Obj, deployment: Obj, replicas: int) -> Obj:
    """The set with another size, and what the Deployment wants noted."""
    annotations = {**(replicaset["metadata"].get("annotations") or {}), **size_annotations(deployment)}
    return with_meta({**replicaset, "spec": {**replicaset["spec"], "replicas": replicas}}, annotations=annotations)
