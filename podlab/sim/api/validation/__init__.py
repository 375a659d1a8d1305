"""What the API server finds wrong with objects, in its words; one file a kind, one line here.

Upstream: pkg/apis/*/validation/validation.go. Left out: kinds that are not served; fields behind gates that are off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from podlab.sim.api import names
from podlab.sim.api.resources import Resource
from podlab.sim.api.validation import metadata
from podlab.sim.api.validation.errors import FieldError
from podlab.sim.changes import Obj

Validate = Callable[[Obj], Sequence[FieldError]]
ValidateUpdate = Callable[[Obj, Obj], Sequence[FieldError]]

CREATE: dict[str, Validate] = {}
UPDATE: dict[str, ValidateUpdate] = {}
WARNINGS: dict[str, Callable[[Obj], Sequence[str]]] = {}
NAMES: dict[str, metadata.Check] = {"Namespace": names.label, "Event": lambda name: [], "ReplicaSet": names.subdomain}


def create(row: Resource, obj: Obj) -> list[FieldError]:
    """What is wrong with a new object."""
    check = NAMES.get(row.kind, names.subdomain)
    errors = metadata.validate(obj["metadata"], namespaced=row.namespaced, name_check=check)
    found = CREATE.get(row.kind)
    return [*errors, *found(obj)] if found else errors


def update(row: Resource, new: Obj, old: Obj) -> list[FieldError]:
    """What is wrong with a change."""
    errors = metadata.validate_update(new["metadata"], old["metadata"])
    found = UPDATE.get(row.kind)
    return [*errors, *found(new, old)] if found else errors


def warnings(row: Resource, obj: Obj) -> list[str]:
    """What is accepted, but may not be what is meant."""
    found = WARNINGS.get(row.kind)
    return list(found(obj)) if found else []
