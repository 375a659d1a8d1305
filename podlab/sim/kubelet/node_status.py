"""What a kubelet reports of its node: conditions, and the Events that tell of their turns.

A healthy node's heartbeats are not written: its Lease has no `renewTime` (who reads it over REST is told the last heartbeat's). One that has
fallen silent gets the instant of its last heartbeat there, which is what the node controller goes by. Heartbeats fall on the seventh second of
ten, as recorded.

Upstream: pkg/kubelet/kubelet_node_status.go, nodestatus/setters.go, pkg/kubelet/nodelease. Left out: volumes in use, runtime handlers.
"""

from __future__ import annotations

from podlab.sim.api.quantities import parse, render
from podlab.sim.apiserver.beats import HEARTBEAT_MS, last_beat
from podlab.sim.apiserver.beats import NAMESPACE as LEASES
from podlab.sim.changes import Cause, Obj, ObjectChange
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.events import normal, warning
from podlab.sim.kubelet.state import NodeState

KEPT_BY = {"memory": "memory.available", "ephemeral-storage": "nodefs.available"}
LEASE_SPEC: Obj = {"holderIdentity": "", "leaseDurationSeconds": 40}
GOOD = {
    "MemoryPressure": ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", "NodeHasSufficientMemory"),
    "DiskPressure": ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", "NodeHasNoDiskPressure"),
    "PIDPressure": ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", "NodeHasSufficientPID"),
    "Ready": ("True", "KubeletReady", "kubelet is posting ready status", "NodeReady"),
}
PRESSED = {
    "MemoryPressure": ("True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available", "NodeHasInsufficientMemory"),
    "DiskPressure": ("True", "KubeletHasDiskPressure", "kubelet has disk pressure", "NodeHasDiskPressure"),
    "PIDPressure": ("True", "KubeletHasInsufficientPID", "kubelet has insufficient PID available", "NodeHasInsufficientPID"),
}


