"""Reading request bodies: JSON or YAML, with duplicate fields noticed.

Upstream: staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json. Left out: protobuf, CBOR.
"""

from __future__ import annotations

import json
from typing import Any

from podlab.sim.api.goload import YamlError, load
from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError

ACCEPTED = "application/json, application/yaml, application/vnd.kubernetes.protobuf"


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its names came twice."""

    twice: list[str]


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object()
    found.twice = []
    for name, value in pairs:
        if name in found and name not in found.twice:
            found.twice.append(name)
        found[name] = value
    return found


def media_type(header: str) -> str:
    """A Content-Type without its parameters."""
    return header.partition(";")[0].strip().lower()


def read(text: str, content_type: str, kind: str) -> tuple[Obj, list[str]]:
    """The object of a body and the paths of its duplicate fields; StatusErrors UnsupportedMediaType, BadRequest."""
    media = media_type(content_type or "application/json")
    if media not in ("application/json", "application/yaml"):
        why = f"the body of the request was in an unknown format - accepted media types include: {ACCEPTED}"
        raise StatusError("UnsupportedMediaType", why)
    if media == "application/yaml":
        return _yaml(text), []
    try:
        found = json.loads(text, object_pairs_hook=_pairs)
    except ValueError as error:
        shown = text or "<empty>"
        why = f"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {go_error(text, error)} ({shown})"
        raise answers.bad_request(why) from None
    if found is None:
        return {}, []
    if not isinstance(found, dict):
        raise answers.bad_request(_not_an_object(found, kind))
    return found, duplicates(found)


def _not_an_object(value: Any, kind: str) -> str:
    name = {bool: "bool", int: "number", float: "number", str: "string", list: "array"}.get(type(value), "null")
    target = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
    why = f"json: cannot unmarshal {name} into Go value of type {target}"
    return f"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {why} ({json.dumps(value)})"


def _yaml(text: str) -> Obj:
    try:
        found = load(text)
    except YamlError as error:
        raise answers.bad_request(f"error converting YAML to JSON: yaml: {error}") from None
    return found if isinstance(found, dict) else {}


def go_error(text: str, error: ValueError) -> str:
    """What Go's JSON decoder says of such a text."""
    at = getattr(error, "pos", 0)
    rest = text[at:].lstrip() if at < len(text) else ""
    if not rest:
        return "unexpected end of JSON input"
    message = getattr(error, "msg", "")
    if "property name" in message:
        return f"invalid character '{rest[0]}' looking for beginning of object key string"
    if "delimiter: ':'" in message or "':' delimiter" in message:
        return f"invalid character '{rest[0]}' after object key"
    if "',' delimiter" in message:
        inside = (
            "object key:value pair" if text[:at].count("{") > text[:at].count("}") and text[:at].rstrip()[-1:] != "]" else "array element"
        )
        return f"invalid character '{rest[0]}' after {inside}"
    if "Extra data" in message:
        return f"invalid character '{rest[0]}' after top-level value"
    return f"invalid character '{rest[0]}' looking for beginning of value"


def duplicates(value: Any, path: str = "") -> list[str]:
    """The paths of fields that were given twice."""
    found: list[str] = []
    if isinstance(value, _Object):
        found += [f"{path}.{name}" if path else name for name in value.twice]
        for name, each in value.items():
            found += duplicates(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            found += duplicates(each, f"{path}[{number}]")
    return found


def patch_body(text: str, content_type: str) -> Any:
    """The JSON of a patch; BadRequest."""
    media = media_type(content_type)
    if media == "application/apply-patch+yaml":
        try:
            return load(text)
        except YamlError as error:
            raise answers.bad_request(f"error decoding YAML: error converting YAML to JSON: yaml: {error}") from None
    try:
        return json.loads(text)
    except ValueError as error:
        raise answers.bad_request(f"error decoding patch: {go_error(text, error)}") from None
