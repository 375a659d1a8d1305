"""The first ten minutes of a cluster: what kubeadm and the joining nodes do before the learner comes.

Upstream: cmd/kubeadm (init, join), pkg/kubelet/kubelet_node_status.go (the Node object). Left out: certificates, RBAC, bootstrap tokens.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.apiserver.admission import priority
from podlab.sim.changes import Obj
from podlab.sim.controllers.persistentvolume.provisioner import CLASS
from podlab.sim.kubelet.node_status import lease_of
from podlab.sim.presets import NodePreset, Preset
from podlab.sim.world import World

BORN_MS = -600_000
JOINED_MS = 20_000
VERSION = "v1.36.2"
NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
CONTROL_PLANE_LABEL = "node-role.kubernetes.io/control-plane"
STATIC = {
    "etcd": ("registry.k8s.io/etcd:3.6.6-0", ["etcd", "--data-dir=/var/lib/etcd"], {"cpu": "100m", "memory": "100Mi"}),
    "kube-apiserver": (f"registry.k8s.io/kube-apiserver:{VERSION}", ["kube-apiserver", "--secure-port=6443"], {"cpu": "250m"}),
    "kube-controller-manager": (f"registry.k8s.io/kube-controller-manager:{VERSION}", ["kube-controller-manager"], {"cpu": "200m"}),
    "kube-scheduler": (f"registry.k8s.io/kube-scheduler:{VERSION}", ["kube-scheduler"], {"cpu": "100m"}),
}


def namespaces(world: World) -> None:
    """The four namespaces that every cluster has, each with its account, and the system's priority classes: without them no Pod is admitted."""
    priority.classes(world.api)
    for name in NAMESPACES:
        world.api.create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, by="kubeadm")
        account: Obj = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": name}}
        world.api.create("serviceaccounts", account, by="controller/serviceaccount")


def services(world: World, *, dns: bool = True) -> None:
    """`kubernetes` and `kube-dns`, at the addresses that every kubeadm cluster gives them."""
    port = {"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}
    labels = {"component": "apiserver", "provider": "kubernetes"}
    world.api.create("services", _service("kubernetes", "default", labels, "10.96.0.1", None, [port]), by="kubeadm")
    if dns:
        ports = [_dns_port("dns", "UDP", 53), _dns_port("dns-tcp", "TCP", 53), _dns_port("metrics", "TCP", 9153)]
        named = {"k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}
        world.api.create("services", _service("kube-dns", "kube-system", named, "10.96.0.10", {"k8s-app": "kube-dns"}, ports), by="kubeadm")


def storage_class(world: World) -> None:
    """The class `standard`, as kind brings it."""
    world.api.create("storageclasses", CLASS, by="kubeadm")


def _dns_port(name: str, protocol: str, port: int) -> Obj:
    return {"name": name, "port": port, "protocol": protocol, "targetPort": port}


def _service(name: str, namespace: str, labels: dict[str, str], address: str, selector: dict[str, str] | None, ports: list[Obj]) -> Obj:
    spec: Obj = {"clusterIP": address, "clusterIPs": [address], "type": "ClusterIP", "ports": ports}
    if selector:
        spec["selector"] = selector
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace, "labels": labels}, "spec": spec}


def join(world: World, preset: Preset, name: str, number: int) -> None:
    """A node registers and is Ready at once; `number` gives its addresses (control plane: 0)."""
    own = preset.nodes.get(name, NodePreset())
    control_plane = name == preset.control_plane
    labels = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
    }
    if control_plane:
        labels |= {CONTROL_PLANE_LABEL: "", "node.kubernetes.io/exclude-from-external-load-balancers": ""}
    spec: Obj = {"podCIDR": f"10.244.{number}.0/24", "podCIDRs": [f"10.244.{number}.0/24"]}
    node: Obj = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels | own.labels}, "spec": spec}
    stored = world.api.create("nodes", node, by=f"kubelet/{name}")
    taints = [_taint(each) for each in own.taints]
    if control_plane:
        taints.insert(0, {"key": CONTROL_PLANE_LABEL, "effect": "NoSchedule"})
    ready = {key: value for key, value in stored["spec"].items() if key != "taints"}
    stored = world.api.update(
        "nodes", {**stored, "spec": {**ready, **({"taints": taints} if taints else {})}}, by="controller/node-lifecycle"
    )
    status = node_status(world, name, number, preset.capacity | own.capacity, preset.allocatable | own.allocatable)
    world.api.update("nodes", {**stored, "status": status}, by=f"kubelet/{name}", subresource="status")
    world.api.create("leases", lease_of(stored), by=f"kubelet/{name}")


