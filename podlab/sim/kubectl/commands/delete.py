"""kubectl delete: delete, say so, wait until it is gone.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go. Left out: kustomizations.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, gone, raw, stdin
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import display
from podlab.sim.kubectl.errors import Failure, aggregate, with_source
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.printed import dry_run, suffix
from podlab.sim.linux.types import Read, Wait, Wake

_CASCADE = {"background": "Background", "foreground": "Foreground", "orphan": "Orphan"}
_IMMEDIATE = "Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely."


def run(inv: Invocation) -> Wait | None:
    """Delete what was asked for."""
    if inv.flags["raw"]:
        raw.delete(inv, inv.flags["raw"])
        return None
    _validate(inv)
    return stdin.needed(inv) or _begin(inv)


def _validate(inv: Invocation) -> None:
    flags = inv.flags
    if flags["now"] and flags["grace-period"] != -1:
        raise Failure("--now and --grace-period cannot be specified together")
    if flags["grace-period"] > 0 and flags["force"]:
        raise Failure("--force and --grace-period greater than 0 cannot be specified together")
    if flags["output"] not in ("", "name"):
        raise Failure(f"unexpected -o output mode: {flags['output']}. We only support '-o name'")
    if flags["cascade"] not in _CASCADE:
        raise Failure(f'invalid cascade value ({flags["cascade"]}). Must be "background", "foreground", or "orphan"')


def _grace(inv: Invocation) -> int | None:
    flags = inv.flags
    if flags["now"] or (flags["grace-period"] == 0 and not flags["force"]):
        return 1
    if flags["force"] and flags["grace-period"] < 0:
        return 0
    return None if flags["grace-period"] < 0 else int(flags["grace-period"])


def _begin(inv: Invocation) -> Wait | None:
    req = builder.request(inv, fetch=False, all=inv.flags["all"], everything=False)
    if req.all and req.labels:
        raise Failure("setting 'all' parameter but found a non empty selector. ")
    result = builder.resolve(inv, req)
    if _grace(inv) == 0:
        inv.client.warn(_IMMEDIATE)
    inv.memory["errors"] = []
    if inv.flags["interactive"]:
        return _ask(inv, result.infos)
    return _delete(inv, result.infos, result.errors)


def _ask(inv: Invocation, infos: list[Info]) -> Wait:
    inv.out(f"You are about to delete the following {len(infos)} resource(s):\n" + "".join(f"{each.label}\n" for each in infos))
    inv.out("Do you want to continue? (y/N): ")
    return inv.then("answer", Read(0))


def _answered(inv: Invocation, wake: Wake) -> Wait | None:
    text = inv.ctx.read(0)
    if text == "":
        return inv.then("answer", Read(0))
    if (text or "").strip().lower() not in ("y", "yes"):
        inv.out("deletion is cancelled\n")
        return None
    result = builder.resolve(inv, builder.request(inv, fetch=False, all=inv.flags["all"], everything=False))
    return _delete(inv, result.infos, result.errors)


def _delete(inv: Invocation, infos: list[Info], errors: list[Exception]) -> Wait | None:
    strategy, waiting = dry_run(inv), []
    for info in infos:
        try:
            deleted = _one(inv, info, strategy)
        except StatusError as error:
            if not (error.reason == "NotFound" and inv.flags["ignore-not-found"]):
                errors.append(with_source(error, "deleting", info.source))
            continue
        waiting.append(gone.Target(info.resource.plural, info.namespace, info.name, deleted))
    if errors:
        raise aggregate(errors)
    if not infos:
        inv.out("No resources found\n")
    if not inv.flags["wait"] or strategy != "none":
        return None
    return gone.wait(inv, waiting, inv.flags["timeout"])


def _one(inv: Invocation, info: Info, strategy: str) -> str:
    """Delete one object and say so; its uid."""
    uid = ""
    if strategy != "client":
        options: dict[str, Any] = {"propagation": _CASCADE[inv.flags["cascade"]], "dry_run": strategy == "server"}
        uid = inv.client.delete(info.resource, info.namespace, info.name, grace=_grace(inv), **options)["metadata"].get("uid", "")
    if inv.flags["output"] == "name":
        inv.out(f"{info.label}\n")
        return uid
    word = "force deleted" if _grace(inv) == 0 else "deleted"
    place = f" from {info.namespace} namespace" if info.resource.namespaced else ""
    inv.out(f'{display(info.resource)} "{info.name}" {word}{place}{suffix(strategy)}\n')
    return uid


COMMAND = Command(run, steps={"stdin": stdin.step(_begin), "answer": _answered, **gone.steps()})
