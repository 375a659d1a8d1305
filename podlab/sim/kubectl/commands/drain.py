"""kubectl cordon, uncordon and drain.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/drain (drain.go, cordon.go). Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.resources import RESOURCES
from podlab.sim.errors import StatusError
from podlab.sim.human import go_duration
from podlab.sim.kubectl import builder
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command, Run
from podlab.sim.kubectl.drainfilter import chosen
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.printed import dry_run, suffix
from podlab.sim.linux.types import Exit, Sleep, Wait, Wake

RETRY_MS = 5000
POLL_MS = 1000
NODES = RESOURCES["nodes"]


def _nodes(inv: Invocation) -> list[Info]:
    if not inv.args and not inv.flags["selector"]:
        raise inv.usage(f"USAGE: {inv.path} NODE [flags]")
    if inv.args and inv.flags["selector"]:
        raise inv.usage("error: cannot specify both a node name and a --selector option")
    return builder.resolve(inv, builder.request(inv, ["nodes", *inv.args])).all()


def _cordon(inv: Invocation, info: Info, wanted: bool) -> None:
    """Mark a node and say so."""
    strategy, word = dry_run(inv), "cordoned" if wanted else "uncordoned"
    if bool((info.obj.get("spec") or {}).get("unschedulable")) is wanted:
        inv.out(f"{info.label} already {word}{suffix(strategy)}\n")
        return
    if strategy != "client":
        inv.client.patch(NODES, "", info.name, {"spec": {"unschedulable": wanted or None}}, dry_run=strategy == "server")
    inv.out(f"{info.label} {word}{suffix(strategy)}\n")


def _marker(wanted: bool) -> Run:
    def run(inv: Invocation) -> None:
        for info in _nodes(inv):
            _cordon(inv, info, wanted)

    return run


def drain(inv: Invocation) -> Wait | None:
    """Cordon the nodes, then evict their Pods, node by node."""
    infos = _nodes(inv)
    for info in infos:
        _cordon(inv, info, True)
    timeout = inv.flags["timeout"]
    inv.memory["nodes"] = [each.name for each in infos]
    inv.memory["left"] = list(inv.memory["nodes"])
    inv.memory["failed"] = []
    inv.memory["until"] = inv.world.now + timeout if timeout else None
    return _next_node(inv)


def _next_node(inv: Invocation) -> Wait | None:
    left: list[str] = inv.memory["left"]
    while left:
        found = chosen(inv, left[0])
        if found.errors:
            _give_up(inv, left.pop(0), found.errors)
            continue
        if found.warning:
            inv.err(f"Warning: {found.warning}\n")
        inv.memory["pods"] = [
            [each["metadata"]["namespace"], each["metadata"]["name"], each["metadata"]["uid"], "evict", inv.world.now]
            for each in found.pods
        ]
        wait = _evict(inv)
        if wait is not None:
            return wait
    return _end(inv)


def _give_up(inv: Invocation, node: str, errors: list[str]) -> None:
    text = errors[0] if len(errors) == 1 else f"[{', '.join(errors)}]"
    inv.err(f'error: unable to drain node "{node}" due to error: {text}, continuing command...\n')
    inv.memory["failed"].append([node, errors])


def _end(inv: Invocation) -> Wait | None:
    failed = inv.memory["failed"]
    if not failed:
        return None
    inv.err("There are pending nodes to be drained:\n" + "".join(f" {node}\n" for node, _ in failed))
    for _, errors in failed:
        inv.err("".join(f"{each}\n" for each in errors))
    return Exit(1)


def _evict(inv: Invocation) -> Wait | None:
    """Try those whose turn it is; None when the node is done."""
    strategy = dry_run(inv)
    for pod in inv.memory["pods"]:
        if pod[3] == "evict" and pod[4] <= inv.world.now:
            _try(inv, pod, strategy)
        if pod[3] == "wait" and _gone(inv, pod):
            pod[3] = "gone"
            if strategy == "none":
                inv.out(f"pod/{pod[1]} {'deleted' if inv.flags['disable-eviction'] else 'evicted'}\n")
    waiting = [each for each in inv.memory["pods"] if each[3] != "gone"]
    node = inv.memory["left"][0]
    if not waiting or strategy != "none":
        inv.memory["left"].pop(0)
        inv.out(f"node/{node} drained{suffix(strategy)}\n")
        return None
    return _late(inv, node, waiting) if _is_late(inv) else inv.then("evict", Sleep(_pause(inv, waiting)))


def _pause(inv: Invocation, waiting: list[list[Any]]) -> int:
    soonest = min(each[4] - inv.world.now if each[3] == "evict" else POLL_MS for each in waiting)
    until = inv.memory["until"]
    return max(1, soonest if until is None else min(soonest, until - inv.world.now))


def _is_late(inv: Invocation) -> bool:
    until = inv.memory["until"]
    return until is not None and inv.world.now >= until


def _late(inv: Invocation, node: str, waiting: list[list[Any]]) -> Wait | None:
    span = go_duration(inv.flags["timeout"])
    errors = [f'error when evicting pods/"{name}" -n "{namespace}": global timeout reached: {span}' for namespace, name, *_ in waiting]
    text = errors[0] if len(errors) == 1 else f"[{', '.join(errors)}]"
    inv.err(f'There are pending pods in node "{node}" when an error occurred: {text}\n' + "".join(f"pod/{each[1]}\n" for each in waiting))
    _give_up(inv, inv.memory["left"].pop(0), errors)
    return _next_node(inv) if inv.memory["left"] else _end(inv)


def _try(inv: Invocation, pod: list[Any], strategy: str) -> None:
    namespace, name = pod[0], pod[1]
    grace = inv.flags["grace-period"]
    word = "deleting" if inv.flags["disable-eviction"] else "evicting"
    inv.out(f"{word} pod {namespace}/{name}{suffix(strategy)}\n")
    if strategy == "client":
        return
    api = inv.world.api
    try:
        if inv.flags["disable-eviction"]:
            inv.client.delete(RESOURCES["pods"], namespace, name, grace=None if grace < 0 else grace, dry_run=strategy == "server")
        else:
            api.evict(namespace, name, by="learner", grace=None if grace < 0 else grace, dry_run=strategy == "server")
        pod[3] = "wait"
    except StatusError as error:
        _refused(inv, pod, error)


def _refused(inv: Invocation, pod: list[Any], error: StatusError) -> None:
    namespace, name = pod[0], pod[1]
    if error.reason == "NotFound":
        pod[3] = "gone"
    elif error.code == 429:
        inv.err(f'error when evicting pods/"{name}" -n "{namespace}" (will retry after 5s): {error.message}\n')
        pod[4] = inv.world.now + RETRY_MS
    else:
        raise Failure(f'error when evicting pods/"{name}" -n "{namespace}": {error.message}')


def _gone(inv: Invocation, pod: list[Any]) -> bool:
    obj = inv.client.find(RESOURCES["pods"], pod[0], pod[1])
    return obj is None or obj["metadata"].get("uid") != pod[2]


def _resume(inv: Invocation, wake: Wake) -> Wait | None:
    return _evict(inv) or (_next_node(inv) if inv.memory["left"] else _end(inv))


COMMANDS = {"cordon": Command(_marker(True)), "uncordon": Command(_marker(False)), "drain": Command(drain, steps={"evict": _resume})}
