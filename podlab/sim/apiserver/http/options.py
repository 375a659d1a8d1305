"""Reading and checking the options of a request: of lists, writes, deletions.

Upstream: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation, internalversion/validation. Left out: shards.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from podlab.sim.api import fields, labels
from podlab.sim.api.resources import Resource
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid_object, required, too_long, unsupported
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.http.types import Request

META = "meta.k8s.io"
VALIDATIONS = ("", "Ignore", "Strict", "Warn")


class ListOptions(Struct):
    """What a list or watch is asked for."""

    selector: labels.Selector
    fields: fields.Selector
    version: str = ""
    match: str = ""
    limit: int = 0
    token: str = ""


def check_write(request: Request, kind: str) -> str:
    """`Strict`, `Warn` or `Ignore`; Invalid for options that make no sense."""
    errors: list[FieldError] = []
    if kind == "PatchOptions":
        errors += _patch_options(request)
    dry = request.query.get("dryRun", [])
    if any(each != "All" for each in dry):
        errors.append(unsupported("dryRun", f"[{' '.join(dry)}]" if len(dry) != 1 else dry[0], ["All"]))
    errors += _manager(request.first("fieldManager"))
    validation = request.first("fieldValidation")
    if validation not in VALIDATIONS:
        errors.append(unsupported("fieldValidation", validation, VALIDATIONS))
    if errors:
        raise invalid_object(kind, META, "", errors)
    return validation or "Warn"


def _patch_options(request: Request) -> list[FieldError]:
    is_apply = request.headers.get("content-type", "").startswith("application/apply-patch")
    if is_apply and not request.first("fieldManager"):
        return [required("fieldManager", "is required for apply patch")]
    if not is_apply and "force" in request.query:
        return [forbidden("force", "may not be specified for non-apply patch")]
    return []


def _manager(name: str) -> list[FieldError]:
    if len(name.encode()) > 128:
        return [too_long("fieldManager", 128)]
    return []


def number(request: Request, name: str) -> int | None:
    """An integer of the query; BadRequest in Go's words."""
    text = request.first(name)
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise answers.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def list_options(request: Request, row: Resource) -> ListOptions:
    """Selectors and paging of a list; StatusErrors."""
    limit = number(request, "limit") or 0
    number(request, "timeoutSeconds")
    watching = request.flag("watch")
    try:
        selector = labels.parse(request.first("labelSelector"))
        chosen = fields.parse(request.first("fieldSelector"))
    except ValueError as error:
        raise answers.bad_request(str(error)) from None
    options = ListOptions(
        selector, chosen, request.first("resourceVersion"), request.first("resourceVersionMatch"), max(limit, 0), request.first("continue")
    )
    errors = _versions(options, request, watching=watching)
    if errors:
        raise invalid_object("ListOptions", META, "", errors)
    try:
        fields.check(row, chosen)
    except ValueError as error:
        raise answers.bad_request(str(error)) from None
    return options


def _versions(options: ListOptions, request: Request, *, watching: bool) -> list[FieldError]:
    match, version = options.match, options.version
    where = "resourceVersionMatch"
    if watching:
        return _watch_versions(options, request)
    errors = []
    if "sendInitialEvents" in request.query:
        errors.append(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    if match:
        if not version:
            errors.append(forbidden(where, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
        if options.token:
            errors.append(forbidden(where, "resourceVersionMatch is forbidden when continue is provided"))
        if match not in ("Exact", "NotOlderThan"):
            errors.append(unsupported(where, match, ["Exact", "NotOlderThan", ""]))
        if match == "Exact" and version == "0":
            errors.append(forbidden(where, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    return errors


def _watch_versions(options: ListOptions, request: Request) -> list[FieldError]:
    where, match = "resourceVersionMatch", options.match
    errors = []
    initial = "sendInitialEvents" in request.query
    if match:
        if not initial:
            errors.append(forbidden(where, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"))
        if match != "NotOlderThan":
            errors.append(unsupported(where, match, ["NotOlderThan"]))
        if options.token:
            errors.append(forbidden(where, "resourceVersionMatch is forbidden when continue is provided"))
    elif initial:
        errors.append(forbidden(where, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
    return errors


def version_number(text: str) -> int:
    """A resourceVersion as a number; 500 for what is none."""
    if not text.isdigit():
        raise answers.internal(f'resourceVersion: Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid syntax')
    return int(text)


def as_dict(value: Any) -> dict[str, Any]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}
