"""RuntimeClass: a Pod's class must be there; what it costs and where it runs goes into the Pod.

Upstream: plugin/pkg/admission/runtimeclass/admission.go. Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


def admit(api: ApiServer, pod: Obj) -> None:
    """Refuse a class that is not there; take over overhead, node selector and tolerations of one that is."""
    spec, pod_name = pod["spec"], pod["metadata"].get("name", "")
    name = spec.get("runtimeClassName", "")
    class_ = api.find("runtimeclasses", name) if name else None
    if name and class_ is None:
        raise answers.forbidden("pods", pod_name, f'pod rejected: RuntimeClass "{name}" not found')
    overhead = ((class_ or {}).get("overhead") or {}).get("podFixed")
    if spec.get("overhead") and spec["overhead"] != overhead:
        missing = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
        other = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"
        raise answers.forbidden("pods", pod_name, other if overhead else missing)
    if overhead:
        spec["overhead"] = dict(overhead)
    if class_ is not None:
        _place(pod_name, spec, class_.get("scheduling") or {})


def _place(pod_name: str, spec: Obj, scheduling: Obj) -> None:
    wanted, held = scheduling.get("nodeSelector") or {}, spec.get("nodeSelector") or {}
    for key, value in wanted.items():
        if held.get(key, value) != value:
            why = f"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {held[key]}"
            raise answers.forbidden("pods", pod_name, why)
    if wanted:
        spec["nodeSelector"] = {**held, **wanted}
    more = [each for each in scheduling.get("tolerations") or () if each not in (spec.get("tolerations") or ())]
    if more:
        spec["tolerations"] = [*(spec.get("tolerations") or ()), *more]
