"""kubectl create -f.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create/create.go. Left out: `--edit`, `--raw`, kustomizations.
"""

from __future__ import annotations

from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, raw, stdin
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure, aggregate, with_source
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.lastapplied import annotated
from podlab.sim.kubectl.output import emitter
from podlab.sim.kubectl.printed import dry_run, say
from podlab.sim.linux.types import Wait


def run(inv: Invocation) -> Wait | None:
    """Create every object of the manifests."""
    if inv.args:
        raise inv.usage(f"Unexpected args: [{' '.join(inv.args)}]")
    if not inv.flags["filename"]:
        raise Failure("must specify one of -f and -k")
    if inv.flags["edit"] or inv.flags["kustomize"]:
        raise Failure("not supported in this lab: kubectl create --edit, -k")
    emitter(inv)
    return stdin.needed(inv) or _create(inv)


def _create(inv: Invocation) -> Wait | None:
    if inv.flags["raw"]:
        raw.create(inv, inv.flags["raw"])
        return None
    errors: list[Exception] = []
    created = 0
    for info in builder.read_files(inv, builder.request(inv), errors):
        try:
            _one(inv, info)
            created += 1
        except (StatusError, Failure) as error:
            errors.append(error)
    if errors:
        raise aggregate(errors)
    if not created:
        raise Failure("no objects passed to create")
    return None


def _one(inv: Invocation, info: Info) -> None:
    strategy = dry_run(inv)
    wanted = annotated(info.obj) if inv.flags["save-config"] else info.obj
    if strategy != "client":
        try:
            wanted = inv.client.create(info.resource, wanted, dry_run=strategy == "server")
        except StatusError as error:
            raise with_source(error, "creating", info.source) from None
    say(inv, info.resource, wanted, "created", strategy)


COMMAND = Command(run, steps={"stdin": stdin.step(_create)})
