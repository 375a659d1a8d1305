"""The clusters that a learner may open, in the order in which they are offered."""

from podlab.sim.presets import NAMES, load
from podlab.web.texts import texts

DEFAULT = "trio"
OFFERED = (DEFAULT, *(name for name in NAMES if name != DEFAULT))


def offers(language: str) -> list[dict[str, str]]:
    """What the sandbox shows of each preset: its name, a title, a sentence and its nodes."""
    words = texts(language)
    return [
        {"name": name, "title": words[f"preset_{name}"], "about": words[f"preset_{name}_about"], "nodes": " · ".join(_nodes(name))}
        for name in OFFERED
    ]


def _nodes(name: str) -> list[str]:
    preset = load(name)
    return [preset.control_plane, *preset.workers]
