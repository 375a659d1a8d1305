"""What follows from an attempt: bind, or write down why not and perhaps make room.

Upstream: pkg/scheduler/schedule_one.go, pkg/scheduler/framework/preemption (executor.go). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.apiserver.events import Recorder
from podlab.sim.changes import Cause, Obj
from podlab.sim.errors import StatusError
from podlab.sim.scheduler import explain, fit_error
from podlab.sim.scheduler.cache import Cache
from podlab.sim.scheduler.cycle import Framework, Result, failure_text
from podlab.sim.scheduler.node_info import PodInfo
from podlab.sim.scheduler.plugins.volume_binding import VolumeBinding
from podlab.sim.scheduler.pre_bind import POLL_MS, PreBind
from podlab.sim.scheduler.preemption import REASON, Candidate, Outcome, Preemption
from podlab.sim.scheduler.queue import Queue, Waiting
from podlab.sim.scheduler.state import HOST, NAME, Preempting, SchedulerState
from podlab.sim.scheduler.status import condition, nominated, with_condition, with_nomination
from podlab.sim.world import World


class ScheduleOne:
    """One attempt after the other; `info`: the parsed Pod of a key, None when it is gone; `arm`: look at the queue's timers."""

    def __init__(
        self,
        world: World,
        state: SchedulerState,
        queue: Queue,
        cache: Cache,
        framework: Framework,
        info: Callable[[str], PodInfo | None],
        arm: Callable[[], None],
    ) -> None:
        self._world, self._api, self.state = world, world.api, state
        self._queue, self._cache, self._framework, self._info, self._arm = queue, cache, framework, info, arm
        self._recorder = Recorder(world, NAME, HOST)
        self._preemption = Preemption(framework)
        self._pre_bind = PreBind(world, next(each for each in framework.plugins if isinstance(each, VolumeBinding)))
        for kind, handler in (("cycle", self._cycle), ("bind", self._bind), ("preempt", self._preempt)):
            world.kernel.handle(f"scheduler.{kind}", handler)

    def nominations(self) -> dict[str, list[PodInfo]]:
        """Rule Q13: node → the waiting Pods that are nominated to it."""
        found: dict[str, list[PodInfo]] = {}
        for key in self.state.nominated:
            pod = self._info(key)
            if pod is not None and key not in self.state.assumed:
                found.setdefault(nominated(pod.pod), []).append(pod)
        return found

    def _cycle(self, _: str) -> None:
        waiting = self._queue.pop(self._world.now)
        pod = self._info(waiting.key) if waiting is not None else None
        if waiting is not None and pod is not None and not pod.spec.get("nodeName"):
            self._attempt(waiting, pod)
        self._arm()

    def _attempt(self, waiting: Waiting, pod: PodInfo) -> None:
        if pod.terminating:
            text = f"skip schedule deleting pod: {pod.key}"
            self._event(pod.pod, "Warning", "FailedScheduling", text, "Scheduling", Cause("Q11", {"pod": pod.key}, waiting.by))
            return
        nominations = self.nominations() if self.state.nominated else {}
        nodes = len(self._cache.snapshot.nodes)
        result = self._framework.attempt(pod, nominations, self.state.start)
        if nodes:
            self.state.start = (self.state.start + result.evaluated) % nodes
        if result.best and not result.error:
            self._assume(waiting, pod, result)
        else:
            self._failed(waiting, pod, result, nominations)

    def _assume(self, waiting: Waiting, pod: PodInfo, result: Result) -> None:
        """Rule C10: any of the best; the cluster's seed decides."""
        number = self._world.draw("scheduler/node", pod.uid) if len(result.best) > 1 else 0
        node = result.best[number % len(result.best)]
        self._cache.set_pod(pod.pod, node)
        self.state.assumed[pod.key] = node
        self.state.binding[pod.key] = waiting
        self._keep(waiting, pod, "", node, result, None)
        self._world.kernel.after(self._world.timings["scheduler.bind"], "scheduler.bind", pod.key)

    def _keep(self, waiting: Waiting, pod: PodInfo, text: str, node: str, result: Result, outcome: Outcome | None) -> None:
        made = explain.attempt(self._world.now, waiting.attempts, waiting.woken, text, node, result, outcome)
        explain.keep(self.state.kept, pod.key, made)

    def _bind(self, key: str) -> None:
        node, waiting = self.state.assumed.get(key, ""), self.state.binding.get(key)
        if not node or waiting is None:
            return
        namespace, _, name = key.partition("/")
        kept = self.state.kept[key][-1]
        args: dict[str, str | int] = {"node": node, "feasible": len(kept.nodes), "nodes": len(self._cache.snapshot.nodes)}
        info = self._info(key)
        promised = info is not None and nominated(info.pod) == node
        cause = Cause("C13" if len(kept.nodes) > 1 else "C5" if promised else "C9", args, waiting.by)
        if info is not None and not self._pre_bind.ready(info, self._cache.snapshot.by_name.get(node), cause):
            self._world.kernel.after(POLL_MS, "scheduler.bind", key)
            return
        del self.state.assumed[key], self.state.binding[key]
        try:
            self._api.bind(namespace, name, node, by="scheduler", cause=cause)
        except StatusError as error:
            self._not_bound(waiting, node, error)
            return
        pod = self._api.get("pods", name, namespace)
        self._event(pod, "Normal", "Scheduled", f"Successfully assigned {key} to {node}", "Binding", cause)

    def _not_bound(self, waiting: Waiting, node: str, error: StatusError) -> None:
        self._cache.remove_pod(waiting.key)
        pod = self._info(waiting.key)
        if pod is not None and not pod.spec.get("nodeName"):
            text = f"Binding rejected: {error.message}"
            self._queue.failed(waiting, self._world.now, [])
            self._write(pod.pod, "SchedulerError", text, None, Cause("C12", {"node": node}, waiting.by))
            self._arm()

    def _failed(self, waiting: Waiting, pod: PodInfo, result: Result, nominations: dict[str, list[PodInfo]]) -> None:
        """Rules C11, C12, P7."""
        nodes = len(self._cache.snapshot.nodes)
        outcome = None
        if nodes and not result.before and not result.error:
            outcome = self._preemption.post_filter(pod, result, nominations, self._offset(pod, nodes))
        text = failure_text(result, nodes, outcome.message if outcome is not None else None)
        self._queue.failed(waiting, self._world.now, result.rejecting)
        self._keep(waiting, pod, text, "", result, outcome)
        chosen = outcome.chosen if outcome is not None else None
        rule = "P7" if chosen is not None else "C4" if not nodes else "C11"
        args: dict[str, str | int] = {"nodes": nodes, "refusing": len(result.statuses)}
        if chosen is not None:
            args |= {"node": chosen.node, "victims": len(chosen.victims)}
        cause = Cause(rule, args, waiting.by)
        self._event(pod.pod, "Warning", "FailedScheduling", fit_error.note(text), "Scheduling", cause)
        clears = outcome is not None and chosen is None and outcome.clears
        self._write(
            pod.pod, "SchedulerError" if result.error else "Unschedulable", text, chosen.node if chosen else "" if clears else None, cause
        )
        if chosen is not None:
            self._make_room(pod, chosen)

    def _offset(self, pod: PodInfo, nodes: int) -> int:
        return self._world.draw("scheduler/offset", pod.uid) if nodes > 1 else 0

    def _write(self, pod: Obj, reason: str, text: str, node: str | None, cause: Cause) -> None:
        """PodScheduled=False, and the nomination (None: as it is); written only if it changed."""
        current = self._api.find("pods", pod["metadata"]["name"], pod["metadata"]["namespace"])
        if current is None:
            return
        old: Obj = next((each for each in (current.get("status") or {}).get("conditions") or () if each["type"] == "PodScheduled"), {})
        new = current
        if (old.get("status"), old.get("reason"), old.get("message")) != ("False", reason, text):
            new = with_condition(current, condition(current, "PodScheduled", "False", reason, text, self._world.stamp()))
        if node is not None and nominated(current) != node:
            new = with_nomination(new, node)
        if new is not current:
            self._api.update("pods", new, by="scheduler", subresource="status", cause=cause)

    def _make_room(self, pod: PodInfo, chosen: Candidate) -> None:
        """Lower Pods lose their nomination to the node; the victims go a moment later (P10)."""
        victims = [(each.key, each.uid) for each in chosen.victims]
        self.state.preempting[pod.key] = Preempting(pod.uid, chosen.node, victims, len(victims))
        for other in self.nominations().get(chosen.node, ()):
            if other.priority < pod.priority and other.uid != pod.uid:
                cause = Cause("P7", {"node": chosen.node, "victims": len(victims)})
                self._api.update("pods", with_nomination(other.pod, ""), by="scheduler", subresource="status", cause=cause)
        self._world.kernel.after(self._world.timings["scheduler.preempt"], "scheduler.preempt", pod.key)

    def _preempt(self, key: str) -> None:
        """Delete the victims, the last one after the others. The Pod may be woken by that one's going, so it counts as done before."""
        plan = self.state.preempting.get(key)
        if plan is None:
            return
        now, later = (plan.victims[:-1], plan.victims[-1:]) if len(plan.victims) > 1 else (plan.victims, [])
        if later:
            plan.victims = later
            self._world.kernel.after(self._world.timings["scheduler.preempt-last"], "scheduler.preempt", key)
        else:
            del self.state.preempting[key]
        for victim, uid in now:
            pod = self._info(victim)
            if pod is not None and pod.uid == uid and not pod.terminating:
                self._evict(pod, plan, key)
        waiting = self._queue.get(key)
        if not later and waiting is not None and waiting.place == "unschedulable" and not any(self._cache.has(each) for each, _ in now):
            self._queue.wake(waiting, self._world.now, "victims gone", self._world.kernel.by)
            self._arm()

    def _evict(self, victim: PodInfo, plan: Preempting, key: str) -> None:
        cause = Cause("P7", {"node": plan.node, "pod": key, "victims": plan.count})
        text = f"{victim.spec.get('schedulerName', NAME)}: preempting to accommodate a higher priority pod"
        marked = with_condition(victim.pod, condition(victim.pod, "DisruptionTarget", "True", REASON, text, self._world.stamp()))
        self._api.update("pods", marked, by="scheduler", subresource="status", cause=cause)
        try:
            self._api.delete("pods", victim.name, victim.namespace, by="scheduler", cause=cause)
        except StatusError:
            return  # it went by itself
        namespace, _, name = key.partition("/")
        preemptor = self._api.find("pods", name, namespace)
        self._recorder.series(
            victim.pod,
            "Normal",
            "Preempted",
            f"Preempted by pod {plan.uid} on node {plan.node}",
            action="Preempting",
            related=preemptor,
            cause=cause,
        )

    def _event(self, pod: Obj, type_: str, reason: str, text: str, action: str, cause: Cause) -> None:
        self._recorder.series(pod, type_, reason, text, action=action, cause=cause)
