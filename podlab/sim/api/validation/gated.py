"""What else may change of a Pod that waits behind scheduling gates: its node selector and affinity get narrower.

Upstream: pkg/apis/core/validation/validation.go (validateNodeSelectorMutation, validateNodeAffinityMutation). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.validation.affinity import REQUIRED
from podlab.sim.api.validation.errors import FieldError, invalid
from podlab.sim.changes import Obj


def munge_gated(spec: Obj, held: Obj) -> list[FieldError]:
    """What is wrong with the change; `spec` (a copy) gets the old selector and affinity back."""
    errors: list[FieldError] = []
    if spec.get("nodeSelector") != held.get("nodeSelector"):
        errors += _selector(spec.get("nodeSelector", {}), held.get("nodeSelector", {}))
        _put(spec, "nodeSelector", held.get("nodeSelector"))
    new, old = spec.get("affinity", {}).get("nodeAffinity"), held.get("affinity", {}).get("nodeAffinity")
    if new != old:
        errors += _affinity(new or {}, old or {})
        rest = {key: value for key, value in spec.get("affinity", {}).items() if key != "nodeAffinity"}
        if old is not None:
            rest["nodeAffinity"] = old
        _put(spec, "affinity", rest or held.get("affinity"))
    return errors


def _put(spec: Obj, name: str, value: object) -> None:
    if value is None:
        spec.pop(name, None)
    else:
        spec[name] = value


def _selector(new: dict[str, str], old: dict[str, str]) -> list[FieldError]:
    told = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
    return [] if all(new.get(key) == value for key, value in old.items()) else [invalid("spec.nodeSelector", new, told)]


def _affinity(new: Obj, old: Obj) -> list[FieldError]:
    path = f"spec.affinity.nodeAffinity.{REQUIRED}"
    was, now = (side.get(REQUIRED, {}).get("nodeSelectorTerms") or [] for side in (old, new))
    if not was:
        return []
    if len(was) != len(now):
        return [invalid(f"{path}.nodeSelectorTerms", now, "no additions/deletions to non-empty NodeSelectorTerms list are allowed")]
    told = "only additions are allowed (no mutations or deletions)"
    errors = []
    for number, (before, after) in enumerate(zip(was, now, strict=True)):
        kept = all(each in after.get(name, ()) for name in ("matchExpressions", "matchFields") for each in before.get(name, ()))
        if not kept or (not before and after):
            errors.append(invalid(f"{path}.nodeSelectorTerms[{number}]", after, told))
    return errors
