"""What the kubelets remember, as plain data.

Upstream: pkg/kubelet/pod_workers.go (podSyncStatus), status/status_manager.go (versionedPodStatus). Left out: nothing.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.containerd.types import PullResult
from podlab.sim.kubelet.backoff import Entry
from podlab.sim.kubelet.config import Config
from podlab.sim.kubelet.events import Event
from podlab.sim.kubelet.eviction_policy import Pressure

Stage = Literal["syncing", "terminating", "terminated", "finished"]


class ProbeWorker(Struct, omit_defaults=True):
    """One probe of one container. Ticks come at `grid_ms` plus whole periods; `instance` is the container id that `result` is about.

    `running`: the number of the attempt under way (0: none); `quiet`: no tick is set, it would go on finding what it found; `first`: when
    its first try was last said to come.
    """

    container: str
    kind: str
    grid_ms: int
    instance: str = ""
    result: str = ""
    last: str = ""
    run: int = 0
    on_hold: bool = False
    attempt: int = 0
    running: int = 0
    pid: int = 0
    outcome: str = ""
    output: str = ""
    quiet: bool = False
    epoch: int = 0
    first: int = 0


class Doom(Struct):
    """Who ends a Pod before its time (eviction, shutdown, its deadline). `disruption`: what its DisruptionTarget condition says ("": none)."""

    reason: str
    message: str
    disruption: str = ""


class Resize(Struct):
    """A resize that is not over: of which generation, and why it must wait ("": it is being carried out), since when, or why it fails."""

    generation: int
    pending: str = ""
    error: str = ""
    since_ms: int = 0


class Kill(Struct, omit_defaults=True):
    """A container on its way out. `stage`: its preStop hook runs, it waits for its turn, or it has got its signal. `left_ms` of grace at `since_ms`."""

    name: str
    stage: Literal["hook", "turn", "stop"]
    left_ms: int
    since_ms: int
    pid: int = 0
    error: str = ""
    in_order: bool = False


class Worker(Struct, omit_defaults=True):
    """A Pod on its node.

    `steps`: what the running sync has still to do; `again`: another one is asked for; `seen`: container or sandbox id → state as the last look
    at the runtime (PLEG) found it; `status`: the newest status, while it is not what the API server has; `ended`: container → end of its newest instance as the running sync knew it; `reasons`: the reason cache.
    """

    uid: str
    node: str
    namespace: str
    name: str
    stage: Stage = "syncing"
    admitted: bool = False
    pod: Obj | None = None
    static: str = ""
    """The hash of a static Pod's manifest; `from_file`: the manifest lies in the node's directory."""
    from_file: bool = False
    status: Obj | None = None
    unsent: bool = False
    busy: bool = False
    again: bool = False
    fresh: bool = True
    synced_ms: int = -1
    steps: list[list[str]] = field(default_factory=list)
    acted: bool = False
    error: str = ""
    retry_ms: int = -1
    seen: dict[str, str] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, tuple[str, str]] = field(default_factory=dict)
    backoffs: dict[str, Entry] = field(default_factory=dict)
    pulls: dict[str, Entry] = field(default_factory=dict)
    pulling: PullResult | None = None
    pull_errors: dict[str, str] = field(default_factory=dict)
    probes: dict[str, ProbeWorker] = field(default_factory=dict)
    kills: dict[str, Kill] = field(default_factory=dict)
    grace_s: int = -1
    allocated: dict[str, Obj] = field(default_factory=dict)
    actual: dict[str, Obj] = field(default_factory=dict)
    """Container → the resources that were admitted, and those in force."""
    resize: Resize | None = None
    doom: Doom | None = None
    address: str = ""
    """The last address of a ready sandbox that was seen (CO-11)."""
    restarting_all: bool = False
    initialised: bool = True
    """Whether the regular containers' turn had come when the Pod began to end."""
    mounted: bool = False
    mount_tries: int = 0
    mount_since: int = -1
    cause: tuple[str, dict[str, str | int]] | None = None
    """The rule and the numbers behind the next status write."""


class NodeState(Struct, omit_defaults=True):
    """`pulls_free_ms`: when the running pulls are done (one at a time); `down`: the kubelet is stopped; `cut`: it reaches no API server."""

    pulls_free_ms: int = -1_000_000_000
    down: bool = False
    cut: bool = False
    silent_ms: int | None = None
    """When it was last heard of, while it is not."""
    pressures: list[str] = field(default_factory=list)
    """The conditions (MemoryPressure …) that hold."""
    pressure: Pressure = field(default_factory=Pressure)
    evicting_until: int = -1_000_000_000
    registration: Obj | None = None
    """The Node object as it was, once somebody has deleted it."""
    unschedulable: bool = False
    mirrors: dict[str, str] = field(default_factory=dict)
    """Mirrors that somebody else made, until they are taken: hash → namespace/name."""
    unsent: list[tuple[Obj, Event, str]] = field(default_factory=list)
    """Events that wait for the API server: about which object, which, the part of it."""
    started_ms: int = -1_000_000_000
    config: Config | None = None
    """What it was told in its file; None: nothing, as kubeadm leaves it."""
    allocatable: dict[str, str] = field(default_factory=dict)
    """What was allocatable before a configuration changed it."""
    figures: list[int] = field(default_factory=list)
    """What was told last of the disk and of the processes."""
    shutting: list[int] = field(default_factory=list)
    """While the machine is shut down: how many ms each group of Pods has that is not over, ordinary ones before critical ones."""
    reboots: bool = False
    """Somebody has switched the machine on again while it was shutting down."""


class KubeletState(Struct):
    """All kubelets: workers by Pod uid, and what is the node's own."""

    workers: dict[str, Worker] = field(default_factory=dict)
    nodes: dict[str, NodeState] = field(default_factory=dict)
