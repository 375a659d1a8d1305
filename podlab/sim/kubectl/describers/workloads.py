"""kubectl describe deployment, replicaset, replicationcontroller, statefulset and daemonset.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go. Left out: volume claim templates.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.printers.common import labels as one_line
from podlab.sim.apiserver.printers.common import selector
from podlab.sim.changes import Obj
from podlab.sim.human import rfc1123
from podlab.sim.kubectl import selectors
from podlab.sim.kubectl.describers import storage
from podlab.sim.kubectl.describers.events import events
from podlab.sim.kubectl.describers.template import template
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, controller, labels
from podlab.sim.kubectl.revisions import replica_sets_of, same_template


def deployment(scene: Scene, out: Writer, obj: Obj) -> None:
    """A Deployment and its ReplicaSets."""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    out.line(0, f"CreationTimestamp:\t{rfc1123(meta.get('creationTimestamp'))}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    out.line(0, f"Selector:\t{selector(spec.get('selector'))}")
    counts = [f"{spec.get('replicas', 1)} desired"]
    for word, key in (
        ("updated", "updatedReplicas"),
        ("total", "replicas"),
        ("available", "availableReplicas"),
        ("unavailable", "unavailableReplicas"),
    ):
        counts.append(f"{status.get(key) or 0} {word}")
    out.line(0, f"Replicas:\t{' | '.join(counts)}")
    strategy = spec.get("strategy") or {}
    out.line(0, f"StrategyType:\t{strategy.get('type', '')}")
    out.line(0, f"MinReadySeconds:\t{spec.get('minReadySeconds') or 0}")
    if strategy.get("rollingUpdate"):
        rolling = strategy["rollingUpdate"]
        out.line(0, f"RollingUpdateStrategy:\t{rolling.get('maxUnavailable')} max unavailable, {rolling.get('maxSurge')} max surge")
    template(out, spec["template"])
    _conditions(out, status.get("conditions") or [])
    _replica_sets(scene, out, obj)
    events(scene, out, obj)


def _conditions(out: Writer, held: list[Obj]) -> None:
    if not held:
        return
    out.line(0, "Conditions:")
    out.line(1, "Type\tStatus\tReason")
    out.line(1, "----\t------\t------")
    for each in held:
        out.line(1, f"{each['type']} \t{each['status']}\t{each.get('reason') or ''}")


def _replica_sets(scene: Scene, out: Writer, obj: Obj) -> None:
    owned = replica_sets_of(scene.client, obj)
    new = next((each for each in owned if same_template(each["spec"]["template"], obj["spec"]["template"])), None)
    old = [each for each in owned if each is not new]
    out.line(0, f"OldReplicaSets:\t{_counted(old)}")
    out.line(0, f"NewReplicaSet:\t{_counted([new] if new else [])}")


def _counted(held: list[Obj]) -> str:
    texts = [
        f"{each['metadata']['name']} ({(each.get('status') or {}).get('replicas') or 0}/{each['spec'].get('replicas', 0)} replicas created)"
        for each in held
    ]
    return ", ".join(texts) or "<none>"


def _pods_of(scene: Scene, obj: Obj) -> list[Obj]:
    """The Pods that an object controls."""
    held = scene.client.list(RESOURCES["pods"], obj["metadata"].get("namespace", ""))
    return [
        each
        for each in held
        if any(
            owner.get("controller") and owner.get("uid") == obj["metadata"].get("uid")
            for owner in each["metadata"].get("ownerReferences") or []
        )
    ]


def _phases(scene: Scene, obj: Obj, chosen: str) -> str:
    """`3 Running / 0 Waiting / 1 Succeeded / 0 Failed`."""
    matches = selectors.labels(chosen)
    counts = {"Running": 0, "Pending": 0, "Succeeded": 0, "Failed": 0}
    for pod in _pods_of(scene, obj):
        phase = (pod.get("status") or {}).get("phase")
        if matches(pod["metadata"].get("labels") or {}) and phase in counts:
            counts[phase] += 1
    return f"{counts['Running']} Running / {counts['Pending']} Waiting / {counts['Succeeded']} Succeeded / {counts['Failed']} Failed"


def _text(chosen: str) -> str:
    return "" if chosen == "<none>" else chosen


def replica_set(scene: Scene, out: Writer, obj: Obj) -> None:
    """A ReplicaSet and the phases of its Pods."""
    chosen = selector(obj["spec"].get("selector"))
    _replicas(scene, out, obj, chosen)


def replication_controller(scene: Scene, out: Writer, obj: Obj) -> None:
    """A ReplicationController and the phases of its Pods."""
    _replicas(scene, out, obj, one_line(obj["spec"].get("selector")))


def _replicas(scene: Scene, out: Writer, obj: Obj, chosen: str) -> None:
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    out.line(0, f"Selector:\t{chosen}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    if controller(obj):
        out.line(0, f"Controlled By:\t{controller(obj)}")
    out.line(0, f"Replicas:\t{status.get('replicas') or 0} current / {spec.get('replicas', 1)} desired")
    out.line(0, f"Pods Status:\t{_phases(scene, obj, _text(chosen))}")
    template(out, spec["template"])
    if status.get("conditions"):
        _conditions(out, status["conditions"])
    events(scene, out, obj)


def stateful_set(scene: Scene, out: Writer, obj: Obj) -> None:
    """A StatefulSet and the phases of its Pods."""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    chosen = selector(spec.get("selector"))
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    out.line(0, f"CreationTimestamp:\t{rfc1123(meta.get('creationTimestamp'))}")
    out.line(0, f"Selector:\t{chosen}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    out.line(0, f"Replicas:\t{spec.get('replicas', 1)} desired | {status.get('replicas') or 0} total")
    strategy = spec.get("updateStrategy") or {}
    out.line(0, f"Update Strategy:\t{strategy.get('type', '')}")
    rolling = strategy.get("rollingUpdate") or {}
    if rolling.get("partition") is not None:
        out.line(1, f"Partition:\t{rolling['partition']}")
    out.line(0, f"Pods Status:\t{_phases(scene, obj, _text(chosen))}")
    template(out, spec["template"])
    storage.claim_templates(out, spec.get("volumeClaimTemplates") or [])
    events(scene, out, obj)


def daemon_set(scene: Scene, out: Writer, obj: Obj) -> None:
    """A DaemonSet and the phases of its Pods."""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    chosen = selector(spec.get("selector"))
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    out.line(0, f"Selector:\t{chosen}")
    out.line(0, f"Node-Selector:\t{one_line((spec['template'].get('spec') or {}).get('nodeSelector'))}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    for title, key in (
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ):
        out.line(0, f"{title}: {status.get(key) or 0}")
    out.line(0, f"Pods Status:\t{_phases(scene, obj, _text(chosen))}")
    template(out, spec["template"])
    events(scene, out, obj)
