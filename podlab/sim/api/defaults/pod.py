"""Defaults of Pods and of Pod templates.

Upstream: pkg/apis/core/v1/defaults.go. Left out: volume kinds that no node of the lab has (iscsi, rbd, azure, scaleIO).
"""

from __future__ import annotations

from fractions import Fraction

from podlab.sim.api import quantities
from podlab.sim.api.images import tag_of
from podlab.sim.changes import Obj

MODE = 420
TOKEN_SECONDS = 3600


def default_pod(pod: Obj) -> None:
    """A Pod: its spec, requests out of limits, host ports, service links."""
    spec = pod["spec"]
    default_pod_spec(spec)
    spec.setdefault("enableServiceLinks", True)
    for container in containers_of(spec, ephemeral=False):
        _requests_from_limits(container)
    if spec.get("hostNetwork"):
        for container in containers_of(spec, ephemeral=False):
            for port in container.get("ports", ()):
                port.setdefault("hostPort", port.get("containerPort", 0))
    if "resources" in spec:
        _pod_level_requests(spec)


def containers_of(spec: Obj, *, ephemeral: bool = True) -> list[Obj]:
    """All containers of a Pod's spec: init, ordinary and (unless told otherwise) ephemeral ones."""
    found = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    return [*found, *(spec.get("ephemeralContainers") or ())] if ephemeral else found


def default_pod_spec(spec: Obj) -> None:
    """A Pod's spec, as it also stands in templates."""
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("schedulerName", "default-scheduler")
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account
    for container in containers_of(spec):
        _container(container)
    for volume in spec.get("volumes", ()):
        _volume(volume)
    if spec.get("overhead"):
        spec["overhead"] = _rounded(spec["overhead"])
    if "resources" in spec:
        _round(spec["resources"])


def _container(container: Obj) -> None:
    container.setdefault("imagePullPolicy", "Always" if tag_of(container.get("image", "")) == "latest" else "IfNotPresent")
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    for port in container.get("ports", ()):
        port.setdefault("protocol", "TCP")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if name in container:
            _probe(container[name])
    for hook in container.get("lifecycle", {}).values():
        if isinstance(hook, dict):
            _http(hook)
    for variable in container.get("env", ()):
        source = variable.get("valueFrom", {})
        if "fieldRef" in source:
            source["fieldRef"].setdefault("apiVersion", "v1")
        if "fileKeyRef" in source:
            source["fileKeyRef"].setdefault("optional", False)
    _round(container.get("resources", {}))


def _probe(probe: Obj) -> None:
    for name, value in (("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)):
        probe.setdefault(name, value)
    _http(probe)
    if "grpc" in probe:
        probe["grpc"].setdefault("service", "")


def _http(handler: Obj) -> None:
    get = handler.get("httpGet")
    if get is not None:
        get.setdefault("path", "/")
        get.setdefault("scheme", "HTTP")


def _volume(volume: Obj) -> None:
    if len(volume) == 1:
        volume["emptyDir"] = {}
    for kind in ("secret", "configMap", "downwardAPI", "projected"):
        if kind in volume:
            volume[kind].setdefault("defaultMode", MODE)
    if "hostPath" in volume:
        volume["hostPath"].setdefault("type", "")
    if "image" in volume:
        volume["image"].setdefault("pullPolicy", "Always" if tag_of(volume["image"].get("reference", "")) == "latest" else "IfNotPresent")
    if "ephemeral" in volume and "volumeClaimTemplate" in volume["ephemeral"]:
        volume["ephemeral"]["volumeClaimTemplate"]["spec"].setdefault("volumeMode", "Filesystem")
    _downward(volume.get("downwardAPI", {}))
    for source in volume.get("projected", {}).get("sources") or ():
        _downward(source.get("downwardAPI", {}))
        if "serviceAccountToken" in source:
            source["serviceAccountToken"].setdefault("expirationSeconds", TOKEN_SECONDS)


def _downward(source: Obj) -> None:
    for item in source.get("items", ()):
        if "fieldRef" in item:
            item["fieldRef"].setdefault("apiVersion", "v1")


def _round(resources: Obj) -> None:
    for name in ("limits", "requests"):
        if name in resources:
            resources[name] = _rounded(resources[name])


def _rounded(amounts: Obj) -> Obj:
    """No amount is finer than a thousandth."""
    return {name: _milli(amount) for name, amount in amounts.items()}


def _milli(amount: str) -> str:
    value = quantities.parse(amount)
    return amount if (value * 1000).denominator == 1 else quantities.render(Fraction(quantities.milli(amount), 1000))


def _requests_from_limits(container: Obj) -> None:
    resources = container.get("resources", {})
    if resources.get("limits"):
        resources["requests"] = {**resources["limits"], **resources.get("requests", {})}


def _pod_level_requests(spec: Obj) -> None:
    """Pod-level requests: the sum of the containers' where all have one, else the pod-level limit."""
    resources = spec["resources"]
    requests = dict(resources.get("requests", {}))
    for name, limit in resources.get("limits", {}).items():
        if name not in requests and name in ("cpu", "memory"):
            total = sum(
                (quantities.parse(each.get("resources", {}).get("requests", {}).get(name, "0")) for each in spec["containers"] or ()),
                Fraction(0),
            )
            requests[name] = quantities.render(total, "binary" if name == "memory" else "decimal") if total else limit
    if requests:
        resources["requests"] = requests
