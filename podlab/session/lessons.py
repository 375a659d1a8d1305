"""Sessions of lessons: how such a cluster begins, and its goals that look on wherever it is loaded.

A cluster's state names its lesson (`pack/slug@version`), so whoever loads one from a checkpoint finds the goals again.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Any

from podlab.checks.goals import Goals, GoalsState
from podlab.packs import boot, library
from podlab.packs.model import Lesson
from podlab.sim.cluster import Cluster


class NoLesson(Exception):
    """There is no lesson of that name (any more)."""


def find(name: str, version: str = "") -> Lesson:
    """The lesson in that version, or in the newest where that one is gone; `NoLesson`."""
    found = library.lesson(name, version) or library.lesson(name)
    if found is None:
        raise NoLesson(f"there is no lesson {name!r}")
    return found


def boot_key(name: str, version: str) -> str:
    """Under what name the beginning of a lesson is kept (at most 64 characters)."""
    return "lesson:" + hashlib.sha256(boot.key(find(name, version)).encode()).hexdigest()[:40]


def booted(name: str, version: str) -> bytes:
    """The cluster of a lesson at virtual zero."""
    return boot.boot(find(name, version))


def begin(cluster: Any, name: str, version: str) -> None:
    """Write the lesson's name into a cluster that has just begun."""
    if isinstance(cluster, Cluster) and name:
        cluster.state.lesson = f"{name}@{version}"
        attach(cluster)


def attach(cluster: Any) -> None:
    """Let the goals of the cluster's lesson look on, if it has one that is still there: without it the cluster goes on by itself."""
    if not isinstance(cluster, Cluster) or not cluster.state.lesson:
        return
    name, _, version = cluster.state.lesson.partition("@")
    with suppress(NoLesson):
        Goals(find(name, version)).attach(cluster)


def goals(cluster: Any) -> dict[str, dict[str, Any]]:
    """What the goals have told so far: about (`task`, `hint`, `value`, `prediction`) → name → data."""
    found: dict[str, dict[str, Any]] = {}
    observed = cluster.state.observed if isinstance(cluster, Cluster) else None
    for key, data in (observed.told if isinstance(observed, GoalsState) else {}).items():  # of a lesson that is gone nothing is told
        about, _, name = key.partition(" ")
        found.setdefault(about, {})[name] = data
    return found
