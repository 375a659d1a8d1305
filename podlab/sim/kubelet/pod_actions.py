"""What a sync must do: make a sandbox, kill, start; a function of the spec and of what the runtime shows.

Upstream: pkg/kubelet/kuberuntime (computePodActions, computeInitContainerActions). Left out: in-place resize.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.containerd.types import Container, Sandbox
from podlab.sim.kubelet.conditions import sandbox_changed
from podlab.sim.kubelet.restart import exit_code_restarts, policy_restarts, restarts_all, should_be_restarted
from podlab.sim.kubelet.specs import Spec, ephemeral, hash_container, inits, is_sidecar, regular, restart_policy

Results = dict[str, dict[str, str]]
"""Probe kind → container → `Success`, `Failure` or `Unknown`."""


class KillAction(Struct):
    """A running container to kill; `message` is the Event's, `reason` decides the grace, `unknown`: it must be known to be dead."""

    name: str
    message: str
    reason: str = ""


class Actions(Struct):
    """Positions in the spec's lists; `remove_all`: RestartAllContainers, begun by the container of that name."""

    kill_pod: bool = False
    create_sandbox: bool = False
    attempt: int = 0
    inits: list[int] = field(default_factory=list)
    containers: list[int] = field(default_factory=list)
    ephemerals: list[int] = field(default_factory=list)
    kills: list[KillAction] = field(default_factory=list)
    remove_all: str = ""


class Runtime(Struct):
    """What the runtime shows of a Pod, each list newest first."""

    sandboxes: list[Sandbox] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)

    def newest(self, name: str) -> Container | None:
        """The newest instance of a container."""
        return next((each for each in self.containers if each.name == name), None)

    def active(self, name: str) -> Container | None:
        """The newest instance of a container in the sandbox of now."""
        sandbox = next((each.id for each in self.sandboxes), "")
        return next((each for each in self.containers if each.name == name and each.sandbox in ("", sandbox)), None)


def compute(pod: Obj, runtime: Runtime, results: Results) -> Actions:
    """The actions of one sync (RB-1 to RB-14)."""
    spec = pod["spec"]
    changed, attempt = sandbox_changed(runtime.sandboxes, host_network=bool(spec.get("hostNetwork")))
    actions = Actions(kill_pod=changed, create_sandbox=changed, attempt=attempt)
    if changed:
        _new_sandbox(spec, runtime, actions)
        return actions
    actions.remove_all = next(
        (each["name"] for each in (*inits(spec), *regular(spec)) if restarts_all(each, runtime.newest(each["name"]))), ""
    )
    if actions.remove_all:
        return actions
    actions.ephemerals = [n for n, each in enumerate(ephemeral(spec)) if runtime.newest(each["name"]) is None]
    if not _init_actions(pod, runtime, results, actions):
        return actions
    keep = [_regular_action(pod, n, each, runtime, results, actions) for n, each in enumerate(regular(spec))]
    if not any(keep) and not actions.containers:
        actions.kill_pod, actions.inits = True, []
    return actions


def _new_sandbox(spec: Obj, runtime: Runtime, actions: Actions) -> None:
    """RB-3: everything is killed; whether and what is started again."""
    policy = restart_policy(spec)
    if policy == "Never" and actions.attempt and runtime.containers:
        actions.create_sandbox = False
        return
    done = [] if policy != "OnFailure" else [each["name"] for each in regular(spec) if _succeeded(runtime.newest(each["name"]))]
    wanted = [n for n, each in enumerate(regular(spec)) if each["name"] not in done]
    if not wanted:
        actions.create_sandbox = False
    elif inits(spec):
        actions.inits = [0]
    else:
        actions.containers = wanted


def _succeeded(newest: Container | None) -> bool:
    return newest is not None and newest.state == "exited" and newest.exit_code == 0


def _result(results: Results, kind: str, name: str) -> str:
    return results.get(kind, {}).get(name, "")


