"""Validation of Deployments, ReplicaSets, DaemonSets, StatefulSets and disruption budgets.

Upstream: pkg/apis/apps/validation/validation.go, pkg/apis/policy/validation. Left out: nothing.
"""

from __future__ import annotations

import re
from typing import Any

from podlab.sim.api import labels
from podlab.sim.api.internal import Raw
from podlab.sim.api.validation.affinity import validate_selector
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, required, unsupported
from podlab.sim.api.validation.pod import validate_template
from podlab.sim.changes import Obj

NEGATIVE = "must be greater than or equal to 0"
STRATEGY = "spec.strategy"
_PERCENT = re.compile(r"[0-9]+%")


def _not_negative(spec: Obj, *names: str, path: str = "spec") -> list[FieldError]:
    return [invalid(f"{path}.{name}", spec[name], NEGATIVE) for name in names if (spec.get(name) or 0) < 0]


def _selector(spec: Obj, kind: str) -> list[FieldError]:
    selector = spec.get("selector")
    if selector is None:
        return [required("spec.selector")]
    errors = validate_selector(selector, "spec.selector")
    if not selector:
        errors.append(invalid("spec.selector", selector, f"empty selector is invalid for {kind}"))
    return [*errors, invalid("spec.selector", selector, "invalid label selector")] if errors and selector else errors


def _template(spec: Obj, kind: str, *, broken: bool) -> list[FieldError]:
    """The template of what keeps its Pods running; its labels must meet the selector."""
    template, path = spec["template"], "spec.template"
    held = template.get("metadata", {}).get("labels", {})
    selector = spec.get("selector")
    errors: list[FieldError] = []
    if not broken and selector != {} and not (selector is not None and labels.matches(selector, held)):
        errors.append(invalid(f"{path}.metadata.labels", held or None, "`selector` does not match template `labels`"))
    return errors + validate_template(template, path) + _keeps_running(template["spec"], f"{path}.spec", kind)


def _keeps_running(spec: Obj, path: str, kind: str) -> list[FieldError]:
    """The Pods of a template that are to run for ever are restarted always, and have no deadline."""
    errors: list[FieldError] = []
    policy = spec.get("restartPolicy", "")
    if policy in ("OnFailure", "Never"):
        errors.append(unsupported(f"{path}.restartPolicy", policy, ["Always"]))
    if "activeDeadlineSeconds" in spec:
        errors.append(forbidden(f"{path}.activeDeadlineSeconds", f"activeDeadlineSeconds in {kind} is not Supported"))
    return errors


def validate_replica_set(replica_set: Obj) -> list[FieldError]:
    """A new ReplicaSet."""
    spec = replica_set["spec"]
    errors = _not_negative(spec, "replicas", "minReadySeconds")
    wrong = _selector(spec, "deployment")
    return errors + wrong + _template(spec, "ReplicaSet", broken=any(each.field.startswith("spec.selector.") for each in wrong))


def update_replica_set(new: Obj, old: Obj) -> list[FieldError]:
    """The selector stays."""
    return validate_replica_set(new) + _same_selector(new, old)


def _same_selector(new: Obj, old: Obj) -> list[FieldError]:
    selector = new["spec"].get("selector")
    return [] if selector == old["spec"].get("selector") else [invalid("spec.selector", selector, "field is immutable")]


def validate_replication_controller(controller: Obj) -> list[FieldError]:
    """A ReplicationController, whose selector is plain labels."""
    spec, path = controller["spec"], "spec.template"
    errors = _not_negative(spec, "minReadySeconds")
    chosen = spec.get("selector") or {}
    errors += [] if chosen else [required("spec.selector")]
    errors += _not_negative(spec, "replicas")
    template = spec.get("template")
    if template is None:
        return [*errors, required(path)]
    held = template.get("metadata", {}).get("labels", {})
    if chosen and not chosen.items() <= held.items():
        errors.append(invalid(f"{path}.metadata.labels", held or None, "`selector` does not match template `labels`"))
    return errors + validate_template(template, path) + _keeps_running(template["spec"], f"{path}.spec", "ReplicationController")


def validate_pod_template(template: Obj) -> list[FieldError]:
    """A PodTemplate."""
    return validate_template(template["template"], "template")


def validate_daemon_set(daemon_set: Obj) -> list[FieldError]:
    """A new DaemonSet."""
    spec = daemon_set["spec"]
    wrong = validate_selector(spec.get("selector"), "spec.selector")
    empty = [invalid("spec.selector", {}, "empty selector is invalid for daemonset")] if spec.get("selector") == {} else []
    errors = wrong + empty + _template(spec, "DaemonSet", broken=bool(wrong)) + _not_negative(spec, "minReadySeconds")
    return errors + _daemon_strategy(spec.get("updateStrategy") or {}) + _not_negative(spec, "revisionHistoryLimit")


