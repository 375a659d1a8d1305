"""A field's error, and how the API server tells many of them.

Upstream: staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go, pkg/api/errors. Left out: validation origins.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from podlab.sim.api.internal import Raw
from podlab.sim.api.resources import Resource
from podlab.sim.errors import StatusError


class FieldError(Struct, frozen=True):
    """`reason` is the cause's reason (FieldValueInvalid …), `body` the message without the field."""

    reason: str
    field: str
    body: str

    def __str__(self) -> str:
        return f"{self.field}: {self.body}"


def shown(value: Any) -> str:
    """A value as Go shows it in a field error."""
    if isinstance(value, Raw):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _more(detail: str) -> str:
    return f": {detail}" if detail else ""


def required(field: str, detail: str = "") -> FieldError:
    """`Required value`."""
    return FieldError("FieldValueRequired", field, "Required value" + _more(detail))


def invalid(field: str, value: Any, detail: str) -> FieldError:
    """`Invalid value: …`."""
    return FieldError("FieldValueInvalid", field, f"Invalid value: {shown(value)}{_more(detail)}")


def forbidden(field: str, detail: str = "") -> FieldError:
    """`Forbidden: …`."""
    return FieldError("FieldValueForbidden", field, "Forbidden" + _more(detail))


def unsupported(field: str, value: Any, supported: Sequence[str]) -> FieldError:
    """`Unsupported value: …`, with those that are supported in the order given."""
    listed = ", ".join(f'"{each}"' for each in supported)
    return FieldError(
        "FieldValueNotSupported", field, f"Unsupported value: {shown(value)}" + (f": supported values: {listed}" if supported else "")
    )


def duplicate(field: str, value: Any, detail: str = "") -> FieldError:
    """`Duplicate value: …`."""
    return FieldError("FieldValueDuplicate", field, f"Duplicate value: {shown(value)}{_more(detail)}")


def not_found(field: str, value: Any, detail: str = "") -> FieldError:
    """`Not found: …`."""
    return FieldError("FieldValueNotFound", field, f"Not found: {shown(value)}{_more(detail)}")


def too_long(field: str, limit: int) -> FieldError:
    """`Too long: …`."""
    return FieldError("FieldValueTooLong", field, f"Too long: may not be more than {limit} bytes")


def too_many(field: str, number: int, limit: int) -> FieldError:
    """`Too many: …`."""
    return FieldError("FieldValueTooMany", field, f"Too many: {number}: must have at most {limit} items")


def aggregated(messages: Iterable[str]) -> str:
    """One message as it is, several in brackets, each once."""
    unique = list(dict.fromkeys(messages))
    return unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]"


def details_of(resource: Resource, name: str = "") -> dict[str, Any]:
    """Name, group and resource of an error about an object."""
    found = {"name": name, "group": resource.group, "kind": resource.plural}
    return {key: value for key, value in found.items() if value}


def invalid_object(kind: str, group: str, name: str, errors: Sequence[FieldError]) -> StatusError:
    """The 422 of an object with such errors."""
    title = f"{kind}.{group}" if group else kind
    causes = [{"reason": each.reason, "message": each.body, "field": each.field} for each in errors]
    details: dict[str, Any] = {"name": name, "group": group, "kind": kind}
    details = {key: value for key, value in details.items() if value} | {"causes": causes}
    return StatusError("Invalid", f'{title} "{name}" is invalid: {aggregated(map(str, errors))}', details=details)