def _kill_reason(container: Spec, newest: Container, results: Results, *, init: bool = False) -> KillAction | None:
    """Why a running container must be killed, first match (RB-5); the message without its tail."""
    name = container["name"]
    who = f"Init container {name}" if init else f"Container {name}"
    if newest.hash != hash_container(container):
        return KillAction(name, f"{who} definition changed", "Definition")
    if _result(results, "liveness", name) == "Failure":
        return KillAction(name, f"{who} failed liveness probe", "LivenessProbe")
    if _result(results, "startup", name) == "Failure":
        return KillAction(name, f"{who} failed startup probe", "StartupProbe")
    return None


def _unknown(name: str, *, init: bool = False) -> KillAction:
    who = "Init container" if init else "Container"
    return KillAction(name, f'{who} is in "unknown" state, try killing it before restart', "Unknown")


def _regular_action(pod: Obj, index: int, container: Spec, runtime: Runtime, results: Results, actions: Actions) -> bool:
    """Note what a regular container needs; whether it stays as it is, running."""
    name, newest = container["name"], runtime.newest(container["name"])
    policy = restart_policy(pod["spec"])
    if newest is None or newest.state != "running":
        if should_be_restarted(container, policy, newest, deleted="deletionTimestamp" in pod.get("metadata", {})):
            actions.containers.append(index)
            if newest is not None and newest.state == "unknown":
                actions.kills.append(_unknown(name))
        return False
    kill = _kill_reason(container, newest, results)
    if kill is None:
        return True
    restart = kill.reason == "Definition" or policy_restarts(container, policy)
    if restart:
        kill.message += ", will be restarted"
        actions.containers.append(index)
    actions.kills.append(kill)
    return False


def _init_actions(pod: Obj, runtime: Runtime, results: Results, actions: Actions) -> bool:
    """Note what the init containers need; whether the regular containers' turn has come.

    From the last one backwards: the first that the runtime knows tells how far the Pod has got; of those before it only sidecars matter.
    What ran in another sandbox does not count: with a new one a Pod begins anew.
    """
    spec = pod["spec"]
    containers = inits(spec)
    if not containers:
        return True
    initialised = known = any(runtime.active(each["name"]) is not None for each in regular(spec))
    if not known and all(runtime.active(each["name"]) is None for each in containers):
        actions.inits = [0]
        return False
    for index in range(len(containers) - 1, -1, -1):
        container = containers[index]
        newest = runtime.active(container["name"])
        if newest is None:
            if known and is_sidecar(container):
                actions.inits.append(index)
            continue
        if known and not is_sidecar(container):
            continue
        done = (
            _sidecar_action(index, container, newest, results, actions)
            if is_sidecar(container)
            else _plain_init_action(index, container, newest, restart_policy(spec), actions)
        )
        if actions.kill_pod:
            return False
        if done and not known:
            initialised = index == len(containers) - 1
            actions.inits += [] if initialised else [index + 1]
        known = True
    actions.inits.sort()
    return initialised


def _sidecar_action(index: int, container: Spec, newest: Container, results: Results, actions: Actions) -> bool:
    """Note what a sidecar needs; whether it has started, so that the next one's turn has come (RB-11, RB-12)."""
    name = container["name"]
    if newest.state != "running":
        actions.inits.append(index)
        if newest.state == "unknown":
            actions.kills.append(_unknown(name, init=True))
        return False
    startup = _result(results, "startup", name) if container.get("startupProbe") else "Success"
    kill = _kill_reason(container, newest, results, init=True) if startup in ("Success", "Failure") else None
    if kill is not None:
        actions.kills.append(kill)
        actions.inits.append(index)
    return startup == "Success"


def _plain_init_action(index: int, container: Spec, newest: Container, policy: str, actions: Actions) -> bool:
    """Note what a regular init container needs; whether it has succeeded (RB-10)."""
    if newest.state == "running":
        return False
    if newest.state == "created":
        actions.inits.append(index)
        return False
    if newest.state == "exited" and newest.exit_code == 0:
        return True
    code = newest.exit_code if newest.state == "exited" else 137
    if not exit_code_restarts(container, policy, code):
        actions.kill_pod, actions.inits, actions.kills = True, [], []
        return False
    if newest.state == "unknown":
        actions.kills.append(_unknown(container["name"], init=True))
    actions.inits.append(index)
    return False