def _taint(text: str) -> Obj:
    pair, _, effect = text.partition(":")
    key, _, value = pair.partition("=")
    return {"key": key, "value": value, "effect": effect} if value else {"key": key, "effect": effect}


def node_status(world: World, name: str, number: int, capacity: dict[str, str], allocatable: dict[str, str]) -> Obj:
    """What a healthy kubelet reports of its machine."""
    storage = {"ephemeral-storage": "243497856212", "hugepages-1Gi": "0", "hugepages-2Mi": "0"}
    conditions = [
        _condition(world, "MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        _condition(world, "DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        _condition(world, "PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        _condition(world, "Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ]
    return {
        "addresses": [{"type": "InternalIP", "address": f"172.18.0.{number + 2}"}, {"type": "Hostname", "address": name}],
        "allocatable": storage | allocatable,
        "capacity": storage | capacity,
        "conditions": conditions,
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": _node_info(world, name),
    }


def _condition(world: World, type_: str, status: str, reason: str, message: str) -> Obj:
    at = world.stamp()
    return {"type": type_, "status": status, "lastHeartbeatTime": at, "lastTransitionTime": at, "reason": reason, "message": message}


def _node_info(world: World, name: str) -> Obj:
    return {
        "architecture": "amd64",
        "bootID": world.uid(),
        "containerRuntimeVersion": "containerd://2.1.0",
        "kernelVersion": "6.1.0",
        "kubeProxyVersion": "",
        "kubeletVersion": VERSION,
        "machineID": world.uid().replace("-", ""),
        "operatingSystem": "linux",
        "osImage": "Debian GNU/Linux 12 (bookworm)",
        "systemUUID": world.uid(),
    }


def control_plane(world: World, node: str) -> None:
    """The mirrors of the control plane's static Pods."""
    for name, (image, command, requests) in STATIC.items():
        container: Obj = {"name": name, "image": image, "command": command, "resources": {"requests": requests}}
        spec: Obj = {
            "nodeName": node,
            "hostNetwork": True,
            "priorityClassName": "system-node-critical",
            "priority": 2_000_001_000,
            "tolerations": [{"operator": "Exists", "effect": "NoExecute"}],
            "containers": [container],
        }
        labels = {"component": name, "tier": "control-plane"}
        digest = world.uid().replace("-", "")
        notes = {"kubernetes.io/config.source": "file", "kubernetes.io/config.mirror": digest, "kubernetes.io/config.hash": digest}
        meta = {"name": f"{name}-{node}", "namespace": "kube-system", "labels": labels, "annotations": notes}
        world.api.create("pods", {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}, by=f"kubelet/{node}")


def kube_proxy(world: World, node: str) -> None:
    """The node's kube-proxy, as its DaemonSet would make it."""
    spec: Obj = {
        "nodeName": node,
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "priority": 2_000_001_000,
        "tolerations": [{"operator": "Exists"}],
        "containers": [{"name": "kube-proxy", "image": f"registry.k8s.io/kube-proxy:{VERSION}", "command": ["/usr/local/bin/kube-proxy"]}],
    }
    meta = {"generateName": "kube-proxy-", "namespace": "kube-system", "labels": {"k8s-app": "kube-proxy"}}
    world.api.create("pods", {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}, by="controller/daemonset")


def coredns(world: World) -> None:
    """The two Pods of CoreDNS, by their Deployment."""
    labels: dict[str, Any] = {"k8s-app": "kube-dns"}
    container: Obj = {
        "name": "coredns",
        "image": "registry.k8s.io/coredns/coredns:v1.13.1",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "ports": [{"containerPort": 53, "name": "dns", "protocol": "UDP"}, {"containerPort": 53, "name": "dns-tcp", "protocol": "TCP"}],
        "resources": {"requests": {"cpu": "100m", "memory": "70Mi"}, "limits": {"memory": "170Mi"}},
    }
    tolerations = [{"key": "CriticalAddonsOnly", "operator": "Exists"}, {"key": CONTROL_PLANE_LABEL, "effect": "NoSchedule"}]
    template: Obj = {
        "metadata": {"labels": labels},
        "spec": {
            "priorityClassName": "system-cluster-critical",
            "priority": 2_000_000_000,
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "tolerations": tolerations,
            "containers": [container],
        },
    }
    spec: Obj = {
        "replicas": 2,
        "selector": {"matchLabels": labels},
        "template": template,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
    }
    meta = {"name": "coredns", "namespace": "kube-system", "labels": labels}
    world.api.create("deployments", {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec}, by="kubeadm")
