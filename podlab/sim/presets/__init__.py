"""Clusters to start from, one data file each.

Upstream: none (kubeadm's configuration). Left out: presets that no lesson uses.
"""

from __future__ import annotations

from importlib import resources

import msgspec
from msgspec import Struct, field

from podlab.sim.errors import SimulationBug


class NodePreset(Struct, forbid_unknown_fields=True):
    """What one node has beside the others: extra labels, taints (`key=value:Effect`), capacity."""

    labels: dict[str, str] = field(default_factory=dict)
    taints: list[str] = field(default_factory=list)
    capacity: dict[str, str] = field(default_factory=dict)
    allocatable: dict[str, str] = field(default_factory=dict)


class Preset(Struct, forbid_unknown_fields=True):
    """A cluster: node names, their size, whether the control plane's own Pods are shown, and the files in the learner's home."""

    control_plane: str
    workers: list[str]
    capacity: dict[str, str]
    allocatable: dict[str, str]
    nodes: dict[str, NodePreset] = field(default_factory=dict)
    system_pods: bool = True
    stocked: bool = True
    """Every image that the registries have is on every node already, but for `unstocked`."""
    unstocked: list[str] = field(default_factory=list)
    storage_class: bool = True
    """A default StorageClass, whose volumes are directories of a node."""
    home: bool = True
    """The files of `home/` lie in the learner's home."""
    files: dict[str, str] = field(default_factory=dict)


NAMES = ("solo", "trio", "quad", "zones", "docs", "big", "standard")


def load(name: str) -> Preset:
    """The preset of that name; SimulationBug when there is none."""
    if name not in NAMES:
        raise SimulationBug(f"there is no preset {name!r}; there are {', '.join(NAMES)}")
    text = resources.files("podlab.sim.presets").joinpath(f"{name}.yaml").read_bytes()
    preset = msgspec.yaml.decode(text, type=Preset)
    return msgspec.structs.replace(preset, files=_home() | preset.files) if preset.home else preset


def _home() -> dict[str, str]:
    """What lies in every learner's home: file name → text."""
    folder = resources.files("podlab.sim.presets").joinpath("home")
    return {each.name: each.read_text("utf-8") for each in sorted(folder.iterdir(), key=lambda each: each.name)}
