"""kubectl logs.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/logs/logs.go, polymorphichelpers/logsforobject.go. Left out: `--all-pods` of workloads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import containerlog, podfinder, podwait, selectors
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.containerlog import Wanted
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Sleep, Wait, Wake

_USAGE = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"
_WHAT = "cannot get the logs from"
FOLLOW_MS = 100


def run(inv: Invocation) -> Wait | None:
    """Print the logs; with `-f` go on."""
    _validate(inv)
    try:
        return _by_selector(inv) if inv.flags["selector"] else _by_name(inv)
    except StatusError as error:
        if error.reason != "NotFound":
            raise
        raise Failure(f'error from server (NotFound): {_missing(inv, error)} in namespace "{inv.namespace}"') from None


def _missing(inv: Invocation, error: StatusError) -> str:
    there = inv.client.find(RESOURCES["namespaces"], "", inv.namespace) is not None
    return error.message if there else f'namespaces "{inv.namespace}" not found'


def _validate(inv: Invocation) -> None:
    flags, args = inv.flags, inv.args
    if not args and not flags["selector"]:
        raise inv.usage(_USAGE)
    if args and flags["selector"]:
        raise inv.usage("only a selector (-l) or a POD name is allowed")
    if len(args) > 2:
        raise inv.usage(_USAGE)
    if len(args) == 2 and flags["container"]:
        raise Failure("only one of -c or an inline [CONTAINER] arg is allowed")
    _validate_numbers(inv)


def _validate_numbers(inv: Invocation) -> None:
    flags = inv.flags
    if flags["since-time"]:
        _instant(inv, flags["since-time"])
    if flags["all-containers"] and flags["container"]:
        raise Failure(f"--all-containers=true should not be specified with container name {flags['container']}")
    if flags["since"] and flags["since-time"]:
        raise Failure("at most one of `sinceTime` or `sinceSeconds` may be specified")
    if inv.given("since") and flags["since"] <= 0:
        raise Failure("--since must be greater than 0")
    if inv.given("limit-bytes") and flags["limit-bytes"] < 1:
        raise Failure("--limit-bytes must be greater than 0")
    if inv.given("tail") and flags["tail"] < -1:
        raise Failure("--tail must be greater than or equal to -1")


def _instant(inv: Invocation, text: str) -> int:
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Failure(f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"') from None
    return inv.world.instant(text)


def _wanted(inv: Invocation) -> Wanted:
    flags = inv.flags
    tail = 10 if flags["selector"] and not inv.given("tail") and not flags["all-containers"] else flags["tail"]
    since = inv.world.now - flags["since"] if flags["since"] else _instant(inv, flags["since-time"]) if flags["since-time"] else None
    return Wanted(tail, since, flags["limit-bytes"], flags["timestamps"])


def _by_name(inv: Invocation) -> Wait | None:
    return podwait.find(inv, inv.args[0], _WHAT, _pod, tell=True)


def _pod(inv: Invocation, pod: Obj) -> Wait | None:
    return _show(inv, [(pod, name) for name in _containers(inv, pod)])


def _containers(inv: Invocation, pod: Obj) -> list[str]:
    if inv.flags["all-containers"]:
        spec = pod["spec"]
        return [each["name"] for key in ("initContainers", "containers", "ephemeralContainers") for each in spec.get(key) or []]
    name = inv.args[1] if len(inv.args) == 2 else inv.flags["container"]
    return [podfinder.container(inv, pod, name, init=True)]


def _by_selector(inv: Invocation) -> Wait | None:
    matches = selectors.labels(inv.flags["selector"])
    pods = [each for each in inv.client.list(RESOURCES["pods"], inv.namespace) if matches(each["metadata"].get("labels") or {})]
    if not pods:
        inv.err(f"No resources found in {inv.namespace} namespace.\n")
    return _show(inv, [(pod, name) for pod in pods for name in _containers(inv, pod)])


def _show(inv: Invocation, sources: list[tuple[Obj, str]]) -> Wait | None:
    flags, wanted = inv.flags, _wanted(inv)
    if flags["follow"] and len(sources) > flags["max-log-requests"]:
        raise Failure(
            f"you are attempting to follow {len(sources)} log streams, but maximum allowed concurrency is {flags['max-log-requests']}, use --max-log-requests to increase the limit"
        )
    followed: list[list[Any]] = []
    for pod, name in sources:
        number = containerlog.instance(pod, name, flags["previous"])
        if number is None:
            continue
        held = containerlog.lines(inv.ctx, pod, name, number)
        wanted.prefix = f"[pod/{pod['metadata']['name']}/{name}] " if flags["prefix"] else ""
        inv.out(containerlog.text(inv.world, held, wanted))
        followed.append([pod["metadata"]["name"], name, number, len(held), wanted.prefix])
    if not flags["follow"] or not followed:
        return None
    inv.memory["followed"] = followed
    return inv.then("follow", Sleep(FOLLOW_MS))


def _follow(inv: Invocation, wake: Wake) -> Wait | None:
    """Print what was written since; end when the containers have."""
    going = []
    for name, container, number, seen, prefix in inv.memory["followed"]:
        pod = inv.client.find(RESOURCES["pods"], inv.namespace, name)
        if pod is None:
            continue
        held = containerlog.lines(inv.ctx, pod, container, number)
        inv.out(containerlog.text(inv.world, held[seen:], Wanted(timestamps=inv.flags["timestamps"], prefix=prefix)))
        if _running(pod, container, number):
            going.append([name, container, number, len(held), prefix])
    inv.memory["followed"] = going
    return inv.then("follow", Sleep(FOLLOW_MS)) if going else None


def _running(pod: Obj, container: str, number: int) -> bool:
    status = podfinder.status_of(pod, container)
    return status is not None and int(status.get("restartCount") or 0) == number and (status.get("state") or {}).get("running") is not None


def _again(inv: Invocation) -> Wait | None:
    return run(inv)


COMMAND = Command(run, steps={"pod": podwait.step(_again), "follow": _follow})
