"""Validation of what every object has: names, labels, annotations, finalizers, owners.

Upstream: staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go, pkg/apis/meta/v1/validation. Left out: managedFields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podlab.sim.api import names
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, required, too_long
from podlab.sim.changes import Obj

ANNOTATIONS_LIMIT = 256 * 1024
STANDARD_FINALIZERS = ("kubernetes", "foregroundDeletion", "orphan")
Check = Callable[[str], list[str]]


def validate(meta: Obj, *, namespaced: bool, name_check: Check = names.subdomain, field: str = "metadata") -> list[FieldError]:
    """The metadata of a new object."""
    errors: list[FieldError] = []
    prefix = meta.get("generateName", "")
    if prefix:
        masked = prefix[:-1] + "a" if prefix.endswith("-") and len(prefix) > 1 else prefix
        errors += [invalid(f"{field}.generateName", prefix, each) for each in name_check(masked)]
    if not meta.get("name"):
        errors.append(required(f"{field}.name", "name or generateName is required"))
    else:
        errors += [invalid(f"{field}.name", meta["name"], each) for each in name_check(meta["name"])]
    if namespaced and not meta.get("namespace"):
        errors.append(required(f"{field}.namespace"))
    elif namespaced:
        errors += [invalid(f"{field}.namespace", meta["namespace"], each) for each in names.label(meta["namespace"])]
    elif meta.get("namespace"):
        errors.append(forbidden(f"{field}.namespace", "not allowed on this type"))
    return errors + common(meta, field)


def common(meta: Obj, field: str = "metadata") -> list[FieldError]:
    """Labels, annotations, owners, finalizers."""
    errors = labels(meta.get("labels", {}), f"{field}.labels")
    errors += annotation_keys(meta.get("annotations", {}), f"{field}.annotations")
    errors += owners(meta.get("ownerReferences", ()), f"{field}.ownerReferences")
    return errors + finalizers(meta.get("finalizers", ()), f"{field}.finalizers")


def labels(held: dict[str, str], field: str) -> list[FieldError]:
    """Labels: keys first, then values, one by one."""
    errors = []
    for key in sorted(held):
        errors += [invalid(field, key, each) for each in names.qualified(key)]
        errors += [invalid(field, held[key], each) for each in names.label_value(held[key])]
    return errors


def annotation_keys(held: dict[str, str], field: str) -> list[FieldError]:
    """Keys and the size of it all."""
    errors = []
    for key in sorted(held):
        errors += [invalid(field, key, each) for each in names.qualified(key.lower())]
    if sum(len(key.encode()) + len(value.encode()) for key, value in held.items()) > ANNOTATIONS_LIMIT:
        errors.append(too_long(field, ANNOTATIONS_LIMIT))
    return errors


def owners(references: Any, field: str) -> list[FieldError]:
    """Owner references: all named, at most one controller."""
    errors = []
    controllers: list[str] = []
    for number, each in enumerate(references):
        where = f"{field}[{number}]"
        version = each.get("apiVersion", "")
        if not version.rpartition("/")[2]:
            errors.append(invalid(f"{where}.apiVersion", version, "version must not be empty"))
        empty = [name for name in ("kind", "name", "uid") if not each.get(name)]
        errors += [invalid(f"{where}.{name}", each.get(name, ""), f"{name} must not be empty") for name in empty]
        if version == "v1" and each.get("kind") == "Event":
            errors.append(invalid(where, each, "/v1, Kind=Event is disallowed from being an owner"))
        if each.get("controller"):
            controllers.append(each.get("name", ""))
    if len(controllers) > 1:
        text = f'Only one reference can have Controller set to true. Found "true" in references for {controllers[0]} and {controllers[1]}'
        errors.append(invalid(field, list(references), text))
    return errors


def finalizers(held: Any, field: str) -> list[FieldError]:
    """Qualified names, and not both ways of collecting."""
    errors = []
    for number, each in enumerate(held):
        where = f"{field}[{number}]"
        errors += [invalid(where, each, text) for text in names.qualified(each)]
        if "/" not in each and each not in STANDARD_FINALIZERS:
            errors.append(invalid(where, each, "name is neither a standard finalizer name nor is it fully qualified"))
    if "orphan" in held and "foregroundDeletion" in held:
        errors.append(invalid(field, list(held), "finalizers orphan and foregroundDeletion cannot be both set"))
    return errors


def validate_update(new: Obj, old: Obj, field: str = "metadata") -> list[FieldError]:
    """What may not change, then what is checked anyway."""
    return changed(new, old, field) + common(new, field)


def changed(new: Obj, old: Obj, field: str = "metadata") -> list[FieldError]:
    """What may not change."""
    errors = []
    if old.get("deletionTimestamp"):
        added = [each for each in new.get("finalizers", ()) if each not in old.get("finalizers", ())]
        if added:
            listed = ", ".join(f'"{each}"' for each in sorted(added))
            text = f"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{listed}}}"
            errors.append(forbidden(f"{field}.finalizers", text))
    kept = ("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")
    return errors + [invalid(f"{field}.{name}", new.get(name, ""), "field is immutable") for name in kept if new.get(name) != old.get(name)]
