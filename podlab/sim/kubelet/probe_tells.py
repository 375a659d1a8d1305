"""What is told of probes as they go: each try with its outcome, how many alike there are, and when the next one comes.

A probe that rests is told once, with its period: its tries go on in between without an event.

Upstream: none (a kubelet keeps this to itself, and logs it at -v=4). Left out: a probe's output (its Event has it).
"""

from __future__ import annotations

from podlab.sim.changes import Obj, ProbeSeen
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.probe_worker import find_status, next_tick, setting
from podlab.sim.kubelet.state import ProbeWorker, Worker


class ProbeTells:
    """Tells of the tries of all probes."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def tried(self, worker: Worker, probe: ProbeWorker, spec: Obj, outcome: str) -> None:
        """A try came to an outcome."""
        world = self._core.world
        world.tell(self._seen(worker, probe, spec, outcome, world.number()))

    def waits(self, worker: Worker, probe: ProbeWorker, spec: Obj, status: Obj | None) -> None:
        """A tick found that it is too early to try: tells when the first try will come, unless that is known."""
        first = self._first(probe, spec, status)
        if first and first != probe.first and not probe.last:
            probe.first = first
            self.tried(worker, probe, spec, "")

    def _first(self, probe: ProbeWorker, spec: Obj, status: Obj | None) -> int:
        """The first tick after the initial delay; 0 while another probe has to succeed before."""
        seen = find_status(status or {}, probe.container) or {}
        running = (seen.get("state") or {}).get("running")
        if not running or probe.on_hold or bool(seen.get("started")) == (probe.kind == "startup"):
            return 0
        earliest = self._core.world.instant(running["startedAt"]) + 1000 * int(spec.get("initialDelaySeconds") or 0)
        return next_tick(probe.grid_ms, 1000 * setting(spec, "periodSeconds"), max(earliest, self._core.now + 1) - 1)

    def newest(self, worker: Worker, probe: ProbeWorker, spec: Obj) -> ProbeSeen | None:
        """What was told last of a probe whose container runs; None where nothing was."""
        instance = self._core.containerd.get(probe.instance)
        if instance is None or instance.state != "running" or not (probe.last or probe.first):
            return None
        return self._seen(worker, probe, spec, probe.last, 0)

    def _seen(self, worker: Worker, probe: ProbeWorker, spec: Obj, outcome: str, n: int) -> ProbeSeen:
        period, now = 1000 * setting(spec, "periodSeconds"), self._core.now
        next_ = next_tick(probe.grid_ms, period, now) if outcome else probe.first
        threshold = setting(spec, "failureThreshold" if probe.last == "Failure" else "successThreshold")
        return ProbeSeen(
            now,
            n,
            worker.uid,
            probe.container,
            probe.kind,
            outcome,
            count=min(probe.run, threshold) if outcome else 0,
            threshold=threshold,
            next=0 if probe.on_hold else next_,
            period=period if probe.quiet and not probe.on_hold else 0,
        )
