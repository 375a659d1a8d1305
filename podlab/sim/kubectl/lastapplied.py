"""The annotation in which client-side apply remembers what it was given.

Upstream: staging/src/k8s.io/kubectl/pkg/util/apply.go. Left out: nothing.
"""

from __future__ import annotations

import json
from typing import Any

from podlab.sim.api.goyaml import to_json
from podlab.sim.changes import Obj

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def configuration(obj: Obj, *, typed: bool = False) -> str:
    """The text of the annotation for a manifest; `typed`: in the order of Go's fields, without what is empty, as generators have it."""
    meta = obj["metadata"]
    held = {key: value for key, value in (meta.get("annotations") or {}).items() if key != LAST_APPLIED}
    if typed:
        rest = {key: value for key, value in meta.items() if key != "annotations"}
        return to_json({**obj, "metadata": rest | ({"annotations": held} if held else {})}, indent=None, sort=False) + "\n"
    return to_json({**obj, "metadata": {**meta, "annotations": held}}, indent=None) + "\n"


def annotated(obj: Obj, *, typed: bool = False) -> Obj:
    """The manifest with the annotation that remembers it."""
    meta = obj["metadata"]
    text = configuration(obj, typed=typed)
    return {**obj, "metadata": {**meta, "annotations": {**(meta.get("annotations") or {}), LAST_APPLIED: text}}}


def last_applied(obj: Obj) -> dict[str, Any]:
    """What the object's annotation remembers; {} without one."""
    text = (obj["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    return dict(json.loads(text)) if text else {}
