"""Which Pods a drain evicts, passes over or stumbles at.

Upstream: staging/src/k8s.io/kubectl/pkg/drain/filters.go. Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj
from podlab.sim.kubectl import selectors
from podlab.sim.kubectl.invocation import Invocation

_MIRROR = "kubernetes.io/config.mirror"
_DAEMON_FATAL = "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"
_DAEMON_WARNING = "ignoring DaemonSet-managed Pods"
_LOCAL_FATAL = "Pods with local storage (use --delete-emptydir-data to override)"
_LOCAL_WARNING = "deleting Pods with local storage"
_UNMANAGED_FATAL = "Pods that declare no controller (use --force to override)"
_UNMANAGED_WARNING = "deleting Pods that declare no controller"


class Chosen(Struct):
    """`pods` go; `warnings` and `fatal`: reason → Pods as `namespace/name`."""

    pods: list[Obj] = field(default_factory=list)
    warnings: dict[str, list[str]] = field(default_factory=dict)
    fatal: dict[str, list[str]] = field(default_factory=dict)

    @property
    def warning(self) -> str:
        """All warnings in a line."""
        return "; ".join(f"{reason}: {', '.join(names)}" for reason, names in self.warnings.items())

    @property
    def errors(self) -> list[str]:
        """What keeps the drain from going on."""
        return [f"cannot delete {reason}: {', '.join(names)}" for reason, names in self.fatal.items()]


def chosen(inv: Invocation, node: str) -> Chosen:
    """The Pods of a node, judged."""
    matches = selectors.labels(inv.flags["pod-selector"])
    out = Chosen()
    for pod in inv.client.list(RESOURCES["pods"]):
        if pod["spec"].get("nodeName") == node and matches(pod["metadata"].get("labels") or {}):
            _judge(inv, pod, out)
    return out


def _judge(inv: Invocation, pod: Obj, out: Chosen) -> None:
    """Ask one filter after the other; only the last one's warning counts."""
    name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
    finished = (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")
    warning = ""
    for verdict in (_skipped, _daemon, _mirror, _local, _unmanaged):
        going, warning, fatal = verdict(inv, pod, finished)
        if fatal:
            out.fatal.setdefault(fatal, []).append(name)
            return
        if not going:
            break
    else:
        out.pods.append(pod)
    if warning:
        out.warnings.setdefault(warning, []).append(name)


Verdict = tuple[bool, str, str]


def _skipped(inv: Invocation, pod: Obj, finished: bool) -> Verdict:
    seconds, deleted = inv.flags["skip-wait-for-delete-timeout"], pod["metadata"].get("deletionTimestamp")
    skip = bool(seconds > 0 and deleted and inv.world.now - inv.world.instant(deleted) > seconds * 1000)
    return not skip, "", ""


def _controller(pod: Obj) -> Obj | None:
    return next((each for each in pod["metadata"].get("ownerReferences") or [] if each.get("controller")), None)


def _daemon(inv: Invocation, pod: Obj, finished: bool) -> Verdict:
    owner = _controller(pod)
    if owner is None or owner["kind"] != "DaemonSet" or finished:
        return True, "", ""
    if "daemonsets" in RESOURCES and inv.client.find(RESOURCES["daemonsets"], pod["metadata"]["namespace"], owner["name"]) is None:
        if inv.flags["force"]:
            return True, f'daemonsets.apps "{owner["name"]}" not found', ""
        return False, "", f'daemonsets.apps "{owner["name"]}" not found'
    return (False, _DAEMON_WARNING, "") if inv.flags["ignore-daemonsets"] else (False, "", _DAEMON_FATAL)


def _mirror(inv: Invocation, pod: Obj, finished: bool) -> Verdict:
    return _MIRROR not in (pod["metadata"].get("annotations") or {}), "", ""


def _local(inv: Invocation, pod: Obj, finished: bool) -> Verdict:
    if finished or not any(each.get("emptyDir") is not None for each in pod["spec"].get("volumes") or []):
        return True, "", ""
    return (True, _LOCAL_WARNING, "") if inv.flags["delete-emptydir-data"] else (False, "", _LOCAL_FATAL)


def _unmanaged(inv: Invocation, pod: Obj, finished: bool) -> Verdict:
    if finished or _controller(pod) is not None:
        return True, "", ""
    return (True, _UNMANAGED_WARNING, "") if inv.flags["force"] else (False, "", _UNMANAGED_FATAL)
