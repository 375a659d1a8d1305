"""kubectl create deployment, job and cronjob.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create (create_deployment.go, create_job.go, create_cronjob.go). Left out: nothing.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.kubectl import generate
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import resource_for
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation


def deployment(inv: Invocation) -> None:
    """A Deployment of one or several images."""
    name, flags = generate.name_of(inv), inv.flags
    words = generate.words_after_dash(inv)
    if len(flags["image"]) > 1 and words:
        raise Failure("cannot specify multiple --image options and command")
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": _containers(flags["image"], words, flags["port"])}}
    spec = {"replicas": flags["replicas"], "selector": {"matchLabels": labels}, "template": template, "strategy": {}}
    obj = generate.head(inv, "apps/v1", "Deployment", name, labels=labels)
    generate.submit(inv, "deployments", {**obj, "spec": spec, "status": {}}, "failed to create deployment: ")


def _containers(images: list[str], words: list[str], port: int) -> list[Obj]:
    out: list[Obj] = []
    for image in images:
        container: dict[str, Any] = {"name": _name_of(image), "image": image}
        if words:
            container["command"] = words
        if port >= 0 and len(out) == 0:
            container["ports"] = [{"containerPort": port}]
        out.append(container | {"resources": {}})
    return out


def _name_of(image: str) -> str:
    """A container's name out of its image's: without path, tag and digest."""
    base = image.rpartition("/")[2].partition("@")[0].partition(":")[0]
    return re.sub(r"[^a-z0-9-]+", "-", base.lower()).strip("-") or "container"


def job(inv: Invocation) -> None:
    """A Job of an image, or of a CronJob's template."""
    name, flags = generate.name_of(inv), inv.flags
    words = generate.words_after_dash(inv)
    if not flags["from"] and not flags["image"]:
        raise Failure("either --image or --from must be specified")
    if flags["from"] and (flags["image"] or words):
        raise Failure("either --image or --from must be specified" if flags["image"] else "cannot specify --from and command")
    obj = _job_from(inv, name) if flags["from"] else _job(inv, name, words)
    generate.submit(inv, "jobs", obj, "failed to create job: ")


def _job(inv: Invocation, name: str, words: list[str]) -> Obj:
    container: dict[str, Any] = {"name": name, "image": inv.flags["image"]} | ({"command": words} if words else {}) | {"resources": {}}
    spec = {"template": {"metadata": {}, "spec": {"containers": [container], "restartPolicy": "Never"}}}
    return {**generate.head(inv, "batch/v1", "Job", name), "spec": spec, "status": {}}


def _job_from(inv: Invocation, name: str) -> Obj:
    kind, _, source = inv.flags["from"].rpartition("/")
    resource = resource_for(kind)
    found = inv.client.get(resource, inv.namespace, source)
    if resource.plural != "cronjobs":
        raise Failure(f"unknown object type *{resource.version}.{resource.kind}")
    below = found["spec"]["jobTemplate"]
    meta = below.get("metadata") or {}
    annotations = {"cronjob.kubernetes.io/instantiate": "manual", **(meta.get("annotations") or {})}
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": source, "uid": found["metadata"]["uid"], "controller": True}
    obj = generate.head(inv, "batch/v1", "Job", name, labels=meta.get("labels"), annotations=annotations, ownerReferences=[owner])
    return {**obj, "spec": below["spec"], "status": {}}


def cron_job(inv: Invocation) -> None:
    """A CronJob of an image."""
    name, flags = generate.name_of(inv), inv.flags
    words = generate.words_after_dash(inv)
    container: dict[str, Any] = {"name": name, "image": flags["image"]} | ({"command": words} if words else {}) | {"resources": {}}
    template = {"metadata": {}, "spec": {"containers": [container], "restartPolicy": flags["restart"] or "OnFailure"}}
    spec = {"schedule": flags["schedule"], "jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}}}
    generate.submit(
        inv, "cronjobs", {**generate.head(inv, "batch/v1", "CronJob", name), "spec": spec, "status": {}}, "failed to create cronjob: "
    )


COMMANDS = {"create deployment": Command(deployment), "create job": Command(job), "create cronjob": Command(cron_job)}