def _daemon_strategy(strategy: Obj) -> list[FieldError]:
    """One of the two bounds is not zero, and only one."""
    if strategy.get("type") == "OnDelete":
        return []
    path, rolling = "spec.updateStrategy", strategy.get("rollingUpdate")
    if strategy.get("type") != "RollingUpdate":
        return [unsupported(path, Raw({"Type": strategy.get("type", ""), "RollingUpdate": rolling}), ["RollingUpdate", "OnDelete"])]
    if rolling is None:
        return [required(f"{path}.rollingUpdate")]
    bounds = {f"{path}.rollingUpdate.{name}": rolling.get(name, 0) for name in ("maxUnavailable", "maxSurge")}
    errors = [error for where, value in bounds.items() for error in number_or_percent(value, where)]
    errors += [error for where, value in bounds.items() for error in at_most_all(value, where)]
    (below, down), (above, up) = bounds.items()
    if not _zero(down) and not _zero(up):
        errors.append(invalid(above, up, "may not be set when maxUnavailable is non-zero"))
    elif _zero(down) and _zero(up):
        errors.append(required(below, "cannot be 0 when maxSurge is 0"))
    return errors


_DAEMON_COUNTS = (
    "currentNumberScheduled",
    "numberMisscheduled",
    "desiredNumberScheduled",
    "numberReady",
    "observedGeneration",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberUnavailable",
    "collisionCount",
)


def validate_daemon_status(new: Obj, _old: Obj) -> list[FieldError]:
    """The counts of a DaemonSet's status."""
    return _not_negative(new.get("status", {}), *_DAEMON_COUNTS, path="status")


def update_daemon_set(new: Obj, old: Obj) -> list[FieldError]:
    """The selector stays."""
    return validate_daemon_set(new) + _same_selector(new, old)


def validate_stateful_set(stateful_set: Obj) -> list[FieldError]:
    """A new StatefulSet."""
    spec = stateful_set["spec"]
    errors = _management(spec) + _retention(spec) + _not_negative(spec, "replicas", "minReadySeconds")
    errors += _not_negative(spec.get("ordinals") or {}, "start", path="spec.ordinals")
    selector = spec.get("selector")
    wrong = validate_selector(selector, "spec.selector") if selector is not None else [required("spec.selector")]
    if selector == {}:
        wrong.append(invalid("spec.selector", selector, "empty selector is invalid for statefulset"))
    broken = any(each.field.startswith("spec.selector.") for each in wrong)
    errors += wrong + ([invalid("spec.selector", selector, "")] if broken else [])
    errors += _template({**spec, "template": _with_claims(spec)}, "StatefulSet", broken=broken)
    return errors + _not_negative(spec, "revisionHistoryLimit")


