"""Where the reference is, and what is in it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

ROOT = Path(__file__).parents[2]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Case(Struct, frozen=True):
    """One case: `kind` vectors, traces, transcripts-kubectl or transcripts-api; `number` is its place in a file of many."""

    id: str
    area: str
    kind: str
    path: Path
    number: int = 0


class Verdict(Struct, frozen=True):
    """How many of a case's facts (steps) were met, and what was wrong with the others."""

    good: int
    total: int
    wrong: str = ""


@functools.cache
def load(path: Path) -> Any:
    """A YAML file."""
    return yaml.load(path.read_text("utf-8"), Loader=LOADER)


def reference_folder() -> Path | None:
    """The folder, or None where there is none."""
    folder = Path(os.environ.get("PODLAB_REFERENCE") or ROOT.parent / "shared" / "kubernetes")
    return folder if folder.is_dir() else None


def cases(folder: Path) -> Iterator[Case]:
    """Every case of a folder, whatever the names and numbers of its files."""
    for path in sorted(folder.rglob("*-vectors.yaml")):
        yield from _vectors(path)
    for path in sorted(folder.glob("traces/**/*.yaml")):
        if path.parent.name != "traces":
            yield Case(f"traces/{path.parent.name}/{path.stem}", f"traces/{path.parent.name}", "traces", path)
    for path in sorted(folder.glob("transcripts/kubectl/**/*.yaml")):
        yield Case(
            f"transcripts/kubectl/{path.parent.name}/{path.stem}", f"transcripts/kubectl/{path.parent.name}", "transcripts-kubectl", path
        )
    for path in sorted(folder.glob("transcripts/api/**/*.yaml")):
        for number, case in enumerate(load(path)):
            yield Case(f"transcripts/api/{case['id']}", f"transcripts/api/{path.stem}", "transcripts-api", path, number)


def _vectors(path: Path) -> Iterator[Case]:
    group = path.name.removesuffix("-vectors.yaml")
    for number, vector in enumerate(vectors(path)):
        area = vector.get("area", "unknown")
        yield Case(f"vectors/{group}/{vector.get('id', number)}", f"vectors/{group}/{area}", "vectors", path, number)


_held: dict[Path, list[dict[str, Any]]] = {}


def vectors(path: Path) -> list[dict[str, Any]]:
    """The vectors of a file, loaded once."""
    if path not in _held:
        data = load(path)
        _held[path] = data.get("vectors") or data.get("cases") or []
    return _held[path]
