"""The fault menu: everything that can be made to go wrong, what each fault needs, and which one heals it.

`CATALOGUE` is what the page's menu and the checks of lessons read. Faults of an application hold for the container that runs now; a
restart cures them.

Upstream: none (the world outside of Kubernetes). Left out: failures by halves (packets lost, slow disks).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from podlab.sim.api.quantities import whole
from podlab.sim.changes import Broken
from podlab.sim.commands import Fault
from podlab.sim.errors import StatusError
from podlab.sim.images import hog
from podlab.sim.images.machines import KUBELET
from podlab.sim.kubelet.config import DURATIONS, MAPS, NUMBERS, written
from podlab.sim.kubelet.eviction_policy import duration_ms
from podlab.sim.linux.pids import PID_MAX
from podlab.sim.linux.types import Host, Process

if TYPE_CHECKING:
    from podlab.sim.containerd.containerd import Containerd
    from podlab.sim.kubelet.kubelet import Kubelet
    from podlab.sim.linux.linux import Linux
    from podlab.sim.network.network import Network


class Kind(Struct, frozen=True):
    """A fault: `needs` says on what (`node`, `pod`, or nothing), `args` its numbers with their defaults, `healed_by` which fault undoes it.

    Arguments of a fault on a Pod: `pod` (`name` or `namespace/name`), `container` (by default the first). `shutdown` gives Pods so much
    `grace` (of it `critical` to critical ones) where the kubelet's file says nothing of it. `memory-pressure` leaves so much (`left`),
    or takes so much (`memory`); `seconds` 0: until it is relieved. `kubelet-config` writes the kubelet's file and starts it anew:
    settings as its flags spell them. `traffic` flows `from` a node or the workstation, or from the Pod. `asks`: the arguments that the menu asks for.
    """

    name: str
    needs: str = ""
    args: dict[str, str] = {}
    healed_by: str = ""
    asks: tuple[str, ...] = ()


CATALOGUE = (
    Kind("stop-kubelet", "node", healed_by="start-kubelet"),
    Kind("start-kubelet", "node"),
    Kind("isolate", "node", healed_by="heal"),
    Kind("heal", "node"),
    Kind("poweroff", "node", healed_by="poweron"),
    Kind("poweron", "node"),
    Kind("shutdown", "node", {"grace": "30s", "critical": "10s"}, "poweron"),
    Kind("memory-pressure", "node", {"left": "64Mi", "memory": "", "seconds": "0"}, "relieve"),
    Kind("disk-pressure", "node", {"size": "220Gi"}, "relieve"),
    Kind("pid-pressure", "node", {"left": "50"}, "relieve"),
    Kind("relieve", "node"),
    Kind("kubelet-config", "node", dict.fromkeys((*MAPS, *DURATIONS, *NUMBERS), ""), "kubelet-defaults", ("evictionHard",)),
    Kind("kubelet-defaults", "node"),
    Kind("registry-down", healed_by="registry-up"),
    Kind("registry-up"),
    Kind("slow-pulls", args={"seconds": "20"}, healed_by="fast-pulls"),
    Kind("fast-pulls"),
    Kind("dns-down", healed_by="dns-up"),
    Kind("dns-up"),
    Kind("traffic", "pod", {"to": "", "ms": "1000", "from": ""}, "traffic-stop", ("to",)),
    Kind("traffic-stop", "pod", {"to": "", "from": ""}),
    Kind("app-500", "pod", healed_by="app-heal"),
    Kind("app-hang", "pod", healed_by="app-heal"),
    Kind("app-slow", "pod", {"seconds": "2"}, "app-heal"),
    Kind("app-leak", "pod", {"memory": "16Mi"}, "app-heal"),
    Kind("app-crash", "pod", {"code": "1"}),
    Kind("app-heal", "pod"),
    Kind("promote", "pod"),
)
KINDS = {each.name: each for each in CATALOGUE}


class Faults:
    """Lets faults happen."""

    def __init__(self, kubelet: Kubelet, containerd: Containerd, linux: Linux, network: Network) -> None:
        self._kubelet = kubelet
        self._network = network
        self._containerd = containerd
        self._linux = linux
        self._on_nodes: dict[str, Callable[[str, dict[str, str]], None]] = {
            "memory-pressure": self._memory_pressure,
            "disk-pressure": self._disk_pressure,
            "pid-pressure": self._pid_pressure,
            "kubelet-config": self._configure,
            "kubelet-defaults": self._configure,
            "relieve": self._relieve,
            "shutdown": self._shut_down,
        }

    def apply(self, fault: Fault) -> None:
        """Let it happen, or heal it; StatusError names what is wrong with it."""
        kind = KINDS.get(fault.name)
        if kind is None:
            raise StatusError("BadRequest", f"not supported in this lab: the fault {fault.name!r}; there are {', '.join(KINDS)}")
        args = kind.args | fault.args
        if kind.name.startswith("traffic"):
            self._traffic(kind.name, args)
        elif kind.needs == "pod":
            self._on_pod(kind, args)
        elif kind.needs != "node":
            self._everywhere(kind.name, args)
        elif kind.name in self._on_nodes:
            self._check_node(fault.node)
            self._on_nodes[kind.name](fault.node, args)
        else:
            self._kubelet.faults.apply(fault.name, fault.node)
        world = self._linux.world
        world.notice(Broken(world.now, fault.name, fault.node, args))

    def _check_node(self, node: str) -> None:
        if f"node/{node}" not in self._linux.state.hosts:
            raise StatusError("NotFound", f'nodes "{node}" not found')

    # Nodes.

    def _memory_pressure(self, node: str, args: dict[str, str]) -> None:
        size = _amount("memory", args) if args["memory"] else self._free(node) - _amount("left", args)
        self._hog(node, ["hog", "memory", str(max(0, size)), str(_number("seconds", args))])

    def _free(self, node: str) -> int:
        """The bytes of a machine's memory that nobody holds."""
        memory = self._linux.memory
        return self._linux.state.hosts[f"node/{node}"].memory_limit - sum(map(memory.of, memory.on_node(node)))

    def _disk_pressure(self, node: str, args: dict[str, str]) -> None:
        self._hog(node, ["hog", "disk", str(_amount("size", args))])

    def _pid_pressure(self, node: str, args: dict[str, str]) -> None:
        wanted = PID_MAX - self._linux.pids.of_node(node) - _number("left", args)
        self._hog(node, ["hog", "pids", str(max(0, wanted))])

    def _configure(self, node: str, args: dict[str, str]) -> None:
        """Without settings: the file is as kubeadm wrote it."""
        try:
            text = written(args) if args else KUBELET
        except ValueError as error:
            raise StatusError("BadRequest", str(error)) from None
        self._kubelet.faults.configure(node, text)

    def _shut_down(self, node: str, args: dict[str, str]) -> None:
        try:
            grace, critical = duration_ms(args["grace"]), duration_ms(args["critical"])
        except ValueError as error:
            raise StatusError("BadRequest", f"the fault shutdown: {error}") from None
        self._kubelet.shutdown.begin(node, grace, critical)

    def _hog(self, node: str, argv: list[str]) -> None:
        self._linux.spawn(f"node/{node}", argv, env={"PATH": "/usr/bin:/bin"}, cwd="/", fds={0: "null", 1: "null", 2: "null"})

    def _relieve(self, node: str, args: dict[str, str]) -> None:
        for process in self._linux.processes.visible(f"node/{node}"):
            if process.program == "hog":
                self._linux.kill(process.pid, "TERM")
        files = self._linux.files(f"node/{node}")
        if files.is_file(hog.FILE):  # left behind by a power cut
            files.remove(hog.FILE)

    # The registry, names, traffic.

    def _everywhere(self, name: str, args: dict[str, str]) -> None:
        state = self._containerd.state
        if name.startswith("dns"):
            self._network.state.dns_down = name == "dns-down"
        elif name.startswith("registry"):
            state.registry_down = name == "registry-down"
        else:
            state.slow_ms = 1000 * _number("seconds", args) if name == "slow-pulls" else 0

    def _traffic(self, name: str, args: dict[str, str]) -> None:
        source = args["from"] or args.get("pod", "")
        if name == "traffic-stop":
            self._network.traffic.stop(source, args["to"])
        else:
            self._network.traffic.start(source, args["to"], _number("ms", args))

    # Applications.

    def _on_pod(self, kind: Kind, args: dict[str, str]) -> None:
        process, host = self._find(args)
        if kind.name == "app-crash":
            self._linux.processes.finish(process.pid, min(_number("code", args), 255))
        elif kind.name == "promote":
            self._promote(process)
        elif kind.name == "app-heal":
            host.trouble = {}
            self._linux.memory.take(process, self._linux.memory.of(process))
        elif kind.name == "app-leak":
            self._linux.memory.grow(process, _amount("memory", args), 1000, 1 << 50)
        else:
            word = kind.name.removeprefix("app-")
            host.trouble = {"latency": str(1000 * _number("seconds", args))} if word == "slow" else {word: ""}
        self._linux.touch(host.name)

    def _find(self, args: dict[str, str]) -> tuple[Process, Host]:
        """The first process of the container that is meant, and its host."""
        namespace, _, name = args.get("pod", "").rpartition("/")
        api = self._linux.world.api
        pod = api.find("pods", name, namespace or "default") if name else None
        if pod is None:
            raise StatusError("NotFound", f'pods "{name}" not found')
        container = args.get("container") or pod["spec"]["containers"][0]["name"]
        for each in self._containerd.containers(pod["metadata"]["uid"]):
            if each.name == container and each.state == "running":
                return self._linux.state.processes[each.pid], self._linux.state.hosts[f"container/{each.id}"]
        raise StatusError("BadRequest", f'the container {container} of pod "{name}" does not run')

    def _promote(self, process: Process) -> None:
        promote = getattr(self._linux.processes.programs.code(process.program), "promote", None)
        if promote is None:
            raise StatusError("BadRequest", "only a podlab/db can be promoted")
        promote(self._linux.processes.context(process))


def _number(name: str, args: dict[str, str]) -> int:
    if not args[name].isdecimal() or len(args[name]) > 9:
        raise StatusError("BadRequest", f"{name}: not a whole number: {args[name]!r}")
    return int(args[name])


def _amount(name: str, args: dict[str, str]) -> int:
    try:
        return whole(args[name])
    except ValueError:
        raise StatusError("BadRequest", f"{name}: not an amount like 64Mi: {args[name]!r}") from None
