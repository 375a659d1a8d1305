"""JSON merge patch (RFC 7386).

Upstream: gopkg.in/evanphx/json-patch.v4 (MergePatch). Left out: nothing.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj


def merge(original: Any, patch: Any) -> Any:
    """`original` with `patch` merged in; null removes. Neither is changed."""
    if not isinstance(patch, dict):
        return patch
    held: Obj = original if isinstance(original, dict) else {}
    out = dict(held)
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merge(held.get(key), value)
    return out


def diff(old: Obj, new: Obj) -> Obj:
    """The smallest merge patch that makes `new` of `old`."""
    out: Obj = {key: None for key in old if key not in new}
    for key, value in new.items():
        if key not in old:
            out[key] = value
        elif value != old[key]:
            both = isinstance(value, dict) and isinstance(old[key], dict)
            out[key] = diff(old[key], value) if both else value
    return out


def three_way(original: Obj, modified: Obj, current: Obj) -> Obj:
    """The merge patch of kubectl apply: what `modified` has, changed against `current`; what it no longer has of `original`, gone.

    jsonmergepatch.CreateThreeWayJSONMergePatch.
    """
    added = _kept(diff(current, modified), deletions=False)
    removed = _kept(diff(original, modified), deletions=True)
    return merge_patches(added, removed)


def _kept(patch: Obj, *, deletions: bool) -> Obj:
    """Only the deletions of a patch, or all but these."""
    out: Obj = {}
    for key, value in patch.items():
        if value is None:
            if deletions:
                out[key] = None
        elif isinstance(value, dict):
            rest = _kept(value, deletions=deletions)
            if rest or (not deletions and not value):
                out[key] = rest
        elif not deletions:
            out[key] = value
    return out


def merge_patches(first: Obj, second: Obj) -> Obj:
    """Two patches as one, `second` winning; nulls stay."""
    out = dict(first)
    for key, value in second.items():
        held = out.get(key)
        out[key] = merge_patches(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return out
