"""Validation of HorizontalPodAutoscalers.

Upstream: pkg/apis/autoscaling/validation/validation.go. Left out: scaling to zero and tolerances (their gates are off).
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.api.quantities import parse
from podlab.sim.api.validation.affinity import validate_selector
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, required, unsupported
from podlab.sim.changes import Obj

SOURCES = {"Object": "object", "Pods": "pods", "Resource": "resource", "ContainerResource": "containerResource", "External": "external"}
LONGEST_WINDOW, LONGEST_PERIOD = 3600, 1800


def validate_autoscaler(scaler: Obj) -> list[FieldError]:
    """A HorizontalPodAutoscaler."""
    spec, errors = scaler["spec"], []
    least, most = spec.get("minReplicas"), spec.get("maxReplicas", 0)
    if least is not None and least < 1:
        errors.append(invalid("spec.minReplicas", least, "must be greater than or equal to 1"))
    if most < 1:
        errors.append(invalid("spec.maxReplicas", most, "must be greater than 0"))
    if least is not None and most < least:
        errors.append(invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"))
    errors += _reference(spec.get("scaleTargetRef") or {}, "spec.scaleTargetRef")
    return errors + _metrics(spec.get("metrics") or [], least) + _behavior(spec.get("behavior") or {})


def _reference(reference: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    for name in ("kind", "name"):
        if not reference.get(name):
            errors.append(required(f"{path}.{name}"))
        else:
            errors += [invalid(f"{path}.{name}", reference[name], text) for text in names.path_segment(reference[name])]
    return errors


def _metrics(metrics: list[Obj], least: int | None) -> list[FieldError]:
    errors = [error for number, each in enumerate(metrics) for error in _metric(each, f"spec.metrics[{number}]")]
    if least == 0 and not any(each.get("type") in ("Object", "External") for each in metrics):
        errors.append(forbidden("spec.metrics", "must specify at least one Object or External metric to support scaling to zero replicas"))
    return errors


def _metric(metric: Obj, path: str) -> list[FieldError]:
    kind = metric.get("type", "")
    if not kind:
        return [required(f"{path}.type", "must specify a metric source type")]
    if kind not in SOURCES:
        return [unsupported(f"{path}.type", kind, sorted(SOURCES))]
    own = SOURCES[kind]
    given = [name for name in SOURCES.values() if metric.get(name) is not None]
    errors: list[FieldError] = []
    errors += [error for name in given for error in _source(name, metric[name], f"{path}.{name}")]
    if own not in given:
        errors.append(required(f"{path}.{own}", "must populate information for the given metric source"))
    if len(given) > 1:
        errors += [forbidden(f"{path}.{name}", "must populate the given metric source only") for name in given if name != own]
    return errors


def _source(name: str, source: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if name in ("resource", "containerResource"):
        if not source.get("name"):
            errors.append(required(f"{path}.name", "must specify a resource name"))
        if name == "containerResource" and not source.get("container"):
            errors.append(required(f"{path}.container", "must specify a container"))
    else:
        metric = source.get("metric") or {}
        if name == "object":
            errors += _reference(source.get("describedObject") or {}, f"{path}.describedObject")
        if not metric.get("name"):
            errors.append(required(f"{path}.metric.name", "must specify a metric name"))
        errors += validate_selector(metric.get("selector"), f"{path}.metric.selector")
    return errors + _target(source.get("target") or {}, f"{path}.target") + _amounts(name, source.get("target") or {}, f"{path}.target")


def _target(target: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if not target.get("type"):
        errors.append(required(f"{path}.type", "must specify a metric target type"))
    elif target["type"] not in ("Utilization", "Value", "AverageValue"):
        errors.append(invalid(f"{path}.type", target["type"], "must be either Utilization, Value, or AverageValue"))
    given = {name: target[name] for name in ("value", "averageValue") if target.get(name) is not None}
    errors += [invalid(f"{path}.{name}", each, "must be positive") for name, each in given.items() if parse(each) <= 0]
    if target.get("averageUtilization") is not None and target["averageUtilization"] < 1:
        errors.append(invalid(f"{path}.averageUtilization", target["averageUtilization"], "must be greater than 0"))
    return errors


def _amounts(name: str, target: Obj, path: str) -> list[FieldError]:
    average, used, value = target.get("averageValue"), target.get("averageUtilization"), target.get("value")
    if name in ("resource", "containerResource"):
        if used is not None and average is not None:
            return [forbidden(f"{path}.averageValue", "may not set both a target raw value and a target utilization")]
        missing = used is None and average is None
        return [required(f"{path}.averageUtilization", "must set either a target raw value or a target utilization")] if missing else []
    if name == "pods":
        return [] if average is not None else [required(f"{path}.averageValue", "must specify a positive target averageValue")]
    if value is not None and average is not None and name == "external":
        return [forbidden(f"{path}.value", "may not set both a target value for metric and a per-pod target")]
    missing = value is None and average is None
    return [required(f"{path}.averageValue", "must set either a target value for metric or a per-pod target")] if missing else []


def _behavior(behavior: Obj) -> list[FieldError]:
    rules = [(each, behavior[each]) for each in ("scaleUp", "scaleDown") if behavior.get(each) is not None]
    return [error for name, each in rules for error in _rules(each, f"spec.behavior.{name}")]


def _rules(rules: Obj, path: str) -> list[FieldError]:
    errors, window = [], rules.get("stabilizationWindowSeconds")
    if window is not None and window < 0:
        errors.append(invalid(f"{path}.stabilizationWindowSeconds", window, "must be greater than or equal to zero"))
    if window is not None and window > LONGEST_WINDOW:
        errors.append(invalid(f"{path}.stabilizationWindowSeconds", window, f"must be less than or equal to {LONGEST_WINDOW}"))
    if rules.get("selectPolicy") is not None and rules["selectPolicy"] not in ("Max", "Min", "Disabled"):
        errors.append(unsupported(f"{path}.selectPolicy", rules["selectPolicy"], ["Disabled", "Max", "Min"]))
    policies = rules.get("policies") or []
    if not policies:
        errors.append(required(f"{path}.policies", "must specify at least one Policy"))
    for number, each in enumerate(policies):
        errors += _policy(each, f"{path}.policies[{number}]")
    return errors


def _policy(policy: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if policy.get("type") not in ("Percent", "Pods"):
        errors.append(unsupported(f"{path}.type", policy.get("type", ""), ["Percent", "Pods"]))
    if policy.get("value", 0) <= 0:
        errors.append(invalid(f"{path}.value", policy.get("value", 0), "must be greater than zero"))
    period = policy.get("periodSeconds", 0)
    if period <= 0:
        errors.append(invalid(f"{path}.periodSeconds", period, "must be greater than zero"))
    if period > LONGEST_PERIOD:
        errors.append(invalid(f"{path}.periodSeconds", period, f"must be less than or equal to {LONGEST_PERIOD}"))
    return errors
