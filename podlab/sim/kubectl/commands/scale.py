"""kubectl scale.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/scale/scale.go, pkg/scale/scale.go. Left out: `--timeout` (waiting for the size).
"""

from __future__ import annotations

from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.printed import dry_run, say


def run(inv: Invocation) -> None:
    """Set the replicas of every object that was asked for."""
    if inv.flags["replicas"] < 0:
        raise Failure("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    infos = builder.resolve(inv, builder.request(inv)).all()
    if inv.flags["resource-version"] and len(infos) > 1:
        raise Failure("cannot use --resource-version with multiple resources")
    for info in infos:
        _one(inv, info)
    if not infos:
        raise Failure("no objects passed to scale")


def _one(inv: Invocation, info: Info) -> None:
    flags, strategy = inv.flags, dry_run(inv)
    if "scale" not in info.resource.subresources:
        raise StatusError("NotFound", "the server could not find the requested resource")
    held, version = info.obj["spec"].get("replicas", 1), info.obj["metadata"].get("resourceVersion")
    if flags["current-replicas"] != -1 and held != flags["current-replicas"]:
        raise Failure(f"Expected replicas to be {flags['current-replicas']}, was {held}")
    if flags["resource-version"] and version != flags["resource-version"]:
        raise Failure(f"Expected resource version to be {flags['resource-version']}, was {version}")
    obj = info.obj
    if strategy != "client":
        obj = inv.client.patch(
            info.resource,
            info.namespace,
            info.name,
            {"spec": {"replicas": flags["replicas"]}},
            "merge",
            dry_run=strategy == "server",
            subresource="scale",
        )
    say(inv, info.resource, obj, "scaled", strategy)


COMMAND = Command(run)
