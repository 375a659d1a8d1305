"""The shorthands of docs/packs.md: `pod(n)`, `ready(p)`, `addr(s)` … What is absent is null.

`FUNCTIONS` are called by name, `METHODS` on a value (`text.contains("a")`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from podlab.checks.scope import NAMESPACE, Reads, Scope
from podlab.sim.api.quantities import milli, whole
from podlab.sim.changes import Obj
from podlab.sim.scheduler import tolerations

Maybe = Obj | None
Note = Callable[[Reads, str | None], None]
LISTS = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
ONE = {
    "pod": "pods",
    "node": "nodes",
    "service": "services",
    "deploy": "deployments",
    "replicaset": "replicasets",
    "statefulset": "statefulsets",
    "daemonset": "daemonsets",
    "job": "jobs",
    "cronjob": "cronjobs",
    "configmap": "configmaps",
    "secret": "secrets",
    "namespace": "namespaces",
    "pvc": "persistentvolumeclaims",
    "pdb": "poddisruptionbudgets",
}
MANY = {"pods": "pods", "nodes": "nodes", "services": "services", "deploys": "deployments", "replicasets": "replicasets", "jobs": "jobs"}
CLUSTER_WIDE = ("nodes", "namespaces")


class Function(Struct, frozen=True):
    """A shorthand: `call(scope, …)` with `least` to `most` arguments; `note` adds what it reads, given its first argument if that is a literal."""

    call: Callable[..., Any]
    least: int
    most: int
    note: Note

    @property
    def counts(self) -> str:
        """How many arguments, in words."""
        if self.least == self.most:
            return f"{self.least} argument{'s' if self.least != 1 else ''}"
        return f"{self.least} to {self.most} arguments"


def _nothing(reads: Reads, literal: str | None) -> None:
    """Reads what its arguments read."""


def _named(resource: str) -> Note:
    return lambda reads, literal: reads.objects.add((resource, literal or "*"))


def _all(resource: str) -> Note:
    return lambda reads, literal: reads.objects.add((resource, "*"))


def _flag(name: str) -> Note:
    return lambda reads, literal: setattr(reads, name, True)


def _one(resource: str) -> Callable[..., Any]:
    namespace = "" if resource in CLUSTER_WIDE else NAMESPACE
    return lambda scope, name, where=namespace: scope.get(resource, name, where) if isinstance(name, str) else None


def _many(resource: str) -> Callable[..., Any]:
    namespace = "" if resource in CLUSTER_WIDE else NAMESPACE
    return lambda scope, selector="", where=namespace: scope.objects(resource, where, selector)


# Pods and their containers.


def condition(obj: Maybe, type_: str) -> Maybe:
    """A condition of an object."""
    found = (((obj or {}).get("status") or {}).get("conditions")) or ()
    return next((each for each in found if each["type"] == type_), None)


def _of_condition(word: str) -> Callable[..., Any]:
    def run(scope: Scope, obj: Maybe, type_: str) -> Any:
        if obj is None:
            return None
        found = condition(obj, type_)
        return "absent" if found is None else found.get(word, "")

    return run


def container(scope: Scope, pod: Maybe, name: str | None = None) -> Maybe:
    """A container's status; without a name that of the first."""
    status = (pod or {}).get("status") or {}
    found = [each for key in LISTS for each in status.get(key) or ()]
    return next((each for each in found if name is None or each["name"] == name), None)


def _state(word: str, key: str = "state") -> Callable[..., Any]:
    def run(scope: Scope, pod: Maybe, name: str | None = None) -> Any:
        found = container(scope, pod, name)
        return None if found is None else (found.get(key) or {}).get(word)

    return run


_running, _waiting, ended, last_ended = _state("running"), _state("waiting"), _state("terminated"), _state("terminated", "lastState")


def up(scope: Scope, pod: Maybe, name: str | None = None) -> bool:
    """Whether the container runs."""
    return _running(scope, pod, name) is not None


def waits_for(scope: Scope, pod: Maybe, name: str | None = None) -> str | None:
    """waiting.reason, or ""; null without such a container."""
    if container(scope, pod, name) is None:
        return None
    return str((_waiting(scope, pod, name) or {}).get("reason") or "")


def restarts(scope: Scope, pod: Maybe, name: str | None = None) -> int | None:
    """restartCount."""
    found = container(scope, pod, name)
    return None if found is None else int(found.get("restartCount") or 0)


def started(scope: Scope, pod: Maybe, name: str | None = None) -> str | None:
    """running.startedAt."""
    return (_running(scope, pod, name) or {}).get("startedAt")


def looping(scope: Scope, pod: Maybe, name: str | None = None) -> bool:
    """Ended, restarted at least once, and held back now."""
    held = ended(scope, pod, name) is not None or waits_for(scope, pod, name) == "CrashLoopBackOff"
    return held and (restarts(scope, pod, name) or 0) >= 1


def looped(scope: Scope, pod: Maybe, name: str | None = None) -> bool:
    """Whether the container of this Pod has ever read CrashLoopBackOff."""
    found = container(scope, pod, name)
    return pod is not None and found is not None and f"{pod['metadata']['uid']}/{found['name']}" in scope.memory.looped


