"""The checks of the level baseline.

Upstream: staging/src/k8s.io/pod-security-admission/policy/check_*.go (level baseline). Left out: host processes of Windows.
"""

from __future__ import annotations

import json

from podlab.sim.apiserver.podsecurity.common import Finding, containers, context, counted, quoted, setters, users_of_host
from podlab.sim.changes import Obj

CAPABILITIES = (
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
)
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SELINUX = ("", "container_t", "container_init_t", "container_kvm_t")
_SYSCTLS = (
    (0, "kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range"),
    (0, "net.ipv4.ip_unprivileged_port_start"),
    (27, "net.ipv4.ip_local_reserved_ports"),
    (29, "net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes"),
    (32, "net.ipv4.tcp_rmem net.ipv4.tcp_wmem"),
)
_PROFILES = ("RuntimeDefault", "Localhost")


def app_armor(meta: Obj, spec: Obj, minor: int) -> Finding:
    """Profiles of the runtime or of the node only."""
    values: set[str] = set()

    def bad(held: Obj) -> bool:
        kind = (held.get("appArmorProfile") or {}).get("type", "RuntimeDefault")
        if kind not in _PROFILES:
            values.add(kind)
        return kind not in _PROFILES

    who, shown = setters(spec, bad), sorted(values)
    held = sorted((meta.get("annotations") or {}).items())
    marked = [f"{key}={json.dumps(value)}" for key, value in held if key.startswith(_APPARMOR) and not _allowed_by_annotation(value)]
    if marked:
        who.append("annotation" if len(marked) == 1 else "annotations")
        shown += marked
    if not who:
        return None
    reason = "forbidden AppArmor profile" + ("" if len(shown) == 1 else "s")
    return reason, f"{' and '.join(who)} must not set AppArmor profile type to {quoted(shown)}"


def _allowed_by_annotation(value: str) -> bool:
    return value in ("", "runtime/default") or value.startswith("localhost/")


def capabilities(meta: Obj, spec: Obj, minor: int) -> Finding:
    """None beyond those that a container has anyway."""
    added = {
        each["name"]: [one for one in (context(each).get("capabilities") or {}).get("add") or () if one not in CAPABILITIES]
        for each in containers(spec)
    }
    bad = [name for name, found in added.items() if found]
    names = sorted({one for found in added.values() for one in found})
    detail = f"{counted('container', bad)} must not include {quoted(names)} in securityContext.capabilities.add"
    return ("non-default capabilities", detail) if bad else None


def host_namespaces(meta: Obj, spec: Obj, minor: int) -> Finding:
    """No network, processes or memory of the host."""
    found = [f"{name}=true" for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    return ("host namespaces", ", ".join(found)) if found else None


def host_paths(meta: Obj, spec: Obj, minor: int) -> Finding:
    """No folder of the node."""
    found = [each["name"] for each in spec.get("volumes") or () if each.get("hostPath") is not None]
    return ("hostPath volumes", counted("volume", found)) if found else None


def host_ports(meta: Obj, spec: Obj, minor: int) -> Finding:
    """No port of the node."""
    used = {each["name"]: [str(port["hostPort"]) for port in each.get("ports") or () if port.get("hostPort")] for each in containers(spec)}
    bad = [name for name, ports in used.items() if ports]
    ports = sorted({port for found in used.values() for port in found})
    verb, word = "uses" if len(bad) == 1 else "use", "hostPort" if len(ports) == 1 else "hostPorts"
    return ("hostPort", f"{counted('container', bad)} {verb} {word} {', '.join(ports)}") if bad else None


def host_probes(meta: Obj, spec: Obj, minor: int) -> Finding:
    """No probe and no hook that asks another host."""
    asked = {each["name"]: _hosts(each) for each in containers(spec)}
    bad, hosts = sorted(name for name, found in asked.items() if found), sorted({host for found in asked.values() for host in found})
    verb, word = "uses" if len(bad) == 1 else "use", "probe or lifecycle host"
    return ("probe or lifecycle host", f"{counted('container', bad)} {verb} {counted(word, hosts)}") if bad else None


def _hosts(container: Obj) -> list[str]:
    lifecycle = container.get("lifecycle") or {}
    asking = [container.get(name) for name in ("livenessProbe", "readinessProbe", "startupProbe")]
    asking += [lifecycle.get(name) for name in ("postStart", "preStop")]
    found = [(each or {}).get(kind) or {} for each in asking for kind in ("httpGet", "tcpSocket")]
    return [each["host"] for each in found if each.get("host")]


def privileged(meta: Obj, spec: Obj, minor: int) -> Finding:
    """No privileged container."""
    bad = [each["name"] for each in containers(spec) if context(each).get("privileged")]
    return ("privileged", f"{counted('container', bad)} must not set securityContext.privileged=true") if bad else None


def proc_mount(meta: Obj, spec: Obj, minor: int) -> Finding:
    """`/proc` as usual, unless the Pod has user ids of its own."""
    if minor >= 35 and not users_of_host(spec):
        return None
    held = {each["name"]: context(each).get("procMount", "Default") for each in containers(spec)}
    bad = [name for name, kind in held.items() if kind != "Default"]
    kinds = sorted({held[name] for name in bad})
    return ("procMount", f"{counted('container', bad)} must not set securityContext.procMount to {quoted(kinds)}") if bad else None


def selinux(meta: Obj, spec: Obj, minor: int) -> Finding:
    """Types of containers only; no user, no role."""
    allowed = (*_SELINUX, *(("container_engine_t",) if minor >= 31 else ()))
    types: set[str] = set()
    more: set[str] = set()

    def bad(held: Obj) -> bool:
        options = held.get("seLinuxOptions") or {}
        wrong = options.get("type", "") not in allowed
        types.update([options["type"]] if wrong else [])
        more.update(name for name in ("user", "role") if options.get(name))
        return wrong or any(options.get(name) for name in ("user", "role"))

    who = setters(spec, bad)
    told = [counted("type", sorted(types))] if types else []
    told += [f"{name} may not be set" for name in ("user", "role") if name in more]
    return ("seLinuxOptions", f"{' and '.join(who)} set forbidden securityContext.seLinuxOptions: {'; '.join(told)}") if who else None


def seccomp(meta: Obj, spec: Obj, minor: int) -> Finding:
    """Not unconfined."""
    values: set[str] = set()

    def bad(held: Obj) -> bool:
        kind = (held.get("seccompProfile") or {}).get("type", "RuntimeDefault")
        if kind not in _PROFILES:
            values.add(kind)
        return kind not in _PROFILES

    who = setters(spec, bad)
    return (
        ("seccompProfile", f"{' and '.join(who)} must not set securityContext.seccompProfile.type to {quoted(sorted(values))}")
        if who
        else None
    )


def sysctls(meta: Obj, spec: Obj, minor: int) -> Finding:
    """Only those that are safe."""
    allowed = {name for since, names in _SYSCTLS if minor >= since for name in names.split()}
    bad = [each["name"] for each in context(spec).get("sysctls") or () if each["name"] not in allowed]
    return ("forbidden sysctls", ", ".join(bad)) if bad else None
