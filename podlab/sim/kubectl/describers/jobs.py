"""kubectl describe job and cronjob.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeJob, describeCronJob). Left out: pod failure policies.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import or_unset, selector
from podlab.sim.changes import Obj
from podlab.sim.human import human_duration, instant, rfc1123
from podlab.sim.kubectl.describers.events import events
from podlab.sim.kubectl.describers.template import template
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, boolean, capital, controller, labels


def job(scene: Scene, out: Writer, obj: Obj) -> None:
    """A Job and how far it is."""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    if spec.get("selector"):
        out.line(0, f"Selector:\t{selector(spec['selector'])}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    if controller(obj):
        out.line(0, f"Controlled By:\t{controller(obj)}")
    _settings(out, spec)
    if status.get("startTime"):
        out.line(0, f"Start Time:\t{rfc1123(status['startTime'])}")
    if status.get("completionTime"):
        out.line(0, f"Completed At:\t{rfc1123(status['completionTime'])}")
    if status.get("startTime") and status.get("completionTime"):
        out.line(
            0, f"Duration:\t{human_duration(instant(scene.world, status['completionTime']) - instant(scene.world, status['startTime']))}"
        )
    if spec.get("activeDeadlineSeconds") is not None:
        out.line(0, f"Active Deadline Seconds:\t{spec['activeDeadlineSeconds']}s")
    ready = "" if status.get("ready") is None else f" ({status['ready']} Ready)"
    out.line(
        0,
        f"Pods Statuses:\t{status.get('active') or 0} Active{ready} / {status.get('succeeded') or 0} Succeeded / {status.get('failed') or 0} Failed",
    )
    if spec.get("completionMode") == "Indexed":
        out.line(0, f"Completed Indexes:\t{status.get('completedIndexes') or '<none>'}")
    template(out, spec["template"])
    events(scene, out, obj)


def _settings(out: Writer, spec: Obj) -> None:
    if spec.get("parallelism") is not None:
        out.line(0, f"Parallelism:\t{spec['parallelism']}")
    out.line(0, f"Completions:\t{or_unset(spec.get('completions'))}")
    if spec.get("completionMode"):
        out.line(0, f"Completion Mode:\t{spec['completionMode']}")
    if spec.get("suspend") is not None:
        out.line(0, f"Suspend:\t{boolean(spec['suspend'])}")
    if spec.get("backoffLimit") is not None:
        out.line(0, f"Backoff Limit:\t{spec['backoffLimit']}")
    if spec.get("ttlSecondsAfterFinished") is not None:
        out.line(0, f"TTL Seconds After Finished:\t{spec['ttlSecondsAfterFinished']}")


def cron_job(scene: Scene, out: Writer, obj: Obj) -> None:
    """A CronJob and what it makes."""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    below = spec["jobTemplate"]["spec"]
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    out.line(0, f"Schedule:\t{spec['schedule']}")
    out.line(0, f"Concurrency Policy:\t{spec.get('concurrencyPolicy', '')}")
    out.line(0, f"Suspend:\t{capital(spec.get('suspend'))}")
    out.line(0, f"Time Zone:\t{or_unset(spec.get('timeZone'))}")
    out.line(0, f"Successful Job History Limit:\t{or_unset(spec.get('successfulJobsHistoryLimit'))}")
    out.line(0, f"Failed Job History Limit:\t{or_unset(spec.get('failedJobsHistoryLimit'))}")
    deadline = spec.get("startingDeadlineSeconds")
    out.line(0, f"Starting Deadline Seconds:\t{'<unset>' if deadline is None else f'{deadline}s'}")
    out.line(0, f"Selector:\t{selector(below['selector']) if below.get('selector') else '<unset>'}")
    out.line(0, f"Parallelism:\t{or_unset(below.get('parallelism'))}")
    out.line(0, f"Completions:\t{or_unset(below.get('completions'))}")
    template(out, below["template"])
    last = status.get("lastScheduleTime")
    out.line(0, f"Last Schedule Time:\t{rfc1123(last) if last else '<unset>'}")
    out.line(0, f"Active Jobs:\t{', '.join(each['name'] for each in status.get('active') or []) or '<none>'}")
    events(scene, out, obj)