def ready(scope: Scope, pod: Maybe) -> bool:
    """Ready is True."""
    return (condition(pod, "Ready") or {}).get("status") == "True"


def leaving(scope: Scope, obj: Maybe) -> bool:
    """Marked for deletion."""
    return obj is not None and "deletionTimestamp" in obj["metadata"]


def _qos(scope: Scope, pod: Maybe) -> Any:
    return None if pod is None else pod["status"].get("qosClass")


def _age(scope: Scope, obj: Maybe) -> int | None:
    return None if obj is None else scope.cluster.now - scope.cluster.world.instant(obj["metadata"]["creationTimestamp"])


def _instant(scope: Scope, stamp: str | None) -> int | None:
    return scope.cluster.world.instant(stamp) if isinstance(stamp, str) else None


def _transition(scope: Scope, obj: Maybe, type_: str) -> int | None:
    return _instant(scope, (condition(obj, type_) or {}).get("lastTransitionTime"))


def _requests(resource: str, unit: Callable[[Any], int]) -> Callable[..., Any]:
    def run(scope: Scope, pod: Maybe) -> int | None:
        if pod is None:
            return None
        asked = [((each.get("resources") or {}).get("requests") or {}).get(resource, 0) for each in pod["spec"]["containers"]]
        return sum(map(unit, asked))

    return run


def _oom_adj(scope: Scope, pod: Maybe) -> int | None:
    text = scope.file(_host(scope, pod, None), "/proc/1/oom_score_adj")
    return int(text) if text and text.strip().lstrip("-").isdecimal() else None


def _host(scope: Scope, pod: Maybe, name: str | None) -> str:
    found = container(scope, pod, name) or {}
    return f"container/{str(found.get('containerID') or '').partition('://')[2]}"


def _node_file(scope: Scope, node: str, path: str) -> str | None:
    return scope.file(node if node == "workstation" else f"node/{node}", path)


# The rest.


def _ranking(scope: Scope, node: str) -> list[str]:
    return scope.memory.rankings.get(node, [])


def _text(scope: Scope, value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _size(scope: Scope, value: Any) -> int:
    """Its length; of what is absent 0."""
    return 0 if value is None else len(value)


def _function(call: Callable[..., Any], least: int, most: int | None = None, note: Note = _nothing) -> Function:
    return Function(call, least, least if most is None else most, note)


FUNCTIONS: dict[str, Function] = {
    **{name: _function(_one(resource), 1, 2, _named(resource)) for name, resource in ONE.items()},
    **{name: _function(_many(resource), 0, 2, _all(resource)) for name, resource in MANY.items()},
    "cond": _function(_of_condition("status"), 2),
    "why": _function(_of_condition("reason"), 2),
    "msg": _function(_of_condition("message"), 2),
    "cs": _function(container, 1, 2),
    "up": _function(up, 1, 2),
    "wait": _function(waits_for, 1, 2),
    "end": _function(ended, 1, 2),
    "last": _function(last_ended, 1, 2),
    "n": _function(restarts, 1, 2),
    "start": _function(started, 1, 2),
    "looping": _function(looping, 1, 2),
    "looped": _function(looped, 1, 2, _flag("looped")),
    "ready": _function(ready, 1),
    "gone": _function(leaving, 1),
    "on": _function(lambda scope, pod: None if pod is None else pod["spec"].get("nodeName", ""), 1),
    "qos": _function(_qos, 1),
    "age": _function(_age, 1, note=_flag("clock")),
    "addr": _function(lambda scope, name: scope.endpoints(name, ready=True), 1, note=_all("endpointslices")),
    "noaddr": _function(lambda scope, name: scope.endpoints(name, ready=False), 1, note=_all("endpointslices")),
    "ev": _function(lambda scope, reason, obj: 0 if obj is None else scope.events(reason, obj), 2, note=_all("events")),
    "file": _function(lambda scope, pod, name, path: scope.file(_host(scope, pod, name), path), 3, note=_flag("files")),
    "nodefile": _function(_node_file, 2, note=_flag("files")),
    "S": _function(lambda scope, pod, name=None: _instant(scope, started(scope, pod, name)), 1, 2),
    "T": _function(lambda scope, task: scope.memory.times.get(task), 1, note=_flag("tasks")),
    "transition": _function(_transition, 2),
    "instant": _function(_instant, 1),
    "now": _function(lambda scope: scope.cluster.now, 0, note=_flag("clock")),
    "cpuRequest": _function(_requests("cpu", milli), 1),
    "memRequest": _function(_requests("memory", whole), 1),
    "oom_adj": _function(_oom_adj, 1),
    "tolerates": _function(lambda scope, toleration, taint: tolerations.tolerates(toleration, taint), 2),
    "evictionOrder": _function(_ranking, 1, note=_all("pods")),
    "size": _function(_size, 1),
    "string": _function(_text, 1),
}


def _contains(value: Any, part: Any) -> bool:
    return part in value if isinstance(value, str) else False


def _joined(values: Any, between: str = "") -> str:
    return between.join(map(str, values))


METHODS: dict[str, Callable[..., Any]] = {
    "contains": _contains,
    "startsWith": lambda value, part: isinstance(value, str) and value.startswith(part),
    "endsWith": lambda value, part: isinstance(value, str) and value.endswith(part),
    "size": len,
    "join": _joined,
}
