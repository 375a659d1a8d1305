"""The Pod that `logs`, `exec`, `attach` and `port-forward` mean, and its container.

Upstream: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/attachablepodforobject.go, cmd/util/podcmd/podcmd.go. Left out: nothing.
"""

from __future__ import annotations

from itertools import chain

from podlab.sim.api.labels import matches
from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_DEFAULT = "kubectl.kubernetes.io/default-container"


def selector_of(obj: Obj, what: str) -> Obj:
    """The selector of the Pods that an object stands for; Failure: `what` cannot be done with it."""
    spec = obj.get("spec") or {}
    if obj["kind"] in ("Service", "ReplicationController"):
        return {"matchLabels": spec.get("selector") or {}}
    if obj["kind"] in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"):
        return dict(spec.get("selector") or {})
    group = obj["apiVersion"].rpartition("/")[2]
    raise Failure(f"{what} *{group}.{obj['kind']}: selector for *{group}.{obj['kind']} not implemented")


def pods_of(inv: Invocation, obj: Obj, what: str) -> list[Obj]:
    """Those Pods, the most useful first: with a node, running, ready, ready for longer."""
    selector = selector_of(obj, what)
    held = inv.client.list(RESOURCES["pods"], obj["metadata"].get("namespace", ""))
    return sorted((each for each in held if matches(selector, each["metadata"].get("labels") or {})), key=_order)


def _order(pod: Obj) -> tuple[bool, int, bool, str]:
    status = pod.get("status") or {}
    phase = {"Running": 0, "Unknown": 1, "Pending": 2}.get(status.get("phase", ""), 3)
    ready = next((each for each in status.get("conditions") or [] if each["type"] == "Ready" and each["status"] == "True"), None)
    return (not pod["spec"].get("nodeName"), phase, ready is None, (ready or {}).get("lastTransitionTime") or "")


def all_containers(pod: Obj) -> list[str]:
    """`one, side, init (init), peek (ephem)`."""
    spec = pod["spec"]
    names = [each["name"] for each in spec.get("containers") or []]
    names += [f"{each['name']} (init)" for each in spec.get("initContainers") or []]
    return names + [f"{each['name']} (ephem)" for each in spec.get("ephemeralContainers") or []]


def container(inv: Invocation, pod: Obj, name: str, *, init: bool, quiet: bool = False) -> str:
    """The container of that name, or the default one (which is said if there are several); Failure. `init`: init containers count."""
    spec = pod["spec"]
    every = [each["name"] for key in ("containers", "initContainers", "ephemeralContainers") for each in spec.get(key) or []]
    shown = ", ".join(all_containers(pod) if init or spec.get("initContainers") or spec.get("ephemeralContainers") else every)
    if name:
        if name not in every:
            raise Failure(f"container {name} is not valid for pod {pod['metadata']['name']} out of: {shown}")
        return name
    annotated = (pod["metadata"].get("annotations") or {}).get(_DEFAULT)
    if annotated in every:
        return str(annotated)
    first = str(spec["containers"][0]["name"])
    if len(every) > 1 and not quiet:
        inv.err(f'Defaulted container "{first}" out of: {shown}\n')
    return first


def spec_of(pod: Obj, name: str) -> Obj:
    """What the manifest says of a container of any sort that it has."""
    lists = (pod["spec"].get(key) or [] for key in ("containers", "initContainers", "ephemeralContainers"))
    return next(dict(each) for each in chain.from_iterable(lists) if each["name"] == name)


def status_of(pod: Obj, name: str) -> Obj | None:
    """The status of a container of any sort."""
    status = pod.get("status") or {}
    for key in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for each in status.get(key) or []:
            if each["name"] == name:
                return dict(each)
    return None
