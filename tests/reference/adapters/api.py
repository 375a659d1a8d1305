"""Vectors about the API: what may change of a Pod, which probes are valid, and the QoS class."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from podlab.sim.api import defaults
from podlab.sim.api.canonical import canonical
from podlab.sim.api.qos import qos_class
from podlab.sim.api.schema import type_of
from podlab.sim.api.validation import pod_update
from podlab.sim.api.validation.probes import validate_probe
from podlab.sim.kubelet.oom import oom_score_adj

Vector = dict[str, Any]
GRACE = 30


def validation(vector: Vector) -> None:
    """One vector of the area."""
    {"validateProbe": _probe, "validatePodUpdate": _update, "validateStateTransition": _transition}[vector["func"]](
        vector["given"], vector["expect"]
    )


def _probe(given: Vector, expect: Vector) -> None:
    defaulted = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3} | given["probe"]
    errors = [str(each) for each in validate_probe(f"{given['kind']}Probe", defaulted, GRACE, "probe")]
    assert expect["valid"] == (not errors), errors
    assert any(expect.get("messageContains", "") in each for each in errors) or not errors


def _pod(given: Vector, side: str) -> dict[str, Any]:
    """A valid Pod with one field as it was, or as it is to be."""
    container = {"name": "c", "image": "a:1"}
    spec: dict[str, Any] = {"containers": [container], "initContainers": [{"name": "i", "image": "a:1"}], "nodeName": "n1"}
    pod: dict[str, Any] = {"metadata": {"name": "p", "namespace": "d"}, "spec": spec}
    gated = given["field"] == "spec.schedulingGates"
    if gated:
        del spec["nodeName"]
    _set(pod, given["field"], given[side])
    schema = type_of("v1", "Pod")
    assert schema is not None
    made = canonical(schema, pod)
    defaults.apply("Pod", made)
    made["status"] = {"qosClass": qos_class(made["spec"])}
    return made


def _set(pod: dict[str, Any], field: str, value: Any) -> None:
    if field == "spec.containers":
        pod["spec"]["containers"] = [{"name": f"c{number}", "image": "a:1"} for number in range(value)]
        return
    target: Any = pod
    *parents, last = field.replace("[0]", ".0").split(".")
    for part in parents:
        target = target[int(part)] if isinstance(target, list) else target[part]
    if value is None:
        target.pop(last, None)
    else:
        target[last] = copy.deepcopy(value)


DOORS = {
    None: pod_update.validate_update,
    "resize": pod_update.validate_resize,
    "status": pod_update.validate_status,
    "ephemeralcontainers": pod_update.validate_ephemeral,
}


def _update(given: Vector, expect: Vector) -> None:
    old, new = _pod(given, "old"), _pod(given, "new")
    if given.get("note", "").startswith("pod was "):
        old["status"]["qosClass"] = given["note"].removeprefix("pod was ")
    errors = DOORS[given["subresource"]](new, old)
    assert expect["allowed"] == (not errors), [str(each) for each in errors]


def _transition(given: Vector, expect: Vector) -> None:
    old, new = ({"containerStatuses": [{"name": "c", "state": given[side]}]} for side in ("old", "new"))
    errors = pod_update.transitions(new, old, "containerStatuses", given["restartPolicy"])
    assert expect["allowed"] == (not errors), [str(each) for each in errors]


def qos(vector: Vector) -> None:
    """One vector of the area."""
    given, expect = vector["given"], vector["expect"]
    if vector["func"] == "qosClass":
        assert expect["qosClass"] == qos_class(given)
        return
    container = {"name": "c", "resources": given["container"]}
    spec: dict[str, Any] = {"containers": [container]}
    if "priority" in given:
        spec |= {"priority": given["priority"], "priorityClassName": "system-node-critical"}
    pod = {"metadata": {}, "spec": spec, "status": {"qosClass": qos_class(spec)}}
    assert expect["min"] <= oom_score_adj(pod, container, given["nodeMemoryBytes"]) <= expect["max"]


AREAS: dict[str, Callable[[Vector], None]] = {"validation": validation, "qos": qos}
