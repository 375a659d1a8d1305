"""The prober: a worker for each probe of each container, ticking on its own grid.

A probe that succeeds, and would go on succeeding while nothing changes on its container's host, is not run again until something does
(`quiet`): its ticks would change nothing. Timers: `kubelet.probe KEY` (a tick), `kubelet.probe-end KEY` (its answer or its time-out is
due); KEY is `POD-UID KIND CONTAINER`.

Upstream: pkg/kubelet/prober (prober_manager.go, worker.go, prober.go). Left out: metrics.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.changes import Obj, ProbeSeen
from podlab.sim.containerd.types import Container
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.handlers import Handlers
from podlab.sim.kubelet.probe_tells import ProbeTells
from podlab.sim.kubelet.probe_worker import after, before, find_status, next_tick, setting
from podlab.sim.kubelet.probes import exec as exec_probe
from podlab.sim.kubelet.probes.verdict import Verdict, event_of
from podlab.sim.kubelet.readiness import Kind, is_ready, is_started
from podlab.sim.kubelet.specs import Spec, container_named, inits, is_sidecar, regular, sidecars
from podlab.sim.kubelet.state import ProbeWorker, Worker
from podlab.sim.kubelet.status_manager import StatusManager

OLDER_MS = 10_000
KINDS = ("startup", "readiness", "liveness")


class Prober:
    """The probes of all kubelets; `sync(worker)` asks for a sync of a Pod. `eager`: nothing is ever quiet (tests)."""

    def __init__(self, core: Core, statuses: StatusManager, sync: Callable[[Worker], None], *, eager: bool = False) -> None:
        self.core = core
        self.statuses = statuses
        self.handlers = Handlers(core)
        self.eager = eager
        self._tells = ProbeTells(core)
        self._sync = sync
        core.world.kernel.handle("kubelet.probe", self._tick)
        core.world.kernel.handle("kubelet.probe-end", self._end_of_attempt)
        core.linux.on_exit("kubelet.probe", self._exited)
        core.linux.on_touch(self._touched)
        core.containerd.on_exit(lambda container: self._wake_pod(container.pod))

    # Workers.

    def add_pod(self, worker: Worker) -> None:
        """Make the workers of a Pod, if they are not there (PR-3); their first tick, now, finds no container and is lost."""
        spec = self.core.pod(worker)["spec"]
        for container in (*regular(spec), *sidecars(spec)):
            for kind in KINDS:
                name = f"{kind} {container['name']}"
                if container.get(f"{kind}Probe") and name not in worker.probes:
                    probe = worker.probes[name] = ProbeWorker(container["name"], kind, self.core.now)
                    self._carry_over(worker, probe)
                    self._arm(worker, probe)

    def _carry_over(self, worker: Worker, probe: ProbeWorker) -> None:
        """After a kubelet's restart, containers that ran before it keep what they were (CO-15)."""
        newest = next((each for each in self.core.containerd.containers(worker.uid) if each.name == probe.container), None)
        status = find_status(self.statuses.current(worker), probe.container) or {}
        if newest is None or newest.state != "running" or newest.started_ms > self.core.node(worker.node).started_ms - OLDER_MS:
            return
        kept = {"readiness": status.get("ready"), "startup": status.get("started"), "liveness": status.get("started")}[probe.kind]
        if kept:
            probe.instance, probe.result, probe.on_hold = newest.id, "Success", probe.kind == "startup"

    def stop(self, worker: Worker, kinds: tuple[str, ...] = KINDS) -> None:
        """End the workers of these kinds."""
        for name, probe in list(worker.probes.items()):
            if probe.kind in kinds:
                for timer in ("kubelet.probe", "kubelet.probe-end"):
                    self.core.world.kernel.cancel(timer, f"{worker.uid} {name}")
                del worker.probes[name]

    def results(self, worker: Worker) -> dict[str, dict[str, str]]:
        """The published results, of the instances that run now."""
        out: dict[str, dict[str, str]] = {}
        for probe in worker.probes.values():
            if probe.result and probe.instance == self._newest(worker, probe.container):
                out.setdefault(probe.kind, {})[probe.container] = probe.result
        return out

    def seen(self) -> list[ProbeSeen]:
        """What was told last of each probe whose container runs."""
        told = [
            self._tells.newest(worker, probe, container[f"{probe.kind}Probe"])
            for worker in self.core.state.workers.values()
            for probe in worker.probes.values()
            if (container := container_named(self.core.pod(worker)["spec"], probe.container)) is not None
        ]
        return [each for each in told if each is not None]

    def _newest(self, worker: Worker, name: str) -> str:
        return next((each.id for each in self.core.containerd.containers(worker.uid) if each.name == name), "")

    def _find(self, key: str) -> tuple[Worker, ProbeWorker, Spec, Obj] | None:
        uid, _, name = key.partition(" ")
        worker = self.core.state.workers.get(uid)
        probe = worker.probes.get(name) if worker else None
        if worker is None or probe is None or self.core.node(worker.node).down:
            return None
        container = container_named(self.core.pod(worker)["spec"], probe.container)
        return None if container is None else (worker, probe, container, container[f"{probe.kind}Probe"])

    def _arm(self, worker: Worker, probe: ProbeWorker) -> None:
        container = container_named(self.core.pod(worker)["spec"], probe.container)
        if container is not None:
            self._set(worker, probe, container[f"{probe.kind}Probe"])

    def _set(self, worker: Worker, probe: ProbeWorker, spec: Obj) -> None:
        """Set its next tick."""
        period, probe.quiet = 1000 * setting(spec, "periodSeconds"), False
        self.core.world.kernel.at(
            next_tick(probe.grid_ms, period, self.core.now), "kubelet.probe", f"{worker.uid} {probe.kind} {probe.container}"
        )

    # Flags of container statuses.

    def set_flags(self, worker: Worker, status: Obj) -> None:
        """Set `started` and `ready` in freshly made container statuses (CO-14); pokes readiness workers that have no success yet."""
        spec = self.core.pod(worker)["spec"]
        before_ = self.statuses.current(worker)
        for key, containers in (("initContainerStatuses", inits(spec)), ("containerStatuses", regular(spec))):
            by_name = {each["name"]: each for each in containers}
            for n, each in enumerate(status.get(key) or ()):
                kind: Kind = "container" if key == "containerStatuses" else "sidecar" if is_sidecar(by_name[each["name"]]) else "init"
                status[key][n] = self._flagged(worker, kind, each, find_status(before_, each["name"]))

    def _flagged(self, worker: Worker, kind: Kind, status: Obj, old: Obj | None) -> Obj:
        name, instance = status["name"], status.get("containerID", "").rpartition("/")[2]
        startup, readiness = worker.probes.get(f"startup {name}"), worker.probes.get(f"readiness {name}")
        previously = bool(old and old.get("started") and "running" in (old.get("state") or {}))
        known = startup.result if startup is not None and startup.instance == instance and startup.result else None
        started = is_started(kind, status["state"], startup=known, has_startup=startup is not None, previously=previously)
        result = readiness.result if readiness is not None and readiness.instance == instance else None
        ready = is_ready(kind, status["state"], started=started, readiness=result, has_readiness=readiness is not None)
        if readiness is not None and started and not ready and "running" in status["state"]:
            self._poke(worker, readiness)
        return {**status, "started": started, "ready": ready}

    def _poke(self, worker: Worker, probe: ProbeWorker) -> None:
        """The worker looks at once, at the status from before, and its ticks start anew from now (PR-4)."""
        probe.grid_ms = self.core.now
        self._arm(worker, probe)
        self._look(f"{worker.uid} {probe.kind} {probe.container}")

    # Ticks.

    def _tick(self, key: str) -> None:
        found = self._find(key)
        if found is not None:
            self._set(found[0], found[1], found[3])
            self._see(key, *found)

    def _look(self, key: str) -> None:
        found = self._find(key)
        if found is not None:
            self._see(key, *found)

    def _see(self, key: str, worker: Worker, probe: ProbeWorker, container: Spec, spec: Obj) -> None:
        if probe.running:
            return
        status = self.statuses.current(worker)
        seen = find_status(status, container["name"])
        started = ((seen or {}).get("state") or {}).get("running")
        running_s = (self.core.now - self.core.world.instant(started["startedAt"])) // 1000 if started else 0
        result, instance = probe.result, probe.instance
        step = before(probe, spec, container, self.core.pod(worker), status, running_s)
        if (probe.result, probe.instance) != (result, instance):
            self._published(worker, probe)
        if step == "wait":
            self._tells.waits(worker, probe, spec, status)
        if step == "end":
            self.stop_one(worker, probe)
        elif step == "probe":
            self._probe(key, worker, probe, container, spec)

    def stop_one(self, worker: Worker, probe: ProbeWorker) -> None:
        """End one worker; its last result stays until then."""
        self.core.world.kernel.cancel("kubelet.probe", f"{worker.uid} {probe.kind} {probe.container}")
        probe.quiet, probe.on_hold = True, True

    def _probe(self, key: str, worker: Worker, probe: ProbeWorker, container: Spec, spec: Obj) -> None:
        instance = self.core.containerd.get(probe.instance)
        if instance is None or instance.state != "running":
            return
        probe.attempt += 1
        probe.running, probe.epoch = probe.attempt, self.core.linux.epoch(f"container/{instance.id}")
        verdict = self.handlers.probe(worker, container, instance, spec, f"{probe.attempt} {key}")
        probe.pid = verdict.pid
        if verdict.pid:
            self.core.world.kernel.after(1000 * setting(spec, "timeoutSeconds"), "kubelet.probe-end", key)
        elif verdict.ms:
            probe.outcome, probe.output = verdict.outcome, "" if verdict.outcome == "Success" else verdict.output
            self.core.world.kernel.after(verdict.ms, "kubelet.probe-end", key)
        else:
            self._judge(worker, probe, spec, verdict)

    def _exited(self, attempt_of: str, code: int, signal: str) -> None:
        output, (attempt, _, key) = self.core.linux.take_buffer(f"probe {attempt_of}"), attempt_of.partition(" ")
        found = self._find(key)
        if found is None or not found[1].pid or int(attempt) != found[1].attempt:
            return
        self.core.world.kernel.cancel("kubelet.probe-end", key)
        worker, probe, _, spec = found
        probe.pid = 0
        self._judge(worker, probe, spec, exec_probe.judge(code, output))

    def _end_of_attempt(self, key: str) -> None:
        found = self._find(key)
        if found is None:
            return
        worker, probe, _, spec = found
        verdict = Verdict(probe.outcome, probe.output)
        if probe.pid:
            pid, probe.pid = probe.pid, 0
            self.core.linux.kill(pid, "KILL")
            verdict = exec_probe.timed_out(spec["exec"].get("command") or [], setting(spec, "timeoutSeconds"))
        self._judge(worker, probe, spec, verdict)

    def _judge(self, worker: Worker, probe: ProbeWorker, spec: Obj, verdict: Verdict) -> None:
        """An attempt has ended: tell its Event, count it, publish what changed, and rest if it would go on like this."""
        probe.running = 0
        instance = self.core.containerd.get(probe.instance)
        if instance is None or instance.state != "running":
            return
        event = event_of(probe.kind.capitalize(), verdict)
        if event is not None:
            self.core.event(worker, event, probe.container)
        if verdict.outcome == "Unknown":
            self._tells.tried(worker, probe, spec, "Unknown")
            return
        outcome = "Success" if verdict.outcome == "Warning" else verdict.outcome
        if after(probe, spec, outcome):
            threshold = setting(spec, "failureThreshold" if outcome == "Failure" else "successThreshold")
            self.core.because(
                worker,
                "PR-8",
                probe=probe.kind,
                container=probe.container,
                outcome=outcome,
                period=setting(spec, "periodSeconds"),
                threshold=threshold,
                delay=int(spec.get("initialDelaySeconds") or 0),
            )
            self._published(worker, probe)
        if verdict.outcome == "Success" and probe.result == "Success":
            self._rest(worker, probe, spec, instance)
        self._tells.tried(worker, probe, spec, outcome)

    def _rest(self, worker: Worker, probe: ProbeWorker, spec: Obj, instance: Container) -> None:
        steady = "exec" not in spec or exec_probe.is_steady(spec["exec"].get("command") or [])
        if steady and not self.eager and probe.epoch == self.core.linux.epoch(f"container/{instance.id}"):
            probe.quiet = True
            self.core.world.kernel.cancel("kubelet.probe", f"{worker.uid} {probe.kind} {probe.container}")

    def _published(self, worker: Worker, probe: ProbeWorker) -> None:
        """A result was set (PR-9)."""
        if probe.kind == "readiness":
            self.statuses.set_readiness(worker, probe.instance, probe.result == "Success")
        elif probe.kind == "startup":
            self.statuses.set_started(worker, probe.instance, probe.result == "Success")
        if probe.kind != "liveness" or probe.result == "Failure":
            self._sync(worker)

    # What ends a rest.

    def _touched(self, host: str) -> None:
        instance = self.core.containerd.get(host.removeprefix("container/")) if host.startswith("container/") else None
        if instance is not None:
            self._wake_pod(instance.pod)

    def _wake_pod(self, uid: str) -> None:
        worker = self.core.state.workers.get(uid)
        for probe in worker.probes.values() if worker else ():
            if probe.quiet and not probe.on_hold and worker is not None:
                self._arm(worker, probe)
