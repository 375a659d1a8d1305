"""Defaults of the kinds that make Pods.

Upstream: pkg/apis/apps/v1/defaults.go, pkg/apis/batch/v1/defaults.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.defaults.pod import default_pod_spec
from podlab.sim.api.defaults.storage import default_claim
from podlab.sim.changes import Obj


def default_deployment(deployment: Obj) -> None:
    """A Deployment."""
    spec = deployment["spec"]
    spec.setdefault("replicas", 1)
    strategy = spec["strategy"]
    strategy.setdefault("type", "RollingUpdate")
    if strategy["type"] == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxUnavailable", "25%")
        rolling.setdefault("maxSurge", "25%")
    spec.setdefault("revisionHistoryLimit", 10)
    spec.setdefault("progressDeadlineSeconds", 600)
    default_pod_spec(spec["template"]["spec"])


def default_replica_set(replica_set: Obj) -> None:
    """A ReplicaSet."""
    replica_set["spec"].setdefault("replicas", 1)
    default_pod_spec(replica_set["spec"]["template"]["spec"])


def default_replication_controller(controller: Obj) -> None:
    """A ReplicationController: its labels and its selector are its template's where nothing else is said."""
    spec = controller["spec"]
    template = spec.get("template")
    held = (template or {}).get("metadata", {}).get("labels")
    if held:
        if not spec.get("selector"):
            spec["selector"] = dict(held)
        if not controller["metadata"].get("labels"):
            controller["metadata"]["labels"] = dict(held)
    spec.setdefault("replicas", 1)
    if template is not None:
        default_pod_spec(template["spec"])


def default_pod_template(template: Obj) -> None:
    """A PodTemplate."""
    default_pod_spec(template["template"]["spec"])


def default_daemon_set(daemon_set: Obj) -> None:
    """A DaemonSet."""
    spec = daemon_set["spec"]
    strategy = spec["updateStrategy"]
    strategy.setdefault("type", "RollingUpdate")
    if strategy["type"] == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxUnavailable", 1)
        rolling.setdefault("maxSurge", 0)
    spec.setdefault("revisionHistoryLimit", 10)
    default_pod_spec(spec["template"]["spec"])


def default_stateful_set(stateful_set: Obj) -> None:
    """A StatefulSet and its claims."""
    spec = stateful_set["spec"]
    spec.setdefault("serviceName", "")
    spec.setdefault("podManagementPolicy", "OrderedReady")
    strategy = spec["updateStrategy"]
    strategy.setdefault("type", "RollingUpdate")
    if strategy["type"] == "RollingUpdate":
        strategy.setdefault("rollingUpdate", {}).setdefault("partition", 0)
    retention = spec.setdefault("persistentVolumeClaimRetentionPolicy", {})
    retention.setdefault("whenDeleted", "Retain")
    retention.setdefault("whenScaled", "Retain")
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    default_pod_spec(spec["template"]["spec"])
    for claim in spec.get("volumeClaimTemplates", ()):
        claim.setdefault("apiVersion", "v1")
        claim.setdefault("kind", "PersistentVolumeClaim")
        default_claim(claim)


def default_job(job: Obj) -> None:
    """A Job; the labels and the selector come with its creation."""
    default_job_spec(job["spec"])


def default_job_spec(spec: Obj) -> None:
    """A Job's spec, as it also stands in a CronJob's template."""
    if "completions" not in spec and "parallelism" not in spec:
        spec["completions"] = spec["parallelism"] = 1
    spec.setdefault("parallelism", 1)
    if "backoffLimit" not in spec:
        spec["backoffLimit"] = 2**31 - 1 if "backoffLimitPerIndex" in spec else 6
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("suspend", False)
    spec.setdefault("manualSelector", False)
    if "podReplacementPolicy" not in spec:
        spec["podReplacementPolicy"] = "Failed" if "podFailurePolicy" in spec else "TerminatingOrFailed"
    for rule in spec.get("podFailurePolicy", {}).get("rules") or ():
        for pattern in rule.get("onPodConditions", ()):
            pattern.setdefault("status", "True")
    default_pod_spec(spec["template"]["spec"])


def default_cron_job(cron_job: Obj) -> None:
    """A CronJob; of its template only the Pod's part."""
    spec = cron_job["spec"]
    spec.setdefault("concurrencyPolicy", "Allow")
    spec.setdefault("suspend", False)
    spec.setdefault("successfulJobsHistoryLimit", 3)
    spec.setdefault("failedJobsHistoryLimit", 1)
    default_pod_spec(spec["jobTemplate"]["spec"]["template"]["spec"])
