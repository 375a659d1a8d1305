"""kubectl run: one Pod, with `--rm -i` watched to its end.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/run/run.go. Left out: `--override-type=strategic`.
"""

from __future__ import annotations

import json
from typing import Any

from podlab.sim.api import images
from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.patch import json_patch, merge
from podlab.sim.changes import Obj
from podlab.sim.kubectl import attaching, generate, gone
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.output import emitter
from podlab.sim.kubectl.printed import dry_run
from podlab.sim.linux.types import Exit, Wait

_POLICIES = ("Always", "OnFailure", "Never")
_SHELLS = ("sh", "ash", "bash")


def run(inv: Invocation) -> Wait | None:
    """Make the Pod (and its Service), then attach if asked."""
    _validate(inv)
    pod = _overridden(inv, _pod(inv))
    if inv.flags["expose"]:
        _expose(inv, inv.args[0])
    quiet = _attached(inv)
    if quiet:
        created = inv.client.create(RESOURCES["pods"], generate.placed(inv, "pods", pod))
        inv.memory["uid"] = created["metadata"]["uid"]
        return attaching.start(inv, inv.args[0])
    generate.submit(inv, "pods", pod)
    return None


def _validate(inv: Invocation) -> None:
    flags = inv.flags
    if not inv.args or inv.parsed.dash == 0:
        raise inv.usage("NAME is required for run")
    _check_image(flags["image"])
    if flags["tty"] and not flags["stdin"]:
        raise inv.usage("-i/--stdin is required for containers with -t/--tty=true")
    if flags["stdin"] and not flags["tty"] and inv.ctx.is_tty(0) and _is_typed_to(generate.words_after_dash(inv)):
        raise Failure("not supported in this lab: typing into a container that has no terminal (add -t)")
    if flags["expose"] and not flags["port"]:
        raise inv.usage("--port must be set when exposing a service")
    if flags["rm"] and not _attached(inv):
        raise inv.usage("--rm should only be used for attached containers")
    if _attached(inv) and dry_run(inv) != "none":
        raise inv.usage("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)")
    if flags["restart"] not in _POLICIES:
        raise inv.usage(f"invalid restart policy: {flags['restart']}")
    if flags["image-pull-policy"] not in ("", "Always", "IfNotPresent", "Never"):
        raise inv.usage(f"invalid image pull policy: {flags['image-pull-policy']}")
    emitter(inv)


def _check_image(text: str) -> None:
    if not text:
        raise Failure("--image is required")
    if images.parse(text) is None:
        raise Failure(f'Invalid image name "{text}": invalid reference format')


def _is_typed_to(command: list[str]) -> bool:
    """Whether a command would wait for what is typed: a shell without a script (an image's own command may be one)."""
    return not command or (len(command) == 1 and command[0].rpartition("/")[2] in _SHELLS)


def _attached(inv: Invocation) -> bool:
    return bool(inv.flags["attach"] if inv.given("attach") else inv.flags["stdin"] or inv.flags["tty"])


def _labels(inv: Invocation) -> dict[str, str]:
    text = inv.flags["labels"]
    if not text:
        return {"run": inv.args[0]}
    try:
        return generate.pairs(text.split(","))
    except ValueError as error:
        raise Failure(f"unexpected label spec: {error}") from None


def _pod(inv: Invocation) -> Obj:
    flags, name = inv.flags, inv.args[0]
    annotations = dict(each.partition("=")[::2] for each in flags["annotations"])
    obj = generate.head(inv, "v1", "Pod", name, labels=_labels(inv), annotations=annotations)
    policy = flags["restart"] if inv.given("restart") or not _attached(inv) else "Always"
    return {**obj, "spec": {"containers": [_container(inv, name)], "restartPolicy": policy, "dnsPolicy": "ClusterFirst"}, "status": {}}


def _container(inv: Invocation, name: str) -> Obj:
    flags = inv.flags
    words = generate.words_after_dash(inv)
    out: dict[str, Any] = {"name": name, "image": flags["image"]}
    if words:
        out["command" if flags["command"] else "args"] = words
    if flags["port"]:
        out["ports"] = [{"containerPort": _port(flags["port"])}]
    if flags["env"]:
        out["env"] = [_variable(each) for each in flags["env"]]
    out["resources"] = {}
    if flags["image-pull-policy"]:
        out["imagePullPolicy"] = flags["image-pull-policy"]
    if flags["privileged"]:
        out["securityContext"] = {"privileged": True}
    if flags["stdin"]:
        out |= {"stdin": True} | ({} if flags["leave-stdin-open"] else {"stdinOnce": True})
    return out | ({"tty": True} if flags["tty"] else {})


def _port(text: str) -> int:
    if not text.isdigit():
        raise Failure(f'strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)


def _variable(text: str) -> Obj:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Failure(f"invalid env: {text}")
    return {"name": name, "value": value} if value else {"name": name}


def _overridden(inv: Invocation, pod: Obj) -> Obj:
    text = inv.flags["overrides"]
    if not text:
        return pod
    try:
        patch = json.loads(text)
        return dict(json_patch.apply(pod, patch) if inv.flags["override-type"] == "json" else merge.merge(pod, patch))
    except (json.JSONDecodeError, json_patch.PatchError):
        raise Failure("Invalid JSON Patch") from None


def _expose(inv: Invocation, name: str) -> None:
    port = _port(inv.flags["port"])
    obj = generate.head(inv, "v1", "Service", name)
    spec = {"ports": [{"protocol": "TCP", "port": port, "targetPort": port}], "selector": _labels(inv)}
    generate.submit(inv, "services", {**obj, "spec": spec, "status": {"loadBalancer": {}}})
    if dry_run(inv) != "none" and inv.flags["output"] in ("yaml", "kyaml"):
        inv.out("---\n" if inv.flags["output"] == "kyaml" else "---\n---\n")


def _after(inv: Invocation) -> Wait | None:
    """The container has ended: remove the Pod with `--rm`, end with the container's code."""
    name, pods = inv.args[0], RESOURCES["pods"]
    pod = inv.client.find(pods, inv.namespace, name)
    statuses = ((pod or {}).get("status") or {}).get("containerStatuses") or [{}]
    ended = (statuses[0].get("state") or {}).get("terminated") or {}
    inv.memory["code"] = int(ended.get("exitCode") or 0) if inv.flags["restart"] == "Never" else 0
    if not inv.flags["rm"]:
        return _leave(inv)
    if pod is not None:
        inv.client.delete(pods, inv.namespace, name)
    inv.out(f'pod "{name}" deleted from {inv.namespace} namespace\n')
    return gone.wait(inv, [gone.Target("pods", inv.namespace, name, inv.memory["uid"])], 0) or _leave(inv)


def _leave(inv: Invocation) -> Wait | None:
    code = inv.memory["code"]
    if code:
        inv.err(f"pod {inv.namespace}/{inv.args[0]} terminated (Error)\n")
    return Exit(code)


COMMAND = Command(run, steps={**attaching.steps(_after), **gone.steps(_leave)})
