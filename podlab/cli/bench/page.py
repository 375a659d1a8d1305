"""The page: what a browser loads to show a lab, and all that there is."""

import gzip
import json
from collections.abc import Iterable, Iterator
from typing import Any

from podlab.cli.bench.measure import Figure
from podlab.cli.frontend import DIST

ON_FIRST_USE = ("elements/terminals/screen", "elements/editor", ".ko.json")
"""Sources that load later: xterm.js, the editor, and the language that the learner does not read."""


def figures() -> Iterator[Figure]:
    """Sizes as sent (gzip)."""
    manifest: dict[str, dict[str, Any]] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    scripts = {source: chunk["file"] for source, chunk in manifest.items() if chunk["file"].endswith(".js")}
    first = [file for source, file in scripts.items() if not any(part in source for part in ON_FIRST_USE)]
    yield Figure("script at the first view of a lab (budget 60)", _kilobytes(first), "KB gzip")
    yield Figure("all scripts (budget 350)", _kilobytes(scripts.values()), "KB gzip")


def _kilobytes(files: Iterable[str]) -> float:
    return sum(len(gzip.compress((DIST / file).read_bytes(), 6)) for file in files) / 1024
