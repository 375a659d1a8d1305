"""Seeing to it that an image is on the node: present, pulled, or refused, and when the next pull may be tried.

Upstream: pkg/kubelet/images/image_manager.go. Left out: pull credentials and their verification.
"""

from __future__ import annotations

from msgspec import Struct

from podlab.sim.containerd.names import InvalidName, normalise
from podlab.sim.containerd.types import PullResult
from podlab.sim.kubelet import events
from podlab.sim.kubelet.backoff import next_entry, pull_wait
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.specs import Spec
from podlab.sim.kubelet.state import Worker


class Verdict(Struct):
    """`pull_ms` (0 or more): a pull runs so long; `reason` set: the container cannot start, with this waiting reason and message."""

    pull_ms: int = -1
    reason: str = ""
    message: str = ""


class ImageManager:
    """The image managers of all kubelets; pulls of a node run one after another."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def ensure(self, worker: Worker, container: Spec) -> Verdict:
        """What must happen before a container can be made from its image; tells the Events."""
        name, image = container["name"], container.get("image", "")
        policy = container.get("imagePullPolicy") or "IfNotPresent"
        try:
            reference = normalise(image)
        except InvalidName as error:
            event = events.inspect_failed(image, str(error))
            return self._refuse(worker, name, "InvalidImageName", event[2], event)
        present = self.core.containerd.has_image(worker.node, reference)
        if policy == "Never" and not present:
            event = events.never_pull(image)
            return self._refuse(worker, name, "ErrImageNeverPull", event[2], event)
        if present and policy != "Always":
            self.core.event(worker, events.present(image), name)
            return Verdict()
        if pull_wait(worker.pulls.get(image), self.core.now):
            return self._back_off(worker, name, image)
        return self._pull(worker, name, image, reference)

    def _refuse(self, worker: Worker, name: str, reason: str, message: str, event: events.Event) -> Verdict:
        self.core.event(worker, event, name)
        self.core.event(worker, events.start_failed(reason), name)
        self.core.because(worker, "CS-15", container=name, reason=reason)
        return Verdict(reason=reason, message=message)

    def _back_off(self, worker: Worker, name: str, image: str) -> Verdict:
        before = worker.pull_errors.get(image, "")
        event = events.pull_back_off(image)
        verdict = self._refuse(worker, name, "ImagePullBackOff", f"{event[2]}: ErrImagePull: {before}", event)
        self.core.because(worker, "RB-21", container=name, image=image, wait=worker.pulls[image].delay_ms // 1000)
        return verdict

    def _pull(self, worker: Worker, name: str, image: str, reference: str) -> Verdict:
        self.core.event(worker, events.pulling(image), name)
        result, node = self.core.containerd.pull(worker.node, reference), self.core.node(worker.node)
        start = max(self.core.now, node.pulls_free_ms)
        node.pulls_free_ms = start + result.ms
        worker.pulling = result
        return Verdict(pull_ms=node.pulls_free_ms - self.core.now)

    def pulled(self, worker: Worker, container: Spec, waited_ms: int) -> Verdict:
        """The pull's time has passed: how it went."""
        name, image = container["name"], container["image"]
        reference, result, worker.pulling = normalise(image), worker.pulling or PullResult(0), None
        if result.error:
            worker.pulls[image] = next_entry(worker.pulls.get(image), self.core.now)
            worker.pull_errors[image] = result.error
            return self._refuse(worker, name, "ErrImagePull", result.error, events.pull_failed(image, result.error))
        self.core.containerd.stock(worker.node, [reference])
        self.core.event(worker, events.pulled(image, result.ms, waited_ms, result.size), name)
        return Verdict()
