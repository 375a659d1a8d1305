"""Priority: the number and the policy behind the name of a priority class.

Upstream: plugin/pkg/admission/priority/admission.go. Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

SYSTEM = {"system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000}
PREEMPT = "PreemptLowerPriority"


def admit(api: ApiServer, pod: Obj) -> None:
    """Resolve the class (or the default one); the Pod may not say otherwise."""
    spec, name = pod["spec"], pod["metadata"].get("name", "")
    value, policy = _class_of(api, spec, name)
    if spec.get("priority", value) != value:
        why = f"the integer value of priority ({spec['priority']}) must not be provided in pod spec; priority admission controller computed {value} from the given PriorityClass name"
        raise answers.forbidden("pods", name, why)
    spec["priority"] = value
    if spec.get("preemptionPolicy", policy) != policy:
        given = spec["preemptionPolicy"]
        why = f"the string value of PreemptionPolicy ({given}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name"
        raise answers.forbidden("pods", name, why)
    spec["preemptionPolicy"] = policy


def classes(api: ApiServer) -> None:
    """Make the system's own classes, as the API server does when it starts."""
    for name, value in SYSTEM.items():
        told = "Used for system critical pods that must not be moved from their current node."
        if name == "system-cluster-critical":
            told = "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."
        class_: Obj = {"metadata": {"name": name}, "value": value, "description": told}
        api.create("priorityclasses", class_, by="kube-apiserver")


def check_class(api: ApiServer, class_: Obj) -> None:
    """There is one default class at most."""
    others = (each["metadata"]["name"] for each in api.store.all("priorityclasses") if each.get("globalDefault"))
    other = next(others, "")
    if class_.get("globalDefault") and other:
        name = class_["metadata"]["name"]
        raise answers.forbidden("priorityclasses", name, f"PriorityClass {other} is already marked as default. Only one default can exist")


def _class_of(api: ApiServer, spec: Obj, pod: str) -> tuple[int, str]:
    """Value and policy of the Pod's class."""
    name = spec.get("priorityClassName", "")
    if not name:
        return _default(api, spec)
    found = api.store.get("priorityclasses", "", name)
    if found is not None:
        return found.get("value", 0), found.get("preemptionPolicy", PREEMPT)
    if name not in SYSTEM:
        raise answers.forbidden("pods", pod, f"no PriorityClass with name {name} was found")
    return SYSTEM[name], PREEMPT


def _default(api: ApiServer, spec: Obj) -> tuple[int, str]:
    """The global default with the lowest value; without one 0."""
    found = [each for each in api.store.all("priorityclasses") if each.get("globalDefault")]
    if not found:
        return 0, PREEMPT
    lowest = min(found, key=lambda each: int(each.get("value", 0)))
    spec["priorityClassName"] = lowest["metadata"]["name"]
    return lowest.get("value", 0), lowest.get("preemptionPolicy", PREEMPT)
