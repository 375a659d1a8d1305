"""Validation of a Job's status: a Job that has ended says so completely.

Upstream: pkg/apis/batch/validation/validation.go (validateJobStatus, ValidateJobStatusUpdate). Left out: the forms of index lists.
"""

from __future__ import annotations

from podlab.sim.api.validation.errors import FieldError, invalid, required
from podlab.sim.changes import Obj

NEGATIVE = "must be greater than or equal to 0"
COUNTS = ("active", "succeeded", "failed", "ready", "terminating")
PAIRS = (
    ("Complete", "Failed", "cannot set Complete=True and Failed=true conditions"),
    ("Complete", "FailureTarget", "cannot set Complete=True and FailureTarget=true conditions"),
)
BEFORE = (
    ("Failed", "FailureTarget", "cannot set Failed=True condition without the FailureTarget=true condition"),
    ("Complete", "SuccessCriteriaMet", "cannot set Complete=True condition without the SuccessCriteriaMet=true condition"),
)
CONDITIONS = "status.conditions"


def validate_job_status(new: Obj, old: Obj) -> list[FieldError]:
    """Counts, and what belongs together; what was wrong before is not asked again."""
    status: Obj = new.get("status") or {}
    held: Obj = old.get("status") or {}
    errors = [invalid(f"status.{name}", status[name], NEGATIVE) for name in COUNTS if (status.get(name) or 0) < 0]
    return errors if _true(status) == _true(held) and _times(status) == _times(held) else errors + _ended(status)


def _ended(status: Obj) -> list[FieldError]:
    true = _true(status)
    errors = [_told(text) for one, other, text in PAIRS if one in true and other in true]
    start, end = _times(status)
    if end and "Complete" not in true:
        errors.append(invalid("status.completionTime", end, "cannot set completionTime when there is no Complete=True condition"))
    if not end and "Complete" in true:
        errors.append(required("status.completionTime", "completionTime is required for Complete jobs"))
    if start and end and end < start:
        errors.append(invalid("status.completionTime", end, "completionTime cannot be set before startTime"))
    errors += [_told(text) for one, other, text in BEFORE if one in true and other not in true]
    if true & {"Complete", "Failed"}:
        if not start:
            errors.append(required("status.startTime", "startTime is required for finished job"))
        errors += [
            invalid(f"status.{name}", status[name], f"{name}>0 is invalid for finished job")
            for name in ("active", "ready", "terminating")
            if (status.get(name) or 0) > 0
        ]
    return errors


def _told(text: str) -> FieldError:
    """About all conditions together: no value is shown."""
    return FieldError("FieldValueInvalid", CONDITIONS, f"Invalid value: {text}")


def _true(status: Obj) -> frozenset[str]:
    return frozenset(each["type"] for each in status.get("conditions") or () if each.get("status") == "True")


def _times(status: Obj) -> tuple[str, str]:
    return status.get("startTime") or "", status.get("completionTime") or ""
