"""kubectl describe.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, discovery
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.describers import describe
from podlab.sim.kubectl.describers.writer import Scene
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_NOTHING = """You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources."""


def run(inv: Invocation) -> None:
    """Print what was asked for, two blank lines between objects."""
    if not inv.args and not inv.flags["filename"]:
        raise Failure(_NOTHING + "\n")
    result = builder.resolve(inv, builder.request(inv, everything=True))
    if result.errors and _by_prefix(inv, result.errors):
        return
    infos = result.all()
    inv.out("\n\n".join(_described(inv, each, len(infos) == 1) for each in infos))
    if not infos:
        inv.err("No resources found\n" if inv.flags["all-namespaces"] else f"No resources found in {inv.namespace} namespace.\n")


def _described(inv: Invocation, info: Info, alone: bool) -> str:
    events = inv.flags["show-events"] if inv.given("show-events") else alone
    return describe(Scene(inv.world, inv.client, events), info.resource.plural, info.obj)


def _by_prefix(inv: Invocation, errors: list[Exception]) -> bool:
    """`describe pod ri` describes all whose name begins so, if there is none of that name."""
    not_found = len(errors) == 1 and isinstance(errors[0], StatusError) and errors[0].reason == "NotFound"
    if not not_found or len(inv.args) != 2 or "/" in inv.args[0]:
        return False
    resource = discovery.resource_for(inv.args[0])
    found = [
        each
        for each in inv.client.list(resource, inv.namespace if resource.namespaced else "")
        if each["metadata"]["name"].startswith(inv.args[1])
    ]
    for each in found:
        inv.out(_described(inv, Info(resource, each["metadata"].get("namespace", ""), each["metadata"]["name"], each), False) + "\n")
    return bool(found)


COMMAND = Command(run)
