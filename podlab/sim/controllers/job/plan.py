"""One look at a Job: what its Pods mean for it, and what is to be done. Pure: nothing is written here.

Upstream: pkg/controller/job/job_controller.go (syncJob, manageJob, trackJobStatusAndRemoveFinalizers). Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.controllers.job import backoff, indexes, policies
from podlab.sim.controllers.pods import first_to_go, instant, is_active, is_finished, is_ready, is_terminating, phase_of, status_of

FINALIZER = "batch.kubernetes.io/job-tracking"
LATE = ("DeadlineExceeded", "Job was active longer than specified deadline")
TOO_MANY = ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
TOO_MANY_INDEXES = ("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes")
INDEXES = ("FailedIndexes", "Job has failed indexes")
REACHED = ("CompletionsReached", "Reached expected number of succeeded pods")


class End(Struct, frozen=True):
    """How the Job ends: `type` FailureTarget or SuccessCriteriaMet."""

    type: str
    reason: str
    message: str

    @property
    def final(self) -> str:
        """The condition when all is counted."""
        return "Complete" if self.type == "SuccessCriteriaMet" else "Failed"


class Plan(Struct):
    """What is to be done. `create`: an index each (None: without); `wait_ms`: look again then; failures: those since the last success;
    `replaced`: by index, the failed Pod whose count the next one takes over."""

    active: int = 0
    ready: int = 0
    terminating: int = 0
    delete: list[Obj] = field(default_factory=list)
    create: list[int | None] = field(default_factory=list)
    counted: list[Obj] = field(default_factory=list)
    succeeded: list[Obj] = field(default_factory=list)
    failed: list[Obj] = field(default_factory=list)
    succeeded_indexes: list[int] = field(default_factory=list)
    failed_indexes: list[int] | None = None
    replaced: dict[int, Obj] = field(default_factory=dict)
    end: End | None = None
    suspend: bool | None = None
    wait_ms: int | None = None
    failures: int = 0
    last_failure: int = 0


class Look:
    """The state of one look; `now` in ms since 1970; `failures`, `last`: what the back-off remembers."""

    def __init__(self, job: Obj, pods: list[Obj], now: int, failures: int = 0, last: int = 0) -> None:
        self.job, self.spec, self.status, self.pods, self.now = job, job["spec"], status_of(job), pods, now
        self.completions: int | None = self.spec.get("completions")
        self.parallelism: int = self.spec.get("parallelism", 1)
        self.indexed = self.spec.get("completionMode") == "Indexed"
        self.per_index = self.spec.get("backoffLimitPerIndex")
        self.policy: Obj | None = self.spec.get("podFailurePolicy")
        self.waits = self.spec.get("podReplacementPolicy") == "Failed" or self.policy is not None
        self.suspended = bool(self.spec.get("suspend"))
        self.uncounted: Obj = self.status.get("uncountedTerminatedPods") or {}
        self.active = [each for each in pods if is_active(each)]
        self.plan = Plan(
            len(self.active), sum(map(is_ready, self.active)), sum(is_terminating(each) and not is_finished(each) for each in pods)
        )
        self._count(failures, last)

    # ---- what has ended

    def _tracked(self, pod: Obj) -> bool:
        return FINALIZER in (pod["metadata"].get("finalizers") or ())

    def is_failed(self, pod: Obj) -> bool:
        """Failed; or ending, where a replacement does not wait for that."""
        if phase_of(pod) == "Failed":
            return True
        return not self.waits and is_terminating(pod) and phase_of(pod) != "Succeeded"

    def _valid(self, pod: Obj) -> bool:
        index = indexes.of_pod(pod)
        return not self.indexed or (index is not None and index < (self.completions or 0))

    def _count(self, failures: int, last: int) -> None:
        known = {*(self.uncounted.get("succeeded") or ()), *(self.uncounted.get("failed") or ())}
        fresh = [each for each in self.pods if self._tracked(each) and each["metadata"]["uid"] not in known and self._valid(each)]
        self.new_succeeded = [each for each in fresh if phase_of(each) == "Succeeded"]
        self.new_failed = [each for each in fresh if self.is_failed(each)]
        counting = [each for each in self.new_failed if policies.judge(self.policy, each).counts]
        self.failed = self.status.get("failed", 0) + len(counting) + len(self.uncounted.get("failed") or ())
        self.succeeded = self.status.get("succeeded", 0) + len(self.new_succeeded) + len(self.uncounted.get("succeeded") or ())
        ends = [[backoff.finished_at(each) for each in pods] for pods in (self.new_succeeded, self.new_failed)]
        self.plan.failures, self.plan.last_failure = backoff.record(failures, last, *ends)
        if self.indexed:
            self._count_indexes()

    def _count_indexes(self) -> None:
        self.before = indexes.parse(self.status.get("completedIndexes"), self.completions or 0)
        fresh = [each for pod in self.new_succeeded if (each := indexes.of_pod(pod)) is not None]
        self.done = sorted({*self.before, *fresh})
        self.succeeded = len(self.done)
        self.plan.succeeded_indexes = self.done
        if self.per_index is not None:
            self.plan.failed_indexes = self._failed_indexes()
            self.plan.replaced = self._replaced()

    def _failed_indexes(self) -> list[int]:
        held = set(indexes.parse(self.status.get("failedIndexes"), self.completions or 0))
        for pod in self.new_failed:
            index, verdict = indexes.of_pod(pod), policies.judge(self.policy, pod)
            worn = verdict.counts and indexes.counter(pod) >= (self.per_index or 0)
            if index is not None and (verdict.action == "FailIndex" or worn):
                held.add(index)
        return sorted(held - set(self.done))

    # ---- how it ends

    def run(self) -> Plan:
        """The whole look."""
        plan = self.plan
        plan.end = self._end()
        if plan.end is not None:
            self._stop()
        elif not is_terminating(self.job):
            self._manage()
            if plan.end is None:
                plan.end = self._complete()
        elif self._is_complete():
            plan.end = self._complete()
        self._track()
        return plan

    def _condition(self, type_: str) -> Obj | None:
        return next((each for each in self.status.get("conditions") or () if each["type"] == type_ and each["status"] == "True"), None)

    def _end(self) -> End | None:
        """Rule X13, X15: an end that was decided before stands."""
        for type_ in ("SuccessCriteriaMet", "FailureTarget"):
            decided = self._condition(type_)
            if decided is not None:
                return End(type_, decided["reason"], decided["message"])
        failure = self._failure()
        if failure is not None:
            return End("FailureTarget", *failure)
        if self.indexed:
            met = policies.success(self.spec.get("successPolicy"), self.done, self.completions or 0)
            if met:
                return End("SuccessCriteriaMet", "SuccessPolicy", met)
        return None

    def _failure(self) -> tuple[str, str] | None:
        message = next(
            (each.message for pod in self.pods if phase_of(pod) == "Failed" and (each := policies.judge(self.policy, pod)).message), ""
        )
        if message:
            return "PodFailurePolicy", message
        limit = self.spec.get("backoffLimit", 6)
        if self.failed > limit or self._restarts_too_often(limit):
            return TOO_MANY
        if self._is_late():
            return LATE
        most = self.spec.get("maxFailedIndexes")
        if most is not None and self.plan.failed_indexes is not None and len(self.plan.failed_indexes) > most:
            return TOO_MANY_INDEXES
        if self.plan.failed_indexes and len(self.plan.failed_indexes) + self.succeeded >= (self.completions or 0):
            return INDEXES
        return None

    def _restarts_too_often(self, limit: int) -> bool:
        """With OnFailure the restarts of running Pods count."""
        if self.spec.get("template", {}).get("spec", {}).get("restartPolicy") != "OnFailure":
            return False
        pods = [each for each in self.pods if phase_of(each) in ("Running", "Pending")]
        total: int = sum(_all_restarts(each) for each in pods)
        return total >= max(limit, 1)

    def _is_late(self) -> bool:
        seconds, started = self.spec.get("activeDeadlineSeconds"), self.status.get("startTime")
        if seconds is None or not started or self.suspended:
            return False
        left = instant(started) + seconds * 1000 - self.now
        if left > 0:
            self._wait(left)
        return bool(left <= 0)

    def _wait(self, ms: int) -> None:
        self.plan.wait_ms = ms if self.plan.wait_ms is None else min(ms, self.plan.wait_ms)

    def _stop(self) -> None:
        """The end is decided: no Pod stays."""
        plan = self.plan
        plan.delete = list(self.active)
        plan.active, plan.ready = 0, 0
        plan.terminating += len(self.active)

    # ---- how it goes on

    def _manage(self) -> None:
        """Rule X11, X16: delete what is too much, or make what is missing, never both."""
        plan = self.plan
        if self.suspended:
            if not self._is_complete_without_pods():
                plan.suspend = True
            self._remove(self.active)
            return
        plan.suspend = False
        extra = self._for_removal(max(0, len(self.active) - self._wanted()))
        if extra:
            self._remove(extra)
            return
        missing = self._wanted() - len(self.active) - (plan.terminating if self.waits else 0)
        if missing > 0:
            self._add(missing)

    def _remove(self, pods: list[Obj]) -> None:
        plan = self.plan
        plan.delete = list(pods)
        plan.active -= len(pods)
        plan.ready -= sum(map(is_ready, pods))
        plan.terminating += len(pods)

    def _wanted(self) -> int:
        if self.completions is None:
            return len(self.active) if self.succeeded > 0 else self.parallelism
        wanted: int = max(0, min(self.completions - self.succeeded, self.parallelism))
        return wanted

    def _for_removal(self, count: int) -> list[Obj]:
        """Of an indexed Job first those whose index another one has, or nobody wants."""
        found, left = self._superfluous() if self.indexed else ([], self.active)
        return found + first_to_go(left)[: max(0, count - len(found))]

    def _superfluous(self) -> tuple[list[Obj], list[Obj]]:
        """Those to go, and of each index the one that stays."""
        by_index: dict[int, list[Obj]] = {}
        for pod in self.active:
            by_index.setdefault(_index(pod), []).append(pod)
        gone: list[Obj] = by_index.pop(-1, [])
        left: list[Obj] = []
        for index in sorted(by_index):
            pods = first_to_go(by_index[index])
            stays = len(pods) - 1 if index < (self.completions or 0) else len(pods)
            gone, left = gone + pods[:stays], left + pods[stays:]
        return gone, left

    def _add(self, missing: int) -> None:
        plan = self.plan
        if self.per_index is None:
            left = backoff.remaining(plan.failures, plan.last_failure, self.now)
            if left > 0:
                self._wait(left)
                return
        plan.create = list(self._free(missing)) if self.indexed else [None] * missing
        plan.active += len(plan.create)

    def _free(self, missing: int) -> list[int]:
        """The lowest indexes that have no Pod and are not done; with a limit per index those of them whose own back-off is over."""
        taken = {*self.done, *(self.plan.failed_indexes or ()), *(indexes.of_pod(each) for each in self.active)}
        if self.waits:
            taken |= {indexes.of_pod(each) for each in self.pods if is_terminating(each) and not is_finished(each)}
        free = [each for each in range(self.completions or 0) if each not in taken][:missing]
        if self.per_index is None:
            return free
        left = {index: self._left_of(index) for index in free}
        ready = [index for index in free if left[index] == 0]
        if free and not ready:
            self._wait(min(left.values()))
        return ready

    def _left_of(self, index: int) -> int:
        last = self.plan.replaced.get(index)
        if last is None:
            return 0
        return backoff.remaining(indexes.absolute(last) + 1, backoff.finished_at(last), self.now)

    def _is_complete(self) -> bool:
        if self.completions is None:
            return self.succeeded > 0 and self.plan.active == 0
        return self.succeeded >= self.completions and self.plan.active == 0

    def _is_complete_without_pods(self) -> bool:
        return self.completions is not None and self.succeeded >= self.completions

    def _complete(self) -> End | None:
        if not self._is_complete():
            return None
        return End("SuccessCriteriaMet", *REACHED)

    # ---- counting

    def _track(self) -> None:
        """Which Pods are counted now, and as what; their finalizer goes."""
        plan, known = self.plan, {*(self.uncounted.get("succeeded") or ()), *(self.uncounted.get("failed") or ())}
        failing = plan.end is not None and plan.end.type == "FailureTarget"
        for pod in self.pods:
            lost = self.is_failed(pod)
            if not self._tracked(pod) or not (plan.end is not None or phase_of(pod) == "Succeeded" or lost or is_terminating(self.job)):
                continue
            if plan.end is None and phase_of(pod) != "Succeeded" and not is_terminating(self.job) and plan.replaced.get(_index(pod)) is pod:
                continue
            plan.counted.append(pod)
            if pod["metadata"]["uid"] in known or not self._valid(pod):
                continue
            if phase_of(pod) == "Succeeded":
                plan.succeeded.append(pod)
            elif (lost or failing) and policies.judge(self.policy, pod).counts:
                plan.failed.append(pod)

    def _replaced(self) -> dict[int, Obj]:
        """With a limit per index the last failed Pod of an index stays until it is replaced: it holds the count."""
        settled = {*self.done, *(self.plan.failed_indexes or ()), *(indexes.of_pod(each) for each in self.active)}
        found: dict[int, Obj] = {}
        for pod in self.pods:
            index = _index(pod)
            if not self._tracked(pod) or not self._valid(pod) or not self.is_failed(pod) or index in settled:
                continue
            last = found.get(index)
            if last is None or (indexes.absolute(last) <= indexes.absolute(pod) and backoff.finished_at(last) <= backoff.finished_at(pod)):
                found[index] = pod
        return found


def _index(pod: Obj) -> int:
    index = indexes.of_pod(pod)
    return -1 if index is None else index


def _all_restarts(pod: Obj) -> int:
    status = status_of(pod)
    return sum(
        int(each.get("restartCount", 0)) for name in ("initContainerStatuses", "containerStatuses") for each in status.get(name) or ()
    )
