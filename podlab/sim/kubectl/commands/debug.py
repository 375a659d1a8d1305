"""kubectl debug: an ephemeral container in a Pod, or a copy of a Pod.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/debug (debug.go, profiles.go). Left out: nodes, other profiles than general, input without a terminal.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj
from podlab.sim.kubectl import attaching, builder, generate
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Wait

_CAPABILITIES = {"capabilities": {"add": ["SYS_PTRACE"]}}


def run(inv: Invocation) -> Wait | None:
    """Add the container, or make the copy; then attach if asked."""
    _validate(inv)
    names = inv.args if inv.parsed.dash < 0 else inv.args[: inv.parsed.dash]
    if not names and not inv.flags["filename"]:
        raise inv.usage("NAME or TYPE/NAME is required for debug")
    for info in builder.resolve(inv, builder.request(inv, names, default="pods")).all():
        if info.resource.plural == "nodes":
            raise Failure("not supported in this lab: debugging a node")
        if info.resource.plural != "pods":
            raise Failure(f'"{info.resource.kind}" not supported by debug')
        name = _copy(inv, info) if inv.flags["copy-to"] else _ephemeral(inv, info)
        if _attached(inv) and name:
            return attaching.start(inv, inv.flags["copy-to"] or info.name, name)
    return None


def _attached(inv: Invocation) -> bool:
    return bool(inv.flags["attach"] if inv.given("attach") else inv.flags["stdin"])


def _validate(inv: Invocation) -> None:
    flags = inv.flags
    if not flags["copy-to"]:
        if not flags["image"]:
            raise Failure("you must specify --image when not using --copy-to.")
        for flag in ("replace", "same-node"):
            if flags[flag]:
                raise Failure(f"--{flag} may only be used with --copy-to.")
    if flags["copy-to"] and not flags["image"] and not flags["set-image"]:
        raise Failure("you must specify --image, --set-image or command arguments.")
    if flags["tty"] and not flags["stdin"]:
        raise Failure("-i/--stdin is required for containers with -t/--tty=true")
    if flags["stdin"] and not flags["tty"]:
        raise Failure("not supported in this lab: typing into a container that has no terminal (add -t)")
    if flags["profile"] not in ("general", "legacy", "baseline", "restricted", "netadmin", "sysadmin"):
        raise Failure(f"unknown profile: {flags['profile']}")


def _name(inv: Invocation) -> str:
    if inv.flags["container"]:
        return str(inv.flags["container"])
    name = f"debugger-{inv.world.suffix('debugger')}"
    if not inv.flags["quiet"]:
        inv.out(f"Defaulting debug container name to {name}.\n")
    return name


def _container(inv: Invocation, name: str) -> dict[str, Any]:
    words = generate.words_after_dash(inv) if inv.parsed.dash >= 0 else []
    out: dict[str, Any] = {"name": name, "image": inv.flags["image"]}
    if words:
        out["args" if inv.flags["arguments-only"] else "command"] = words
    if inv.flags["env"]:
        out["env"] = [dict(zip(("name", "value"), each.partition("=")[::2], strict=True)) for each in inv.flags["env"]]
    out |= {"stdin": True, "tty": True} if inv.flags["tty"] else {}
    return out | {"resources": {}, "securityContext": _CAPABILITIES, "terminationMessagePolicy": "File"}


def _ephemeral(inv: Invocation, info: Info) -> str:
    target = inv.flags["target"]
    if target and not inv.flags["quiet"]:
        inv.out(
            f"Targeting container \"{target}\". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n"
        )
    held = info.obj["spec"].get("ephemeralContainers") or []
    container = _container(inv, _name(inv)) | ({"targetContainerName": target} if target else {})
    same = next((each for each in held if each["name"] == container["name"]), None)
    if same is not None:
        container = _profiled_again(same)
    order = [{"name": each["name"]} for each in held if each is not same] + [{"name": container["name"]}]
    patch = {"spec": {"$setElementOrder/ephemeralContainers": order, "ephemeralContainers": [container]}}
    inv.client.patch(info.resource, info.namespace, info.name, patch, subresource="ephemeralcontainers")
    return str(container["name"])


def _profiled_again(container: dict[str, Any]) -> dict[str, Any]:
    """The profile means every container of that name, the one that is there as well: the patch holds that one."""
    context = container.get("securityContext") or {}
    capabilities = context.get("capabilities") or {}
    added = [*(capabilities.get("add") or []), *_CAPABILITIES["capabilities"]["add"]]
    return {"name": container["name"], "securityContext": {**context, "capabilities": {**capabilities, "add": added}}}


def _copy(inv: Invocation, info: Info) -> str:
    flags = inv.flags
    spec = {
        key: value
        for key, value in info.obj["spec"].items()
        if key not in ("ephemeralContainers", "nodeName") or (key == "nodeName" and flags["same-node"])
    }
    if flags["share-processes"]:
        spec["shareProcessNamespace"] = True
    spec["containers"] = [_stripped(inv, each) for each in spec["containers"]]
    if flags["image"]:
        spec["containers"].append(_container(inv, _name(inv)))
    meta: Obj = {"name": flags["copy-to"], "namespace": info.namespace}
    meta |= {"labels": info.obj["metadata"].get("labels", {})} if flags["keep-labels"] else {}
    inv.client.create(RESOURCES["pods"], {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec})
    if flags["replace"]:
        inv.client.delete(info.resource, info.namespace, info.name)
    return str(spec["containers"][-1]["name"]) if flags["image"] else ""


def _stripped(inv: Invocation, container: Obj) -> Obj:
    gone = [
        key
        for key, flag in (("livenessProbe", "keep-liveness"), ("readinessProbe", "keep-readiness"), ("startupProbe", "keep-startup"))
        if not inv.flags[flag]
    ]
    return {key: value for key, value in container.items() if key not in gone}


def _ended(inv: Invocation) -> None:
    return None


COMMAND = Command(run, steps=attaching.steps(_ended))
