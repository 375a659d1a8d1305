"""Static Pods: manifests in a directory of the node, shown to the API server by mirrors.

Timers: `kubelet.manifests <node>` (the directory has changed), `kubelet.mirror <pod uid>` (a mirror must go, or be made).

Upstream: pkg/kubelet/config/file.go, pkg/kubelet/pod/mirror_client.go. Left out: manifests from a URL.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import yaml

from podlab.sim.changes import Cause, Obj, ObjectChange
from podlab.sim.errors import StatusError
from podlab.sim.kubelet.core import MIRROR, Core
from podlab.sim.kubelet.state import Worker
from podlab.sim.kubelet.status_manager import StatusManager

DIRECTORY = "/etc/kubernetes/manifests"
SOURCE = "kubernetes.io/config.source"
Terminate = Callable[[Worker, int | None], None]


class StaticPods:
    """The static Pods of all kubelets. `terminate(worker, grace)` ends one."""

    def __init__(self, core: Core, statuses: StatusManager, terminate: Terminate) -> None:
        self.core = core
        self.statuses = statuses
        self._terminate = terminate
        core.world.kernel.handle("kubelet.manifests", self.read)
        core.world.kernel.handle("kubelet.mirror", self._mirror)
        core.linux.on_touch(self._touched)

    def _touched(self, host: str) -> None:
        if host.startswith("node/"):
            self.core.world.kernel.sooner(self.core.now + self.core.timing("admit"), "kubelet.manifests", host.removeprefix("node/"))

    def of_node(self, node: str) -> dict[str, Worker]:
        """The static Pods of a node, by the hash of their manifests."""
        return {each.static: each for each in self.core.state.workers.values() if each.node == node and each.static}

    # Manifests.

    def read(self, node: str) -> None:
        """Bring the static Pods in line with the directory."""
        if self.core.node(node).down:
            return
        wanted, held = self._manifests(node), self.of_node(node)
        for hash_, worker in held.items():
            if hash_ not in wanted and worker.from_file and worker.stage == "syncing":
                self._terminate(worker, None)
        for hash_, manifest in wanted.items():
            if hash_ not in held:
                self._add(node, hash_, manifest)

    def _manifests(self, node: str) -> dict[str, Obj]:
        files = self.core.linux.files(f"node/{node}")
        if not files.is_dir(DIRECTORY):
            return {}
        out: dict[str, Obj] = {}
        for name in sorted(files.list(DIRECTORY)):
            if name.endswith((".yaml", ".yml", ".json")):
                text = files.read(f"{DIRECTORY}/{name}")
                manifest = _parsed(text)
                if manifest is not None:
                    out[blake2b(text.encode(), digest_size=16).hexdigest()] = manifest
        return out

    def _add(self, node: str, hash_: str, manifest: Obj) -> None:
        meta = manifest["metadata"]
        notes = {
            **(meta.get("annotations") or {}),
            "kubernetes.io/config.hash": hash_,
            "kubernetes.io/config.seen": self.core.world.stamp(),
            SOURCE: "file",
        }
        made: Obj = {**meta, "name": f"{meta['name']}-{node}", "namespace": meta.get("namespace") or "default", "annotations": notes}
        tolerations = [*(manifest["spec"].get("tolerations") or ()), {"operator": "Exists", "effect": "NoExecute"}]
        pod: Obj = {"metadata": made, "spec": {**manifest["spec"], "nodeName": node, "tolerations": tolerations}}
        mirror = self._make_mirror(node, hash_, pod)
        if mirror is not None:
            self.adopt(node, hash_, mirror, from_file=True)

    def _make_mirror(self, node: str, hash_: str, pod: Obj) -> Obj | None:
        found = self.core.node_object(node)
        owner = {
            "apiVersion": "v1",
            "kind": "Node",
            "name": node,
            "uid": (found or {"metadata": {"uid": ""}})["metadata"]["uid"],
            "controller": True,
        }
        kept = {key: value for key, value in pod["metadata"].items() if key in ("name", "namespace", "labels", "annotations")}
        meta = {**kept, "annotations": {**(kept.get("annotations") or {}), MIRROR: hash_}, "ownerReferences": [owner]}
        try:
            return self.core.world.api.create(
                "pods",
                {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": pod["spec"]},
                by=f"kubelet/{node}",
                cause=Cause("TD-8", {}),
            )
        except StatusError:
            return self.core.world.api.find("pods", meta["name"], meta["namespace"])

    def adopt(self, node: str, hash_: str, mirror: Obj, *, from_file: bool) -> None:
        """Run a static Pod whose mirror is there."""
        meta = {key: value for key, value in mirror["metadata"].items() if key in ("name", "namespace", "labels", "annotations")}
        worker = Worker(hash_, node, meta["namespace"], meta["name"], pod={"metadata": {**meta, "uid": hash_}, "spec": mirror["spec"]})
        worker.static, worker.from_file = hash_, from_file
        self.core.state.workers[hash_] = worker
        self.core.world.kernel.after(self.core.timing("admit"), "kubelet.notice", hash_)

    # Mirrors.

    def mirror_changed(self, change: ObjectChange, node: str) -> None:
        """A mirror was made by somebody else, or deleted."""
        hash_ = change.new["metadata"]["annotations"][MIRROR]
        worker = self.core.state.workers.get(hash_)
        if worker is None and change.type == "ADDED" and SOURCE in change.new["metadata"]["annotations"]:
            self.core.world.kernel.after(0, "kubelet.mirror", hash_)
            self.core.node(node).mirrors[hash_] = f"{change.namespace}/{change.name}"
        if worker is not None and change.type == "DELETED" and worker.status is None:
            worker.status = (change.old or change.new).get("status")
        if worker is not None and (change.type == "DELETED" or "deletionTimestamp" in change.new["metadata"]):
            self.core.world.kernel.after(self.core.timing("admit"), "kubelet.mirror", hash_)

    def _mirror(self, hash_: str) -> None:
        worker = self.core.state.workers.get(hash_)
        if worker is None:
            self._adopt_found(hash_)
            return
        stored = self.core.stored(worker)
        if stored is not None and "deletionTimestamp" in stored["metadata"]:
            self.core.world.api.delete("pods", worker.name, worker.namespace, by=f"kubelet/{worker.node}", grace=0)
        elif stored is None and worker.stage == "syncing" and worker.pod is not None:
            self._make_mirror(worker.node, hash_, worker.pod)
            self.statuses.flush(worker)

    def _adopt_found(self, hash_: str) -> None:
        for node, state in self.core.state.nodes.items():
            key = state.mirrors.pop(hash_, "")
            namespace, _, name = key.partition("/")
            mirror = self.core.world.api.find("pods", name, namespace) if key else None
            if mirror is not None:
                self.adopt(node, hash_, mirror, from_file=False)
                return


def _parsed(text: str) -> Obj | None:
    """A Pod's manifest, or None when the text is none (the kubelet logs it and goes on)."""
    try:
        manifest: Any = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    good = (
        isinstance(manifest, dict)
        and manifest.get("kind") == "Pod"
        and isinstance(manifest.get("spec"), dict)
        and (manifest.get("metadata") or {}).get("name")
    )
    return manifest if good else None
