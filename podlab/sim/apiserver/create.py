"""How a new object is made ready for the store: decoded, defaulted, admitted, prepared, validated.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go, pkg/registry/rest/create.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from podlab.sim.api import defaults, names, validation
from podlab.sim.api.canonical import DecodeError, canonical
from podlab.sim.api.resources import RESOURCES, Resource
from podlab.sim.api.schema import Type, type_of
from podlab.sim.api.validation.errors import invalid_object
from podlab.sim.apiserver import admission, answers
from podlab.sim.apiserver.strategy import strategy_of
from podlab.sim.changes import Obj
from podlab.sim.errors import SimulationBug

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

LEARNER = "learner"


def schema_of(row: Resource) -> Type:
    """The type of a served kind."""
    found = type_of(row.api_version, row.kind)
    if found is None:
        raise SimulationBug(f"{row.plural} are served but have no schema")
    return found


def decoded(row: Resource, obj: Obj, *, strict: bool, warnings: list[str] | None = None) -> Obj:
    """`obj` as the server's own types hold it, fresh; BadRequest in Go's words. Unknown fields: an error, or a warning."""
    unknown: list[str] = []
    try:
        found = canonical(schema_of(row), obj, unknown)
    except DecodeError as error:
        raise answers.bad_request(_unhandled(row, str(error))) from None
    if strict and unknown:
        text = ", ".join(f'unknown field "{each}"' for each in unknown)
        raise answers.bad_request(_unhandled(row, f"strict decoding error: {text}"))
    if warnings is not None:
        warnings += [f'unknown field "{each}"' for each in unknown]
    found["apiVersion"], found["kind"] = row.api_version, row.kind
    found.setdefault("metadata", {})
    return found


def _unhandled(row: Resource, why: str) -> str:
    return f'{row.kind} in version "{row.version}" cannot be handled as a {row.kind}: {why}'


def prepared(
    api: ApiServer,
    resource: str,
    obj: Obj,
    *,
    strict: bool,
    warnings: list[str] | None = None,
    began: Callable[[Obj], None] | None = None,
) -> Obj:
    """A new object, ready to be stored; `began` is told of it as it was sent, with its defaults, before admission."""
    row = RESOURCES[resource]
    new = decoded(row, obj, strict=strict, warnings=warnings)
    meta = new["metadata"]
    if meta.get("resourceVersion"):
        raise answers.internal("resourceVersion should not be set on objects to be created")
    defaults.apply(row.kind, new)
    if began is not None:
        began(new)
    admission.namespace_lifecycle(api, row, meta.get("namespace", ""), meta.get("name", ""))
    admission.admit_create(api, row, new)
    meta = new["metadata"]
    _begin(api, row, meta)
    strategy_of(resource).prepare_create(api, new)
    errors = validation.create(row, new)
    if errors:
        raise invalid_object(row.kind, row.group, meta.get("name", ""), errors)
    if warnings is not None:
        warnings += validation.warnings(row, new)
    admission.check_create(api, row, new, warnings)
    strategy_of(resource).complete(api, new, None)
    return new


def _begin(api: ApiServer, row: Resource, meta: Obj) -> None:
    """Name, uid, time of creation; what only the server may set is not taken over."""
    for name in ("deletionTimestamp", "deletionGracePeriodSeconds", "generation", "managedFields", "selfLink"):
        meta.pop(name, None)
    if not meta.get("name") and meta.get("generateName"):
        meta["name"] = names.generate(meta["generateName"], api.world.suffix("name"))
    meta["uid"] = api.world.uid()
    meta["creationTimestamp"] = api.world.stamp()
    if strategy_of(row.plural).generation:
        meta["generation"] = 1
