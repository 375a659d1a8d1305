"""The page: what a browser loads before it shows anything, and all that there is."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from podlab.cli.bench.measure import Figure
from podlab.cli.frontend import DIST

ENTRY = "static/src/main.ts"


def figures() -> Iterator[Figure]:
    """Sizes as sent (gzip)."""
    manifest: dict[str, Any] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    first = _closure(manifest, ENTRY)
    scripts = {chunk["file"] for chunk in manifest.values() if chunk["file"].endswith(".js")}
    yield Figure("script at first view (budget 60)", _kilobytes({manifest[name]["file"] for name in first}), "KB gzip")
    yield Figure("all scripts (budget 350)", _kilobytes(scripts), "KB gzip")


def _closure(manifest: dict[str, Any], name: str) -> set[str]:
    """A chunk and all that it imports at once."""
    found = {name}
    for imported in manifest[name].get("imports", []):
        found |= _closure(manifest, imported)
    return found


def _kilobytes(files: set[str]) -> float:
    return sum(len(gzip.compress((DIST / file).read_bytes(), 6)) for file in files) / 1024
