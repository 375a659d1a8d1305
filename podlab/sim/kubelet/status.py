"""The status of a Pod, out of what the runtime showed when it was last looked at.

Upstream: pkg/kubelet/kubelet_pods.go (generateAPIPodStatus). Left out: resize, host IPs of two families.
"""

from __future__ import annotations

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.kubelet.conditions import (
    KUBELET_TYPES,
    all_restarting,
    condition,
    containers_ready,
    find,
    has_started,
    initialized,
    pod_ready,
    ready_to_start,
)
from podlab.sim.kubelet.container_status import Reasons, View, convert
from podlab.sim.kubelet.phase import get_phase
from podlab.sim.kubelet.pod_actions import Runtime
from podlab.sim.kubelet.specs import ephemeral, inits, regular
from podlab.sim.kubelet.state import Doom
from podlab.sim.kubelet.status_merge import is_terminal
from podlab.sim.world import World


class Known(Struct):
    """What the kubelet knows beside spec and runtime. `previous`: the status it held; `doom`: who ends the Pod."""

    previous: Obj
    reasons: Reasons
    terminal: bool = False
    restarting_all: bool = False
    doom: Doom | None = None
    keep_doom: bool = False
    """The doom is decided anew each time (a deadline), it outlives a good end."""
    host_ip: str = ""
    address: str = ""
    static: bool = False


def container_statuses(world: World, pod: Obj, runtime: Runtime, known: Known) -> Obj:
    """The statuses of all containers, `ready` and `started` not yet set."""
    spec, old = pod["spec"], known.previous
    deleted = "deletionTimestamp" in pod["metadata"]
    view = View(pod, runtime.containers, known.reasons, world.stamp, deleted, known.restarting_all)
    status: Obj = {}
    if inits(spec):
        status["initContainerStatuses"] = convert(view, inits(spec), old.get("initContainerStatuses"))
    statuses = convert(view, regular(spec), old.get("containerStatuses"))
    status["containerStatuses"] = sorted(statuses, key=lambda each: str(each["name"]))
    if ephemeral(spec):
        status["ephemeralContainerStatuses"] = convert(view, ephemeral(spec), old.get("ephemeralContainerStatuses"))
    return status


def with_phase(pod: Obj, status: Obj, runtime: Runtime, known: Known) -> Obj:
    """The status with its phase, reason and message (PH-9, PH-10)."""
    old, stored = known.previous, pod.get("status") or {}
    current = next((each.id for each in runtime.sandboxes), None)
    started = any(each.sandbox == current and each.name in {c["name"] for c in regular(pod["spec"])} for each in runtime.containers) or (
        not runtime.sandboxes and has_started(status)
    )
    phase = get_phase(pod["spec"], status, terminal=known.terminal, initialized=started, static=known.static)
    if not is_terminal({"phase": phase}):
        phase = next((each["phase"] for each in (old, stored) if is_terminal(each)), phase)
    new: Obj = {"phase": phase, **status}
    if phase == old.get("phase"):
        new |= {key: old[key] for key in ("reason", "message") if old.get(key)}
    if known.doom is not None and (not known.terminal or known.keep_doom):
        new |= {"phase": "Failed", "reason": known.doom.reason, "message": known.doom.message}
    return new


def with_conditions(pod: Obj, status: Obj, runtime: Runtime, known: Known) -> Obj:
    """The status with its conditions, in the kubelet's order (CO-1)."""
    spec = pod["spec"]
    old = (pod.get("status") or {}).get("conditions") or known.previous.get("conditions") or []
    conditions = [each for each in old if each["type"] not in KUBELET_TYPES and each["type"] != "DisruptionTarget"]
    disruption = find(known.previous.get("conditions"), "DisruptionTarget") or find(old, "DisruptionTarget")
    if known.doom is not None and known.doom.disruption:
        disruption = condition("DisruptionTarget", True, "TerminationByKubelet", known.doom.disruption)
    if disruption is not None:
        conditions.append(disruption)
    conditions.append(ready_to_start(runtime.sandboxes, host_network=bool(spec.get("hostNetwork"))))
    conditions.append(initialized(spec, status))
    conditions += [pod_ready(spec, status, conditions), containers_ready(spec, status), condition("PodScheduled", True)]
    restarting = all_restarting(spec, status)
    if restarting is not None:
        conditions.append(restarting)
    return {**status, "conditions": conditions}


def with_addresses(pod: Obj, status: Obj, runtime: Runtime, known: Known) -> Obj:
    """The status with the node's address and the Pod's: while no sandbox is ready, the last one known (CO-11)."""
    new = dict(status)
    if known.host_ip:
        new |= {"hostIP": known.host_ip, "hostIPs": [{"ip": known.host_ip}]}
    address = next((each.address for each in runtime.sandboxes if each.ready), "")
    if pod["spec"].get("hostNetwork"):
        address = known.host_ip
    if address:
        return {**new, "podIP": address, "podIPs": [{"ip": address}]}
    return new | ({"podIP": known.address, "podIPs": [{"ip": known.address}]} if known.address else {})
