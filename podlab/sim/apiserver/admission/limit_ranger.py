"""LimitRanger: default requests and limits of a namespace, and what Pods may ask for at least and at most.

Upstream: plugin/pkg/admission/limitranger/admission.go. Left out: PersistentVolumeClaims (no claims are served).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from podlab.sim.api import quantities
from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

NOTE = "kubernetes.io/limit-ranger"
GROUPS = (("containers", "container"), ("initContainers", "init container"))


def admit(api: ApiServer, pod: Obj) -> None:
    """Fill in what is missing (in place), then refuse what is out of bounds."""
    ranges = list(api.store.all("limitranges", pod["metadata"].get("namespace", "")))
    for each in ranges:
        merge(pod, each["spec"]["limits"])
    for each in ranges:
        wrong = errors(pod, each["spec"]["limits"])
        if wrong:
            raise answers.forbidden("pods", pod["metadata"].get("name", ""), aggregated(wrong))


def aggregated(texts: list[str]) -> str:
    """One text alone, several in brackets, each once."""
    texts = list(dict.fromkeys(texts))
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def merge(pod: Obj, limits: list[Obj]) -> None:
    """Rule R4: the defaults of type Container; an annotation tells of them."""
    requests, most = _defaults(limits, "defaultRequest"), _defaults(limits, "default")
    told: list[str] = []
    for group, word in GROUPS:
        for container in pod["spec"].get(group) or ():
            resources = container.setdefault("resources", {})
            for kind, given in (("request", requests), ("limit", most)):
                missing = [name for name in sorted(given) if name not in (resources.get(f"{kind}s") or {})]
                if missing:
                    resources[f"{kind}s"] = {**(resources.get(f"{kind}s") or {}), **{name: given[name] for name in missing}}
                    told.append(f"{', '.join(missing)} {kind} for {word} {container['name']}")
    if told:
        meta = pod["metadata"]
        meta["annotations"] = {**(meta.get("annotations") or {}), NOTE: f"LimitRanger plugin set: {'; '.join(told)}"}


def _defaults(limits: list[Obj], key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in limits:
        if each["type"] == "Container":
            found |= each.get(key) or {}
    return found


def errors(pod: Obj, limits: list[Obj]) -> list[str]:
    """Rule R5."""
    found: list[str] = []
    for limit in limits:
        if limit["type"] == "Container":
            for group, _ in GROUPS:
                for container in pod["spec"].get(group) or ():
                    resources = container.get("resources") or {}
                    found += _bounds(limit, resources.get("requests") or {}, resources.get("limits") or {})
        elif limit["type"] == "Pod":
            found += _bounds(limit, _total(pod, "requests"), _total(pod, "limits"))
    return found


def _total(pod: Obj, kind: str) -> dict[str, str]:
    """Containers and sidecars added up, or the largest init container (with the sidecars before it)."""
    spec = pod["spec"]
    parts = [(each.get("resources") or {}).get(kind) or {} for each in spec.get("containers") or ()]
    names = dict.fromkeys(
        name for group, _ in GROUPS for each in spec.get(group) or () for name in (each.get("resources") or {}).get(kind) or {}
    )
    totals: dict[str, str] = {}
    for name in names:
        running = sum((quantities.parse(part.get(name, "0")) for part in parts), quantities.parse("0"))
        sidecars, largest = quantities.parse("0"), quantities.parse("0")
        for each in spec.get("initContainers") or ():
            own = quantities.parse(((each.get("resources") or {}).get(kind) or {}).get(name, "0"))
            if each.get("restartPolicy") == "Always":
                sidecars += own
            largest = max(largest, sidecars if each.get("restartPolicy") == "Always" else sidecars + own)
        totals[name] = quantities.render(max(running + sidecars, largest), "decimal" if name == "cpu" else "binary")
    whole = (spec.get("resources") or {}).get(kind) or {}
    return totals | {name: value for name, value in whole.items() if name in ("cpu", "memory") or name.startswith("hugepages-")}


def _bounds(limit: Obj, requests: dict[str, str], limits: dict[str, str]) -> Iterator[str]:
    type_ = limit["type"]
    for name in sorted(limit.get("min") or {}):
        yield from _least(name, type_, limit["min"][name], requests.get(name), limits.get(name))
    for name in sorted(limit.get("max") or {}):
        yield from _most(name, type_, limit["max"][name], requests.get(name), limits.get(name))
    for name in sorted(limit.get("maxLimitRequestRatio") or {}):
        yield from _ratio(name, type_, limit["maxLimitRequestRatio"][name], requests.get(name), limits.get(name))


def _shown(quantity: str) -> str:
    return quantities.canonical(str(quantity))


def _least(name: str, type_: str, bound: str, request: str | None, limit: str | None) -> Iterator[str]:
    head, value = f"minimum {name} usage per {type_} is {_shown(bound)}", quantities.parse(bound)
    if request is None:
        yield f"{head}.  No request is specified"
    elif quantities.parse(request) < value:
        yield f"{head}, but request is {_shown(request)}"
    elif limit is not None and quantities.parse(limit) < value:
        yield f"{head}, but limit is {_shown(limit)}"


def _most(name: str, type_: str, bound: str, request: str | None, limit: str | None) -> Iterator[str]:
    head, value = f"maximum {name} usage per {type_} is {_shown(bound)}", quantities.parse(bound)
    if limit is None:
        yield f"{head}.  No limit is specified"
    elif quantities.parse(limit) > value:
        yield f"{head}, but limit is {_shown(limit)}"
    elif request is not None and quantities.parse(request) > value:
        yield f"{head}, but request is {_shown(request)}"


def _ratio(name: str, type_: str, bound: str, request: str | None, limit: str | None) -> Iterator[str]:
    head = f"{name} max limit to request ratio per {type_} is {_shown(bound)}"
    if request is None or not quantities.parse(request):
        yield f"{head}, but no request is specified or request is 0"
    elif limit is None or not quantities.parse(limit):
        yield f"{head}, but no limit is specified or limit is 0"
    elif quantities.parse(limit) / quantities.parse(request) > quantities.parse(bound):
        yield f"{head}, but provided ratio is {float(quantities.parse(limit) / quantities.parse(request)):f}"
