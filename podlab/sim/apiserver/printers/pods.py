"""The table of Pods: READY, STATUS and RESTARTS out of container statuses (rules KC-1 … KC-10).

Upstream: pkg/printers/internalversion/printers.go (printPod). Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from podlab.sim.apiserver.printers.common import Printer, age, condition, name, or_none
from podlab.sim.changes import Obj
from podlab.sim.human import human_duration, instant
from podlab.sim.world import World


class Summary(Struct):
    """What the columns say about a Pod."""

    ready: int = 0
    total: int = 0
    status: str = ""
    restarts: int = 0
    last_restart: str = ""

    def count(self, status: Obj) -> None:
        """Take a container's restarts into account."""
        self.restarts += status.get("restartCount") or 0
        finished = ((status.get("lastState") or {}).get("terminated") or {}).get("finishedAt") or ""
        self.last_restart = max(self.last_restart, finished)


def summary(pod: Obj) -> Summary:
    """READY, STATUS and RESTARTS of a Pod."""
    spec, status = pod.get("spec") or {}, pod.get("status") or {}
    sidecars = {each["name"] for each in spec.get("initContainers") or [] if each.get("restartPolicy") == "Always"}
    out = Summary(total=len(spec.get("containers") or []) + len(sidecars), status=status.get("reason") or status.get("phase") or "")
    if any(each.get("type") == "PodScheduled" and each.get("reason") == "SchedulingGated" for each in status.get("conditions") or []):
        out.status = "SchedulingGated"
    sidecar_sum = Summary()
    initializing = _init(spec, status, sidecars, out, sidecar_sum)
    if not initializing or condition(pod, "Initialized") == "True":
        out.restarts, out.last_restart = sidecar_sum.restarts, sidecar_sum.last_restart
        _containers(pod, status, out)
    if pod["metadata"].get("deletionTimestamp"):
        if status.get("reason") == "NodeLost":
            out.status = "Unknown"
        elif status.get("phase") not in ("Succeeded", "Failed"):
            out.status = "Terminating"
    return out


def _init(spec: Obj, status: Obj, sidecars: set[str], out: Summary, sidecar_sum: Summary) -> bool:
    """Go over the init containers up to the first that has not finished; whether there is one."""
    total = len(spec.get("initContainers") or [])
    for index, each in enumerate(status.get("initContainerStatuses") or []):
        out.count(each)
        sidecar = each.get("name") in sidecars
        if sidecar:
            sidecar_sum.count(each)
        state = each.get("state") or {}
        ended, waiting = state.get("terminated"), state.get("waiting")
        if ended is not None and not ended.get("exitCode"):
            continue
        if sidecar and each.get("started"):
            out.ready += bool(each.get("ready"))
            continue
        if ended is not None:
            out.status = "Init:" + _ended(ended)
        elif waiting is not None and waiting.get("reason") and waiting["reason"] != "PodInitializing":
            out.status = "Init:" + waiting["reason"]
        else:
            out.status = f"Init:{index}/{total}"
        return True
    return False


def _ended(ended: Obj) -> str:
    if ended.get("reason"):
        return str(ended["reason"])
    return f"Signal:{ended['signal']}" if ended.get("signal") else f"ExitCode:{ended.get('exitCode', 0)}"


def _containers(pod: Obj, status: Obj, out: Summary) -> None:
    running, failed = False, ""
    for each in reversed(status.get("containerStatuses") or []):
        out.count(each)
        state: dict[str, Any] = each.get("state") or {}
        ended, waiting = state.get("terminated"), state.get("waiting")
        if waiting is not None and waiting.get("reason"):
            out.status = waiting["reason"]
        elif ended is not None:
            out.status = _ended(ended)
            failed = out.status if ended.get("exitCode") else failed
        elif each.get("ready") and state.get("running") is not None:
            running = True
            out.ready += 1
    if out.status == "Completed":
        out.status = _completed(running, failed, condition(pod, "Ready") == "True")


def _completed(running: bool, failed: str, ready: bool) -> str:
    if running and ready:
        return "Running"
    if failed:
        return failed
    return "NotReady" if running else "Completed"


def restarts(world: World, seen: Summary) -> str:
    """`4 (20s ago)`."""
    if seen.restarts and seen.last_restart:
        return f"{seen.restarts} ({human_duration(world.now - instant(world, seen.last_restart))} ago)"
    return str(seen.restarts)


def _row(world: World, pod: Obj) -> list[str]:
    seen, spec, status = summary(pod), pod.get("spec") or {}, pod.get("status") or {}
    addresses = status.get("podIPs") or []
    gates = spec.get("readinessGates") or []
    true = sum(condition(pod, each["conditionType"]) == "True" for each in gates)
    return [
        *(name(pod), f"{seen.ready}/{seen.total}", seen.status, restarts(world, seen), age(world, pod)),
        or_none(addresses[0]["ip"] if addresses else status.get("podIP")),
        or_none(spec.get("nodeName")),
        or_none(status.get("nominatedNodeName")),
        f"{true}/{len(gates)}" if gates else "<none>",
    ]


PRINTER = Printer("NAME|READY|STATUS|RESTARTS|AGE|+IP|+NODE|+NOMINATED NODE|+READINESS GATES", _row)
