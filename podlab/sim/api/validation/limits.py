"""Validation of ResourceQuotas and LimitRanges.

Upstream: pkg/apis/core/validation/validation.go (ValidateResourceQuotaSpec, ValidateLimitRange). Left out: claims.
"""

from __future__ import annotations

from podlab.sim.api import names, quantities
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, required
from podlab.sim.changes import Obj

STANDARD = (
    "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports",
    "services.loadbalancers", "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage",
    "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "storage",
)  # fmt: skip
SCOPES = (
    "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass",
)  # fmt: skip
EXCLUSIVE = ({"BestEffort", "NotBestEffort"}, {"Terminating", "NotTerminating"})


def validate_quota(quota: Obj) -> list[FieldError]:
    """A ResourceQuota, new or changed."""
    spec = quota["spec"]
    errors: list[FieldError] = []
    for name, value in (spec.get("hard") or {}).items():
        path = f"spec.hard[{name}]"
        if name not in STANDARD and "/" not in name and not name.startswith(("requests.", "limits.", "hugepages-")):
            errors.append(invalid(path, name, "must be a standard resource type or fully qualified"))
            errors.append(invalid(path, name, "must be a standard resource for quota"))
        if quantities.parse(value) < 0:
            errors.append(invalid(path, value, "must be greater than or equal to 0"))
    return errors + _scopes(spec) + _selector(spec)


def _scopes(spec: Obj) -> list[FieldError]:
    scopes = spec.get("scopes") or []
    only_pods = [name for name in spec.get("hard") or {} if name not in ("pods", "count/pods")]
    errors = [invalid("spec.scopes", scopes, "unsupported scope") for each in scopes if each not in SCOPES]
    if "BestEffort" in scopes and only_pods:
        errors.append(invalid("spec.scopes", scopes, "unsupported scope applied to resource"))
    if any(each <= set(scopes) for each in EXCLUSIVE):
        errors.append(invalid("spec.scopes", scopes, "conflicting scopes"))
    return errors


def _selector(spec: Obj) -> list[FieldError]:
    path = "spec.scopeSelector.matchExpressions.values"
    text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
    listed = (spec.get("scopeSelector") or {}).get("matchExpressions") or ()
    return [required(path, text) for each in listed if each.get("operator") in ("In", "NotIn") and not each.get("values")]


def update_quota(new: Obj, old: Obj) -> list[FieldError]:
    """The scopes stay."""
    held = new["spec"].get("scopes")
    return validate_quota(new) + ([] if held == old["spec"].get("scopes") else [invalid("spec.scopes", held, "field is immutable")])


def validate_limit_range(limit_range: Obj) -> list[FieldError]:
    """A LimitRange, new or changed."""
    seen: list[str] = []
    errors: list[FieldError] = []
    for number, limit in enumerate(limit_range["spec"].get("limits") or ()):
        path, type_ = f"spec.limits[{number}]", limit.get("type", "")
        if not type_:
            errors += [invalid(f"{path}.type", "", text) for text in names.qualified("")]
        elif type_ in seen:
            errors.append(duplicate(f"{path}.type", type_))
        seen.append(type_)
        if type_ == "Pod":
            errors += [
                forbidden(f"{path}.{key}", "may not be specified when `type` is 'Pod'")
                for key in ("default", "defaultRequest")
                if limit.get(key)
            ]
        if type_ == "PersistentVolumeClaim" and not any("storage" in (limit.get(key) or {}) for key in ("min", "max")):
            errors.append(required(f"{path}.limits", "either minimum or maximum storage value is required, but neither was provided"))
        errors += _bounds(limit, path)
    return errors


def _bounds(limit: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    limited = dict.fromkeys(
        name for key in ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio") for name in limit.get(key) or {}
    )
    for name in sorted(limited):
        low, high, request, default = (_of(limit, key, name) for key in ("min", "max", "defaultRequest", "default"))
        errors += _over(low, high, f"{path}.min[{name}]", "min value", "max value")
        errors += _over(low, request, f"{path}.defaultRequest[{name}]", "min value", "default request value", shown=1)
        errors += _over(request, high, f"{path}.defaultRequest[{name}]", "default request value", "max value")
        errors += _over(request, default, f"{path}.defaultRequest[{name}]", "default request value", "default limit value")
        errors += _over(low, default, f"{path}.default[{name}]", "min value", "default value")
        errors += _over(default, high, f"{path}.default[{name}]", "default value", "max value", shown=1)
        errors += _ratio(_of(limit, "maxLimitRequestRatio", name), low, high, f"{path}.maxLimitRequestRatio[{name}]")
    return errors


def _of(limit: Obj, key: str, name: str) -> str | None:
    found: str | None = (limit.get(key) or {}).get(name)
    return found


def _over(small: str | None, big: str | None, path: str, one: str, other: str, shown: int = 0) -> list[FieldError]:
    if small is None or big is None or quantities.parse(small) <= quantities.parse(big):
        return []
    return [invalid(path, (small, big)[shown], f"{one} {small} is greater than {other} {big}")]


def _ratio(ratio: str | None, low: str | None, high: str | None, path: str) -> list[FieldError]:
    if ratio is None:
        return []
    if quantities.parse(ratio) < 1:
        return [invalid(path, ratio, f"ratio {ratio} is less than 1")]
    if low is None or high is None or not quantities.parse(low):
        return []
    most = quantities.parse(high) / quantities.parse(low)
    return [invalid(path, ratio, f"ratio {ratio} is greater than max/min = {float(most):f}")] if quantities.parse(ratio) > most else []
