"""PodResize: a bound Pod may not ask for more than its node has at all.

Upstream: plugin/pkg/admission/podresize/admission.go. Left out: nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from podlab.sim.api import quantities
from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


def check(api: ApiServer, pod: Obj) -> None:
    """MU-2: Forbidden beyond the node's allocatable."""
    name, node_name = pod["metadata"]["name"], pod["spec"].get("nodeName", "")
    if not node_name:
        return
    node = api.store.get("nodes", "", node_name)
    if node is None:
        raise answers.forbidden("pods", name, f'node "{node_name}" not found')
    allocatable = node.get("status", {}).get("allocatable", {})
    for resource in ("cpu", "memory"):
        asked = sum((_request(each, resource) for each in pod["spec"]["containers"]), Fraction(0))
        has = quantities.parse(allocatable.get(resource, "0"))
        if asked > has:
            scale = 1000 if resource == "cpu" else 1
            why = f"node didn't have enough allocatable resources: {resource}, requested: {int(asked * scale)}, allocatable: {int(has * scale)}"
            raise answers.forbidden("pods", name, why)


def _request(container: Obj, resource: str) -> Fraction:
    return quantities.parse(container.get("resources", {}).get("requests", {}).get(resource, "0"))
