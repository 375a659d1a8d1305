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
    """Every case of a folder, whatever the names and numbers of its files. What cannot be read is a case, too: one that is not met."""
    for path in sorted(folder.rglob("*-vectors.yaml")):
        yield from _many(path, f"vectors/{path.name.removesuffix('-vectors.yaml')}", "vectors")
    for kind, home in (("traces", folder / "traces"), ("transcripts-kubectl", folder / "transcripts" / "kubectl")):
        for path in sorted(home.rglob("*.yaml")):
            area = f"{home.relative_to(folder)}/{path.relative_to(home).parts[0]}"
            if path.parent != home or kind != "traces":
                yield Case(f"{area.removesuffix('.yaml')}/{path.stem}", area.removesuffix(".yaml"), kind, path)
    for path in sorted((folder / "transcripts" / "api").rglob("*.yaml")):
        yield from _many(path, f"transcripts/api/{path.stem}", "transcripts-api")


def _many(path: Path, area: str, kind: str) -> Iterator[Case]:
    """The cases of a file of many."""
    try:
        found = entries(path)
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError):
        found = [None]
    for number, entry in enumerate(found):
        data = entry if isinstance(entry, dict) else {}
        if kind == "vectors":
            yield Case(f"{area}/{data.get('id', number)}", f"{area}/{data.get('area', 'unknown')}", kind, path, number)
        else:
            yield Case(f"transcripts/api/{data.get('id', f'{path.stem}/{number}')}", area, kind, path, number)


_held: dict[Path, list[Any]] = {}


def entries(path: Path) -> list[Any]:
    """The cases of a file of many, loaded once: a list, or `vectors` or `cases` of an object."""
    if path not in _held:
        data = load(path)
        _held[path] = data if isinstance(data, list) else list(data.get("vectors") or data.get("cases") or [])
    return _held[path]
