"""RFC 7386 merge patches between two versions of an object. API objects never hold null, so every change can be said."""

from __future__ import annotations

from podlab.sim.changes import Obj


def merge_patch(old: Obj, new: Obj) -> Obj:
    """The smallest patch that makes `new` of `old`; parts that both share by reference are not looked into."""
    patch: Obj = {key: None for key in old if key not in new}
    for key, value in new.items():
        before = old.get(key)
        if before is value:
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            if inner := merge_patch(before, value):
                patch[key] = inner
        elif before != value or key not in old:
            patch[key] = value
    return patch


def apply_patch(old: Obj, patch: Obj) -> Obj:
    """`old` with `patch` merged in; `old` stays as it is."""
    new = {key: value for key, value in old.items() if patch.get(key, key) is not None}
    for key, value in patch.items():
        if isinstance(value, dict):
            before = old.get(key)
            new[key] = apply_patch(before if isinstance(before, dict) else {}, value)
        elif value is not None:
            new[key] = value
    return new
