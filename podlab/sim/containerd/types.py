"""What containerd remembers of sandboxes and containers, as plain data.

Upstream: staging/src/k8s.io/cri-api/pkg/apis/runtime/v1 (PodSandboxStatus, ContainerStatus). Left out: snapshots, annotations.
"""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct, field

from podlab.sim.linux.types import Mount

State = Literal["created", "running", "exited", "unknown"]


class Sandbox(Struct, omit_defaults=True):
    """A Pod's sandbox: what its containers share. `address` is "" with `host_network`."""

    id: str = ""
    pod: str = ""
    node: str = ""
    attempt: int = 0
    ready: bool = True
    address: str = ""
    host_network: bool = False
    hostname: str = ""
    namespace: str = ""
    name: str = ""
    """Namespace and name of the Pod, for a kubelet that knows it no more."""
    created_ms: int = 0


class Container(Struct, omit_defaults=True):
    """One instance of a container; `restarts` is the count it was started with, `hash` of the name and image it was made from."""

    name: str
    id: str = ""
    pod: str = ""
    node: str = ""
    sandbox: str = ""
    state: State = "created"
    image: str = ""
    image_id: str = ""
    hash: str = ""
    restarts: int = 0
    created_ms: int = 0
    started_ms: int = 0
    finished_ms: int = 0
    exit_code: int = 0
    reason: str = ""
    message: str = ""
    argv: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    """What it is to be started with; its first process has them from then on."""
    cwd: str = "/"
    pid: int = 0
    stop_signal: str = "TERM"
    oom: bool = False
    console: bool = False
    """Whether its first process has a terminal of its own."""


class ContainerConfig(Struct):
    """What the kubelet asks for; `command` and `args` as in the manifest (None: the image's own)."""

    name: str
    image: str
    restarts: int
    hash: str
    command: list[str] | None = None
    args: list[str] | None = None
    env: dict[str, str] = field(default_factory=dict)
    cwd: str = ""
    mounts: list[Mount] = field(default_factory=list)
    pid_namespace: str = ""
    user_namespace: str = ""
    oom_score_adj: int = 0
    memory_limit: int = 0
    cpu_limit: int = 0
    files: dict[str, str] = field(default_factory=dict)
    """What the kubelet puts over the image's files (`/etc/hosts` …)."""
    console: bool = False
    pids_limit: int = 0


class PullResult(Struct):
    """How a pull ends: after `ms`, with `error` ("" when it succeeds); `size` in bytes."""

    ms: int
    error: str = ""
    size: int = 0


class OwnImage(Struct):
    """An image that a lesson brings: the reference of the lab's image that it is `like`, and the environment that it has beside."""

    like: str
    env: dict[str, str] = field(default_factory=dict)


class ContainerdState(Struct):
    """`images`: node → normalised references that it holds; `lacking`: node → those that it has not, holding all others that exist."""

    sandboxes: dict[str, Sandbox] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    images: dict[str, list[str]] = field(default_factory=dict)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    pulls: dict[str, int] = field(default_factory=dict)
    """Node → how many pulls it has seen."""
    slow_ms: int = 0
    """Added to each pull (a slow registry)."""
    registry_down: bool = False
    pull_ms: dict[str, int] = field(default_factory=dict)
    """Image → how long its pull takes, where it is not `containerd.pull`."""
    boot_ms: dict[str, int] = field(default_factory=dict)
    """Image → how long its application takes to start (its BOOT), unless the manifest says otherwise."""
    own: dict[str, OwnImage] = field(default_factory=dict)
    """Images of a lesson, by normalised reference."""


class PodNetwork(Protocol):
    """What a sandbox asks of the network plugin."""

    def pod_address(self, node: str, uid: str) -> str: ...
    def release(self, uid: str) -> None: ...
