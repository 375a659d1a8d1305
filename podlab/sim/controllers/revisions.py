"""ControllerRevisions: the templates that a DaemonSet or StatefulSet has had.

Upstream: pkg/controller/history. Left out: the real hash (ours is of the JSON).
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.controllers.base import Controller, reference_to
from podlab.sim.controllers.deployment.replicasets import template_hash

LABEL = "controller-revision-hash"


def current(controller: Controller, owner: Obj, kind: str) -> tuple[Obj, list[Obj]]:
    """The revision of the owner's present template (made when it is new, the newest again when it comes back), and all of them by age."""
    held = sorted(controller.own("controllerrevisions", owner), key=lambda each: each["revision"])
    data = {"spec": {"template": {**owner["spec"]["template"], "$patch": "replace"}}}
    newest = held[-1]["revision"] if held else 0
    found = next((each for each in held if each["data"] == data), None)
    if found is None:
        made = controller.api.create(
            "controllerrevisions",
            _made(owner, kind, data, newest + 1),
            by=controller.by,
            cause=controller.cause("X20", name=owner["metadata"]["name"]),
        )
        return made, [*held, made]
    if found["revision"] < newest:
        found = controller.api.update(
            "controllerrevisions",
            {**found, "revision": newest + 1},
            by=controller.by,
            cause=controller.cause("X20", name=owner["metadata"]["name"]),
        )
    return found, held


def _made(owner: Obj, kind: str, data: Obj, revision: int) -> Obj:
    meta, hashed = owner["metadata"], template_hash(owner["spec"]["template"])
    labels = {**(owner["spec"]["template"].get("metadata", {}).get("labels") or {}), LABEL: hashed}
    own = {
        "name": f"{meta['name']}-{hashed}",
        "namespace": meta["namespace"],
        "labels": labels,
        "ownerReferences": [reference_to(owner, kind, "apps/v1")],
    }
    return {"apiVersion": "apps/v1", "kind": "ControllerRevision", "metadata": own, "data": data, "revision": revision}


def hash_of(revision: Obj) -> str:
    """The end of its name."""
    return str(revision["metadata"]["labels"][LABEL])


def template_of(revision: Obj) -> Obj:
    """The template that it keeps."""
    return {key: value for key, value in revision["data"]["spec"]["template"].items() if key != "$patch"}


def forget(controller: Controller, owner: Obj, every: list[Obj], live: set[str]) -> None:
    """Only so many are kept besides those in use."""
    idle = [each for each in every if each["metadata"]["name"] not in live and hash_of(each) not in live]
    for each in idle[: max(0, len(idle) - owner["spec"].get("revisionHistoryLimit", 10))]:
        meta = each["metadata"]
        controller.api.delete(
            "controllerrevisions",
            meta["name"],
            meta["namespace"],
            by=controller.by,
            cause=controller.cause("X20", name=owner["metadata"]["name"]),
        )
