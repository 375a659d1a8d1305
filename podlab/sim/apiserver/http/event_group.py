"""events.k8s.io/v1: the Events of v1 under other names.

Upstream: pkg/apis/events/v1/conversion.go. Left out: field owners in the names of this version; server-side apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from podlab.sim.api.canonical import DecodeError, canonical
from podlab.sim.api.resources import KNOWN, Resource
from podlab.sim.api.schema import type_of
from podlab.sim.api.validation.errors import FieldError, invalid_object
from podlab.sim.api.validation.event import update_grouped, validate_grouped
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.http.types import Request
from podlab.sim.apiserver.patching import PatchType
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

GROUP = "events.k8s.io"
ROW = Resource("events", "Event", GROUP, singular="event", short=("ev",))
OLD_AUTOSCALERS = Resource(
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    "autoscaling",
    singular="horizontalpodautoscaler",
    short=("hpa",),
    categories=("all",),
    subresources=("status",),
    absent="unknown",
)
LISTED = (*KNOWN.values(), ROW, OLD_AUTOSCALERS)
"""Every resource as paths name it."""
_OURS = {
    "regarding": "involvedObject",
    "note": "message",
    "reportingController": "reportingComponent",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
}
_THEIRS = {ours: theirs for theirs, ours in _OURS.items()}
_OMITTED = ("reportingController", "reportingInstance", "deprecatedCount", "note", "action", "reason", "type")


def out(row: Resource, obj: Obj) -> Obj:
    """An object as the resource of the path shows it."""
    if row is not ROW:
        return obj
    shown = {_THEIRS.get(name, name): value for name, value in obj.items()}
    return {name: value for name, value in shown.items() if value or name not in _OMITTED} | {"apiVersion": ROW.api_version}


def renamed(row: Resource, obj: Any) -> Any:
    """An object or a patch in the names of v1."""
    if row is not ROW:
        return obj
    if isinstance(obj, list):
        return [_operation(each) if isinstance(each, dict) else each for each in obj]
    if not isinstance(obj, dict):
        return obj
    new = {_OURS.get(name, name): value for name, value in obj.items()}
    return new | {"apiVersion": "v1"} if "apiVersion" in new else new


def _operation(operation: Obj) -> Obj:
    return {name: _pointer(value) if name in ("path", "from") and isinstance(value, str) else value for name, value in operation.items()}


def _pointer(text: str) -> str:
    start, slash, rest = text.removeprefix("/").partition("/")
    return f"/{_OURS.get(start, start)}{slash}{rest}"


def read(api: ApiServer, row: Resource, obj: Obj, *, strict: bool, warnings: list[str]) -> Obj:
    """What was sent, in the form of v1, checked as this version checks; BadRequest, Invalid."""
    if row is not ROW:
        return obj
    new: Obj = renamed(row, _decoded(obj, strict=strict, warnings=warnings))
    meta = new["metadata"]
    old = api.find("events", meta.get("name", ""), meta.get("namespace", ""))
    _refuse(meta.get("name", ""), validate_grouped(new) if old is None else update_grouped(new, old))
    return new


def check_patch(api: ApiServer, request: Request, body: Any, type_: PatchType) -> None:
    """What a patch would make of an Event, checked as this version checks; Invalid."""
    old = api.find("events", request.name, request.namespace)
    if request.row is ROW and old is not None and type_ != "apply":
        new = api.patch("events", request.name, request.namespace, body, type_, by="learner", dry_run=True)
        _refuse(request.name, update_grouped(new, old))


def _refuse(name: str, errors: list[FieldError]) -> None:
    if errors:
        raise invalid_object(ROW.kind, ROW.group, name, errors)


def _decoded(obj: Obj, *, strict: bool, warnings: list[str]) -> Obj:
    schema = type_of(ROW.api_version, ROW.kind)
    assert schema is not None
    unknown: list[str] = []
    try:
        found = canonical(schema, obj, unknown)
    except DecodeError as error:
        raise answers.bad_request(f'Event in version "v1" cannot be handled as a Event: {error}') from None
    told = [f'unknown field "{each}"' for each in unknown]
    if strict and told:
        raise answers.bad_request(f'Event in version "v1" cannot be handled as a Event: strict decoding error: {", ".join(told)}')
    warnings += told
    return found
