"""kubectl cordon, uncordon and drain.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/drain (drain.go, cordon.go). Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api import labels
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
EVICT, WAIT, GONE, LATE = "evict", "wait", "gone", "late"
"""What becomes of a Pod: to be tried (again), told to go, gone, not gone in time."""
DEADLINE = "context deadline exceeded"
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
    _selector(inv)
    for info in infos:
        _cordon(inv, info, True)
    inv.memory["left"] = [each.name for each in infos]
    inv.memory["failed"] = []
    return _next_node(inv)


def _selector(inv: Invocation) -> None:
    try:
        labels.parse(inv.flags["pod-selector"])
    except ValueError:
        raise Failure("--pod-selector=<pod_selector> must be a valid label selector") from None


def _next_node(inv: Invocation) -> Wait | None:
    left: list[str] = inv.memory["left"]
    while left:
        found = chosen(inv, left[0])
        if found.errors:
            _give_up(inv, found.errors)
            continue
        if found.warning:
            inv.err(f"Warning: {found.warning}\n")
        inv.memory["pods"] = [
            [each["metadata"]["namespace"], each["metadata"]["name"], each["metadata"]["uid"], EVICT, inv.world.now, ""]
            for each in found.pods
        ]
        timeout = inv.flags["timeout"]
        inv.memory["until"] = inv.world.now + timeout if timeout else None
        wait = _evict(inv)
        if wait is not None:
            return wait
    return _end(inv)


def _joined(errors: list[str]) -> str:
    return errors[0] if len(errors) == 1 else f"[{', '.join(errors)}]"


def _give_up(inv: Invocation, errors: list[str]) -> None:
    node = inv.memory["left"].pop(0)
    inv.err(f'error: unable to drain node "{node}" due to error: {_joined(errors)}, continuing command...\n')
    inv.memory["failed"].append([node, errors])


def _end(inv: Invocation) -> Wait | None:
    failed = inv.memory["failed"]
    if not failed:
        return None
    inv.err("There are pending nodes to be drained:\n" + "".join(f" {node}\n" for node, _ in failed))
    lines = failed[0][1] if len(failed) == 1 else [_joined(errors) for _, errors in failed]
    inv.err("".join(f"{'error: ' if lines == [DEADLINE] else ''}{each}\n" for each in lines))
    return Exit(1)


def _evict(inv: Invocation) -> Wait | None:
    """Try those whose turn it is; None when the node is done."""
    strategy = dry_run(inv)
    for pod in inv.memory["pods"]:
        if pod[3] == EVICT and pod[4] <= inv.world.now:
            _try(inv, pod, strategy)
        if pod[3] == WAIT:
            _look(inv, pod, strategy)
    waiting = [each for each in inv.memory["pods"] if each[3] in (EVICT, WAIT)]
    if waiting and strategy == "none":
        return inv.then("evict", Sleep(_pause(inv, waiting)))
    late = [each for each in inv.memory["pods"] if each[3] == LATE]
    if late:
        return _late(inv, late)
    inv.out(f"node/{inv.memory['left'].pop(0)} drained{suffix(strategy)}\n")
    return None


def _pause(inv: Invocation, waiting: list[list[Any]]) -> int:
    """Until the next look or try; who waits for a Pod to be gone hears of the time-out at once, who tries again only then."""
    now, until = inv.world.now, inv.memory["until"]
    looks: list[int] = [POLL_MS if until is None else min(POLL_MS, until - now) for each in waiting if each[3] == WAIT]
    tries = [int(each[4]) - now for each in waiting if each[3] == EVICT]
    return max(1, min(looks + tries))


def _is_late(inv: Invocation) -> bool:
    until = inv.memory["until"]
    return until is not None and inv.world.now >= until


def _late(inv: Invocation, late: list[list[Any]]) -> Wait | None:
    errors = [DEADLINE] if inv.flags["disable-eviction"] else [each[5] for each in late]
    node = inv.memory["left"][0]
    names = "".join(f"pod/{each[1]}\n" for each in late)
    inv.err(f'There are pending pods in node "{node}" when an error occurred: {_joined(errors)}\n{names}')
    _give_up(inv, errors)
    return _next_node(inv) if inv.memory["left"] else _end(inv)


def _try(inv: Invocation, pod: list[Any], strategy: str) -> None:
    namespace, name = pod[0], pod[1]
    grace = None if inv.flags["grace-period"] < 0 else inv.flags["grace-period"]
    if not inv.flags["disable-eviction"] or strategy == "client":
        inv.out(f"evicting pod {namespace}/{name}{suffix(strategy)}\n")
    if strategy == "client":
        return
    if _is_late(inv):
        span = go_duration(inv.flags["timeout"])
        pod[3:] = [LATE, 0, f'error when evicting pods/"{name}" -n "{namespace}": global timeout reached: {span}']
        return
    try:
        if inv.flags["disable-eviction"]:
            inv.client.delete(RESOURCES["pods"], namespace, name, grace=grace, dry_run=strategy == "server")
        else:
            inv.world.api.evict(namespace, name, by="learner", grace=grace, dry_run=strategy == "server")
        pod[3] = WAIT
    except StatusError as error:
        _refused(inv, pod, error)


def _refused(inv: Invocation, pod: list[Any], error: StatusError) -> None:
    namespace, name = pod[0], pod[1]
    if error.reason == "NotFound":
        pod[3] = GONE
    elif error.code == 429:
        inv.err(f'error when evicting pods/"{name}" -n "{namespace}" (will retry after 5s): {error.message}\n')
        pod[4] = inv.world.now + RETRY_MS
    else:
        raise Failure(f'error when evicting pods/"{name}" -n "{namespace}": {error.message}')


def _look(inv: Invocation, pod: list[Any], strategy: str) -> None:
    """Whether a Pod that was told to go is gone, or the time is over."""
    namespace, name = pod[0], pod[1]
    obj = inv.client.find(RESOURCES["pods"], namespace, name)
    if obj is None or obj["metadata"].get("uid") != pod[2]:
        pod[3] = GONE
        if strategy == "none":
            inv.out(f"pod/{name} {'deleted' if inv.flags['disable-eviction'] else 'evicted'}\n")
    elif strategy == "none" and _is_late(inv):
        pod[3:] = [LATE, 0, f'error when waiting for pod "{name}" in namespace "{namespace}" to terminate: {DEADLINE}']


def _resume(inv: Invocation, wake: Wake) -> Wait | None:
    return _evict(inv) or (_next_node(inv) if inv.memory["left"] else _end(inv))


COMMANDS = {"cordon": Command(_marker(True)), "uncordon": Command(_marker(False)), "drain": Command(drain, steps={"evict": _resume})}
