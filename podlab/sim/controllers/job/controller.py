"""Job: Pods that run to their end, so often as wanted.

Upstream: pkg/controller/job/job_controller.go; TTL: pkg/controller/ttlafterfinished. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api import labels
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState, controller_of, key_of, owners, reference_to, split, with_meta
from podlab.sim.controllers.job import indexes, policies
from podlab.sim.controllers.job.plan import FINALIZER, End, Look, Plan
from podlab.sim.controllers.pods import condition_of, instant, is_terminating, status_of
from podlab.sim.controllers.replicaset import slow_start
from podlab.sim.errors import StatusError
from podlab.sim.world import World

NAME = "kubernetes.io/job-controller"
TOO_MANY_SUCCEEDED = "Too many succeeded pods running after completion count reached"
_FAILURES, _LAST = "job failures ", "job last failure "


class Job(Controller):
    """Rules X10–X16."""

    name = "job"

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("jobs", self._on_job)
        world.subscribe("pods", self._on_pod)

    def _on_job(self, change: ObjectChange) -> None:
        key = key_of(change.new)
        if change.type == "DELETED":
            for name in (_FAILURES, _LAST):
                self.state.since.pop(name + key, None)
        self.enqueue(key)

    def _on_pod(self, change: ObjectChange) -> None:
        """Rule X12: what Pods do is looked at in batches of a second."""
        wait = self.world.timings["controllers.sync"] if change.type == "ADDED" else self.world.timings["job.batch"]
        for key in owners(change, "Job"):
            self.enqueue(key, wait)
        if change.type != "DELETED" and FINALIZER in (change.new["metadata"].get("finalizers") or ()) and controller_of(change.new) is None:
            self._release(change.new)

    def _release(self, pod: Obj) -> None:
        self.enqueue(f"orphan {key_of(pod)}")

    def sync(self, key: str) -> None:
        """One look; a finished Job only waits for its end of life."""
        if key.startswith("orphan "):
            self._free_orphan(key.removeprefix("orphan "))
            return
        namespace, name = split(key)
        job = self.api.find("jobs", name, namespace)
        if job is None:
            self._free_all(namespace, name)
            return
        if _finished(job):
            self._expire(job)
            return
        if job["spec"].get("managedBy", NAME) != NAME:
            return
        job = self._start(job)
        pods = self._pods(job)
        now = self.world.state.zero_ms + self.world.now
        since = self.state.since
        plan = Look(job, pods, now, since.get(_FAILURES + key, 0), since.get(_LAST + key, 0)).run()
        self._carry_out(job, plan)
        since[_FAILURES + key], since[_LAST + key] = plan.failures, plan.last_failure
        if plan.wait_ms is not None:
            self.enqueue(key, plan.wait_ms)

    def _free_orphan(self, key: str) -> None:
        namespace, name = split(key)
        pod = self.api.find("pods", name, namespace)
        if pod is not None and controller_of(pod) is None:
            self._drop_finalizer(pod)

    def _free_all(self, namespace: str, name: str) -> None:
        """The Job has gone: nobody counts its Pods any more."""
        for pod in self.api.list("pods", namespace):
            reference = controller_of(pod)
            if reference is not None and reference["kind"] == "Job" and reference["name"] == name:
                self._drop_finalizer(pod)

    def _drop_finalizer(self, pod: Obj) -> Obj:
        """Such a Pod is not counted any more."""
        held = pod["metadata"].get("finalizers") or []
        if FINALIZER not in held:
            return pod
        rest = [each for each in held if each != FINALIZER]
        return self.api.update(
            "pods", with_meta(pod, finalizers=rest or None), by=self.by, cause=self.cause("X16", pod=pod["metadata"]["name"])
        )

    def _start(self, job: Obj) -> Obj:
        if status_of(job).get("startTime") or job["spec"].get("suspend"):
            return job
        return {**job, "status": {**status_of(job), "startTime": self.world.stamp()}}

    def _pods(self, job: Obj) -> list[Obj]:
        """Its own, and matching ones without an owner, which it adopts."""
        held = []
        for pod in self.api.list("pods", job["metadata"]["namespace"]):
            reference = controller_of(pod)
            if reference is not None and reference["uid"] == job["metadata"]["uid"]:
                held.append(pod)
            elif (
                reference is None
                and not is_terminating(job)
                and not is_terminating(pod)
                and labels.matches(job["spec"].get("selector"), pod["metadata"].get("labels") or {})
            ):
                meta = pod["metadata"]
                changed = with_meta(
                    pod,
                    ownerReferences=[*(meta.get("ownerReferences") or ()), reference_to(job, "Job", "batch/v1")],
                    finalizers=[*(meta.get("finalizers") or ()), FINALIZER],
                )
                held.append(self.api.update("pods", changed, by=self.by, cause=self.cause("X11", job=job["metadata"]["name"])))
        return held

    # ---- carrying out

    def _carry_out(self, job: Obj, plan: Plan) -> None:
        for pod in plan.delete:
            if plan.end is None:
                pod = self._drop_finalizer(pod)
            self._delete(job, pod)
        failure = self._create(job, plan)
        status = self._counts(job, plan)
        status, told = self._suspension(job, status, plan)
        status = self._uncounted(status, plan)
        if plan.end is not None:
            status = _with(status, plan.end.type, plan.end.reason, plan.end.message, self.world.stamp())
        job = self._write(job, status)
        for type_, reason, message in told:
            self.recorder.event(job, type_, reason, message)
        self._settle(job, plan)
        if failure is not None:
            raise failure

    def _delete(self, job: Obj, pod: Obj) -> None:
        meta = pod["metadata"]
        cause = self.cause("X11", job=job["metadata"]["name"])
        try:
            self.api.delete("pods", meta["name"], meta["namespace"], by=self.by, cause=cause)
        except StatusError as error:
            self.recorder.event(job, "Warning", "FailedDelete", f"Error deleting: {error.message}", cause=cause)
            raise
        self.recorder.event(job, "Normal", "SuccessfulDelete", f"Deleted pod: {meta['name']}", cause=cause)

    def _create(self, job: Obj, plan: Plan) -> StatusError | None:
        """In batches that grow; what was refused, if something was."""
        todo, made = iter(plan.create), []
        try:
            slow_start(len(plan.create), lambda: made.append(self._create_one(job, plan, next(todo))))
        except StatusError as error:
            plan.active -= len(plan.create) - len(made)
            return error
        return None

    def _create_one(self, job: Obj, plan: Plan, index: int | None) -> str:
        cause = self.cause("X11", job=job["metadata"]["name"])
        try:
            name: str = self.api.create("pods", self._pod(job, plan, index), by=self.by, cause=cause)["metadata"]["name"]
        except StatusError as error:
            self.recorder.event(job, "Warning", "FailedCreate", f"Error creating: {error.message}", cause=cause)
            raise
        self.recorder.event(job, "Normal", "SuccessfulCreate", f"Created pod: {name}", cause=cause)
        return name

    def _pod(self, job: Obj, plan: Plan, index: int | None) -> Obj:
        template, meta = job["spec"]["template"], job["metadata"]
        held = template.get("metadata") or {}
        own: Obj = {
            "generateName": indexes.prefix(meta["name"], index),
            "namespace": meta["namespace"],
            "labels": dict(held.get("labels") or {}),
        }
        own["annotations"] = dict(held.get("annotations") or {})
        own["finalizers"] = [*(held.get("finalizers") or ()), FINALIZER]
        own["ownerReferences"] = [reference_to(job, "Job", "batch/v1")]
        spec = template["spec"]
        if index is not None:
            own["labels"][indexes.INDEX] = own["annotations"][indexes.INDEX] = str(index)
            if job["spec"].get("backoffLimitPerIndex") is not None:
                own["annotations"] |= _index_failures(job, plan.replaced.get(index))
            spec = _indexed(spec, f"{meta['name']}-{index}")
        return {"apiVersion": "v1", "kind": "Pod", "metadata": own, "spec": spec}

    # ---- status

    def _counts(self, job: Obj, plan: Plan) -> Obj:
        status = {key: value for key, value in status_of(job).items() if key != "active"}
        status |= {"active": plan.active} if plan.active else {}
        status |= {"ready": plan.ready, "terminating": plan.terminating}
        if job["spec"].get("completionMode") == "Indexed":
            done = plan.succeeded_indexes
            status |= {"completedIndexes": indexes.render(done)} if done else {}
            status |= {"succeeded": len(done)} if done else {}
            if plan.failed_indexes is not None:
                status["failedIndexes"] = indexes.render(plan.failed_indexes)
        return status

    def _suspension(self, job: Obj, status: Obj, plan: Plan) -> tuple[Obj, list[tuple[str, str, str]]]:
        """Rule X16."""
        held = condition_of(job, "Suspended")
        if plan.suspend and (held is None or held["status"] != "True"):
            status = _with(status, "Suspended", "JobSuspended", "Job suspended", self.world.stamp())
            return {key: value for key, value in status.items() if key != "startTime"}, [("Normal", "Suspended", "Job suspended")]
        if plan.suspend is False and held is not None and held["status"] == "True":
            status = _with(status, "Suspended", "JobResumed", "Job resumed", self.world.stamp(), value="False")
            return {**status, "startTime": self.world.stamp()}, [("Normal", "Resumed", "Job resumed")]
        return status, []

    def _uncounted(self, status: Obj, plan: Plan) -> Obj:
        """First it is written who will be counted, so that nobody is counted twice."""
        held = status.get("uncountedTerminatedPods") or {}
        indexed = bool(plan.succeeded_indexes) or plan.failed_indexes is not None
        fresh = {"succeeded": [] if indexed else _uids(plan.succeeded), "failed": _uids(plan.failed)}
        merged = {name: [*(held.get(name) or ()), *more] for name, more in fresh.items()}
        return {**status, "uncountedTerminatedPods": {name: each for name, each in merged.items() if each}}

    def _settle(self, job: Obj, plan: Plan) -> None:
        """The finalizers go, the numbers grow; with nothing left uncounted and no Pod ending the Job is finished."""
        for pod in plan.counted:
            found = self.api.find("pods", pod["metadata"]["name"], pod["metadata"]["namespace"])
            if found is not None and found["metadata"]["uid"] == pod["metadata"]["uid"]:
                self._drop_finalizer(found)
        status = status_of(job)
        uncounted = status.get("uncountedTerminatedPods") or {}
        for name in ("succeeded", "failed"):
            if uncounted.get(name):
                status = {**status, name: status.get(name, 0) + len(uncounted[name])}
        status = {**status, "uncountedTerminatedPods": {}}
        ended = plan.end is not None and not status.get("terminating")
        if ended and plan.end is not None:
            status = self._final(status, plan.end)
        job = self._write(job, status)
        if ended and plan.end is not None:
            self._tell_end(job, plan.end)

    def _final(self, status: Obj, end: End) -> Obj:
        status = _with(status, end.final, end.reason, end.message, self.world.stamp())
        return {**status, "completionTime": self.world.stamp()} if end.final == "Complete" else status

    def _tell_end(self, job: Obj, end: End) -> None:
        if end.final == "Complete":
            if status_of(job).get("succeeded", 0) > job["spec"].get("completions", status_of(job).get("succeeded", 0)):
                self.recorder.event(job, "Warning", "TooManySucceededPods", TOO_MANY_SUCCEEDED)
            self.recorder.event(job, "Normal", "Completed", "Job completed", cause=self.cause("X13", job=job["metadata"]["name"]))
        else:
            self.recorder.event(job, "Warning", end.reason, end.message, cause=self.cause("X13", job=job["metadata"]["name"]))

    def _write(self, job: Obj, status: Obj) -> Obj:
        cause = self.cause("X13", job=job["metadata"]["name"])
        return self.api.update("jobs", {**job, "status": status}, by=self.by, subresource="status", cause=cause)

    def _expire(self, job: Obj) -> None:
        """ttlSecondsAfterFinished."""
        seconds = job["spec"].get("ttlSecondsAfterFinished")
        if seconds is None or is_terminating(job):
            return
        ended = next(each["lastTransitionTime"] for each in status_of(job)["conditions"] if each["type"] in ("Complete", "Failed"))
        left = instant(ended) + seconds * 1000 - self.world.state.zero_ms - self.world.now
        if left > 0:
            self.enqueue(key_of(job), left)
            return
        meta = job["metadata"]
        self.api.delete(
            "jobs", meta["name"], meta["namespace"], by=self.by, cause=self.cause("X13", job=meta["name"]), propagation="Foreground"
        )


def _index_failures(job: Obj, last: Obj | None) -> dict[str, str]:
    """How often the index has failed: one more than its last Pod says, unless that does not count."""
    if last is None:
        return {indexes.FAILURES: "0"}
    failures, ignored = indexes.counter(last), indexes.counter(last, indexes.IGNORED)
    counts = policies.judge(job["spec"].get("podFailurePolicy"), last).counts
    failures, ignored = failures + counts, ignored + (not counts)
    return {indexes.FAILURES: str(failures)} | ({indexes.IGNORED: str(ignored)} if ignored else {})


def _finished(job: Obj) -> bool:
    return any(each["type"] in ("Complete", "Failed") and each["status"] == "True" for each in status_of(job).get("conditions") or ())


def _uids(pods: list[Obj]) -> list[str]:
    return [each["metadata"]["uid"] for each in pods]


def _with(status: Obj, type_: str, reason: str, message: str, now: str, value: str = "True") -> Obj:
    held = list(status.get("conditions") or ())
    old = next((each for each in held if each["type"] == type_), None)
    if old is not None and old["status"] == value:
        return status
    made = {"type": type_, "status": value, "lastProbeTime": now, "lastTransitionTime": now, "reason": reason, "message": message}
    return {**status, "conditions": [*(each for each in held if each is not old), made]}


def _indexed(spec: Obj, hostname: str) -> Obj:
    """The host name, and the index as a variable in every container."""
    path = f"metadata.labels['{indexes.INDEX}']"
    variable = {"name": "JOB_COMPLETION_INDEX", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": path}}}
    out = {**spec, "hostname": hostname}
    for group in ("initContainers", "containers"):
        if group in spec:
            out[group] = [{**each, "env": [*(each.get("env") or ()), variable]} if _lacks(each) else each for each in spec[group]]
    return out


def _lacks(container: Obj) -> bool:
    return all(each["name"] != "JOB_COMPLETION_INDEX" for each in container.get("env") or ())
