"""The scheduler's picture of the cluster, changed with every change of a Pod or node instead of being made anew.

Upstream: pkg/scheduler/backend/cache. Left out: expiry of assumed Pods (a binding here always ends).
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo, Snapshot, interleaved, zone_of

FINISHED = ("Succeeded", "Failed")


class Cache:
    """`order`: node names in their order of arrival (saved state); Pods on nodes that are not known yet are kept aside."""

    def __init__(self, order: list[str]) -> None:
        self.snapshot = Snapshot()
        self._order = order
        self._nodes: dict[str, NodeInfo] = {}
        self._where: dict[str, str] = {}

    def set_node(self, node: Obj, old: Obj | None) -> None:
        """A node came or changed."""
        name = node["metadata"]["name"]
        info = self._nodes.setdefault(name, NodeInfo(None))
        images = info.images
        info.set_node(node)
        if name not in self._order:
            self._order.append(name)
        if name not in self.snapshot.by_name or (old is not None and zone_of(old) != zone_of(node)):
            self._arrange()
        elif images != info.images:
            self.snapshot.count_images()

    def remove_node(self, name: str) -> None:
        """A node went; its Pods are kept aside until they go."""
        self._order.remove(name)
        self._nodes[name].set_node(None)
        if not self._nodes[name].pods:
            del self._nodes[name]
        self._arrange()

    def set_pod(self, pod: Obj, node: str) -> None:
        """A Pod is on (or assumed on) a node, or changed there."""
        meta = pod["metadata"]
        key = f"{meta.get('namespace', '')}/{meta['name']}"
        held = self._where.get(key)
        like = self._nodes[held].pods[key] if held is not None else None
        if like is not None and like.pod is pod and held == node:
            return
        if held is not None:
            self._nodes[held].remove(key)
        same = like is not None and like.uid == meta.get("uid") and _same(like.pod, pod)
        self._nodes.setdefault(node, NodeInfo(None)).add(PodInfo(pod, like if same else None))
        self._where[key] = node

    def remove_pod(self, key: str) -> None:
        """A Pod left its node."""
        node = self._where.pop(key, None)
        if node is None:
            return
        info = self._nodes[node]
        info.remove(key)
        if not info.pods and not info.name:
            del self._nodes[node]

    def has(self, key: str) -> bool:
        """Whether the Pod is on a node."""
        return key in self._where

    def _arrange(self) -> None:
        """In place: plugins hold the snapshot."""
        known = [name for name in self._order if name in self._nodes]  # while a saved cluster is loaded, not yet all
        names = interleaved(known, {name: zone_of(self._nodes[name].node) for name in known})
        self.snapshot.nodes = [self._nodes[name] for name in names]
        self.snapshot.by_name = {each.name: each for each in self.snapshot.nodes}
        self.snapshot.count_images()


def _same(old: Obj, new: Obj) -> bool:
    """Whether what is parsed of a Pod has stayed: its spec and, during a resize, its status."""
    if old["spec"] is not new["spec"] and old["spec"] != new["spec"]:
        return False
    return not _resizing(old) and not _resizing(new)


def _resizing(pod: Obj) -> bool:
    return any(each["type"].startswith("PodResize") for each in (pod.get("status") or {}).get("conditions") or ())


def is_finished(pod: Obj) -> bool:
    """Rule C14: such a Pod takes no room."""
    return (pod.get("status") or {}).get("phase") in FINISHED
