"""VolumeBinding: a Pod's claims must exist, and their volumes be reachable from the node.

Upstream: pkg/scheduler/framework/plugins/volumebinding. Left out: storage capacity of CSI drivers; binding itself is the volume controller's.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct, field

from podlab.sim.api import labels, quantities
from podlab.sim.changes import Obj
from podlab.sim.scheduler.framework import SKIP, Code, CycleState, Event, Plugin, Status
from podlab.sim.scheduler.node_affinity import selector_matches
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo

BOUND = "pv.kubernetes.io/bind-completed"
NO_PROVISIONER = "kubernetes.io/no-provisioner"
NOT_FOUND = "node(s) didn't find available persistent volumes to bind"
CONFLICT = "node(s) didn't match PersistentVolume's node affinity"
VOLUME_GONE = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"
IMMEDIATE = "pod has unbound immediate PersistentVolumeClaims"
_KINDS = ("PersistentVolumeClaim", "PersistentVolume", "StorageClass")


class Claims(Struct):
    """The Pod's claims: with a volume, and waiting for the first consumer."""

    bound: list[Obj] = field(default_factory=list)
    waiting: list[Obj] = field(default_factory=list)


class VolumeBinding(Plugin):
    """Rule F12."""

    name = "VolumeBinding"
    events = (
        *((Event(kind, action), "") for kind in _KINDS for action in ("Add", "Update")),
        (Event("Node", "Add"), ""),
        (Event("Node", "UpdateNodeLabel"), ""),
    )

    def pre_filter(self, state: CycleState, pod: PodInfo) -> tuple[Status | None, frozenset[str] | None]:
        """Skip without claims; refuse everywhere when one is missing, or unbound and Immediate."""
        names = list(claim_names(pod))
        if not names:
            return SKIP, None
        found = []
        for name in names:
            claim = self.handle.find("persistentvolumeclaims", pod.namespace, name)
            wrong = _unusable(name, claim)
            if wrong or claim is None:
                return Status(Code.UNRESOLVABLE, (wrong,)), None
            found.append(claim)
        claims = Claims()
        for claim in found:
            if claim["spec"].get("volumeName") and BOUND in (claim["metadata"].get("annotations") or {}):
                claims.bound.append(claim)
            elif self._waits(claim) and not claim["spec"].get("volumeName"):
                claims.waiting.append(claim)
            else:
                return Status(Code.UNRESOLVABLE, (IMMEDIATE,)), None
        state[self.name] = claims
        return None, None

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Bound volumes must be reachable, waiting claims find one or a provisioner."""
        claims: Claims = state[self.name]
        volumes = [self.handle.find("persistentvolumes", "", each["spec"]["volumeName"]) for each in claims.bound]
        if None in volumes:
            return Status(Code.UNRESOLVABLE, (VOLUME_GONE,))
        reasons = [] if all(each is not None and _reachable(each, node) for each in volumes) else [CONFLICT]
        if not self._all_find(claims.waiting, node):
            reasons.append(NOT_FOUND)
        return Status(Code.UNRESOLVABLE, tuple(reasons)) if reasons else None

    def add_pod(self, state: CycleState, pod: PodInfo, other: PodInfo, node: NodeInfo, sign: int) -> None:
        """Other Pods do not matter."""

    def _class(self, claim: Obj) -> Obj:
        return self.handle.find("storageclasses", "", claim["spec"].get("storageClassName") or "") or {}

    def _waits(self, claim: Obj) -> bool:
        return bool(self._class(claim).get("volumeBindingMode") == "WaitForFirstConsumer")

    def _all_find(self, claims: list[Obj], node: NodeInfo) -> bool:
        taken: set[str] = set()
        for claim in sorted(claims, key=_size):
            volume = self.smallest(claim, node, taken)
            if volume is not None:
                taken.add(volume["metadata"]["name"])
            elif not _provisions(self._class(claim), node):
                return False
        return True

    def smallest(self, claim: Obj, node: NodeInfo, taken: set[str]) -> Obj | None:
        """The smallest free volume that suits a claim and is reachable from the node, beside those taken."""
        fitting = (
            each
            for each in self.handle.lister("persistentvolumes", "")
            if each["metadata"]["name"] not in taken and _suits(each, claim) and _reachable(each, node)
        )
        return min(
            fitting, key=lambda each: (quantities.parse(each["spec"]["capacity"]["storage"]), each["metadata"]["name"]), default=None
        )


def claim_names(pod: PodInfo) -> Iterator[str]:
    """The claims that a Pod's volumes name; a generic ephemeral volume's is `<pod>-<volume>`."""
    for volume in pod.spec.get("volumes") or ():
        if volume.get("persistentVolumeClaim"):
            yield volume["persistentVolumeClaim"]["claimName"]
        elif volume.get("ephemeral"):
            yield f"{pod.name}-{volume['name']}"


def _unusable(name: str, claim: Obj | None) -> str:
    if claim is None:
        return f'persistentvolumeclaim "{name}" not found'
    if (claim.get("status") or {}).get("phase") == "Lost":
        return f'persistentvolumeclaim "{name}" bound to non-existent persistentvolume "{claim["spec"].get("volumeName", "")}"'
    if claim["metadata"].get("deletionTimestamp"):
        return f'persistentvolumeclaim "{name}" is being deleted'
    return ""


def _reachable(volume: Obj, node: NodeInfo) -> bool:
    required = (volume["spec"].get("nodeAffinity") or {}).get("required")
    return required is None or selector_matches(required, node.node)


def _suits(volume: Obj, claim: Obj) -> bool:
    spec, wanted = volume["spec"], claim["spec"]
    reserved = spec.get("claimRef")
    if reserved:
        return bool(reserved.get("name") == claim["metadata"]["name"] and reserved.get("namespace") == claim["metadata"].get("namespace"))
    free = (volume.get("status") or {}).get("phase", "Available") == "Available"
    modes = set(wanted.get("accessModes") or ()) <= set(spec.get("accessModes") or ())
    selected = "selector" not in wanted or labels.matches(wanted["selector"], volume["metadata"].get("labels") or {})
    same = spec.get("storageClassName", "") == wanted.get("storageClassName", "")
    return free and modes and selected and same and quantities.parse((spec.get("capacity") or {}).get("storage", "0")) >= _size(claim)


def _size(claim: Obj) -> Fraction:
    return quantities.parse(((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0"))


def _provisions(storage: Obj, node: NodeInfo) -> bool:
    if storage.get("provisioner", NO_PROVISIONER) == NO_PROVISIONER:
        return False
    terms = storage.get("allowedTopologies") or ()
    return not terms or any(
        all(node.labels.get(each["key"]) in each["values"] for each in term.get("matchLabelExpressions") or ()) for term in terms
    )
