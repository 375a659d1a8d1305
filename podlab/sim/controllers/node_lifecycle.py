"""Node lifecycle: nodes that fall silent are marked, their Pods shown as not ready, taints put on and taken off.

A steady series of heartbeats is one fact, not a write each 10 s: a Lease without `renewTime`. When it ends the time stands there.

Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go. Left out: rates of large zones (over 50 nodes).
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState
from podlab.sim.controllers.node_health import NOT_READY, UNREACHABLE, Health, lost, mirrored
from podlab.sim.controllers.pods import condition_of, instant
from podlab.sim.scheduler.node_info import zone_of
from podlab.sim.world import World

LOOK = "look"
LEASES = "kube-node-lease"
TAINT_EVERY_MS = 10_000
PARTIAL_PERCENT = 55
_SILENT = "node-lifecycle silent "
_TAINTED = "node-lifecycle tainted "
SILENT_BEFORE_ALL = -(2**40)


class NodeLifecycle(Controller):
    """Rules N2–N8. Keys: a node's name (its NoSchedule taints), or `look` (all nodes, every 5 s while there is something to see)."""

    name = "node-lifecycle"
    component = "node-controller"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("nodes", self._on_node)
        world.subscribe("leases", self._on_lease)

    def _on_lease(self, change: ObjectChange) -> None:
        """A node's Lease that bears a time says when its last heartbeat was; without one they go on."""
        if change.namespace != LEASES:
            return
        renewed = (change.new.get("spec") or {}).get("renewTime") if change.type != "DELETED" else None
        if renewed:
            self.silent(change.name, instant(renewed) - self.world.state.zero_ms)
        elif _SILENT + change.name in self.state.since:
            self.speaks(change.name)

    def silent(self, node: str, last_ms: int) -> None:
        """The node's last heartbeat was at `last_ms`; none will come until `speaks`."""
        self.state.since[_SILENT + node] = last_ms
        self._look_at(last_ms + self.world.timings["node-lifecycle.grace"])

    def speaks(self, node: str) -> None:
        """The node's heartbeats go on."""
        self.state.since.pop(_SILENT + node, None)
        self._look_at(self.world.now)

    def _look_at(self, t_ms: int) -> None:
        """The first look of the 5 s rhythm after an instant."""
        every = self.world.timings["node-lifecycle.period"]
        self.enqueue(f"*{LOOK}", (max(t_ms, self.world.now) // every + 1) * every - self.world.now)

    def _on_node(self, change: ObjectChange) -> None:
        if change.type == "DELETED":
            self.state.since.pop(_SILENT + change.name, None)
            self.enqueue(f"-{change.name}|{change.uid}")
            return
        if change.old is None:
            self.enqueue(f"+{change.name}|{change.uid}")
        self.enqueue(f"={change.name}", self.world.timings["node-lifecycle.mirror"])
        if self._wants_execute(change.new) is not None:
            self._look_at(self.world.now)

    def sync(self, key: str) -> None:
        """Rules N4, N8 at once; the rest in the rhythm."""
        what, name = key[0], key[1:]
        if what == "*":
            self._look()
        elif what == "=":
            self._mirror(name)
        else:
            name, _, uid = name.partition("|")
            reason, text = (
                ("RegisteredNode", f"Registered Node {name} in Controller")
                if what == "+"
                else ("RemovingNode", f"Removing Node {name} from Controller")
            )
            self._event(name, uid, reason, f"Node {name} event: {text}", "N8")

    def _event(self, name: str, uid: str, reason: str, message: str, rule: str) -> None:
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "uid": uid}}
        self.recorder.event(node, "Normal", reason, message, cause=self.cause(rule, node=name))

    def _mirror(self, name: str) -> None:
        node = self.api.find("nodes", name)
        if node is not None:
            self._write_taints(node, mirrored(node, self.world.stamp()), "N4")

    def _write_taints(self, node: Obj, taints: Sequence[Obj], rule: str) -> None:
        spec = node.get("spec") or {}
        if list(taints) != list(spec.get("taints") or ()):
            rest = {key: value for key, value in spec.items() if key != "taints"}
            changed = {**node, "spec": rest | ({"taints": list(taints)} if taints else {})}
            self.api.update("nodes", changed, by=self.by, cause=self.cause(rule, node=node["metadata"]["name"]))

    # ---- every 5 s

    def _look(self) -> None:
        """The NoSchedule taints of what is judged now come a moment before the NoExecute ones."""
        judged = [self._judge(node) for node in self.api.list("nodes")]
        if any(judged):
            self.enqueue(f"*{LOOK}", self.world.timings["node-lifecycle.mirror"] + self.world.timings["node-lifecycle.execute"])
            return
        nodes = self.api.list("nodes")
        zones = {zone_of(each): "" for each in nodes}
        states = {zone: zone_state([each for each in nodes if zone_of(each) == zone]) for zone in zones}
        for node in nodes:
            self._execute(node, states)

    def _judge(self, node: Obj) -> bool:
        """Rules N3, N7: whether the node is lost as of now."""
        name = node["metadata"]["name"]
        last = self.state.since.get(_SILENT + name)
        if last is None:
            return False
        zero, timings = self.world.state.zero_ms, self.world.timings
        health, now = Health(zero + last), zero + self.world.now
        status = lost(node, health, now, timings["node-lifecycle.grace"], timings["node-lifecycle.startup"], self.world.stamp())
        if status is None:
            if now <= health.probe + timings["node-lifecycle.grace"]:
                self._look_at(last + timings["node-lifecycle.grace"])
            return False
        ready = condition_of(node, "Ready")
        cause = self.cause("N3", node=name, seconds=(self.world.now - last) // 1000)
        self.api.update("nodes", {**node, "status": status}, by=self.by, subresource="status", cause=cause)
        if ready is not None and ready["status"] == "True":
            self._event(name, node["metadata"]["uid"], "NodeNotReady", f"Node {name} status is now: NodeNotReady", "N7")
            self._pods_not_ready(name)
        return True

    def _pods_not_ready(self, name: str) -> None:
        for pod in self.api.list("pods"):
            ready = condition_of(pod, "Ready") if pod["spec"].get("nodeName") == name else None
            if ready is None or ready["status"] == "False":
                continue
            changed = {**ready, "status": "False", "lastTransitionTime": self.world.stamp()}
            conditions = [changed if each is ready else each for each in pod["status"]["conditions"]]
            cause = self.cause("N7", node=name, pod=pod["metadata"]["name"])
            new = {**pod, "status": {**pod["status"], "conditions": conditions}}
            self.api.update("pods", new, by=self.by, subresource="status", cause=cause)
            self.recorder.event(pod, "Warning", "NodeNotReady", "Node is not ready", cause=cause)

    def _wants_execute(self, node: Obj) -> str | None:
        """The NoExecute taint that is to be changed to (empty: taken away); None: it is as it should be."""
        ready = condition_of(node, "Ready")
        wanted = {"False": NOT_READY, "Unknown": UNREACHABLE}.get(ready["status"], "") if ready is not None else ""
        held = [each["key"] for each in (node.get("spec") or {}).get("taints") or () if _is_execute(each)]
        return None if held == ([wanted] if wanted else []) else wanted

    def _execute(self, node: Obj, states: dict[str, str]) -> None:
        """Rules N5, N6: swapped and removed at once; put on one node of a zone every 10 s."""
        wanted, zone = self._wants_execute(node), zone_of(node)
        if all(each == "full" for each in states.values()):
            wanted = "" if any(_is_execute(each) for each in (node.get("spec") or {}).get("taints") or ()) else None
        if wanted is None:
            return
        taints = (node.get("spec") or {}).get("taints") or ()
        if wanted and not any(_is_execute(each) for each in taints) and not self._may_taint(zone, states[zone]):
            return
        others = [each for each in taints if not _is_execute(each)]
        added = [{"key": wanted, "effect": "NoExecute", "timeAdded": self.world.stamp()}] if wanted else []
        self._write_taints(node, [*others, *added], "N5")

    def _may_taint(self, zone: str, state: str) -> bool:
        if state == "partial":
            self._look_at(self.world.now)
            return False
        last = self.state.since.get(_TAINTED + zone, SILENT_BEFORE_ALL)
        if self.world.now - last < TAINT_EVERY_MS:
            self._look_at(last + TAINT_EVERY_MS - 1)
            return False
        self.state.since[_TAINTED + zone] = self.world.now
        return True


def zone_state(nodes: Sequence[Obj]) -> str:
    """Rule N6: `full` (no node is ready), `partial` (55 % and more than two are not), or empty."""
    waiting = sum((condition_of(each, "Ready") or {}).get("status") != "True" for each in nodes)
    if waiting == len(nodes):
        return "full"
    return "partial" if waiting > 2 and waiting * 100 >= PARTIAL_PERCENT * len(nodes) else ""


def _is_execute(taint: Obj) -> bool:
    return bool(taint["effect"] == "NoExecute" and taint["key"] in (NOT_READY, UNREACHABLE))
