"""The cluster that a lesson begins with, as bytes for `Cluster.start`; kept in memory by the lesson's contents."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import msgspec

from podlab.checks.spec import duration
from podlab.packs.model import ClusterSpec, ImageFile, Lesson
from podlab.sim import scene
from podlab.sim.commands import Fault
from podlab.sim.containerd.types import OwnImage
from podlab.sim.presets import NodePreset


def key(lesson: Lesson) -> str:
    """Names the lesson's beginning: the same for the same cluster, manifests and version."""
    data = msgspec.json.encode([lesson.cluster, lesson.manifests, lesson.images])
    return f"{lesson.id}@{lesson.version}#{hashlib.sha256(data).hexdigest()[:12]}"


def boot(lesson: Lesson) -> bytes:
    """The cluster at virtual zero; `SceneError` where the lesson asks for what cannot be."""
    return _boot(msgspec.json.encode([lesson.cluster, lesson.manifests, lesson.home, lesson.images]))


@lru_cache(64)
def _boot(data: bytes) -> bytes:
    spec, manifests, home, images = msgspec.json.decode(data, type=tuple[ClusterSpec, dict[str, str], dict[str, str], list[ImageFile]])
    made = _scene(spec, manifests, home)
    made.images = {f"{each.image}:{tag}": OwnImage(each.like, each.env) for each in images for tag in each.tags}
    return scene.play(made)


def _scene(spec: ClusterSpec, manifests: dict[str, str], home: dict[str, str]) -> scene.Scene:
    nodes = {
        each.name: NodePreset(
            labels=each.labels,
            taints=each.taints,
            capacity={"cpu": each.cpu, "memory": each.memory},
            allocatable={"cpu": each.cpu, "memory": each.memory},
        )
        for each in spec.nodes
    }
    return scene.Scene(
        preset=spec.preset or "trio",
        nodes=scene.workers(nodes) if nodes else None,
        pulls={image: duration(text) for image, text in spec.pulls.items()},
        boots={image: duration(text) for image, text in spec.boots.items()},
        timings={name: duration(text) for name, text in spec.timings.items()},
        files=home,
        manifests=manifests,
        objects=spec.objects,
        history=[
            scene.Moment(
                duration(each.at),
                each.apply or "",
                each.run or "",
                Fault(each.fault.name, each.fault.node, each.fault.args) if each.fault else None,
            )
            for each in spec.history
        ],
        traffic=[scene.Flow(each.from_, each.to, duration(each.every)) for each in spec.traffic],
    )
