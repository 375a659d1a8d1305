"""Volumes: what is put into each before the Pod's containers are made, and why that may fail.

Upstream: pkg/volume (emptydir, hostpath, configmap, secret, downwardapi, projected, local), pkg/kubelet/volumemanager. Left out: remote volumes.
"""

from __future__ import annotations

import posixpath
from contextlib import suppress

from podlab.sim.api.quantities import whole
from podlab.sim.changes import Obj
from podlab.sim.kubelet import events
from podlab.sim.kubelet.claims import ClaimError, claim_of, directory_of
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.fields import field_value, resource_value
from podlab.sim.kubelet.sources import ConfigError, Data, config_map, secret
from podlab.sim.kubelet.specs import Spec, container_named, inits, regular, sidecars
from podlab.sim.kubelet.state import Worker
from podlab.sim.linux.files import HostFiles

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIDBTCCAe2gAwIBAgIIPodlab==\n-----END CERTIFICATE-----\n"
CREATES = ("DirectoryOrCreate", "FileOrCreate")


class MountError(Exception):
    """A volume that cannot be mounted: its name and why; `set_up`: its own set-up failed, not that of its claim."""

    def __init__(self, volume: str, why: str, *, set_up: bool = True) -> None:
        super().__init__(events.set_up_failed(volume, why) if set_up else events.not_processed(volume, why))
        self.volume = volume


