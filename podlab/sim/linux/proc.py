"""/proc, as much of it as lessons look at.

Upstream: proc(5). Left out: everything but cmdline, status, oom_score_adj, uid_map, ns, uptime, meminfo and loadavg.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim import rng
from podlab.sim.linux.types import Host, Process

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux

OWN = ("cmdline", "comm", "oom_score_adj", "status", "uid_map")
NAMESPACES = ("ipc", "mnt", "net", "pid", "user", "uts")
WHOLE = ("loadavg", "meminfo", "uptime")


def listing(linux: Linux, host: Host, path: str, pid: int) -> list[str] | None:
    """The names in a directory of /proc; None: it is none."""
    parts = path.strip("/").split("/")[1:]
    if not parts:
        return sorted([str(each.number) for each in linux.processes.visible(host.name)] + list(WHOLE) + ["self"])
    process = _process(linux, host, parts[0], pid)
    if process is None:
        return None
    if len(parts) == 1:
        return sorted([*OWN, "ns"])
    return list(NAMESPACES) if parts[1:] == ["ns"] else None


def read(linux: Linux, host: Host, path: str, pid: int) -> str | None:
    """The text of a file of /proc; None: there is none."""
    parts = path.strip("/").split("/")[1:]
    if len(parts) == 1:
        return _whole(linux, parts[0])
    process = _process(linux, host, parts[0], pid)
    if process is None:
        return None
    if len(parts) == 3 and parts[1] == "ns" and parts[2] in NAMESPACES:
        return namespace_link(linux, linux.state.hosts[process.host], parts[2])
    return _own(linux, process, parts[1]) if len(parts) == 2 else None


def namespace_link(linux: Linux, host: Host, kind: str) -> str:
    """What a namespace's link points at: equal for hosts that share it."""
    shared = {"pid": linux.processes.namespace(host), "mnt": host.name, "user": host.user_namespace or "node"}
    name = shared.get(kind, host.network or host.name)
    return f"{kind}:[{4026531840 + rng.draw(0, name, kind, 0) % 1000}]"


def _process(linux: Linux, host: Host, name: str, pid: int) -> Process | None:
    if name == "self":
        return linux.state.processes.get(pid)
    return linux.processes.by_number(host.name, int(name)) if name.isdecimal() else None


def _own(linux: Linux, process: Process, name: str) -> str | None:
    host = linux.state.hosts[process.host]
    if name == "cmdline":
        return "\0".join([*process.argv, ""])
    if name == "comm":
        return process.program[:15] + "\n"
    if name == "oom_score_adj":
        return f"{host.oom_score_adj}\n"
    if name == "uid_map":
        outside = 0 if not host.user_namespace else 65536 * (1 + rng.draw(0, host.user_namespace, "uid_map", 0) % 1000)
        return f"{0:>10} {outside:>10} {4294967295 if outside == 0 else 65536:>10}\n"
    if name == "status":
        parent = linux.state.processes.get(process.parent)
        return f"Name:\t{process.program[:15]}\nState:\tS (sleeping)\nPid:\t{process.number}\nPPid:\t{parent.number if parent else 0}\nVmRSS:\t{linux.memory.of(process) // 1024:>8} kB\n"
    return None


def _whole(linux: Linux, name: str) -> str | None:
    up_ms = linux.world.now + 700_000
    if name == "uptime":
        return f"{up_ms // 1000}.{up_ms % 1000 // 10:02d} {up_ms // 500}.00\n"
    if name == "loadavg":
        return "0.08 0.05 0.01 1/120 4242\n"
    if name == "meminfo":
        return "MemTotal:        2097152 kB\nMemFree:         1048576 kB\nMemAvailable:    1572864 kB\n"
    return None
