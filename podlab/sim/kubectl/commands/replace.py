"""kubectl replace.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/replace/replace.go. Left out: kustomizations, `--subresource`.
"""

from __future__ import annotations

from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, gone, raw, stdin
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import display
from podlab.sim.kubectl.errors import Failure, aggregate, with_source
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.lastapplied import LAST_APPLIED, annotated
from podlab.sim.kubectl.printed import dry_run, say
from podlab.sim.linux.types import Wait


def run(inv: Invocation) -> Wait | None:
    """Put every object of the manifests in the place of the one that is there."""
    flags = inv.flags
    if not flags["filename"]:
        raise Failure("must specify one of -f and -k")
    if flags["grace-period"] >= 0 and not flags["force"]:
        raise Failure("--grace-period must have --force specified")
    if flags["timeout"] and not flags["force"]:
        raise Failure("--timeout must have --force specified")
    return stdin.needed(inv) or _replace(inv)


def _infos(inv: Invocation) -> tuple[list[Info], list[Exception]]:
    errors: list[Exception] = []
    return list(builder.read_files(inv, builder.request(inv), errors)), errors


def _replace(inv: Invocation) -> Wait | None:
    if inv.flags["raw"]:
        raw.replace(inv, inv.flags["raw"])
        return None
    if inv.flags["force"]:
        return _forced(inv)
    infos, errors = _infos(inv)
    for info in infos:
        try:
            _one(inv, info)
        except StatusError as error:
            errors.append(with_source(error, "replacing", info.source))
    if errors:
        raise aggregate(errors)
    return None


def _one(inv: Invocation, info: Info) -> None:
    strategy = dry_run(inv)
    obj = annotated(info.obj) if inv.flags["save-config"] or LAST_APPLIED in (info.obj["metadata"].get("annotations") or {}) else info.obj
    if strategy != "client":
        obj = inv.client.replace(info.resource, obj, dry_run=strategy == "server")
    say(inv, info.resource, obj, "replaced", strategy)


def _forced(inv: Invocation) -> Wait | None:
    """Delete what is there, wait, create anew."""
    infos, errors = _infos(inv)
    if errors:
        raise aggregate(errors)
    targets = []
    for info in infos:
        held = inv.client.find(info.resource, info.namespace, info.name)
        if held is None:
            continue
        grace = inv.flags["grace-period"]
        inv.client.delete(info.resource, info.namespace, info.name, grace=None if grace < 0 else max(grace, 1), propagation="Background")
        place = f" from {info.namespace} namespace" if info.resource.namespaced else ""
        inv.out(f'{display(info.resource)} "{info.name}" deleted{place}\n')
        targets.append(gone.Target(info.resource.plural, info.namespace, info.name, held["metadata"]["uid"]))
    return gone.wait(inv, targets, inv.flags["timeout"]) or _again(inv)


def _again(inv: Invocation) -> Wait | None:
    infos, _ = _infos(inv)
    for info in infos:
        say(inv, info.resource, inv.client.create(info.resource, info.obj), "replaced")
    return None


COMMAND = Command(run, steps={"stdin": stdin.step(_replace), **gone.steps(_again)})
