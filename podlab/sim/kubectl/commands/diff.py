"""kubectl diff.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go. Left out: `--prune`, KUBECTL_EXTERNAL_DIFF.
"""

from __future__ import annotations

import difflib

from podlab.sim.api.goyaml import to_yaml
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, output, stdin
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure, aggregate, fatal
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.lastapplied import LAST_APPLIED, annotated, last_applied
from podlab.sim.kubectl.merge3 import three_way
from podlab.sim.linux.types import Exit, Wait


def run(inv: Invocation) -> Wait | None:
    """Print what apply would change; exit code 1 when it would, 2 when something is wrong."""
    if not inv.flags["filename"]:
        raise Failure("must specify one of -f and -k", code=2)
    return stdin.needed(inv) or _diff(inv)


def _diff(inv: Invocation) -> Wait | None:
    errors: list[Exception] = []
    texts: list[str] = []
    try:
        texts.extend(_one(inv, info) for info in builder.read_files(inv, builder.request(inv), errors))
        if errors:
            raise aggregate(errors)
    except (Failure, StatusError) as error:
        inv.err(fatal(error)[0])
        return Exit(2)
    inv.out("".join(texts))
    return Exit(1) if any(texts) else None


def _one(inv: Invocation, info: Info) -> str:
    live = inv.client.find(info.resource, info.namespace, info.name)
    merged = _merged(inv, info, live)
    name = ".".join(each for each in (info.resource.group, info.resource.version, info.resource.kind, info.namespace, info.name) if each)
    old, new = ("" if live is None else _text(inv, live)), _text(inv, merged)
    head = f"diff -u -N /tmp/LIVE-100/{name} /tmp/MERGED-100/{name}\n"
    lines = list(
        difflib.unified_diff(
            old.splitlines(True), new.splitlines(True), f"/tmp/LIVE-100/{name}\t{_stamp(inv)}", f"/tmp/MERGED-100/{name}\t{_stamp(inv)}"
        )
    )
    return head + "".join(lines) if lines else ""


def _stamp(inv: Invocation) -> str:
    return inv.world.stamp().replace("T", " ").replace("Z", ".000000000 +0000")


def _merged(inv: Invocation, info: Info, live: Obj | None) -> Obj:
    if live is None:
        return inv.client.create(info.resource, info.obj, dry_run=True)
    wanted = annotated(info.obj)
    patch = three_way(info.resource, last_applied(live), wanted, live)
    return inv.client.patch(info.resource, info.namespace, info.name, patch, dry_run=True) if patch else live


def _text(inv: Invocation, obj: Obj) -> str:
    shown = output.without_managed_fields(inv, obj)
    meta = dict(shown["metadata"])
    held = {key: value for key, value in (meta.pop("annotations", None) or {}).items() if key != LAST_APPLIED}
    return to_yaml({**shown, "metadata": meta | ({"annotations": held} if held else {})})


COMMAND = Command(run, steps={"stdin": stdin.step(_diff)})
