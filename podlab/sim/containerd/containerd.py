"""The container runtime of every node: sandboxes, containers, images. All calls are instantaneous; the caller waits their time.

Containers are hosts of `linux` (`container/<id>`); their first process reports its end here.

Upstream: github.com/containerd/containerd (CRI plugin). Left out: checkpoints, snapshots, runtime classes.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress

from podlab.sim import rng
from podlab.sim.containerd import registry
from podlab.sim.containerd.catalogue import files_from, look_up
from podlab.sim.containerd.names import normalise
from podlab.sim.containerd.types import Container, ContainerConfig, ContainerdState, PodNetwork, PullResult, Sandbox
from podlab.sim.errors import SimulationBug
from podlab.sim.images.registry import sizes
from podlab.sim.linux.linux import OOM, Linux
from podlab.sim.linux.types import Host
from podlab.sim.world import World

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LISTENER = Callable[[Container], None]


class Containerd:
    """The runtimes of all nodes; `on_exit` listeners are told when a container's first process has ended."""

    def __init__(self, world: World, state: ContainerdState, linux: Linux, network: PodNetwork) -> None:
        self.world = world
        self.state = state
        self.linux = linux
        self.network = network
        self._listeners: list[LISTENER] = []
        self._sandboxes: dict[str, list[Sandbox]] = {}
        self._containers: dict[str, list[Container]] = {}
        for sandbox in state.sandboxes.values():
            self._sandboxes.setdefault(sandbox.pod, []).append(sandbox)
        for container in state.containers.values():
            self._containers.setdefault(container.pod, []).append(container)
        linux.on_exit("containerd", self._exited)

    # Sandboxes.

    def sandboxes(self, pod: str) -> list[Sandbox]:
        """The sandboxes of a Pod (by uid), newest first."""
        found = self._sandboxes.get(pod, [])
        return sorted(found, key=lambda each: -each.attempt) if len(found) > 1 else [*found]

    def run_sandbox(self, sandbox: Sandbox) -> Sandbox:
        """A new ready sandbox as asked for, with an address of its own (unless `host_network`)."""
        pod = sandbox.pod
        sandbox.id, sandbox.ready, sandbox.created_ms = self._id("sandbox", pod), True, self.world.now
        sandbox.address = "" if sandbox.host_network else self.network.pod_address(sandbox.node, pod)
        self.state.sandboxes[sandbox.id] = sandbox
        self._sandboxes.setdefault(pod, []).append(sandbox)
        return sandbox

    def stop_sandbox(self, sandbox: Sandbox) -> None:
        """The sandbox is no longer ready; its address is free."""
        if sandbox.ready:
            sandbox.ready = False
            if not sandbox.host_network:
                self.network.release(sandbox.pod)

    def remove_pod(self, pod: str) -> None:
        """Forget everything of a Pod: containers with their files and logs, sandboxes."""
        for container in self.containers(pod):
            self.remove(container)
        for sandbox in self._sandboxes.pop(pod, ()):
            self.stop_sandbox(sandbox)
            del self.state.sandboxes[sandbox.id]
        self._containers.pop(pod, None)

    # Containers.

    def containers(self, pod: str) -> list[Container]:
        """All containers of a Pod (by uid), newest first."""
        return list(reversed(self._containers.get(pod, ())))

    def pods(self, node: str) -> list[str]:
        """The uids of all Pods that have a sandbox on the node."""
        return sorted({each.pod for each in self.state.sandboxes.values() if each.node == node})

    def get(self, identity: str) -> Container | None:
        """The container of that id."""
        return self.state.containers.get(identity)

    def create(self, sandbox: Sandbox, config: ContainerConfig) -> Container:
        """A container with its root file system, not yet started."""
        reference = normalise(config.image)
        found = look_up(self.state, reference)
        if found is None:
            raise SimulationBug(f"a container of {reference}, which no registry has")
        image = found.image
        argv = [*(image.entrypoint if config.command is None else config.command)]
        argv += config.args if config.args is not None else [] if config.command is not None else image.command
        boot_ms = self.state.boot_ms.get(reference)
        env = (
            {"PATH": PATH, "HOSTNAME": sandbox.hostname}
            | image.env
            | ({"BOOT": f"{boot_ms // 1000}.{boot_ms % 1000:03d}"} if boot_ms else {})
            | config.env
        )
        container = Container(
            config.name, self._id("container", sandbox.pod), sandbox.pod, sandbox.node, sandbox.id, "created", reference, found.image_id,
            config.hash, config.restarts, self.world.now, argv=argv, env=env,
            cwd=config.cwd or image.cwd, stop_signal=image.stop_signal, console=config.console,
        )  # fmt: skip
        self.state.containers[container.id] = container
        self._containers.setdefault(sandbox.pod, []).append(container)
        self.linux.open_host(self._host(sandbox, container, config))
        with suppress(OSError):
            self.linux.files(f"container/{container.id}").mkdir(container.cwd, parents=True)
        return container

    def _host(self, sandbox: Sandbox, container: Container, config: ContainerConfig) -> Host:
        shared = f"node/{sandbox.node}" if sandbox.host_network else sandbox.id
        host = Host(f"container/{container.id}", sandbox.hostname, "", sandbox.node, sandbox.address, config.mounts)
        host.image = files_from(self.state, container.image)
        host.files, host.memory_limit, host.cpu_limit = config.files, config.memory_limit, config.cpu_limit
        host.network, host.pid_namespace, host.user_namespace = shared, config.pid_namespace, config.user_namespace
        host.oom_score_adj, host.pod, host.pids_limit = config.oom_score_adj, sandbox.pod, config.pids_limit
        return host

    def start(self, container: Container) -> str:
        """Start the first process; returns runc's words when it cannot be started ("" otherwise)."""
        key = f"{container.pod}/{container.name}/{container.restarts}"
        fds = dict.fromkeys(range(3), f"console:{key}") if container.console else {0: "null", 1: f"log:{key}", 2: f"log:{key}"}
        try:
            if not container.argv:
                raise FileNotFoundError(errno.ENOENT, "no command specified", "")
            container.pid = self.linux.spawn(
                f"container/{container.id}",
                container.argv,
                env=container.env,
                cwd=container.cwd,
                fds=fds,
                owner=f"containerd {container.id}",
            )
        except OSError as error:
            return self._refused(container, error)
        container.state, container.started_ms = "running", self.world.now
        container.argv, container.env = [], {}
        return ""

    def _refused(self, container: Container, error: OSError) -> str:
        name = container.argv[0] if container.argv else ""
        if error.filename == container.cwd and name != container.cwd:
            what = f"error during container init: mkdir {container.cwd}: not a directory"
        else:
            what = why_not(name, error)
        message = f"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: {what}: unknown"
        container.state, container.exit_code, container.reason, container.message = "exited", 128, "StartError", message
        container.started_ms, container.finished_ms = -self.world.state.zero_ms, self.world.now
        return message

    def signal(self, container: Container, name: str) -> None:
        """Send a signal to a running container's first process."""
        if container.state == "running":
            self.linux.kill(container.pid, name)

    def exec(self, container: Container, argv: list[str], owner: str, output: str) -> int:
        """Run a command in a running container, its output to `buffer:<output>`; `owner` as in `Linux.on_exit`. Raises OSError; returns the pid."""
        fds = {0: "null", 1: f"buffer:{output}", 2: f"buffer:{output}"}
        first = self.linux.state.processes.get(container.pid)
        if first is None or first.exit_code is not None:
            raise ProcessLookupError(errno.ESRCH, "container is not running", argv[0])
        return self.linux.spawn(f"container/{container.id}", argv, env=first.env, cwd=container.cwd, fds=fds, owner=owner)

    def remove(self, container: Container) -> None:
        """Forget a container; its files and its log are gone."""
        self.linux.close_host(f"container/{container.id}")
        self.linux.drop_log(container.pod, container.name, container.restarts)
        del self.state.containers[container.id]
        self._containers[container.pod].remove(container)

    def on_exit(self, listener: LISTENER) -> None:
        """Be told of each container whose first process has ended."""
        self._listeners.append(listener)

    def _exited(self, identity: str, code: int, signal: str) -> None:
        container = self.state.containers.get(identity)
        if container is None or container.state != "running":
            return
        container.oom = container.oom or signal == OOM
        container.state, container.exit_code, container.finished_ms = "exited", code, self.world.now
        container.reason = terminated_reason(code, oom=container.oom)
        for listener in self._listeners:
            listener(container)

    def cut_power(self, node: str) -> None:
        """All processes of the node's containers are gone at once; nobody is told before `boot`."""
        for container in self._on(node):
            if container.state == "running":
                container.state, container.exit_code, container.reason, container.finished_ms = "exited", 255, "Unknown", -1
                self.linux.kill(container.pid, "KILL")
        for sandbox in self.state.sandboxes.values():
            if sandbox.node == node:
                self.stop_sandbox(sandbox)

    def boot(self, node: str) -> None:
        """The machine is up again: what its power cut ended is known to have ended by now."""
        for container in self._on(node):
            if container.finished_ms == -1:
                container.finished_ms = self.world.now

    def _on(self, node: str) -> list[Container]:
        return [each for each in self.state.containers.values() if each.node == node]

    # Images.

    def has_image(self, node: str, reference: str) -> bool:
        """Whether the node holds that (normalised) reference."""
        if reference in self.state.images.get(node, ()):
            return True
        lacking = self.state.lacking.get(node)
        return lacking is not None and reference not in lacking and look_up(self.state, reference) is not None

    def stock_all(self, node: str, without: list[str]) -> None:
        """Put every image that there is on a node, but for these."""
        self.state.lacking[node] = [normalise(each) for each in without]

    def stock(self, node: str, references: list[str]) -> None:
        """Put images on a node, as if they had been pulled."""
        held = self.state.images.setdefault(node, [])
        held += [each for each in map(normalise, references) if each not in held]

    def images(self, node: str) -> dict[str, int]:
        """The images that a node holds, with their bytes."""
        own = {each: found.image.size for each in self.state.own if (found := look_up(self.state, each)) is not None}
        known, lacking = sizes() | own, self.state.lacking.get(node)
        held = {} if lacking is None else {name: size for name, size in known.items() if name not in lacking}
        return held | {name: known[name] for name in self.state.images.get(node, ()) if name in known}

    def drop_unused_images(self, node: str) -> None:
        """Remove every image that no container of the node was made from."""
        used = {each.image for each in self._on(node)}
        self.state.images[node] = [each for each in self.images(node) if each in used]
        self.state.lacking.pop(node, None)

    def pull(self, node: str, reference: str) -> PullResult:
        """Begin a pull: what it will come to; `stock` the image when its time has passed."""
        count = self.state.pulls[node] = self.state.pulls.get(node, 0) + 1
        return registry.pull(reference, self.has_image(node, reference), self.world.timings, self.state, count)

    def _id(self, purpose: str, pod: str) -> str:
        draws = [self.world.draw(purpose, pod)]
        draws += [rng.draw(draws[-1], pod, purpose, n) for n in range(3)]
        return "".join(f"{each:016x}" for each in draws)


def why_not(program: str, error: OSError) -> str:
    """runc's words for a program that it cannot start."""
    reason = (error.strerror or "").lower() if "/" in program else error.strerror or ""
    missing = "/" in program and isinstance(error, FileNotFoundError)
    return f'exec: "{program}": stat {program}: {reason}' if missing else f'exec: "{program}": {reason}'


def terminated_reason(code: int, *, oom: bool = False, started: bool = True) -> str:
    """Why a container is over, in containerd's words (CS-16)."""
    if not started:
        return "StartError"
    if oom:
        return "OOMKilled"
    return "Completed" if code == 0 else "Error"
