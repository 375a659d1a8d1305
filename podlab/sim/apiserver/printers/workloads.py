"""The tables of StatefulSets, DaemonSets, Jobs and CronJobs.

Upstream: pkg/printers/internalversion/printers.go (printStatefulSet, printDaemonSet, printJob, printCronJob). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, condition, containers, labels, name, number, or_none, selector
from podlab.sim.changes import Obj
from podlab.sim.human import human_duration, instant, since
from podlab.sim.world import World


def _stateful_set(world: World, obj: Obj) -> list[str]:
    ready = f"{(obj.get('status') or {}).get('readyReplicas') or 0}/{obj['spec'].get('replicas', 1)}"
    return [name(obj), ready, age(world, obj), *containers(obj["spec"]["template"])]


def _daemon_set(world: World, obj: Obj) -> list[str]:
    status, template = obj.get("status") or {}, obj["spec"]["template"]
    fields = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable")
    return [
        *(name(obj), *(number(status.get(each)) for each in fields)),
        labels((template.get("spec") or {}).get("nodeSelector")),
        *(age(world, obj), *containers(template), selector(obj["spec"].get("selector"))),
    ]


def job_status(obj: Obj) -> str:
    """`Complete`, `Failed`, `Running` …"""
    for kind in ("Complete", "Failed"):
        if condition(obj, kind) == "True":
            return kind
    if obj["metadata"].get("deletionTimestamp"):
        return "Terminating"
    found = (each for each in ("Suspended", "FailureTarget", "SuccessCriteriaMet") if condition(obj, each) == "True")
    return next(found, "Running")


def completions(obj: Obj) -> str:
    """`1/2`, `0/1 of 3`."""
    done, spec = (obj.get("status") or {}).get("succeeded") or 0, obj["spec"]
    if spec.get("completions") is not None:
        return f"{done}/{spec['completions']}"
    parallel = spec.get("parallelism") or 0
    return f"{done}/1 of {parallel}" if parallel > 1 else f"{done}/1"


def job_duration(world: World, obj: Obj) -> str:
    """From its start to its completion, or till now; "" before its start."""
    status = obj.get("status") or {}
    if not status.get("startTime"):
        return ""
    end = instant(world, status["completionTime"]) if status.get("completionTime") else world.now
    return human_duration(end - instant(world, status["startTime"]))


def _job(world: World, obj: Obj) -> list[str]:
    tail = (*containers(obj["spec"]["template"]), selector(obj["spec"].get("selector")))
    return [name(obj), job_status(obj), completions(obj), job_duration(world, obj), age(world, obj), *tail]


def _cron_job(world: World, obj: Obj) -> list[str]:
    spec, status = obj["spec"], obj.get("status") or {}
    last = since(world, status["lastScheduleTime"]) if status.get("lastScheduleTime") else "<none>"
    return [
        *(name(obj), spec["schedule"], or_none(spec.get("timeZone")), "True" if spec.get("suspend") else "False"),
        *(str(len(status.get("active") or [])), last, age(world, obj)),
        *(*containers(spec["jobTemplate"]["spec"]["template"]), selector(spec["jobTemplate"]["spec"].get("selector"))),
    ]


def _scale(world: World, obj: Obj) -> list[str]:
    return [name(obj), number(obj["spec"].get("replicas")), number((obj.get("status") or {}).get("replicas")), age(world, obj)]


SCALES = Printer("NAME|DESIRED|AVAILABLE|AGE", _scale)
STATEFUL_SETS = Printer("NAME|READY|AGE|+CONTAINERS|+IMAGES", _stateful_set)
DAEMON_SETS = Printer("NAME|DESIRED|CURRENT|READY|UP-TO-DATE|AVAILABLE|NODE SELECTOR|AGE|+CONTAINERS|+IMAGES|+SELECTOR", _daemon_set)
JOBS = Printer("NAME|STATUS|COMPLETIONS|DURATION|AGE|+CONTAINERS|+IMAGES|+SELECTOR", _job)
CRON_JOBS = Printer("NAME|SCHEDULE|TIMEZONE|SUSPEND|ACTIVE|LAST SCHEDULE|AGE|+CONTAINERS|+IMAGES|+SELECTOR", _cron_job)
