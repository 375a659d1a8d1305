"""Vectors of defaulting, admission and eviction."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from podlab.sim.api.defaults import apply
from podlab.sim.api.qos import qos_class
from podlab.sim.apiserver.admission import default_toleration_seconds, limit_ranger, priority
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl.commands import taint
from podlab.sim.kubectl.errors import Failure
from tests.sim import rig

if TYPE_CHECKING:
    from podlab.sim.kubectl.invocation import Invocation

Case = dict[str, Any]


def same(expected: object, actual: object) -> None:
    """Fail with both sides."""
    assert expected == actual, f"expected {expected!r}, got {actual!r}"


def qos(case: Case) -> None:
    same(case["expect"]["qosClass"], qos_class(case["given"]["pod"].get("spec") or {}))


def defaults_requests(case: Case) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [], **copy.deepcopy(case["given"]["spec"])}}
    apply("Pod", pod)
    wanted = case["expect"]["spec"]
    same(_resources(wanted), _resources(pod["spec"]))


def _resources(spec: Obj) -> list[Any]:
    groups = [[(each.get("resources") or {}) for each in spec.get(name) or ()] for name in ("containers", "initContainers")]
    return [*groups, spec.get("resources") or {}]


def priority_admission(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    world = rig.world()
    for each in given["classes"]:
        world.api.store.put(
            "priorityclasses",
            {"metadata": {"name": each["name"], "uid": each["name"]}, **{key: value for key, value in each.items() if key != "name"}},
            None,
        )
    pod = {"metadata": {"name": "p", "namespace": "default"}, "spec": dict(given["pod"])}
    try:
        priority.admit(world.api, pod)
    except StatusError:
        same(expect, {"rejected": True})
        return
    same(expect, {key: pod["spec"][key] for key in expect if key in pod["spec"]})


def default_tolerations(case: Case) -> None:
    pod: Obj = {"spec": {"tolerations": [dict(each) for each in case["given"]["tolerations"]]}}
    default_toleration_seconds.admit(pod)
    same(case["expect"]["tolerations"], pod["spec"]["tolerations"])


def eviction(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    world = rig.world()
    for each in given["pdbs"]:
        meta = {"uid": each["metadata"]["name"], **each["metadata"]}
        world.api.store.put("poddisruptionbudgets", {**each, "metadata": meta}, None)
    meta = {"name": "p", "namespace": "default", "uid": "p", "labels": {"a": "true"}, "creationTimestamp": world.stamp()}
    if given.get("podTerminating"):
        meta |= {"deletionTimestamp": world.stamp(), "deletionGracePeriodSeconds": 0, "finalizers": ["example.com/x"]}
    status: Obj = {"phase": given["podPhase"]}
    if "ready" in given:
        status["conditions"] = [{"type": "Ready", "status": str(given["ready"])}]
    world.api.store.put("pods", {"metadata": meta, "spec": {"terminationGracePeriodSeconds": 0, "containers": []}, "status": status}, None)
    try:
        world.api.evict("default", "p", by="test", grace=0)
    except StatusError as error:
        told = [f"{error.message}: {error.reason}: {each['message']}" for each in (error.details or {}).get("causes") or ()]
        same(expect, {"deleted": False, "error": told[0] if told else error.message})
        return
    same(expect.get("error"), None)
    same(expect["deleted"], given.get("podTerminating", False) or world.api.find("pods", "p", "default") is None)


def limitrange(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    pod = copy.deepcopy(given["pod"])
    limit_ranger.merge(pod, given["limits"])
    wrong = limit_ranger.errors(pod, given["limits"])
    same(expect["allowed"], not wrong)
    if expect.get("message"):
        assert expect["message"] in limit_ranger.aggregated(wrong), (expect["message"], wrong)


class Usage:
    """All that the parser of taints asks of an invocation."""

    def usage(self, text: str) -> Failure:
        """A mistake on the command line."""
        return Failure(text)


def taint_parse(case: Case) -> None:
    expect = case["expect"]
    try:
        add, remove = taint._parse(cast("Invocation", Usage()), case["given"]["args"])
    except Failure:
        same(expect, {"error": True})
        return
    same(expect, {"add": add, "remove": remove})


AREAS: dict[str, Callable[[Case], None]] = {
    "qos": qos,
    "defaults-requests": defaults_requests,
    "priority-admission": priority_admission,
    "default-tolerations": default_tolerations,
    "eviction-api": eviction,
    "limitrange": limitrange,
    "taint-parse": taint_parse,
}
