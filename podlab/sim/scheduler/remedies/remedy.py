"""A remedy, and the commands that several of them give.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.scheduler.node_info import PodInfo

Args = dict[str, str | int]
HOSTNAME = "kubernetes.io/hostname"
MANY = 3


class Remedy(Struct, omit_defaults=True):
    """`code` names the sentence, `args` its numbers; `command`: a line for the terminal, where one would do."""

    code: str
    args: Args = field(default_factory=dict)
    command: str = ""


def space(namespace: str) -> str:
    """The flag for a namespace that is not the current one."""
    return "" if namespace == "default" else f" -n {namespace}"


def deployment_of(pod: PodInfo) -> str:
    """The Deployment whose ReplicaSet made the Pod; "": none."""
    hash_ = pod.labels.get("pod-template-hash", "")
    made_by = owner(pod)
    ours = made_by.get("kind") == "ReplicaSet" and hash_ and str(made_by["name"]).endswith(f"-{hash_}")
    return str(made_by["name"]).removesuffix(f"-{hash_}") if ours else ""


def owner(pod: PodInfo) -> Obj:
    """The reference to the controller that made the Pod; empty: none."""
    return next(iter(pod.pod["metadata"].get("ownerReferences") or ()), {})


def be_gone(pods: Sequence[PodInfo]) -> str:
    """The line after which none of these is there: nobody's own Pods are deleted, those of one Deployment are scaled away; "" where no single line does it."""
    if not pods or len({each.namespace for each in pods}) > 1 or pods[0].namespace == "kube-system":
        return ""
    if not any(map(owner, pods)) and len(pods) <= MANY:
        return f"kubectl delete pod {' '.join(each.name for each in pods)}{space(pods[0].namespace)}"
    makers = {deployment_of(each) for each in pods}
    return f"kubectl scale deployment {makers.pop()} --replicas=0{space(pods[0].namespace)}" if len(makers) == 1 and all(makers) else ""


def listed(pods: Iterable[PodInfo], namespace: str) -> str:
    """Their names, with the namespace where it is another one; of many the first and how many more."""
    names = sorted(each.name if each.namespace == namespace else each.key for each in pods)
    return ", ".join(names[:MANY]) + (f" +{len(names) - MANY}" if len(names) > MANY else "")


def labelled(node: str, wanted: dict[str, str | None], held: Obj) -> str:
    """The line that gives a node these labels (None: takes one away); "" where one of them is the node's name."""
    if HOSTNAME in wanted or not wanted:
        return ""
    changes = [f"{key}-" if value is None else f"{key}={value}" for key, value in wanted.items()]
    over = " --overwrite" if any(key in held and value is not None for key, value in wanted.items()) else ""
    return f"kubectl label node {node} {' '.join(changes)}{over}"
