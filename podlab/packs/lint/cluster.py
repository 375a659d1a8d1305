"""`cluster.yaml`: its preset, its files and its faults exist."""

from __future__ import annotations

from collections.abc import Iterator

from podlab.packs.model import Lesson
from podlab.packs.problems import Problem, meant
from podlab.packs.yamls import Path, Places
from podlab.sim.faults import KINDS as FAULTS
from podlab.sim.presets import NAMES

PRESETS = tuple(name for name in NAMES if name != "standard")


def problems(lesson: Lesson, places: Places) -> Iterator[Problem]:
    """What is wrong with it."""
    cluster = lesson.cluster
    if cluster.preset is not None and cluster.preset not in PRESETS:
        yield places.problem(("preset",), f"there is no preset {cluster.preset!r}", meant(cluster.preset, PRESETS))
    for path, name in _files(lesson):
        if name not in lesson.manifests:
            yield places.problem(path, f"there is no manifests/{name}", meant(name, lesson.manifests))
    for index, past in enumerate(cluster.history):
        if past.fault is not None and past.fault.name not in FAULTS:
            yield places.problem(
                ("history", index, "fault", "name"), f"there is no fault {past.fault.name!r}", meant(past.fault.name, FAULTS)
            )


def _files(lesson: Lesson) -> Iterator[tuple[Path, str]]:
    yield from ((("objects", index), name) for index, name in enumerate(lesson.cluster.objects))
    yield from ((("history", index, "apply"), past.apply) for index, past in enumerate(lesson.cluster.history) if past.apply)
