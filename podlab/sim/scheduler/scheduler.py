"""The scheduler: takes Pods from the queue one by one, places, binds, or says why not.

Upstream: pkg/scheduler/scheduler.go, schedule_one.go, eventhandlers.go. Left out: further profiles.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj, ObjectChange, QueueSeen
from podlab.sim.scheduler import explain
from podlab.sim.scheduler.cache import Cache, is_finished
from podlab.sim.scheduler.cycle import Framework
from podlab.sim.scheduler.events import node_events, pod_events
from podlab.sim.scheduler.framework import Event, Handle, Hint, Plugin
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo
from podlab.sim.scheduler.queue import UNSCHEDULABLE_MS, Queue, Waiting, known
from podlab.sim.scheduler.schedule_one import ScheduleOne
from podlab.sim.scheduler.state import NAME, SchedulerState
from podlab.sim.scheduler.status import nominated
from podlab.sim.world import World

FLUSH_MS = 30_000
WATCHED = {"persistentvolumeclaims": "PersistentVolumeClaim", "persistentvolumes": "PersistentVolume", "storageclasses": "StorageClass"}
ACTIONS = {"ADDED": "Add", "MODIFIED": "Update", "DELETED": "Delete"}
RELEASED = Event("AssignedPod", "Delete")
Hints = dict[Event, dict[str, Hint | None]]


class Scheduler:
    """kube-scheduler with the default profile."""

    def __init__(self, world: World, state: SchedulerState) -> None:
        self._world, self._api, self._kernel, self.state = world, world.api, world.kernel, state
        self._queue = Queue(state.queue, lambda waiting: world.tell(self._seen(waiting, world.number())))
        self._cache = Cache(state.nodes)
        self._infos: dict[str, PodInfo] = {}
        self.framework = Framework(Handle(self._cache.snapshot, self._list))
        self._hints = _hints(self.framework.plugins)
        self._one = ScheduleOne(world, state, self._queue, self._cache, self.framework, self._waiting_info, self._arm)
        self._kernel.before_first("scheduler", self._load)
        for resource, subscriber in (("pods", self._on_pod), ("nodes", self._on_node)):
            world.subscribe(resource, subscriber)
        for resource in WATCHED:
            world.subscribe(resource, self._on_other)
        self._kernel.handle("scheduler.flush", self._flush)
        self._kernel.handle("scheduler.backoff", self._backoff)

    def _list(self, resource: str, namespace: str) -> list[Obj]:
        return self._api.list(resource, namespace) if resource in RESOURCES else []

    def _load(self) -> None:
        for node in self._api.list("nodes"):
            self._cache.set_node(node, None)
        for pod in self._api.list("pods"):
            where = pod["spec"].get("nodeName") or self.state.assumed.get(_key(pod))
            if where and not is_finished(pod):
                self._cache.set_pod(pod, where)

    # ---- what others change

    def _on_pod(self, change: ObjectChange) -> None:
        new, old, key = change.new, change.old, f"{change.namespace}/{change.name}"
        self._infos.pop(key, None)
        gone = change.type == "DELETED" or is_finished(new)
        node = new["spec"].get("nodeName")
        self._note_nomination(key, new, gone=gone or bool(node))
        if not node:
            self._on_waiting(change, key, gone=gone)
        elif gone:
            if self._cache.has(key):
                self._cache.remove_pod(key)
                self._wake(RELEASED, old or new, None)
        else:
            self._on_assigned(change, key, node)

    def _note_nomination(self, key: str, pod: Obj, *, gone: bool) -> None:
        held = key in self.state.nominated
        wanted = bool(nominated(pod)) and not gone
        if wanted and not held:
            self.state.nominated.append(key)
        elif held and not wanted:
            self.state.nominated.remove(key)

    def _on_assigned(self, change: ObjectChange, key: str, node: str) -> None:
        new, old = change.new, change.old
        arrived = old is None or not old["spec"].get("nodeName")
        self._cache.set_pod(new, node)
        self.state.assumed.pop(key, None)
        if arrived:
            self._queue.forget(key)
            self._wake(Event("AssignedPod", "Add"), None, new)
        elif old is not None:
            for event in pod_events(old, new):
                self._wake(event, old, new)

    def _on_waiting(self, change: ObjectChange, key: str, *, gone: bool) -> None:
        new, old = change.new, change.old
        if new["spec"].get("schedulerName", NAME) != NAME:
            return
        if gone:
            self._gone(change, key)
            return
        if old is not None and nominated(old) not in ("", nominated(new)):
            on_node = {**old, "spec": {**old["spec"], "nodeName": nominated(old)}}
            self._wake(RELEASED, on_node, None, new["spec"].get("priority") or 0)
        waiting = self._queue.get(key)
        if waiting is None:
            if key not in self.state.assumed and (old is None or old["metadata"]["uid"] != change.uid):
                self._enqueue(new, key)
        elif old is not None:
            self._updated(waiting, old, new)

    def _gone(self, change: ObjectChange, key: str) -> None:
        """A Pod that was assumed or nominated leaves room behind for those that had to respect it."""
        self._queue.forget(key)
        self.state.preempting.pop(key, None)
        assumed = self.state.assumed.pop(key, None)
        if assumed is not None:
            self._cache.remove_pod(key)
        last = change.old or change.new
        if assumed is not None or nominated(last):
            on_node = {**last, "spec": {**last["spec"], "nodeName": assumed or nominated(last)}}
            self._wake(RELEASED, on_node, None, last["spec"].get("priority") or 0)

    def _enqueue(self, pod: Obj, key: str) -> None:
        info = self._info(pod, key)
        status = self.framework.pre_enqueue(info)
        waiting = self._queue.add(key, info.uid, info.priority, self._world.now, "active" if status is None else "gated", self._kernel.by)
        waiting.plugins = [] if status is None else [status.plugin]
        self._arm()

    def _updated(self, waiting: Waiting, old: Obj, new: Obj) -> None:
        waiting.priority = new["spec"].get("priority") or 0
        if waiting.place == "gated":
            if self.framework.pre_enqueue(self._info(new, waiting.key)) is None:
                self._queue.wake(waiting, self._world.now, "gates removed", self._kernel.by)
                self._arm()
        elif waiting.place == "unschedulable":
            for event in pod_events(old, new):
                self._ask(waiting, event, old, new)

    def _on_node(self, change: ObjectChange) -> None:
        if change.type == "DELETED":
            self._cache.remove_node(change.name)
            self._wake(Event("Node", "Delete"), change.old, None)
            return
        self._cache.set_node(change.new, change.old)
        if change.old is None:
            self._wake(Event("Node", "Add"), None, change.new)
            return
        for event in node_events(change.old, change.new):
            self._wake(event, change.old, change.new)

    def _on_other(self, change: ObjectChange) -> None:
        self._wake(Event(WATCHED[change.resource], ACTIONS[change.type]), change.old, None if change.type == "DELETED" else change.new)

    # ---- the queue

    def _wake(self, event: Event, old: Obj | None, new: Obj | None, most: int | None = None) -> None:
        """Rule Q7. `most`: only Pods of this priority and lower."""
        if event in self._hints:
            for waiting in self._queue.unschedulable():
                if most is None or waiting.priority <= most:
                    self._ask(waiting, event, old, new)

    def _ask(self, waiting: Waiting, event: Event, old: Obj | None, new: Obj | None) -> None:
        hints = self._hints.get(event, {})
        asked = [hints[name] for name in waiting.plugins if name in hints]
        if waiting.place != "unschedulable" or not asked or waiting.key in self.state.preempting:
            return
        info = self._waiting_info(waiting.key)
        if info is not None and any(hint is None or hint(info, old, new) for hint in asked):
            name = (new or old or {"metadata": {"name": ""}})["metadata"]["name"]
            self._queue.wake(waiting, self._world.now, f"{event.resource}/{event.action} {name}", self._kernel.by)
            self._arm()

    def _waiting_info(self, key: str) -> PodInfo | None:
        namespace, _, name = key.partition("/")
        pod = self._api.find("pods", name, namespace)
        return None if pod is None else self._info(pod, key)

    def _info(self, pod: Obj, key: str) -> PodInfo:
        info = self._infos.get(key)
        if info is None or info.pod is not pod:
            info = self._infos[key] = PodInfo(pod)
        return info

    def _arm(self) -> None:
        """Set the timers that the queue's state asks for."""
        now, queue = self._world.now, self._queue
        if queue.ready():
            self._kernel.sooner(now + self._world.timings["scheduler.cycle"], "scheduler.cycle")
        erring = [queue.over(each) for each in queue.erring()]
        if erring:
            self._kernel.sooner(min(erring), "scheduler.backoff")
        waiting = [each.entered for each in queue.state.pods.values() if each.place == "unschedulable"]
        if waiting:
            self._kernel.sooner(-(-(min(waiting) + UNSCHEDULABLE_MS) // FLUSH_MS) * FLUSH_MS, "scheduler.flush")

    def _backoff(self, _: str) -> None:
        for waiting in self._queue.erring():
            if self._queue.over(waiting) <= self._world.now:
                self._queue.put(waiting, "active")
        self._arm()

    def _flush(self, _: str) -> None:
        """Rule Q5: nobody waits for an event for more than five minutes."""
        for waiting in self._queue.unschedulable():
            if waiting.entered + UNSCHEDULABLE_MS <= self._world.now:
                self._queue.wake(waiting, self._world.now, "UnschedulableTimeout", 0)
        self._arm()

    def table(self, namespace: str, name: str) -> list[explain.Refusal]:
        """For "why is it Pending?": now, node by node, every plugin that would refuse the Pod."""
        self._kernel.wake()
        pod = self._waiting_info(f"{namespace}/{name}")
        return [] if pod is None else explain.table(self.framework, pod)

    def seen(self) -> list[QueueSeen]:
        """Where in the queue each Pod waits."""
        return [self._seen(each) for each in self.state.queue.pods.values() if known(each)]

    def _seen(self, waiting: Waiting, n: int = 0) -> QueueSeen:
        until = self._queue.over(waiting) if waiting.place == "backoff" else 0
        return QueueSeen(self._world.now, n, waiting.uid, waiting.place, until)

    def queue_over(self, waiting: Waiting) -> int:
        """When a Pod's back-off is over."""
        return self._queue.over(waiting)

    def infos(self, namespace: str, name: str, node: str) -> tuple[PodInfo | None, NodeInfo | None]:
        """A Pod and a node as the plugins see them."""
        self._kernel.wake()
        nodes = {each.name: each for each in self.framework.handle.snapshot.nodes}
        return self._waiting_info(f"{namespace}/{name}"), nodes.get(node)

    def attempts(self, namespace: str, name: str) -> list[explain.Attempt]:
        """The Pod's last attempts, oldest first."""
        return self.state.kept.get(f"{namespace}/{name}", [])


def _key(pod: Obj) -> str:
    return f"{pod['metadata'].get('namespace', '')}/{pod['metadata']['name']}"


def _hints(plugins: list[Plugin]) -> Hints:
    """Event → plugin → hint (None: always worth a try)."""
    found: Hints = {}
    for plugin in plugins:
        for event, method in plugin.events:
            found.setdefault(event, {})[plugin.name] = getattr(plugin, method) if method else None
    return found
