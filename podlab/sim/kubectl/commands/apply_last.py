"""kubectl apply view-last-applied and set-last-applied.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/apply (apply_view_last_applied.go, apply_set_last_applied.go). Left out: edit-last-applied.
"""

from __future__ import annotations

from podlab.sim.api.goyaml import to_json, to_yaml
from podlab.sim.kubectl import builder, stdin
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.lastapplied import LAST_APPLIED, configuration, last_applied
from podlab.sim.kubectl.printed import dry_run, say
from podlab.sim.linux.types import Wait


def view(inv: Invocation) -> None:
    """Print what apply remembers."""
    form = inv.flags["output"]
    if form not in ("yaml", "json"):
        raise Failure(f"Unexpected -o output mode: {form}, the flag 'output' must be one of yaml|json")
    for info in builder.resolve(inv, builder.request(inv, everything=True)).all():
        held = last_applied(info.obj)
        if not held:
            return  # upstream wraps no error here, and so says nothing
        inv.out(to_yaml(held) if form == "yaml" else to_json(held, indent=2) + "\n")


def set_last(inv: Invocation) -> Wait | None:
    """Let apply remember a file."""
    return stdin.needed(inv) or _set(inv)


def _set(inv: Invocation) -> Wait | None:
    errors: list[Exception] = []
    if not inv.flags["filename"]:
        raise Failure("must specify one of -f and -k")
    for info in builder.read_files(inv, builder.request(inv), errors):
        current = inv.client.get(info.resource, info.namespace, info.name)
        if LAST_APPLIED not in (current["metadata"].get("annotations") or {}) and not inv.flags["create-annotation"]:
            raise Failure(
                f"no last-applied-configuration annotation found on resource: {info.name}, to create the annotation, run the command with --create-annotation"
            )
        text, strategy = configuration(info.obj), dry_run(inv)
        obj = current
        if (current["metadata"].get("annotations") or {}).get(LAST_APPLIED) != text and strategy != "client":
            patch = {"metadata": {"annotations": {LAST_APPLIED: text}}}
            obj = inv.client.patch(info.resource, info.namespace, info.name, patch, "merge", dry_run=strategy == "server")
        say(inv, info.resource, obj, "configured", strategy)
    if errors:
        raise errors[0]
    return None


def edit(inv: Invocation) -> None:
    """Not in the lab."""
    builder.resolve(inv, builder.request(inv))
    raise Failure("not supported in this lab: kubectl apply edit-last-applied")


COMMANDS = {
    "apply view-last-applied": Command(view),
    "apply set-last-applied": Command(set_last, steps={"stdin": stdin.step(_set)}),
    "apply edit-last-applied": Command(edit),
}
