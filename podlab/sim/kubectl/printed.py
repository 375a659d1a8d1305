"""What a command says of an object that it changed: `pod/web created (dry run)`, or the object in the form of `-o`.

Upstream: cli-runtime/pkg/printers/name.go, cmdutil.PrintFlagsWithDryRunStrategy. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.resources import Resource
from podlab.sim.changes import Obj
from podlab.sim.human import klog
from podlab.sim.kubectl import output
from podlab.sim.kubectl.discovery import display
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_SUFFIX = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


def dry_run(inv: Invocation) -> str:
    """`none`, `client` or `server`; Failure for another value."""
    value = inv.flags.get("dry-run", "none")
    if value in _SUFFIX:
        return str(value)
    if value == "unchanged":
        inv.err(klog(inv.world, "helpers.go", 703, "--dry-run is deprecated and can be replaced with --dry-run=client."))
        return "client"
    if value in ("true", "false", "1", "0"):
        kind, with_ = ("client", "client") if value in ("true", "1") else ("none", "none")
        inv.err(
            klog(
                inv.world, "helpers.go", 690, f"--dry-run={value} is deprecated (boolean value) and can be replaced with --dry-run={with_}."
            )
        )
        return kind
    raise Failure(f'Invalid dry-run value ({value}). Must be "none", "server", or "client".')


def suffix(strategy: str) -> str:
    """What is added to a line for a dry run."""
    return _SUFFIX[strategy]


def say(inv: Invocation, resource: Resource, obj: Obj, verb: str, strategy: str = "none", *, typed: bool = False) -> None:
    """Print that an object was `verb`; with `-o` the object itself. `typed`: its fields stand as they were built."""
    emit = output.emitter(inv, typed=typed)
    if emit is not None:
        inv.out(emit(obj))
    else:
        inv.out(f"{display(resource)}/{obj['metadata']['name']} {verb}{suffix(strategy)}\n")