def lease_of(node: Obj) -> Obj:
    """A node's Lease, which goes when the Node goes."""
    name = node["metadata"]["name"]
    owner = {"apiVersion": "v1", "kind": "Node", "name": name, "uid": node["metadata"]["uid"]}
    meta = {"name": name, "namespace": LEASES, "ownerReferences": [owner]}
    return {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": meta, "spec": dict(LEASE_SPEC, holderIdentity=name)}


def ready_facts(capacity: Obj, errors: list[str]) -> tuple[str, str, str]:
    """Status, reason and message of the Ready condition."""
    missing = [each for each in ("cpu", "memory", "pods", "ephemeral-storage") if each not in capacity]
    if missing and (len(missing) > 1 or missing != ["ephemeral-storage"]):
        errors = [*errors, f"missing node capacity for resources: {', '.join(missing)}"]
    if not errors:
        return GOOD["Ready"][:3]
    return "False", "KubeletNotReady", errors[0] if len(errors) == 1 else f"[{', '.join(errors)}]"


def allocatable(status: Obj, configured: Obj) -> Obj:
    """What Pods may have: resources that left the capacity go, extended ones are taken over from it as they are; `configured` counts before."""
    capacity = status.get("capacity") or {}
    kept = {name: value for name, value in (status.get("allocatable") or {}).items() if name in capacity} | configured
    return kept | {name: value for name, value in capacity.items() if "/" in name and not name.startswith("kubernetes.io/")}


def configured(status: Obj, state: NodeState) -> Obj:
    """Memory and disk less what the hard thresholds keep (SM-9), where the kubelet's configuration says what they are; else what they were before."""
    capacity, held = status.get("capacity") or {}, status.get("allocatable") or {}
    names = [name for name in KEPT_BY if name in capacity and name in held]
    if state.config is None:
        before, state.allocatable = state.allocatable, {}
        return before
    state.allocatable = state.allocatable or {name: held[name] for name in names}
    return {name: _less(capacity[name], state.config.kept(KEPT_BY[name], parse(capacity[name]))) for name in names}


def _less(capacity: str, kept: int) -> str:
    whole = parse(capacity)
    return render(whole - kept, "binary" if "i" in capacity else "decimal") if kept else capacity


class NodeStatus:
    """The node statuses of all kubelets. Timer: `kubelet.node-status <node>`."""

    def __init__(self, core: Core) -> None:
        self.core = core
        core.world.kernel.handle("kubelet.node-status", self.report)
        core.world.kernel.handle("kubelet.registered", self.report)
        core.world.subscribe("nodes", self._changed)
        core.world.subscribe("leases", self._lease_changed)

    def _changed(self, change: ObjectChange) -> None:
        """Somebody deleted the object (it is registered anew when the kubelet starts), or changed what the next heartbeat tells of."""
        state = self.core.node(change.name)
        if change.type == "DELETED":
            state.registration = change.new
            return
        status = change.new.get("status") or {}
        if bool(change.new["spec"].get("unschedulable")) != state.unschedulable or allocatable(status, {}) != status.get("allocatable", {}):
            self.soon(change.name)

    def _lease_changed(self, change: ObjectChange) -> None:
        """Whoever else wrote or deleted it: the next heartbeat sets it right."""
        spec = change.new.get("spec") or {}
        fresh = spec == dict(LEASE_SPEC, holderIdentity=change.name)
        state = self.core.state.nodes.get(change.name) if change.namespace == LEASES else None
        if state is not None and state.silent_ms is None and (change.type == "DELETED" or not fresh):
            self.soon(change.name)

    def register(self, node: str) -> None:
        """Make the Node object again, not ready yet: its CSI drivers are not known in the first moment."""
        state = self.core.node(node)
        old, state.registration = state.registration, None
        if old is None or self.core.node_object(node) is not None:
            return
        own = {
            key: value
            for key, value in (old["metadata"].get("labels") or {}).items()
            if "kubernetes.io/" in key and not key.startswith("node-role")
        }
        spec = {key: value for key, value in old["spec"].items() if key in ("podCIDR", "podCIDRs")}
        spec["taints"] = [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]
        made = self.core.world.api.create(
            "nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": node, "labels": own}, "spec": spec}, by=f"kubelet/{node}"
        )
        conditions = [self._condition(node, type_, None) for type_ in GOOD]
        conditions[-1] |= {"status": "False", "reason": "KubeletNotReady", "message": "CSINode is not yet initialized"}
        status = {**old["status"], "conditions": conditions}
        self.core.world.api.update(
            "nodes", {**made, "status": status}, by=f"kubelet/{node}", subresource="status", cause=Cause("N1", {"node": node})
        )
        self._tell_good(node, 3)
        self.core.world.kernel.after(self.core.timing("register"), "kubelet.registered", node)

    def soon(self, node: str) -> None:
        """Report with the next heartbeat."""
        self.core.world.kernel.sooner(self.last() + HEARTBEAT_MS, "kubelet.node-status", node)

    def last(self) -> int:
        """The instant of the last heartbeat."""
        return last_beat(self.core.now)

    def report(self, node: str) -> None:
        """Write the conditions as they are now, if they changed; tell of each that turned."""
        held, state = self.core.node_object(node), self.core.node(node)
        if held is None or state.down or state.cut:
            return
        status = held.get("status") or {}
        old = {each["type"]: each for each in status.get("conditions") or ()}
        conditions = [self._condition(node, type_, old.get(type_)) for type_ in GOOD]
        kept = [each for each in status.get("conditions") or () if each["type"] not in GOOD]
        self._renew(node, None)
        self._tell_schedulable(node, held)
        reported = {**status, "conditions": kept + conditions, "allocatable": allocatable(status, configured(status, state))}
        if reported != status:
            new = {**held, "status": reported}
            self.core.world.api.update("nodes", new, by=f"kubelet/{node}", subresource="status", cause=Cause("N1", {"node": node}))
        for each in conditions:
            if each["status"] != (old.get(each["type"]) or {}).get("status"):
                self._tell_turn(node, each["type"])

    def _tell_schedulable(self, node: str, held: Obj) -> None:
        state, now = self.core.node(node), bool(held["spec"].get("unschedulable"))
        if now != state.unschedulable:
            state.unschedulable = now
            word = "NodeNotSchedulable" if now else "NodeSchedulable"
            self.core.node_event(node, normal(word, f"Node {node} status is now: {word}"))

    def _tell_turn(self, node: str, type_: str) -> None:
        word = self._facts(node, type_)[3]
        self.core.node_event(node, normal(word, f"Node {node} status is now: {word}"))

    def _facts(self, node: str, type_: str) -> tuple[str, str, str, str]:
        state = self.core.node(node)
        if type_ == "Ready" and state.shutting:
            return "False", "KubeletNotReady", "node is shutting down", "NodeNotReady"
        return PRESSED[type_] if type_ in state.pressures else GOOD[type_]

    def _condition(self, node: str, type_: str, old: Obj | None) -> Obj:
        status, reason, message, _ = self._facts(node, type_)
        if old is not None and old["status"] == status and old.get("reason") == reason:
            return old
        now = self.core.world.stamp()
        since = old["lastTransitionTime"] if old is not None and old["status"] == status else now
        return {
            "type": type_,
            "status": status,
            "lastHeartbeatTime": now,
            "lastTransitionTime": since,
            "reason": reason,
            "message": message,
        }

    def started(self, node: str, *, rebooted: bool) -> None:
        """A kubelet has come up: it says so, and reports at once."""
        self.core.node_event(node, normal("Starting", "Starting kubelet."))
        self.core.node_event(node, normal("NodeAllocatableEnforced", "Updated Node Allocatable limit across pods"))
        if self.core.node_object(node) is None:
            self.register(node)
            return
        held = self.core.node_object(node)
        if rebooted and held is not None:
            info = {**(held["status"].get("nodeInfo") or {}), "bootID": self.core.world.uid()}
            self.core.world.api.update(
                "nodes", {**held, "status": {**held["status"], "nodeInfo": info}}, by=f"kubelet/{node}", subresource="status"
            )
            self.core.node_event(node, warning("Rebooted", f"Node {node} has been rebooted, boot id: {info['bootID']}"))
        turned = [each["type"] for each in ((held or {}).get("status") or {}).get("conditions") or () if each["status"] == "Unknown"]
        self.report(node)
        self._tell_good(node, 1 if turned else 2)

    def _tell_good(self, node: str, times: int) -> None:
        """A kubelet that starts makes up its node's status several times, and tells each time."""
        for _ in range(times):
            for type_ in PRESSED:
                self._tell_turn(node, type_)

    def fall_silent(self, node: str) -> None:
        """No heartbeat comes any more."""
        state = self.core.node(node)
        if state.silent_ms is None:
            state.silent_ms = self.last()
            self._renew(node, state.silent_ms)

    def _renew(self, node: str, at_ms: int | None) -> None:
        """The node's Lease: without `renewTime` it is fresh."""
        api, world = self.core.world.api, self.core.world
        self.core.node(node).silent_ms = at_ms
        lease, made = api.find("leases", node, LEASES), self.core.node_object(node)
        spec = dict(LEASE_SPEC, holderIdentity=node)
        if at_ms is not None:
            spec["renewTime"] = world.micro(at_ms)
        if lease is not None:
            if lease.get("spec") != spec:
                api.update("leases", {**lease, "spec": spec}, by=f"kubelet/{node}")
        elif made is not None:
            api.create("leases", {**lease_of(made), "spec": spec}, by=f"kubelet/{node}")
