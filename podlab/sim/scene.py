"""What a learner finds when she comes: a preset (or nodes of one's own), objects that are ready, a history, traffic that goes on.

`play(scene)` runs the ten minutes before virtual zero and gives the cluster's bytes, for `Cluster.start`.

Upstream: none. Left out: traffic before the last half minute.
"""

from __future__ import annotations

import shlex

from msgspec import Struct, field, structs

from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.containerd.names import normalise
from podlab.sim.containerd.types import OwnImage
from podlab.sim.errors import StatusError
from podlab.sim.images.registry import find
from podlab.sim.presets import NodePreset, Preset, load

OBJECTS_MS = -540_000
TRAFFIC_MS = -30_000
READY_WITHIN_MS = 60_000


class SceneError(Exception):
    """The scene cannot be played: what the cluster said, worded for its author."""


class Moment(Struct):
    """Something that happens at `at_ms` (negative): a manifest's file is applied, a line runs on the workstation, or a fault happens."""

    at_ms: int
    apply: str = ""
    run: str = ""
    fault: Fault | None = None


class Flow(Struct):
    """Requests from a Pod, a node or the workstation to a URL, one each `every_ms`."""

    source: str
    url: str
    every_ms: int


class Scene(Struct):
    """`preset`, or `nodes`; `pulls` and `boots`: image → ms; `timings`: key → ms; `files`: those in the learner's home, by name.

    `images`: reference → image like one of the lab's (`repository:tag` each). `manifests`: what `objects` (applied nine minutes before zero) and `history` name.
    """

    preset: str = "trio"
    nodes: Preset | None = None
    images: dict[str, OwnImage] = field(default_factory=dict)
    pulls: dict[str, int] = field(default_factory=dict)
    boots: dict[str, int] = field(default_factory=dict)
    timings: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    manifests: dict[str, str] = field(default_factory=dict)
    objects: list[str] = field(default_factory=list)
    history: list[Moment] = field(default_factory=list)
    traffic: list[Flow] = field(default_factory=list)


def workers(names: dict[str, NodePreset]) -> Preset:
    """A preset of one's own: a control plane and these workers, of the usual size where nothing else is said."""
    return structs.replace(load("trio"), workers=[*names], nodes=names)


def play(scene: Scene) -> bytes:
    """The cluster at virtual zero; `SceneError` names what cannot be."""
    preset = scene.nodes or load(scene.preset)
    preset = structs.replace(preset, files=preset.files | scene.files, unstocked=[*preset.unstocked, *scene.pulls])
    cluster = Cluster.bare(scene.preset if scene.nodes is None else "")
    _tune(cluster, scene)
    cluster.boot_preset(preset)
    cluster.advance(OBJECTS_MS)
    for name in scene.objects:
        _apply(cluster, scene, name)
    for moment in scene.history:
        cluster.advance(moment.at_ms)
        _happen(cluster, scene, moment)
    if scene.traffic:
        cluster.advance(TRAFFIC_MS)
        for flow in scene.traffic:
            _flow(cluster, flow)
    cluster.advance(0)
    return cluster.dump()


def _tune(cluster: Cluster, scene: Scene) -> None:
    state = cluster.state
    unknown = [key for key in scene.timings if key not in cluster.world.timings]
    if unknown:
        raise SceneError(f"timings: there is no {unknown[0]!r}; there are {', '.join(sorted(cluster.world.timings))}")
    state.world.timings = dict(scene.timings)
    cluster.world.timings.update(scene.timings)
    for reference, image in scene.images.items():
        if find(image.like) is None:
            raise SceneError(f"images: {reference} is like {image.like!r}, which the lab does not have")
    state.containerd.own = {normalise(reference): OwnImage(normalise(each.like), each.env) for reference, each in scene.images.items()}
    state.containerd.pull_ms = {normalise(image): ms for image, ms in scene.pulls.items()}
    state.containerd.boot_ms = {normalise(image): ms for image, ms in scene.boots.items()}


def _apply(cluster: Cluster, scene: Scene, name: str) -> None:
    path = f"/tmp/{name}"
    cluster.write_file(path, scene.manifests[name])
    result = cluster.finish(cluster.script(f"kubectl apply -f {shlex.quote(path)}"), within_ms=READY_WITHIN_MS)
    cluster.linux.files("workstation").remove(path)
    if result.code:
        raise SceneError(f"{name}: {result.err.strip() or result.out.strip()}")


def _happen(cluster: Cluster, scene: Scene, moment: Moment) -> None:
    if moment.apply:
        _apply(cluster, scene, moment.apply)
    elif moment.fault is not None:
        try:
            cluster.apply(moment.fault)
        except StatusError as error:
            raise SceneError(f"history: fault {moment.fault.name}: {error.message}") from None
    else:
        result = cluster.finish(cluster.script(moment.run), within_ms=READY_WITHIN_MS)
        if result.code:
            raise SceneError(f"history: {moment.run}: {result.err.strip() or result.out.strip()}")


def _flow(cluster: Cluster, flow: Flow) -> None:
    try:
        cluster.network.traffic.start(flow.source, flow.url, flow.every_ms)
    except StatusError as error:
        raise SceneError(f"traffic: {error.message}") from None
