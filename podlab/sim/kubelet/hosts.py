"""The files that the kubelet itself puts into a container: its names.

Upstream: pkg/kubelet/kubelet_pods.go (ensureHostsFile), pkg/kubelet/network/dns. Left out: hosts files of Windows.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.containerd.types import Sandbox

CLUSTER_DNS = "10.96.0.10"
LOCAL = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n"


def host_files(pod: Obj, sandbox: Sandbox) -> dict[str, str]:
    """`/etc/hosts`, `/etc/hostname`, `/etc/resolv.conf`, and the empty termination log."""
    files = {"/etc/hostname": f"{sandbox.hostname}\n", "/etc/resolv.conf": resolv_conf(pod), "/dev/termination-log": ""}
    if not sandbox.host_network:
        files["/etc/hosts"] = hosts(pod, sandbox)
    return files


def hosts(pod: Obj, sandbox: Sandbox) -> str:
    """The managed hosts file, with the Pod's hostAliases."""
    spec = pod["spec"]
    names = sandbox.hostname
    if spec.get("subdomain"):
        names = f"{sandbox.hostname}.{spec['subdomain']}.{pod['metadata']['namespace']}.svc.cluster.local\t{sandbox.hostname}"
    text = f"# Kubernetes-managed hosts file.\n{LOCAL}{sandbox.address}\t{names}\n"
    aliases = spec.get("hostAliases") or []
    if aliases:
        text += "\n# Entries added by HostAliases.\n" + "".join(
            f"{each['ip']}\t" + "\t".join(each.get("hostnames") or []) + "\n" for each in aliases
        )
    return text


def resolv_conf(pod: Obj) -> str:
    """The resolver's file by dnsPolicy and dnsConfig."""
    spec, namespace = pod["spec"], pod["metadata"]["namespace"]
    policy, config = spec.get("dnsPolicy") or "ClusterFirst", spec.get("dnsConfig") or {}
    cluster = policy == "ClusterFirstWithHostNet" or (policy == "ClusterFirst" and not spec.get("hostNetwork"))
    servers = [CLUSTER_DNS] if cluster else [] if policy == "None" else ["172.18.0.1"]
    searches = [f"{namespace}.svc.cluster.local", "svc.cluster.local", "cluster.local"] if cluster else []
    options = ["ndots:5"] if cluster else []
    servers += config.get("nameservers") or []
    searches += config.get("searches") or []
    options += [each["name"] + (f":{each['value']}" if each.get("value") is not None else "") for each in config.get("options") or ()]
    lines = [f"search {' '.join(searches)}"] if searches else []
    lines += [f"nameserver {each}" for each in servers]
    lines += [f"options {' '.join(options)}"] if options else []
    return "\n".join(lines) + "\n"
