"""Defaults of the other kinds: nodes, namespaces, secrets, volumes, limits, classes.

Upstream: pkg/apis/core/v1/defaults.go, pkg/apis/scheduling/v1/defaults.go, pkg/apis/storage/v1/defaults.go. Left out: nothing served.
"""

from __future__ import annotations

from base64 import b64encode

from podlab.sim.changes import Obj


def default_node(node: Obj) -> None:
    """What is not said to be allocatable is the capacity."""
    status = node["status"]
    if status.get("capacity") and not status.get("allocatable"):
        status["allocatable"] = dict(status["capacity"])


def default_namespace(namespace: Obj) -> None:
    """Every namespace carries its name as a label."""
    name = namespace["metadata"].get("name")
    if name:
        namespace["metadata"]["labels"] = {**namespace["metadata"].get("labels", {}), "kubernetes.io/metadata.name": name}


def default_secret(secret: Obj) -> None:
    """The type; plain texts become data."""
    plain = secret.pop("stringData", None)
    if plain:
        coded = {key: b64encode(value.encode()).decode() for key, value in plain.items()}
        secret["data"] = {**secret.get("data", {}), **coded}
    secret.setdefault("type", "Opaque")


def default_claim(claim: Obj) -> None:
    """A PersistentVolumeClaim."""
    claim["status"].setdefault("phase", "Pending")
    claim["spec"].setdefault("volumeMode", "Filesystem")


def default_persistent_volume(volume: Obj) -> None:
    """A PersistentVolume."""
    volume["status"].setdefault("phase", "Pending")
    volume["spec"].setdefault("persistentVolumeReclaimPolicy", "Retain")
    volume["spec"].setdefault("volumeMode", "Filesystem")
    if "hostPath" in volume["spec"]:
        volume["spec"]["hostPath"].setdefault("type", "")


def default_limit_range(limits: Obj) -> None:
    """Of containers: what is not said of defaults follows from max, min and each other."""
    for item in limits["spec"].get("limits") or ():
        if item.get("type") != "Container":
            continue
        default = {**item.get("max", {}), **item.get("default", {})}
        request = {**item.get("min", {}), **default, **item.get("defaultRequest", {})}
        for name, amounts in (("default", default), ("defaultRequest", request)):
            if amounts:
                item[name] = amounts


def default_priority_class(class_: Obj) -> None:
    """Whether it preempts."""
    class_.setdefault("preemptionPolicy", "PreemptLowerPriority")


def default_storage_class(class_: Obj) -> None:
    """What becomes of volumes, and when they are bound."""
    class_.setdefault("reclaimPolicy", "Delete")
    class_.setdefault("volumeBindingMode", "Immediate")
