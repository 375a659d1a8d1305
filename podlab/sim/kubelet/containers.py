"""Starting a container: back-off, image, create, start, postStart, one after the other; the sync waits all the while.

Steps: `start N`, `pulled N since`, `create N`, `run N id`, `post N id`, `hooked N id error`.

Upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go (startContainer), doBackOff. Left out: pre-create hooks.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.containerd.types import Container
from podlab.sim.kubelet import events
from podlab.sim.kubelet.backoff import next_entry, restart_wait
from podlab.sim.kubelet.container_config import ConfigError, ContainerConfigs
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.hooks import Hooks
from podlab.sim.kubelet.images import ImageManager, Verdict
from podlab.sim.kubelet.killing import Killer
from podlab.sim.kubelet.pod_workers import PodWorkers
from podlab.sim.kubelet.specs import Spec, container_named, ephemeral, hash_container, pod_name
from podlab.sim.kubelet.state import Worker


class Starter:
    """Starts containers, as steps of a sync."""

    def __init__(self, core: Core, workers: PodWorkers, hooks: Hooks, killer: Killer, restarts: Callable[[Worker, str], int]) -> None:
        self.core = core
        self.workers = workers
        self.hooks = hooks
        self.killer = killer
        self.images = ImageManager(core)
        self.configs = ContainerConfigs(core)
        self._restarts = restarts
        hooks.on_done("postStart", self._hook_exited)

    def step(self, worker: Worker, step: list[str]) -> bool:
        """Carry out one step; False: it waits."""
        spec = container_named(self.core.pod(worker)["spec"], step[1])
        if spec is None:
            return True
        handler: Callable[[Worker, Spec, list[str]], bool] = getattr(self, f"_{step[0]}")
        return handler(worker, spec, step[2:])

    def _then(self, worker: Worker, ms: int, *step: str) -> bool:
        worker.steps.insert(0, list(step))
        self.workers.wait(worker, ms)
        return False

    def _fail(self, worker: Worker, spec: Spec, reason: str, message: str, *, error: str = "start") -> bool:
        """The start failed: the reason cache is filled, the other containers' turn comes (after an init container: nobody's)."""
        worker.reasons[spec["name"]] = (reason, message)
        if worker.error != "start":
            worker.error = error
        if any(each is spec for each in self.core.pod(worker)["spec"].get("initContainers") or ()):
            worker.steps = []
        return True

    def _start(self, worker: Worker, spec: Spec, _: list[str]) -> bool:
        name = spec["name"]
        if name in worker.ended and not any(each is spec for each in ephemeral(self.core.pod(worker)["spec"])):
            key = f"{name} {hash_container(spec)}"
            entry, finished = worker.backoffs.get(key), worker.ended[name]
            left = restart_wait(entry, finished, self.core.now)
            if left and entry is not None:
                return self._backed_off(worker, spec, entry.delay_ms, left)
            worker.backoffs[key] = next_entry(entry, self.core.now, since=finished)
        return self._image(worker, spec, self.images.ensure(worker, spec))

    def _backed_off(self, worker: Worker, spec: Spec, delay_ms: int, left_ms: int) -> bool:
        """RB-19: too early."""
        name, pod = spec["name"], pod_name(self.core.pod(worker))
        self.core.event(worker, events.back_off(name, pod), name)
        due = self.core.now + left_ms
        worker.retry_ms = due if worker.retry_ms < 0 else min(worker.retry_ms, due)
        self.core.because(worker, "RB-19", container=name, delay=delay_ms // 1000, left=-(-left_ms // 1000))
        return self._fail(worker, spec, "CrashLoopBackOff", events.back_off_message(delay_ms, name, pod), error="back-off")

    def _image(self, worker: Worker, spec: Spec, verdict: Verdict) -> bool:
        if verdict.reason:
            return self._fail(worker, spec, verdict.reason, verdict.message)
        if verdict.pull_ms >= 0:
            return self._then(worker, verdict.pull_ms, "pulled", spec["name"], str(self.core.now))
        return self._then(worker, self.core.timing("create"), "create", spec["name"])

    def _pulled(self, worker: Worker, spec: Spec, rest: list[str]) -> bool:
        return self._image(worker, spec, self.images.pulled(worker, spec, self.core.now - int(rest[0])))

    def _create(self, worker: Worker, spec: Spec, _: list[str]) -> bool:
        name = spec["name"]
        sandbox = next((each for each in self.core.containerd.sandboxes(worker.uid) if each.ready), None)
        if sandbox is None:
            return self._fail(worker, spec, "CreateContainerError", "no sandbox")
        for older in [each for each in self.core.containerd.containers(worker.uid) if each.name == name][1:]:
            self.core.containerd.remove(older)
        try:
            config = self.configs.make(worker, spec, sandbox, self._restarts(worker, name))
        except ConfigError as error:
            self.core.event(worker, events.start_failed(str(error)), name)
            self.core.because(worker, "CS-15", container=name, reason=error.reason)
            return self._fail(worker, spec, error.reason, str(error))
        container = self.core.containerd.create(sandbox, config)
        self.core.event(worker, events.CREATED, name)
        worker.acted = True
        return self._then(worker, self.core.timing("start"), "run", name, container.id)

    def _run(self, worker: Worker, spec: Spec, rest: list[str]) -> bool:
        container, name = self.core.containerd.get(rest[0]), spec["name"]
        if container is None:
            return True
        error = self.core.containerd.start(container)
        if error:
            self.core.event(worker, events.start_failed(str(error)), name)
            self.core.because(worker, "CS-16", container=name, code=128)
            return self._fail(worker, spec, "RunContainerError", error)
        self.core.event(worker, events.STARTED, name)
        if not (spec.get("lifecycle") or {}).get("postStart"):
            return self._started(worker, spec)
        begun = self.hooks.begin(worker, container, spec, "postStart")
        worker.steps.insert(0, ["hooked", name, container.id, begun.error])
        if not begun.pid:
            self.workers.wait(worker, begun.ms)
        return False

    def _hook_exited(self, worker: Worker, container: Container, error: str) -> None:
        if worker.busy and worker.steps and worker.steps[0][:3] == ["hooked", container.name, container.id]:
            worker.steps[0][3] = error
            self.workers.resume(worker)

    def _hooked(self, worker: Worker, spec: Spec, rest: list[str]) -> bool:
        container, error = self.core.containerd.get(rest[0]), rest[1]
        if not error:
            return self._started(worker, spec)
        self.core.event(worker, events.POST_START_FAILED, spec["name"])
        self._fail(worker, spec, "PostStartHookError", error)
        if container is not None and container.state == "running":
            self.killer.kill(worker, container, "FailedPostStartHook")
            worker.steps.insert(0, ["await"])
        return True

    def _started(self, worker: Worker, spec: Spec) -> bool:
        worker.reasons.pop(spec["name"], None)
        self.core.because(worker, "RB-16", container=spec["name"])
        return True