def _management(spec: Obj) -> list[FieldError]:
    """How Pods are made, and how they are changed."""
    errors, policy = [], spec.get("podManagementPolicy", "")
    if policy not in ("OrderedReady", "Parallel"):
        errors.append(invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"))
    strategy: Obj = spec.get("updateStrategy") or {}
    kind, rolling, path = strategy.get("type", ""), strategy.get("rollingUpdate"), "spec.updateStrategy"
    if kind not in ("RollingUpdate", "OnDelete"):
        errors.append(invalid(path, Raw({"Type": kind, "RollingUpdate": rolling}), "must be 'RollingUpdate' or 'OnDelete'"))
    elif kind == "OnDelete" and rolling is not None:
        shown = Raw({"Partition": rolling.get("partition"), "MaxUnavailable": rolling.get("maxUnavailable")})
        errors.append(invalid(f"{path}.rollingUpdate", shown, "only allowed for updateStrategy 'RollingUpdate'"))
    elif rolling is not None:
        errors += _not_negative(rolling, "partition", path=f"{path}.rollingUpdate")
    return errors


def _retention(spec: Obj) -> list[FieldError]:
    policies: Obj = spec.get("persistentVolumeClaimRetentionPolicy") or {}
    return [
        unsupported(f"spec.persistentVolumeClaimRetentionPolicy.{name}", policies.get(name, "Retain"), ("Delete", "Retain"))
        for name in ("whenDeleted", "whenScaled")
        if policies.get(name, "Retain") not in ("Retain", "Delete")
    ]


def _with_claims(spec: Obj) -> Obj:
    """The template with a volume for each claim that its Pods will get: containers may mount those."""
    template, own = spec["template"], [each["metadata"].get("name", "") for each in spec.get("volumeClaimTemplates") or ()]
    kept = [each for each in template["spec"].get("volumes") or () if each.get("name") not in own]
    claims = [{"name": each, "persistentVolumeClaim": {"claimName": each}} for each in own]
    return {**template, "spec": {**template["spec"], "volumes": [*kept, *claims]}} if own else template


def update_stateful_set(new: Obj, old: Obj) -> list[FieldError]:
    """Only some of the spec may change."""
    free = (
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    )
    fixed = [{key: value for key, value in each["spec"].items() if key not in free} for each in (new, old)]
    errors = validate_stateful_set(new)
    if fixed[0] != fixed[1]:
        listed = "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'"
        errors.append(forbidden("spec", f"updates to statefulset spec for fields other than {listed} are forbidden"))
    return errors


def validate_deployment(deployment: Obj) -> list[FieldError]:
    """A new Deployment."""
    spec = deployment["spec"]
    errors = _not_negative(spec, "replicas")
    wrong = _selector(spec, "deployment")
    errors += wrong + _template(spec, "ReplicaSet", broken=any(each.field.startswith("spec.selector.") for each in wrong))
    errors += _strategy(spec["strategy"]) + _not_negative(spec, "minReadySeconds", "revisionHistoryLimit")
    deadline = spec.get("progressDeadlineSeconds")
    if deadline is not None:
        errors += _not_negative(spec, "progressDeadlineSeconds")
        if deadline <= spec.get("minReadySeconds", 0):
            errors.append(invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"))
    return errors


def update_deployment(new: Obj, old: Obj) -> list[FieldError]:
    """The selector stays."""
    return validate_deployment(new) + _same_selector(new, old)


def _strategy(strategy: Obj) -> list[FieldError]:
    kind, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    if kind == "Recreate":
        told = "may not be specified when strategy `type` is 'Recreate'"
        return [forbidden(f"{STRATEGY}.rollingUpdate", told)] if rolling is not None else []
    if kind != "RollingUpdate":
        return [unsupported(f"{STRATEGY}.type", kind, ["Recreate", "RollingUpdate"])]
    path = f"{STRATEGY}.rollingUpdate"
    if rolling is None:
        return [required(path, "this should be defaulted and never be nil")]
    down, up = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    errors = number_or_percent(down, f"{path}.maxUnavailable") + number_or_percent(up, f"{path}.maxSurge")
    if _zero(down) and _zero(up):
        errors.append(invalid(f"{path}.maxUnavailable", down, "may not be 0 when `maxSurge` is 0"))
    return errors + at_most_all(down, f"{path}.maxUnavailable")


def _zero(value: int | str) -> bool:
    return value == 0 or (isinstance(value, str) and value.rstrip("%") == "0")


def number_or_percent(value: int | str, path: str) -> list[FieldError]:
    """A number that is not negative, or `N%`."""
    if isinstance(value, str):
        told = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
        return [] if _PERCENT.fullmatch(value) else [invalid(path, value, told)]
    return [invalid(path, value, NEGATIVE)] if value < 0 else []


def at_most_all(value: int | str, path: str) -> list[FieldError]:
    """Not more than 100%."""
    over = isinstance(value, str) and _PERCENT.fullmatch(value) is not None and int(value[:-1]) > 100
    return [invalid(path, value, "must not be greater than 100%")] if over else []


_COUNTS = (
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
    "terminatingReplicas",
    "observedGeneration",
)


def validate_status(new: Obj, _old: Obj) -> list[FieldError]:
    """The counts of a Deployment's or ReplicaSet's status."""
    status = new.get("status", {})
    names = _COUNTS if new["kind"] == "Deployment" else ("replicas", "fullyLabeledReplicas", *_COUNTS[2:4], "observedGeneration")
    errors = _not_negative(status, *names, path="status")
    total, ready = status.get("replicas", 0), status.get("readyReplicas", 0)
    for name in names[1:4]:
        if status.get(name, 0) > total:
            errors.append(invalid(f"status.{name}", status.get(name, 0), "cannot be greater than status.replicas"))
    if status.get("availableReplicas", 0) > ready:
        errors.append(invalid("status.availableReplicas", status["availableReplicas"], "cannot be greater than readyReplicas"))
    return errors


def validate_budget_status(new: Obj, _old: Obj) -> list[FieldError]:
    """The counts of a budget's status."""
    return _not_negative(new.get("status", {}), "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods", path="status")


def validate_budget(budget: Obj) -> list[FieldError]:
    """A disruption budget: one of its two bounds."""
    spec = budget["spec"]
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if least is not None and most is not None:
        shown = {"MinAvailable": least, "Selector": spec.get("selector"), "MaxUnavailable": most}
        shown["UnhealthyPodEvictionPolicy"] = spec.get("unhealthyPodEvictionPolicy")
        return [invalid("spec", Raw(shown), "minAvailable and maxUnavailable cannot be both set")]
    errors: list[FieldError] = []
    for name, value in (("minAvailable", least), ("maxUnavailable", most)):
        if value is not None:
            errors += number_or_percent(value, f"spec.{name}") + at_most_all(value, f"spec.{name}")
    errors += validate_selector(spec.get("selector"), "spec.selector")
    policy: Any = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in ("AlwaysAllow", "IfHealthyBudget"):
        errors.append(unsupported("spec.unhealthyPodEvictionPolicy", policy, ["AlwaysAllow", "IfHealthyBudget"]))
    return errors
