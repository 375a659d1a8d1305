"""Validation of Events: mildly in v1, in full in events.k8s.io/v1.

Upstream: pkg/apis/core/validation/events.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.api.validation.errors import FieldError, invalid, required
from podlab.sim.changes import Obj

MOST = 128
MOST_NOTE = 1024
TYPES = ("Normal", "Warning")
_MISMATCH = "does not match event.namespace"
_FROZEN = ("involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "reason", "type", "eventTime")
_FROZEN_TOO = ("action", "related", "reportingComponent", "reportingInstance")
_NAMED = {"reportingComponent": "reportingController"}


def validate_event(event: Obj, controller: str = "reportingComponent") -> list[FieldError]:
    """What every version asks: the namespace of the object, and who reports where there is an eventTime."""
    namespace, regarding = event["metadata"].get("namespace", ""), event.get("involvedObject", {}).get("namespace", "")
    timed = bool(event.get("eventTime"))
    free = ("default", "kube-system") if timed else ("", "default")
    errors: list[FieldError] = []
    if (not regarding and namespace not in free) or (regarding and not timed and regarding != namespace):
        errors.append(invalid("involvedObject.namespace", regarding, _MISMATCH))
    if timed:
        errors += _reported(event, controller)
    return errors + [invalid("namespace", namespace, each) for each in names.subdomain(namespace)]


def _reported(event: Obj, controller: str) -> list[FieldError]:
    reporter = event.get("reportingComponent", "")
    errors = [] if reporter else [required(controller)]
    errors += [invalid(controller, reporter, each) for each in names.qualified(reporter)]
    for name in ("reportingInstance", "action", "reason"):
        held = event.get(name, "")
        if not held:
            errors.append(required(name))
        if len(held.encode()) > MOST:
            errors.append(invalid(name, "", f"can have at most {MOST} characters"))
    if len(event.get("message", "").encode()) > MOST_NOTE:
        errors.append(invalid("message", "", f"can have at most {MOST_NOTE} characters"))
    return errors


def validate_grouped(event: Obj) -> list[FieldError]:
    """What a new Event of events.k8s.io/v1 must be; `event` is in the form of v1."""
    errors = validate_event(event, "reportingController") + _series(event)
    if not event.get("eventTime"):
        errors.append(required("eventTime"))
    if event.get("type", "") not in TYPES:
        errors.append(invalid("type", "", f"has invalid value: {event.get('type', '')}"))
    return errors + [
        invalid(name, "", "needs to be unset") for name in ("firstTimestamp", "lastTimestamp", "count", "source") if event.get(name)
    ]


def update_grouped(new: Obj, old: Obj) -> list[FieldError]:
    """What a change by events.k8s.io/v1 may not touch."""
    errors = validate_event(new, "reportingController")
    if new.get("series") != old.get("series"):
        errors += _series(new)
    for name in (*_FROZEN, *_FROZEN_TOO):
        if (new.get(name) or None) != (old.get(name) or None):
            errors.append(invalid(_NAMED.get(name, name), new.get(name, ""), "field is immutable"))
    return errors


def _series(event: Obj) -> list[FieldError]:
    series = event.get("series")
    if series is None:
        return []
    errors = [invalid("series.count", "", "should be at least 2")] if series.get("count", 0) < 2 else []
    return errors if series.get("lastObservedTime") else [*errors, required("series.lastObservedTime")]
