"""A world with one node, containers that are small scripts, and a network that tests steer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from podlab.sim import images, shell
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.containerd.containerd import Containerd
from podlab.sim.containerd.types import ContainerdState
from podlab.sim.images.machines import NODE
from podlab.sim.kubelet.kubelet import Kubelet
from podlab.sim.kubelet.state import KubeletState
from podlab.sim.linux.linux import Linux
from podlab.sim.linux.state import LinuxState
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Exit, Forever, Host, Sleep, Wait, Wake
from podlab.sim.timings import load as load_timings
from podlab.sim.world import World, WorldState

IMAGES = ["busybox:1.36", "nginx:latest"]


class Script(Tool):
    """`run SECONDS CODE`: runs so long, then exits so. `--deaf`: ignores TERM; `--stop S CODE`: on TERM, exits so after S seconds."""

    handles = frozenset({"TERM", "QUIT"})

    def start(self, ctx: Context) -> Wait:
        """Run for so long (`-`: for ever)."""
        seconds = ctx.process.argv[1]
        return Forever() if seconds == "-" else Sleep(round(1000 * float(seconds)))

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """A signal, or the time is up."""
        argv = ctx.process.argv
        if wake.why != "signal":
            if argv[2:3] == ["oom"]:
                ctx.linux.oom_kill(ctx.process.pid)
                return Forever()
            return Exit(int(ctx.process.state.get("code", argv[2] if len(argv) > 2 and not argv[2].startswith("-") else 0)))
        if "--deaf" in argv:
            return ctx.process.wait or Forever()
        if "--stop" in argv:
            at = argv.index("--stop")
            ctx.process.state["code"] = int(argv[at + 2])
            return Sleep(round(1000 * float(argv[at + 1])))
        return Exit(143)


class Answer(Struct):
    """What the network says."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    after_ms: int = 0
    error: str = ""


class Network:
    """Addresses one after another; every connection gets `answer` (a function of the time may be set)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answer: Callable[[int], Answer] = lambda now: Answer()
        self.taken = 0

    def pod_address(self, node: str, uid: str) -> str:
        self.taken += 1
        return f"10.244.1.{self.taken}"

    def release(self, uid: str) -> None: ...

    def isolate(self, node: str, *, cut: bool) -> None: ...
    def power(self, node: str, *, off: bool) -> None: ...

    def listener(self, *_: Any) -> None:
        return None

    def http(self, *_: Any) -> Answer:
        return self.answer(self.world.now)

    def tcp(self, *_: Any) -> Answer:
        return self.answer(self.world.now)


class Rig:
    """The parts, and what the world told."""

    def __init__(self, timings: dict[str, int] | None = None, *, eager: bool = False) -> None:
        self.world = World(WorldState(zero_ms=1_767_571_200_000), load_timings() | (timings or {}))
        self.api = self.world.api = ApiServer(self.world, StoreState())
        self.linux = Linux(self.world, LinuxState(), shell.PROGRAMS | images.PROGRAMS | {"run": Script()})
        self.network = Network(self.world)
        self.linux.network = self.network  # type: ignore[assignment]
        self.containerd = Containerd(self.world, ContainerdState(), self.linux, self.network)
        self.kubelet = Kubelet(self.world, KubeletState(), self.containerd, self.linux, self.network, eager=eager)
        self.linux.open_host(Host("node/node-1", "node-1", image=NODE))
        status = {
            "addresses": [{"type": "InternalIP", "address": "172.18.0.3"}],
            "allocatable": {"pods": "110", "cpu": "2", "memory": "2Gi"},
            "capacity": {"pods": "110", "cpu": "2", "memory": "2Gi"},
        }
        for name in ("default", "kube-node-lease"):
            self.api.create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, by="kubeadm")
        self.api.create(
            "serviceaccounts",
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "default"}},
            by="kubeadm",
        )
        node = self.api.create("nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"}, "spec": {}}, by="kubeadm")
        self.api.update("nodes", {**node, "status": status}, by="kubeadm", subresource="status")
        self.containerd.stock("node-1", IMAGES)

    def pod(self, spec: Obj, name: str = "p") -> Obj:
        """Create a bound Pod; containers without a command run for ever."""
        containers = [{"image": "busybox:1.36", "command": ["run", "-"], **each} for each in spec["containers"]]
        inits = [{"image": "busybox:1.36", "command": ["run", "0", "0"], **each} for each in spec.get("initContainers", [])]
        whole = {"restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "nodeName": "node-1", **spec, "containers": containers}
        if inits:
            whole["initContainers"] = inits
        return self.api.create(
            "pods", {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"}, "spec": whole}, by="learner"
        )

    def run(self, seconds: float) -> None:
        """Run up to that second."""
        self.world.kernel.run_until(round(1000 * seconds))

    def get(self, name: str = "p") -> Obj | None:
        """The Pod now."""
        return self.api.find("pods", name, "default")

    def status(self, name: str = "p") -> Obj:
        """Its status."""
        pod = self.get(name)
        assert pod is not None
        return dict(pod["status"])

    def timers(self) -> list[str]:
        """The timers that are set, but for the Events' time to live."""
        return [each for each in self.world.state.kernel.due if each.startswith(("kubelet", "linux"))]

    def changes(self, resource: str = "pods") -> list[ObjectChange]:
        """What was told of a resource."""
        return [each for each in self.world.changes if isinstance(each, ObjectChange) and each.resource == resource]

    def events(self) -> list[tuple[float, str, str, int]]:
        """(second, reason, message, count) of each Event write."""
        return [(each.t / 1000, each.new["reason"], each.new["message"], each.new.get("count", 1)) for each in self.changes("events")]
