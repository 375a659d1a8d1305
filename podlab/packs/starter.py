"""`pack new`: a pack with one lesson that can be read, checked and proved as it is, to be changed line by line.

Beside it, in `.schemas`, lie the JSON schemas by which an editor completes and checks its YAML (what is hidden is no part of a pack).
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from podlab.packs.model import SLUG
from podlab.packs.problems import PackError, Problem


def begin(path: Path) -> None:
    """Write it; `PackError` where there is something already, or the name is no id."""
    if path.exists() and any(path.iterdir()):
        raise PackError([Problem(str(path), 0, 0, "is there already, and not empty", "choose another folder")])
    if not SLUG.fullmatch(path.name):
        raise PackError([Problem(path.name, 0, 0, "is no id for a pack", "small letters and digits, words joined by hyphens")])
    _copy(resources.files("podlab.packs") / "starter", path, path.name)
    _copy(resources.files("podlab.packs") / "schemas", path / ".schemas", path.name)


def _copy(source: resources.abc.Traversable, target: Path, name: str) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for each in source.iterdir():
        if each.is_dir():
            _copy(each, target / each.name, name)
        else:
            (target / each.name).write_text(each.read_text("utf-8").replace("my-pack", name), "utf-8")