class Volumes:
    """The volumes of all Pods."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def mount(self, worker: Worker) -> None:
        """Set up all volumes of a Pod; MountError for the first that cannot be."""
        pod = self.core.pod(worker)
        used = {mount["name"] for each in (*inits(pod["spec"]), *regular(pod["spec"])) for mount in each.get("volumeMounts") or ()}
        for volume in pod["spec"].get("volumes") or ():
            if volume["name"] in used:
                self._set_up(worker, pod, volume)

    def refresh(self, worker: Worker) -> None:
        """Bring the contents of configMap, secret and projected volumes up to date; what is gone meanwhile stays as it was."""
        pod = self.core.pod(worker)
        for volume in pod["spec"].get("volumes") or ():
            if {"configMap", "secret", "projected", "downwardAPI"} & set(volume):
                try:
                    self._set_up(worker, pod, volume)
                except MountError:
                    continue

    def name_of(self, worker: Worker, volume: Obj) -> str:
        """The name under which the node's kernel knows a volume."""
        if "hostPath" in volume:
            return f"node/{worker.node}:{volume['hostPath']['path']}"
        if "persistentVolumeClaim" in volume or "ephemeral" in volume:
            return f"node/{worker.node}:{directory_of(self.core.world, self.core.pod(worker), volume)['path']}"
        return f"volume/{worker.uid}/{volume['name']}"

    def size_of(self, worker: Worker, volume: Obj) -> int:
        """The bytes that fit into a volume in memory: its limit, at most what the Pod's containers or the node may have; 0: of any other."""
        empty = volume.get("emptyDir") or {}
        if empty.get("medium") != "Memory":
            return 0
        node = self.core.node_object(worker.node) or {}
        spec = self.core.pod(worker)["spec"]
        limits = [whole(((each.get("resources") or {}).get("limits") or {}).get("memory", 0)) for each in (*regular(spec), *sidecars(spec))]
        bounds = [
            whole(((node.get("status") or {}).get("allocatable") or {}).get("memory", 0)),
            whole(empty.get("sizeLimit") or 0),
            sum(limits) if all(limits) else 0,
        ]
        return min((each for each in bounds if each), default=0)

    def make_sub_path(self, worker: Worker, volume: Obj, sub_path: str) -> None:
        """Make a directory of what a `subPath` names where nothing is yet; not in volumes whose contents are written for the Pod."""
        host, _, folder = self.name_of(worker, volume).partition(":")
        if folder:
            with suppress(FileExistsError):
                self.core.linux.files(host).mkdir(posixpath.join(folder, sub_path), parents=True)
        elif "emptyDir" in volume:
            store = self.core.linux.volume_store(host)
            if store.get(sub_path) is None and not store.is_dir(sub_path):
                store.put(f"{sub_path}/", "")

    def drop(self, worker: Worker, pod: Obj) -> None:
        """Forget the Pod's own volumes."""
        for volume in pod["spec"].get("volumes") or ():
            if not {"hostPath", "persistentVolumeClaim", "ephemeral"} & set(volume):
                self.core.linux.drop_volume(self.name_of(worker, volume))

    def _set_up(self, worker: Worker, pod: Obj, volume: Obj) -> None:
        try:
            name = self.name_of(worker, volume)
            if "hostPath" in volume:
                self._host_path(worker, volume["hostPath"])
            elif claim_of(pod, volume):
                self._host_path(worker, directory_of(self.core.world, pod, volume))
            elif "emptyDir" in volume:
                if name not in self.core.linux.state.volumes:
                    self.core.linux.set_volume(name, {})
            else:
                self.core.linux.set_volume(name, self._contents(worker, pod, volume))
        except ClaimError as error:
            raise MountError(volume["name"], str(error), set_up=False) from error
        except ConfigError as error:
            raise MountError(volume["name"], str(error)) from error

    def _contents(self, worker: Worker, pod: Obj, volume: Obj) -> Data:
        if "configMap" in volume:
            return self._configured(pod, volume["configMap"], "ConfigMap")
        if "secret" in volume:
            return self._configured(pod, {**volume["secret"], "name": volume["secret"]["secretName"]}, "Secret")
        if "downwardAPI" in volume:
            return self._downward(worker, pod, volume["downwardAPI"].get("items") or [])
        if "projected" in volume:
            out: Data = {}
            for source in volume["projected"].get("sources") or ():
                out |= self._projected(worker, pod, source)
            return out
        kind = next((key for key in volume if key != "name"), "")
        raise ConfigError(f"not supported in this lab: volumes of type {kind}")

    def _projected(self, worker: Worker, pod: Obj, source: Obj) -> Data:
        if "configMap" in source:
            if (
                source["configMap"]["name"] == "kube-root-ca.crt"
                and self.core.world.api.find("configmaps", "kube-root-ca.crt", pod["metadata"]["namespace"]) is None
            ):
                return {"ca.crt": CERTIFICATE}
            return self._configured(pod, source["configMap"], "ConfigMap")
        if "secret" in source:
            return self._configured(pod, source["secret"], "Secret")
        if "downwardAPI" in source:
            return self._downward(worker, pod, source["downwardAPI"].get("items") or [])
        if "serviceAccountToken" in source:
            account = pod["spec"].get("serviceAccountName", "default")
            return {source["serviceAccountToken"]["path"]: f"podlab.{pod['metadata']['namespace']}.{account}.{worker.uid}"}
        raise ConfigError(f"not supported in this lab: projected {next(iter(source), '')}")

    def _configured(self, pod: Obj, reference: Obj, kind: str) -> Data:
        find = config_map if kind == "ConfigMap" else secret
        data = find(self.core.world, pod["metadata"]["namespace"], reference["name"], optional=bool(reference.get("optional")))
        if data is None or not reference.get("items"):
            return data or {}
        out: Data = {}
        for item in reference["items"]:
            if item["key"] in data:
                out[item["path"]] = data[item["key"]]
            elif not reference.get("optional"):
                raise ConfigError(f"references non-existent {'config' if kind == 'ConfigMap' else 'secret'} key: {item['key']}")
        return out

    def _downward(self, worker: Worker, pod: Obj, items: list[Obj]) -> Data:
        node = self.core.node_object(worker.node)
        out: Data = {}
        for item in items:
            if "fieldRef" in item:
                out[item["path"]] = field_value(pod, item["fieldRef"]["fieldPath"], {"hostIP": self.core.host_ip(worker.node)})
            else:
                container: Spec = container_named(pod["spec"], item["resourceFieldRef"].get("containerName", "")) or {"name": ""}
                out[item["path"]] = resource_value(pod, container, item["resourceFieldRef"], node)
        return out

    def _host_path(self, worker: Worker, host_path: Obj) -> None:
        path, kind = host_path["path"], host_path.get("type") or ""
        files = self.core.linux.files(f"node/{worker.node}")
        is_dir, is_file = files.is_dir(path), files.is_file(path)
        if kind in CREATES and not is_dir and not is_file:
            self._create(files, path, directory=kind == "DirectoryOrCreate")
        elif kind.startswith("Directory") and not is_dir:
            raise ConfigError(f"hostPath type check failed: {path} is not a directory")
        elif kind.startswith("File") and not is_file:
            raise ConfigError(f"hostPath type check failed: {path} is not a file")
        elif kind in ("Socket", "CharDevice", "BlockDevice"):
            what = {"Socket": "socket file", "CharDevice": "character device", "BlockDevice": "block device"}[kind]
            raise ConfigError(f"hostPath type check failed: {path} is not a {what}")
        elif not kind and not is_dir and not is_file:
            self._create(files, path, directory=True)

    def _create(self, files: HostFiles, path: str, *, directory: bool) -> None:
        """Make what is not there; of a file not its directory."""
        try:
            if directory:
                files.mkdir(path, parents=True)
            else:
                files.write(path, "")
        except OSError as error:
            why = (error.strerror or "").lower()
            raise ConfigError(f"{'mkdir' if directory else 'open'} {path}: {why}") from error
