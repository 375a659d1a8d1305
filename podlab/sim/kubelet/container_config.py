"""What the kubelet asks containerd for: command, environment, mounts, namespaces of a container.

Upstream: pkg/kubelet/kuberuntime (generateContainerConfig), pkg/kubelet/kubelet_pods.go (GenerateRunContainerOptions). Left out: devices, seccomp.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.quantities import milli, whole
from podlab.sim.changes import Obj
from podlab.sim.containerd.catalogue import look_up
from podlab.sim.containerd.names import normalise
from podlab.sim.containerd.types import ContainerConfig, Sandbox
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.env import Env, expand, make
from podlab.sim.kubelet.hosts import host_files
from podlab.sim.kubelet.namespaces import for_pod
from podlab.sim.kubelet.oom import oom_score_adj
from podlab.sim.kubelet.sources import ConfigError
from podlab.sim.kubelet.specs import Spec, hash_container, pod_name
from podlab.sim.kubelet.state import Worker
from podlab.sim.kubelet.volumes import Volumes
from podlab.sim.linux.types import Mount

__all__ = ["ConfigError", "ContainerConfigs"]


class ContainerConfigs:
    """Makes configurations; ConfigError when something that a container refers to is not there."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.volumes = Volumes(core)

    def make(self, worker: Worker, spec: Spec, sandbox: Sandbox, restarts: int) -> ContainerConfig:
        """The configuration of the next instance of a container."""
        pod = self.core.pod(worker)
        self._check_user(pod, spec)
        node = self.core.node_object(worker.node)
        host_ip = self.core.host_ip(worker.node)
        env = make(self.core.world, pod, spec, node, {"podIP": sandbox.address or host_ip, "hostIP": host_ip})
        config = ContainerConfig(
            spec["name"],
            spec["image"],
            restarts,
            hash_container(spec),
            _expanded(spec.get("command"), env),
            _expanded(spec.get("args"), env),
            env,
        )
        config.cwd = spec.get("workingDir") or ""
        config.console = bool(spec.get("stdin") and spec.get("tty"))
        config.mounts = self._mounts(worker, pod, spec, env)
        config.files = host_files(pod, sandbox)
        spaces, places = for_pod(pod["spec"]), {"NODE": f"node/{worker.node}", "POD": sandbox.id, "CONTAINER": ""}
        config.pid_namespace = places[spaces["pid"]]
        config.user_namespace = sandbox.id if spaces["user"] == "POD" else ""
        limits = (spec.get("resources") or {}).get("limits") or {}
        config.pids_limit = self.core.config(worker.node).pids
        config.memory_limit, config.cpu_limit = whole(limits.get("memory", 0)), milli(limits.get("cpu", 0))
        config.oom_score_adj = oom_score_adj(pod, spec, whole(((node or {}).get("status") or {}).get("capacity", {}).get("memory", 0)))
        return config

    def _check_user(self, pod: Obj, spec: Spec) -> None:
        """runAsNonRoot."""
        context = (pod["spec"].get("securityContext") or {}) | (spec.get("securityContext") or {})
        if not context.get("runAsNonRoot"):
            return
        where = f'(pod: "{pod_name(pod)}", container: {spec["name"]})'
        user = context.get("runAsUser")
        if user is not None:
            if user == 0:
                raise ConfigError(f"container's runAsUser breaks non-root policy {where}")
            return
        found = look_up(self.core.containerd.state, normalise(spec["image"]))
        name = found.image.user if found else ""
        if name in ("", "0", "root"):
            raise ConfigError(f"container has runAsNonRoot and image will run as root {where}")
        if not name.isdigit():
            raise ConfigError(f"container has runAsNonRoot and image has non-numeric user ({name}), cannot verify user is non-root {where}")

    def _mounts(self, worker: Worker, pod: Obj, spec: Spec, env: Env) -> list[Mount]:
        by_name: dict[str, Any] = {each["name"]: each for each in pod["spec"].get("volumes") or ()}
        out = []
        for mount in spec.get("volumeMounts") or ():
            volume = by_name.get(mount["name"])
            if volume is None:
                raise ConfigError(f'cannot find volume "{mount["name"]}" to mount into container "{spec["name"]}"')
            sub_path = (mount.get("subPath") or expand(mount.get("subPathExpr") or "", env)).strip("/")
            if sub_path:
                self.volumes.make_sub_path(worker, volume, sub_path)
            where, size = self.volumes.name_of(worker, volume), self.volumes.size_of(worker, volume)
            out.append(Mount(mount["mountPath"], where, bool(mount.get("readOnly")), sub_path, size))
        return out


def _expanded(words: list[str] | None, env: Env) -> list[str] | None:
    return None if not words else [expand(each, env) for each in words]
