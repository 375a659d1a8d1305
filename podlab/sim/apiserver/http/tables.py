"""Objects as a Table, as kubectl asks for them: the columns are data, the cells are the printers'.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/response.go (asTable), pkg/printers/tableconvertor.go. Left out: kinds that are
known by name only.
"""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

import msgspec

from podlab.sim.api.resources import Resource
from podlab.sim.api.schema import descriptions
from podlab.sim.api.validation.errors import invalid, invalid_object
from podlab.sim.apiserver.http.types import Request
from podlab.sim.apiserver.printers import printer
from podlab.sim.changes import Obj
from podlab.sim.world import World

_OBJECTS = ("", "Metadata", "Object", "None")
_SHARED = {
    "~name": ["Name", "meta/v1.ObjectMeta.name"],
    "~+name": ["+Name", "meta/v1.ObjectMeta.name"],
    "~age": ["Age", "meta/v1.ObjectMeta.creationTimestamp"],
    "~containers": ["+Containers", "Names of each container in the template."],
    "~images": ["+Images", "Images referenced by each container in the template."],
}
_ENDED = {"Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."}


@functools.cache
def _columns() -> dict[str, list[Any]]:
    text = resources.files("podlab.sim.apiserver.http").joinpath("columns.yaml").read_bytes()
    found: dict[str, list[Any]] = msgspec.yaml.decode(text)
    return {plural: [_SHARED[each] if isinstance(each, str) else each for each in held] for plural, held in found.items()}


def columns_of(plural: str) -> list[Any]:
    """The columns of a kind: name, what it is for, the type of its cells, its own type; the last two may be missing."""
    return _columns().get(plural, [_SHARED["~name"], _SHARED["~age"]])


def check(request: Request) -> None:
    """Invalid, when it is not said rightly how much of each object is wanted."""
    wanted = request.first("includeObject")
    if wanted not in _OBJECTS:
        why = "must be 'Metadata', 'Object', 'None', or empty"
        raise invalid_object("TableOptions", "meta.k8s.io", "", [invalid("includeObject", wanted, why)])


def table(world: World, request: Request, body: Obj, version: str, *, headers: bool = True) -> Obj:
    """The Table of a list or of one object; `headers`: with its columns (a watch tells them once)."""
    assert request.row is not None
    several = "items" in body
    meta = body["metadata"] if several else {key: body["metadata"][key] for key in ("resourceVersion",) if key in body["metadata"]}
    objects = body["items"] if several else [body]
    return {
        "kind": "Table",
        "apiVersion": f"meta.k8s.io/{version}",
        "metadata": meta,
        "columnDefinitions": [_definition(each) for each in columns_of(request.row.plural)] if headers else None,
        "rows": [_row(world, request.row, request.first("includeObject"), each, version) for each in objects],
    }


def _definition(column: list[str]) -> Obj:
    name, about = column[0], column[1]
    type_, _, field = about.rpartition(".")
    return {
        "name": name.removeprefix("+"),
        "type": column[3] if len(column) > 3 else "string",
        "format": "name" if name.removeprefix("+") == "Name" else "",
        "description": descriptions().get(type_, {}).get(field, about),
        "priority": int(name.startswith("+")),
    }


def _row(world: World, resource: Resource, wanted: str, obj: Obj, version: str) -> Obj:
    cells = printer(resource.plural).row(world, obj)
    kinds = [each[2] if len(each) > 2 else "" for each in columns_of(resource.plural)]
    row: Obj = {"cells": [_cell(text, kind) for text, kind in zip(cells, kinds, strict=True)]}
    phase = (obj.get("status") or {}).get("phase") if resource.plural == "pods" else None
    if phase in _ENDED:
        row["conditions"] = [{"type": "Completed", "status": "True", "reason": phase, "message": _ENDED[phase]}]
    return row | {"object": _object(resource, wanted, obj, version)}


def _cell(text: str, kind: str) -> Any:
    if kind == "integer" and text.lstrip("-").isdigit():
        return int(text)
    return text == "true" if kind == "boolean" else text


def _object(resource: Resource, wanted: str, obj: Obj, version: str) -> Obj | None:
    if wanted == "None":
        return None
    if wanted == "Object":
        return {"kind": resource.kind, "apiVersion": resource.api_version, **obj}
    return {"kind": "PartialObjectMetadata", "apiVersion": f"meta.k8s.io/{version}", "metadata": obj["metadata"]}
