"""Vectors of the node controllers: health, taints, taint eviction, Pod collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.controllers import node_health, pod_gc, taint_eviction
from podlab.sim.controllers.base import ControllersState
from podlab.sim.controllers.pods import instant, is_finished
from podlab.sim.world import World
from tests.sim import rig

Case = dict[str, Any]
_UNITS = {"h": 3_600_000, "m": 60_000, "s": 1_000}


def same(expected: object, actual: object) -> None:
    """Fail with both sides."""
    assert expected == actual, f"expected {expected!r}, got {actual!r}"


def ms(text: str) -> int:
    """A Go duration in milliseconds."""
    total, number = 0.0, ""
    for letter in text:
        if letter in _UNITS:
            total, number = total + float(number) * _UNITS[letter], ""
        else:
            number += letter
    return round(total)


def _stamp(at: int) -> str:
    world = rig.world()
    return world.stamp(at - world.state.zero_ms)


def health(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    node: Obj = {
        "metadata": {"name": "n", "creationTimestamp": given["node"]["creationTimestamp"]},
        "status": {"conditions": given["node"]["conditions"]},
    }
    grace, startup = ms(given["gracePeriod"]), ms(given["startupGracePeriod"])
    now = instant(given["firstCheck"])
    seen = node_health.observe(None, node, given.get("leaseRenewTimeFirst") or "", now)
    status = node_health.lost(node, seen, now, grace, startup, _stamp(now))
    was_ready = _is_ready(node)
    if "secondCheckAfter" in given:
        now += ms(given["secondCheckAfter"])
        if "conditionsAtSecondCheck" in given:
            node = {**node, "status": {"conditions": given["conditionsAtSecondCheck"]}}
        was_ready = _is_ready(node)
        seen = node_health.observe(seen, node, given.get("leaseRenewTimeSecond") or "", now)
        status = node_health.lost(node, seen, now, grace, startup, _stamp(now))
    same(expect["nodeStatusWritten"], status is not None)
    same(expect["podsMarkedNotReady"], status is not None and was_ready)
    if "conditions" in expect and status is not None:
        same(sorted(expect["conditions"], key=str), sorted(status["conditions"], key=str))


def _is_ready(node: Obj) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in node["status"]["conditions"])


def condition_taints(case: Case) -> None:
    node = {
        "metadata": {},
        "spec": {"unschedulable": case["given"]["node"].get("unschedulable")},
        "status": {"conditions": case["given"]["node"]["conditions"]},
    }
    same(sorted(case["expect"]["taints"], key=str), sorted(node_health.condition_taints(node), key=str))


def minimum(case: Case) -> None:
    got = taint_eviction.shortest(case["given"]["tolerations"])
    wanted = case["expect"]["duration"]
    same(-1 if wanted.startswith("-") else ms(wanted) // 1000, got)


class Eviction:
    """A world in which only taint eviction runs; objects are put into it as they are given."""

    def __init__(self, tainted: dict[str, list[Obj]] | None = None) -> None:
        self.world = rig.world()
        taint_eviction.TaintEviction(self.world, ControllersState())
        for name, taints in (tainted or {}).items():
            self.put("nodes", {"metadata": {"name": name}, "spec": {"taints": taints}})

    def put(self, resource: str, obj: Obj) -> None:
        """As it is, with what an API server would add."""
        meta = {"uid": f"uid-{obj['metadata']['name']}", "creationTimestamp": self.world.stamp(), **obj["metadata"]}
        spec = {"terminationGracePeriodSeconds": 30, "containers": []} if resource == "pods" else {}
        self.world.api.store.put(resource, {**obj, "metadata": meta, "spec": {**spec, **(obj.get("spec") or {})}}, None)

    def seen(self, expect: Case) -> None:
        """Whether some Pod was deleted, and whether it says why."""
        pods = self.world.api.list("pods")
        marked = [
            each for each in pods if any(one["type"] == "DisruptionTarget" for one in (each.get("status") or {}).get("conditions") or ())
        ]
        deleted = [each for each in pods if "deletionTimestamp" in each["metadata"]]
        same(expect, {"deleted": bool(deleted), "disruptionTargetSet": bool(marked)})


def _run(world: World, wait: int) -> None:
    rig.run(world, wait)


def evict_pod(case: Case) -> None:
    given = case["given"]
    tried = Eviction(given["taintedNodes"])
    tried.put("pods", given["pod"])
    _run(tried.world, 100)
    tried.seen(case["expect"])


def evict_update(case: Case) -> None:
    given = case["given"]
    tried = Eviction(given["taintedNodes"])
    tried.put("pods", given["old"])
    _run(tried.world, 20)
    tried.put("pods", given["new"])
    _run(tried.world, 1_500)
    tried.seen(case["expect"])


def evict_node(case: Case) -> None:
    given = case["given"]
    tried = Eviction()
    for pod in given["pods"]:
        tried.put("pods", pod)
    tried.put("nodes", given["node"])
    _run(tried.world, 100)
    tried.seen(case["expect"])


def evict_node_update(case: Case) -> None:
    given = case["given"]
    tried = Eviction()
    for resource, objects in (("nodes", [given["old"]]), ("pods", given["pods"])):
        for each in objects:
            tried.put(resource, each)
    _run(tried.world, 20)
    tried.put("nodes", given["new"])
    _run(tried.world, max(ms(given["observeAfter"]), 1_500 if case["expect"]["deleted"] else 100))
    tried.seen(case["expect"])


def evict_multi(case: Case) -> None:
    given = case["given"]
    tried = Eviction()
    for resource, objects in (("nodes", [given["old"]]), ("pods", given["pods"])):
        for each in objects:
            tried.put(resource, each)
    _run(tried.world, 20)
    tried.put("nodes", given["new"])
    begun = tried.world.now
    gone: list[str] = []
    for step in case["expect"]["deletions"]:
        tried.world.kernel.run_until(begun + ms(step["after"]) + 200)
        now = sorted(each["metadata"]["name"] for each in tried.world.api.list("pods") if "deletionTimestamp" in each["metadata"])
        same(sorted(step["pods"]), [each for each in now if each not in gone])
        gone = now


def _gc_pod(each: Obj) -> Obj:
    meta = {key: each[key] for key in ("name", "deletionTimestamp", "creationTimestamp") if key in each}
    spec = {"nodeName": each["nodeName"]} if each.get("nodeName") else {}
    return {"metadata": meta, "spec": spec, "status": {"phase": each.get("phase", ""), "reason": each.get("reason", "")}}


def _names(pods: list[Obj]) -> list[str]:
    return sorted(each["metadata"]["name"] for each in pods)


def gc_terminated(case: Case) -> None:
    given = case["given"]
    pods = [_gc_pod({"creationTimestamp": f"2020-01-01T{hour:02}:00:00Z", **each}) for hour, each in enumerate(given["pods"])]
    got = pod_gc.surplus(pods, given["threshold"]) if given["threshold"] > 0 else []
    same(sorted(case["expect"]["deleted"]), _names(got))


def gc_orphaned(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    known = {*given["nodesKnown"], *(given.get("nodesAddedLater") or ())} - {*(given.get("nodesDeletedLater") or ())}
    pods = [{**each, "spec": each.get("spec") or {}} for each in given["pods"]]
    at_first = {each["spec"]["nodeName"] for each in pods if each["spec"].get("nodeName")} - {*given["nodesKnown"]}
    over = {each for each in at_first if each not in known and each not in given["nodesInApi"]} if ms(given["delay"]) >= 40_000 else set()
    got = pod_gc.orphaned(pods, over)
    same(sorted(expect["deleted"]), _names(got))
    same(sorted(expect["markedFailed"]), _names([each for each in got if not is_finished(each)]))


def gc_marked(case: Case, got: list[Obj]) -> None:
    same(sorted(case["expect"]["deleted"]), _names(got))
    same(sorted(case["expect"]["markedFailed"]), _names([each for each in got if not is_finished(each)]))


def gc_terminating(case: Case) -> None:
    nodes = {
        each["name"]: {
            "metadata": {},
            "spec": {"taints": each.get("taints")},
            "status": {"conditions": [{"type": "Ready", "status": each["readyCondition"]}]},
        }
        for each in case["given"]["nodes"]
    }
    gc_marked(case, pod_gc.out_of_service([_gc_pod(each) for each in case["given"]["pods"]], nodes))


def gc_unscheduled(case: Case) -> None:
    gc_marked(case, pod_gc.unscheduled([_gc_pod(each) for each in case["given"]["pods"]]))


AREAS: dict[str, Callable[[Case], None]] = {
    "node-health": health,
    "node-condition-taints": condition_taints,
    "taintevict-min": minimum,
    "taintevict-pod": evict_pod,
    "taintevict-update": evict_update,
    "taintevict-node": evict_node,
    "taintevict-node-update": evict_node_update,
    "taintevict-multi": evict_multi,
    "podgc-terminated": gc_terminated,
    "podgc-orphaned": gc_orphaned,
    "podgc-terminating": gc_terminating,
    "podgc-unscheduled": gc_unscheduled,
}
