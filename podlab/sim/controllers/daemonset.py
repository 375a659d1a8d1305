"""DaemonSet: one Pod on every node that it fits.

Upstream: pkg/controller/daemon (daemon_controller.go, update.go, util). Left out: maxSurge (the API server refuses it here).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from podlab.sim.api import labels
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers import revisions
from podlab.sim.controllers.base import Controller, ControllersState, controller_of, key_of, owners, reference_to, split, with_meta
from podlab.sim.controllers.deployment.numbers import scaled
from podlab.sim.controllers.pods import is_active, is_available, is_ready, is_terminating, phase_of, status_of
from podlab.sim.errors import StatusError
from podlab.sim.scheduler.node_affinity import pod_matches
from podlab.sim.scheduler.tolerations import untolerated
from podlab.sim.world import World

GENERATION = "deprecated.daemonset.template.generation"
NODE_KEYS = ("not-ready", "unreachable")
PRESSURE_KEYS = ("disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")
BACKOFF_MS = 1_000
LONGEST_BACKOFF_MS = 900_000
_FAILED = "daemonset failed "


class Step(Struct):
    """What one look asks for on the nodes: where a Pod is missing, and which Pods go."""

    create: list[str] = field(default_factory=list)
    delete: list[Obj] = field(default_factory=list)
    failed: list[Obj] = field(default_factory=list)


class DaemonSet(Controller):
    """Rules X18, X19."""

    name = "daemonset"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("daemonsets", lambda change: self.enqueue(key_of(change.new)))
        world.subscribe("pods", self._on_pod)
        world.subscribe("nodes", self._on_node)

    def _on_pod(self, change: ObjectChange) -> None:
        for key in owners(change, "DaemonSet"):
            self.enqueue(key)

    def _on_node(self, change: ObjectChange) -> None:
        old = change.old
        parts = ("labels", "taints", "unschedulable")
        if old is None or change.type == "DELETED" or any(_part(old, each) != _part(change.new, each) for each in parts):
            for each in self.api.list("daemonsets"):
                self.enqueue(key_of(each))

    def sync(self, key: str) -> None:
        """Pods where they are missing, none where they should not be, the old ones replaced."""
        namespace, name = split(key)
        owner = self.api.find("daemonsets", name, namespace)
        if owner is None or is_terminating(owner):
            return
        revision, every = revisions.current(self, owner, "DaemonSet")
        hashed = revisions.hash_of(revision)
        nodes = self.api.list("nodes")
        failure = self._carry_out(owner, self._step(owner, nodes), hashed)
        if failure is None and owner["spec"]["updateStrategy"].get("type") == "RollingUpdate":
            outdated = replaceable(owner, self._by_node(owner), hashed, len(self._wanted(owner, nodes)), self._now())
            self._carry_out(owner, Step(delete=outdated), hashed)
        live = {each["metadata"]["labels"].get(revisions.LABEL, "") for each in self._pods(owner)}
        revisions.forget(self, owner, every, {*live, hashed})
        self._write(owner, nodes, hashed)
        if failure is not None:
            raise failure

    def _now(self) -> int:
        return self.world.state.zero_ms + self.world.now

    def _pods(self, owner: Obj) -> list[Obj]:
        held = []
        for pod in self.api.list("pods", owner["metadata"]["namespace"]):
            reference, matching = controller_of(pod), labels.matches(owner["spec"]["selector"], pod["metadata"].get("labels") or {})
            if reference is not None and reference["uid"] == owner["metadata"]["uid"]:
                if matching or is_terminating(pod):
                    held.append(pod)
                else:
                    rest = [each for each in pod["metadata"]["ownerReferences"] if each["uid"] != owner["metadata"]["uid"]]
                    self.api.update(
                        "pods",
                        with_meta(pod, ownerReferences=rest or None),
                        by=self.by,
                        cause=self.cause("X4", owner=owner["metadata"]["name"]),
                    )
            elif reference is None and matching and is_active(pod):
                changed = with_meta(
                    pod, ownerReferences=[*(pod["metadata"].get("ownerReferences") or ()), reference_to(owner, "DaemonSet", "apps/v1")]
                )
                held.append(self.api.update("pods", changed, by=self.by, cause=self.cause("X4", owner=owner["metadata"]["name"])))
        return held

    def _by_node(self, owner: Obj) -> dict[str, list[Obj]]:
        found: dict[str, list[Obj]] = {}
        for pod in self._pods(owner):
            found.setdefault(target_of(pod), []).append(pod)
        return found

    def _wanted(self, owner: Obj, nodes: Sequence[Obj]) -> list[str]:
        return [each["metadata"]["name"] for each in nodes if should_run(owner["spec"]["template"], each)[0]]

    def _step(self, owner: Obj, nodes: Sequence[Obj]) -> Step:
        by_node, step = self._by_node(owner), Step()
        for node in nodes:
            name = node["metadata"]["name"]
            on_node(step, name, by_node.pop(name, []), *should_run(owner["spec"]["template"], node))
        step.delete = [each for each in step.delete if each not in step.failed] + self._failed(owner, step.failed)
        return step

    def _failed(self, owner: Obj, pods: Sequence[Obj]) -> list[Obj]:
        """Failed Pods go, but on one node ever more slowly; Succeeded ones at once."""
        gone = []
        for pod in pods:
            meta, node = pod["metadata"], target_of(pod)
            if phase_of(pod) == "Succeeded":
                text = f"Found succeeded daemon pod {meta['namespace']}/{meta['name']} on node {node}, will try to delete it"
                self.recorder.event(owner, "Normal", "SucceededDaemonPod", text)
                gone.append(pod)
            elif (wait := self._held_back(f"{key_of(owner)} {node}")) > 0:
                self.enqueue(key_of(owner), wait)
            else:
                text = f"Found failed daemon pod {meta['namespace']}/{meta['name']} on node {node}, will try to kill it"
                self.recorder.event(owner, "Warning", "FailedDaemonPod", text)
                gone.append(pod)
        return gone

    def _held_back(self, key: str) -> int:
        """What is left of the back-off; none left: the next one begins."""
        since, tries = self.state.since.get(_FAILED + key), self.state.retries.get(_FAILED + key, 0)
        length = min(BACKOFF_MS << max(0, min(tries - 1, 20)), LONGEST_BACKOFF_MS)
        if since is not None and self.world.now < since + length:
            return since + length - self.world.now
        fresh = since is None or self.world.now > since + 2 * LONGEST_BACKOFF_MS
        self.state.since[_FAILED + key], self.state.retries[_FAILED + key] = self.world.now, 1 if fresh else tries + 1
        return 0

    def _carry_out(self, owner: Obj, step: Step, hashed: str) -> StatusError | None:
        name = owner["metadata"]["name"]
        for pod in step.delete:
            cause = self.cause("X19", owner=name, node=target_of(pod))
            self.api.delete("pods", pod["metadata"]["name"], pod["metadata"]["namespace"], by=self.by, cause=cause)
            self.recorder.event(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}", cause=cause)
        for node in step.create:
            cause = self.cause("X18", owner=name, node=node)
            try:
                made = self.api.create("pods", pod_for(owner, node, hashed), by=self.by, cause=cause)
            except StatusError as error:
                self.recorder.event(owner, "Warning", "FailedCreate", f"Error creating: {error.message}", cause=cause)
                return error
            self.recorder.event(owner, "Normal", "SuccessfulCreate", f"Created pod: {made['metadata']['name']}", cause=cause)
        return None

    def _write(self, owner: Obj, nodes: Sequence[Obj], hashed: str) -> None:
        by_node, counts = self._by_node(owner), dict.fromkeys(("current", "mis", "desired", "ready", "updated", "available"), 0)
        now, min_ready = self._now(), owner["spec"].get("minReadySeconds", 0)
        for node in nodes:
            pods = sorted(
                by_node.get(node["metadata"]["name"], []),
                key=lambda each: (each["metadata"]["creationTimestamp"], each["metadata"]["name"]),
            )
            if not should_run(owner["spec"]["template"], node)[0]:
                counts["mis"] += bool(pods)
                continue
            counts["desired"] += 1
            if pods:
                counts["current"] += 1
                counts["ready"] += is_ready(pods[0])
                counts["available"] += is_available(pods[0], min_ready, now)
                counts["updated"] += pods[0]["metadata"]["labels"].get(revisions.LABEL) == hashed
        status = _status(owner, counts)
        if status != status_of(owner):
            cause = self.cause("X18", owner=owner["metadata"]["name"], node="")
            self.api.update("daemonsets", {**owner, "status": status}, by=self.by, subresource="status", cause=cause)
        if min_ready and counts["available"] < counts["ready"]:
            self.enqueue(key_of(owner), 1000)


def _part(node: Obj, name: str) -> object:
    return node["metadata"].get("labels") if name == "labels" else (node.get("spec") or {}).get(name)


def _status(owner: Obj, counts: dict[str, int]) -> Obj:
    status: Obj = {
        "currentNumberScheduled": counts["current"],
        "numberMisscheduled": counts["mis"],
        "desiredNumberScheduled": counts["desired"],
        "numberReady": counts["ready"],
        "observedGeneration": owner["metadata"].get("generation", 1),
    }
    more = {
        "updatedNumberScheduled": counts["updated"],
        "numberAvailable": counts["available"],
        "numberUnavailable": counts["desired"] - counts["available"],
    }
    return status | {key: value for key, value in more.items() if value}


def on_node(step: Step, node: str, pods: Sequence[Obj], run: bool, stay: bool) -> None:
    """Rule X18: what is to be done on one node."""
    if run and not pods:
        step.create.append(node)
    elif not stay:
        step.delete += [each for each in pods if not is_terminating(each)]
    else:
        living = [each for each in pods if not is_terminating(each)]
        step.failed += [each for each in living if phase_of(each) in ("Failed", "Succeeded")]
        running = sorted(
            (each for each in living if phase_of(each) not in ("Failed", "Succeeded")),
            key=lambda each: (each["metadata"].get("creationTimestamp", ""), each["metadata"]["name"]),
        )
        step.delete += running[1:]


def should_run(template: Obj, node: Obj) -> tuple[bool, bool]:
    """Rule X18: whether a Pod is to be started on the node, and whether one may go on running there."""
    spec = template.get("spec") or {}
    if spec.get("nodeName", "") not in ("", node["metadata"]["name"]) or not pod_matches({"spec": spec}, node):
        return False, False
    taints = (node.get("spec") or {}).get("taints") or ()
    tolerations = [*(spec.get("tolerations") or ()), *own_tolerations(host_network=bool(spec.get("hostNetwork")))]
    if untolerated(taints, tolerations, ("NoSchedule", "NoExecute")) is None:
        return True, True
    return False, untolerated(taints, tolerations, ("NoExecute",)) is None


def own_tolerations(*, host_network: bool) -> list[Obj]:
    """Rule N13."""
    found = [{"key": f"node.kubernetes.io/{each}", "operator": "Exists", "effect": "NoExecute"} for each in NODE_KEYS]
    found += [{"key": f"node.kubernetes.io/{each}", "operator": "Exists", "effect": "NoSchedule"} for each in PRESSURE_KEYS]
    return found + (
        [{"key": "node.kubernetes.io/network-unavailable", "operator": "Exists", "effect": "NoSchedule"}] if host_network else []
    )


def pod_for(owner: Obj, node: str, hashed: str) -> Obj:
    """The Pod for a node: pinned to it by name, with the tolerations of a daemon."""
    template, meta = owner["spec"]["template"], owner["metadata"]
    held = template.get("metadata") or {}
    marks = {revisions.LABEL: hashed, "pod-template-generation": (meta.get("annotations") or {}).get(GENERATION, "1")}
    own: Obj = {"generateName": f"{meta['name'][:57]}-", "namespace": meta["namespace"], "labels": {**(held.get("labels") or {}), **marks}}
    own |= {"annotations": held["annotations"]} if held.get("annotations") else {}
    own["ownerReferences"] = [reference_to(owner, "DaemonSet", "apps/v1")]
    spec = template["spec"]
    given = spec.get("tolerations") or []
    added = [each for each in own_tolerations(host_network=bool(spec.get("hostNetwork"))) if each not in given]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": own,
        "spec": {**spec, "affinity": pinned(spec.get("affinity") or {}, node), "tolerations": [*given, *added]},
    }


def pinned(affinity: Obj, node: str) -> Obj:
    """The affinity, with every term bound to this node."""
    key = "requiredDuringSchedulingIgnoredDuringExecution"
    own = {"key": "metadata.name", "operator": "In", "values": [node]}
    held = affinity.get("nodeAffinity") or {}
    terms = (held.get(key) or {}).get("nodeSelectorTerms") or [{}]
    return {**affinity, "nodeAffinity": {**held, key: {"nodeSelectorTerms": [{**each, "matchFields": [own]} for each in terms]}}}


def target_of(pod: Obj) -> str:
    """The node that a daemon's Pod is on or is pinned to."""
    spec = pod.get("spec") or {}
    if spec.get("nodeName"):
        return str(spec["nodeName"])
    required = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for term in required.get("nodeSelectorTerms") or ():
        for each in term.get("matchFields") or ():
            if each["key"] == "metadata.name":
                return str(each["values"][0])
    return ""


def replaceable(owner: Obj, by_node: dict[str, list[Obj]], hashed: str, desired: int, now: int) -> list[Obj]:
    """Rule X19: the old Pods that may go now, at most maxUnavailable missing at a time."""
    rolling, min_ready = owner["spec"]["updateStrategy"].get("rollingUpdate") or {}, owner["spec"].get("minReadySeconds", 0)
    most = scaled(rolling.get("maxUnavailable", 1), desired, up=True)
    missing, at_once, candidates = 0, [], []
    for node in sorted(by_node):
        living = [each for each in by_node[node] if not is_terminating(each)]
        old = [each for each in living if each["metadata"]["labels"].get(revisions.LABEL) != hashed]
        if len(living) != 1 or not old:
            missing += len(living) != 1 or not is_available(living[0], min_ready, now)
        elif not is_available(old[0], min_ready, now):
            at_once.append(old[0])
            missing += 1
        else:
            candidates.append(old[0])
    return at_once + candidates[: max(0, most - missing)]
