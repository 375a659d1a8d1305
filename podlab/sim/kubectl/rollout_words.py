"""How far a rollout is, in words.

Upstream: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl.errors import Failure

Words = tuple[str, bool]


def status(obj: Obj, revision: int = 0) -> Words:
    """(line, whether it is over); Failure when it has failed, or for a kind without rollouts."""
    kind = obj["kind"]
    if kind == "Deployment":
        return _deployment(obj, revision)
    if kind == "DaemonSet":
        return _daemon_set(obj)
    if kind == "StatefulSet":
        return _stateful_set(obj)
    group, slash, _ = obj["apiVersion"].partition("/")
    raise Failure(f"no status viewer has been implemented for {kind}{'.' + group if slash else ''}")


def _observed(obj: Obj) -> bool:
    return bool((obj["metadata"].get("generation") or 0) <= ((obj.get("status") or {}).get("observedGeneration") or 0))


def _deployment(obj: Obj, revision: int) -> Words:
    name, status = obj["metadata"]["name"], obj.get("status") or {}
    if revision > 0:
        held = int((obj["metadata"].get("annotations") or {}).get("deployment.kubernetes.io/revision") or 0)
        if held != revision:
            raise Failure(f"desired revision ({revision}) is different from the running revision ({held})")
    if not _observed(obj):
        return "Waiting for deployment spec update to be observed...\n", False
    if any(each["type"] == "Progressing" and each.get("reason") == "ProgressDeadlineExceeded" for each in status.get("conditions") or []):
        raise Failure(f'deployment "{name}" exceeded its progress deadline')
    wanted, updated = obj["spec"].get("replicas", 1), status.get("updatedReplicas") or 0
    total, available = status.get("replicas") or 0, status.get("availableReplicas") or 0
    begin = f'Waiting for deployment "{name}" rollout to finish: '
    if updated < wanted:
        return f"{begin}{updated} out of {wanted} new replicas have been updated...\n", False
    if total > updated:
        return f"{begin}{total - updated} old replicas are pending termination...\n", False
    if available < updated:
        return f"{begin}{available} of {updated} updated replicas are available...\n", False
    return f'deployment "{name}" successfully rolled out\n', True


def _daemon_set(obj: Obj) -> Words:
    name, status = obj["metadata"]["name"], obj.get("status") or {}
    if (obj["spec"].get("updateStrategy") or {}).get("type") != "RollingUpdate":
        raise Failure("rollout status is only available for RollingUpdate strategy type")
    if not _observed(obj):
        return "Waiting for daemon set spec update to be observed...\n", False
    wanted, updated, available = (status.get(key) or 0 for key in ("desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable"))
    begin = f'Waiting for daemon set "{name}" rollout to finish: '
    if updated < wanted:
        return f"{begin}{updated} out of {wanted} new pods have been updated...\n", False
    if available < wanted:
        return f"{begin}{available} of {wanted} updated pods are available...\n", False
    return f'daemon set "{name}" successfully rolled out\n', True


def _stateful_set(obj: Obj) -> Words:
    spec, status = obj["spec"], obj.get("status") or {}
    strategy = spec.get("updateStrategy") or {}
    if strategy.get("type") != "RollingUpdate":
        raise Failure("rollout status is only available for RollingUpdate strategy type")
    if not status.get("observedGeneration") or not _observed(obj):
        return "Waiting for statefulset spec update to be observed...\n", False
    wanted, ready, updated = spec.get("replicas", 1), status.get("readyReplicas") or 0, status.get("updatedReplicas") or 0
    if ready < wanted:
        return f"Waiting for {wanted - ready} pods to be ready...\n", False
    partition = (strategy.get("rollingUpdate") or {}).get("partition")
    if partition is not None:
        if updated < wanted - partition:
            return (
                f"Waiting for partitioned roll out to finish: {updated} out of {wanted - partition} new pods have been updated...\n",
                False,
            )
        return f"partitioned roll out complete: {updated} new pods have been updated...\n", True
    if status.get("updateRevision") != status.get("currentRevision"):
        return f"waiting for statefulset rolling update to complete {updated} pods at revision {status.get('updateRevision')}...\n", False
    return (
        f"statefulset rolling update complete {status.get('currentReplicas') or 0} pods at revision {status.get('currentRevision')}...\n",
        True,
    )
