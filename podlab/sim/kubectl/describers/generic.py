"""A description of a kind that has none of its own: all its fields.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (GenericDescriberFor, printUnstructuredContent). Left out: nothing.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.api.goyaml import go_scalar
from podlab.sim.changes import Obj
from podlab.sim.kubectl.describers.events import events
from podlab.sim.kubectl.describers.writer import Scene, Writer, head

_SKIPPED = {".metadata.name", ".metadata.namespace", ".metadata.labels", ".metadata.annotations", ".metadata.managedFields"}
_ACRONYMS = {"api": "API", "id": "ID", "uid": "UID", "url": "URL", "osb": "OSB", "gui": "GUI", "json": "JSON"}


def generic(scene: Scene, out: Writer, obj: Obj) -> None:
    """All fields of an object, sorted."""
    head(out, obj)
    _fields(out, 0, obj, "")
    events(scene, out, obj)


def _fields(out: Writer, level: int, content: dict[str, Any], path: str) -> None:
    for name in sorted(content):
        value, here = content[name], f"{path}.{name}"
        if here in _SKIPPED:
            continue
        if isinstance(value, dict):
            out.line(level, f"{_label(name)}:")
            _fields(out, level + 1, value, here)
        elif isinstance(value, list):
            out.line(level, f"{_label(name)}:")
            _items(out, level + 1, value, here)
        else:
            out.line(level, f"{_label(name)}:\t{'<nil>' if value is None else go_scalar(value)}")


def _items(out: Writer, level: int, held: list[Any], path: str) -> None:
    for each in held:
        if isinstance(each, dict):
            _fields(out, level, each, path)
        else:
            out.line(level, go_scalar(each))


def _label(name: str) -> str:
    """`lastTimestamp` → `Last Timestamp`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+", name)
    return " ".join(_ACRONYMS.get(word.lower(), word[:1].upper() + word[1:]) for word in words)
