"""kubectl autoscale.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/autoscale/autoscale.go. Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, generate
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.printed import dry_run, say


def run(inv: Invocation) -> None:
    """Make a HorizontalPodAutoscaler for each object."""
    flags = inv.flags
    if flags["max"] < 1:
        raise Failure(f"--max=MAXPODS is required and must be at least 1, max: {flags['max']}")
    if flags["max"] < flags["min"]:
        raise Failure(f"--max=MAXPODS must be larger or equal to --min=MINPODS, max: {flags['max']}, min: {flags['min']}")
    if inv.given("cpu") and inv.given("cpu-percent"):
        raise Failure("--cpu-percent and --cpu are mutually exclusive")
    for info in builder.resolve(inv, builder.request(inv)).all():
        _one(inv, info)


def _one(inv: Invocation, info: Info) -> None:
    if "scale" not in info.resource.subresources:
        where = f"{info.resource.group}/{info.resource.version}, Resource={info.resource.plural}"
        raise Failure(f"cannot autoscale a {info.resource.kind}: could not find scale subresource for {where} in discovery information")
    obj, strategy, plural = _autoscaler(inv, info), dry_run(inv), "horizontalpodautoscalers"
    resource = generate.stand_in(plural, obj) if strategy == "client" else generate.served(plural)
    if strategy != "client":
        try:
            obj = inv.client.create(resource, generate.placed(inv, resource.plural, obj), dry_run=strategy == "server")
        except StatusError as error:
            if error.reason == "Invalid" and not obj["spec"].get("metrics"):
                raise Failure(
                    "failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input"
                ) from None
            raise
    say(inv, resource, obj, "autoscaled", strategy, typed=strategy == "client")


def _autoscaler(inv: Invocation, info: Info) -> Obj:
    flags = inv.flags
    spec: dict[str, Any] = {"scaleTargetRef": {"kind": info.resource.kind, "name": info.name, "apiVersion": info.resource.api_version}}
    if flags["min"] > 0:
        spec["minReplicas"] = flags["min"]
    spec["maxReplicas"] = flags["max"]
    cpu = f"{flags['cpu-percent']}%" if flags["cpu-percent"] >= 0 else flags["cpu"]
    metrics = [_metric(name, text) for name, text in (("cpu", cpu), ("memory", flags["memory"])) if text]
    if metrics:
        spec["metrics"] = metrics
    elif dry_run(inv) != "client":
        raise Failure("failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input")
    obj = generate.head(inv, "autoscaling/v2", "HorizontalPodAutoscaler", flags["name"] or info.name)
    return {**obj, "spec": spec, "status": {"desiredReplicas": 0, "currentMetrics": None}}


def _metric(name: str, text: str) -> Obj:
    if text.endswith("%"):
        target: Obj = {"type": "Utilization", "averageUtilization": int(text[:-1])}
    else:
        target = {"type": "AverageValue", "averageValue": text if not text.isdigit() else text + ("m" if name == "cpu" else "Mi")}
    return {"type": "Resource", "resource": {"name": name, "target": target}}


COMMAND = Command(run)
