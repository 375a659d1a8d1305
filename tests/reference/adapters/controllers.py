"""Vectors of the controllers: `AREAS` maps an area to what checks one case of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.controllers.deployment import numbers
from podlab.sim.controllers.deployment import status as deployment_status
from podlab.sim.controllers.deployment.controller import old_pods_run
from podlab.sim.controllers.deployment.sets import Sets
from podlab.sim.controllers.endpoints import shares
from podlab.sim.controllers.endpoints_of import endpoint_of
from podlab.sim.controllers.endpointslice import arranged
from podlab.sim.controllers.pods import goes_first, instant, to_delete
from podlab.sim.controllers.replicaset import slow_start
from podlab.sim.errors import StatusError
from podlab.sim.network.topology import Backend, categories
from tests.reference.adapters import admissions, crons, daemons, jobs, nodes

Case = dict[str, Any]


def same(expected: object, actual: object) -> None:
    """Fail with both sides."""
    assert expected == actual, f"expected {expected!r}, got {actual!r}"


def _pod(pod: Obj) -> Obj:
    return {**pod, "spec": pod.get("spec") or {}}


def delete_pair(case: Case) -> None:
    given = case["given"]
    lesser, greater = given["lesser"], given["greater"]
    got = goes_first(_pod(lesser["pod"]), lesser["rank"], _pod(greater["pod"]), greater["rank"], instant(given["now"]))
    same(case["expect"]["lesserFirst"], got)


def rs_delete(case: Case) -> None:
    given = case["given"]
    got = to_delete([_pod(each) for each in given["pods"]], [_pod(each) for each in given["related"]], given["delete"], 0)
    same(case["expect"]["delete"], [each["metadata"]["name"] for each in got])


def slowstart(case: Case) -> None:
    given = case["given"]
    calls = 0

    def call() -> None:
        nonlocal calls
        calls += 1
        if calls > given["callLimit"]:
            raise StatusError("InternalError", "the limit")

    with suppress(StatusError):
        slow_start(given["count"], call)
    same(case["expect"], {"calls": calls, "successes": min(calls, given["callLimit"])})


def fenceposts(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    try:
        surge, unavailable = numbers.fenceposts(given.get("maxSurge"), given.get("maxUnavailable"), given["replicas"])
    except ValueError:
        same(expect, {"error": True})
        return
    same(expect, {"maxSurge": surge, "maxUnavailable": unavailable})


def _deployment(replicas: int, kind: str = "RollingUpdate", surge: int | str = 0, unavailable: int | str = 0, **more: Any) -> Obj:
    strategy: Obj = {"type": kind}
    if kind == "RollingUpdate":
        strategy["rollingUpdate"] = {"maxSurge": surge, "maxUnavailable": unavailable}
    return {"metadata": {"name": "d"}, "spec": {"replicas": replicas, "strategy": strategy, **more}, "status": {}}


def _set(name: str, replicas: int, available: int = 0, created: str = "", annotations: Obj | None = None) -> Obj:
    meta = {"name": name, "uid": name, "creationTimestamp": created, "annotations": annotations or {}}
    return {
        "metadata": meta,
        "spec": {"replicas": replicas, "template": {}},
        "status": {"availableReplicas": available, "replicas": replicas},
    }


def newrs(case: Case) -> None:
    given = case["given"]
    deployment = _deployment(given["replicas"], given["strategy"], given["maxSurge"], 1)
    same(case["expect"]["newReplicas"], numbers.new_size(deployment, given["podsOfAllReplicaSets"], given["newReplicas"]))


def limit(name: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        given = case["given"]
        deployment = {"spec": {"replicas": given.get("replicas", 1), "strategy": given["strategy"]}}
        got = numbers.max_unavailable(deployment) if name == "maxUnavailable" else numbers.min_available(deployment)
        same(case["expect"][name], got)

    return check


def scale_up(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    deployment = _deployment(given["replicas"], surge=given["maxSurge"])
    sizes = Sets(deployment, _set("new", given["newReplicas"]), [_set("old", given["oldReplicas"])]).grown()
    scaled = "new" in sizes and sizes["new"] != given["newReplicas"]
    same(expect, {"scaled": scaled} | ({"newReplicas": sizes["new"]} if scaled else {}))


def scale_down(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    deployment = _deployment(given["replicas"], unavailable=given["maxUnavailable"])
    old, new = _set("old", given["oldReplicas"], given["readyOld"]), _set("new", given["newReplicas"], given["readyNew"])
    most = numbers.to_remove(deployment, [old, new], new)
    size = numbers.replicas_of(old)
    if most > 0:
        size = numbers.cleanup([old], most).get("old", size)
        old = {**old, "spec": {**old["spec"], "replicas": size}}
        size = numbers.shrink(deployment, [old, new], [old]).get("old", size)
    scaled = size != given["oldReplicas"]
    same(expect, {"scaled": scaled} | ({"oldReplicas": size} if scaled else {}))


def clean(case: Case) -> None:
    given = case["given"]
    sizes = numbers.cleanup([_set("old", given["oldReplicas"], given["readyPods"])], given["maxCleanup"])
    same(case["expect"]["cleaned"], given["oldReplicas"] - sizes.get("old", given["oldReplicas"]))


def scale(case: Case) -> None:
    given = case["given"]
    deployment = _deployment(given["replicasNow"], surge=given["maxSurge"], unavailable=given["maxUnavailable"])
    deployment["status"] = {"replicas": given["replicasBefore"]}
    before = _deployment(given["replicasBefore"], surge=given["maxSurge"], unavailable=given["maxUnavailable"])
    noted = given.get("desiredReplicasAnnotations") or {}

    def made(each: Obj) -> Obj:
        most = numbers.max_surge(before) + given["replicasBefore"]
        desired = noted.get(each["name"], given["replicasBefore"]) if isinstance(noted, dict) else given["replicasBefore"]
        annotations = {numbers.DESIRED: str(desired), numbers.MAXIMUM: str(most)}
        if isinstance(noted, dict) and each["name"] in noted:
            annotations[numbers.MAXIMUM] = str(noted[each["name"]] + numbers.max_surge(before))
        return _set(each["name"], each["replicas"], 0, each.get("created", ""), annotations)

    new = made(given["newReplicaSet"]) if given.get("newReplicaSet") else None
    sets = Sets(deployment, new, numbers.by_age([made(each) for each in given["oldReplicaSets"]]))
    sizes = sets.scaled()
    same(
        case["expect"]["replicas"],
        {each["metadata"]["name"]: sizes.get(each["metadata"]["name"], numbers.replicas_of(each)) for each in sets.every},
    )


def oldpods(case: Case) -> None:
    given = case["given"]
    pods: list[Obj] = [{"metadata": {}, "status": {"phase": each}} for each in given["oldPods"]]
    same(case["expect"]["oldPodsRunning"], old_pods_run(sum(given["oldReplicas"]), pods))


def complete(case: Case) -> None:
    given = case["given"]
    deployment = {"metadata": {}, "spec": {"replicas": given["replicas"], "strategy": given["strategy"]}}
    same(case["expect"]["complete"], numbers.is_complete(deployment, given["status"]))


def timeout(case: Case) -> None:
    given = case["given"]
    spec = {"progressDeadlineSeconds": given["progressDeadlineSeconds"]} if "progressDeadlineSeconds" in given else {}
    got = deployment_status.timed_out({"spec": spec}, {"conditions": given["conditions"]}, instant(given["now"]))
    same(case["expect"]["timedOut"], got)


def endpoint(case: Case) -> None:
    given = case["given"]
    service = {**given["service"], "spec": {"publishNotReadyAddresses": given["publishNotReadyAddresses"]}}
    got = endpoint_of(given["pod"], service, given.get("node"))
    got["targetRef"] = {key: value for key, value in got["targetRef"].items() if value or key in (case["expect"].get("targetRef") or {})}
    same(case["expect"], got)


def truncated(case: Case) -> None:
    ready, waiting = shares(case["given"]["ready"], case["given"]["notReady"])
    same(case["expect"], {"ready": ready, "notReady": waiting})


def slice_sizes(case: Case) -> None:
    given = case["given"]
    wanted: list[Obj] = [{"addresses": [str(number)], "targetRef": {"name": str(number)}} for number in range(given["endpoints"])]
    got = [len(each) for each in arranged([], wanted, given["maxEndpointsPerSlice"])]
    same(sorted(case["expect"]["sliceLengths"]), sorted(got))


def proxy(case: Case) -> None:
    given = case["given"]
    backends = [Backend(**each) for each in given["endpoints"]]
    local = {key: given[f"{key}TrafficPolicy"] == "Local" for key in ("internal", "external")}
    got = categories(backends, internal_local=local["internal"], external=given["external"], external_local=local["external"])
    found = {"cluster": got.cluster, "local": got.local, "all": got.every}
    expect = {key: value for key, value in case["expect"].items() if key != "all" or value is not None}
    same(
        {key: value and sorted(value) for key, value in expect.items()},
        {key: value and sorted(value) for key, value in found.items() if key in expect},
    )


AREAS: dict[str, Callable[[Case], None]] = {
    "rs-delete-pair": delete_pair,
    "rs-delete": rs_delete,
    "rs-slowstart": slowstart,
    "deploy-fenceposts": fenceposts,
    "deploy-newrs": newrs,
    "deploy-maxunavailable": limit("maxUnavailable"),
    "deploy-minavailable": limit("minAvailable"),
    "deploy-scale-up": scale_up,
    "deploy-scale-down": scale_down,
    "deploy-cleanup": clean,
    "deploy-scale": scale,
    "deploy-oldpods": oldpods,
    "deploy-complete": complete,
    "deploy-progressing": lambda case: same(
        case["expect"]["progressing"], numbers.is_progressing(case["given"]["before"], case["given"]["after"])
    ),
    "deploy-timeout": timeout,
    "endpoint": endpoint,
    "endpoints-truncate": truncated,
    "slice-sizes": slice_sizes,
    "proxy-endpoints": proxy,
    **nodes.AREAS,
    **admissions.AREAS,
    **jobs.AREAS,
    **crons.AREAS,
    **daemons.AREAS,
}
