"""Sessions on nodes that the learner chose herself: how such a cluster begins, and away with what was kept of those that are gone."""

from __future__ import annotations

import hashlib

from podlab.session.models import BootCheckpoint, Session
from podlab.sim import scene
from podlab.sim.presets import own

PRESET = "own"
PREFIX = "nodes:"


def boot_key(nodes: str) -> str:
    """Under what name the beginning of such a cluster is kept (at most 64 characters)."""
    return PREFIX + hashlib.sha256(nodes.encode()).hexdigest()[:40]


def booted(nodes: str) -> bytes:
    """The cluster of these lines at virtual zero."""
    return scene.play(scene.Scene(nodes=own.preset(nodes)))


def sweep() -> int:
    """Delete the beginnings of clusters that no session has any more; how many went."""
    used = {boot_key(each) for each in Session.objects.exclude(nodes="").values_list("nodes", flat=True).distinct()}
    return BootCheckpoint.objects.filter(preset__startswith=PREFIX).exclude(preset__in=used).delete()[0]
