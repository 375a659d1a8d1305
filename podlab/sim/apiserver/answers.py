"""The errors that the verbs give, in the API server's words.

Upstream: staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go. Left out: nothing that the verbs use.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.resources import KNOWN, Resource, qualified
from podlab.sim.errors import StatusError

MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def details(resource: str, name: str) -> dict[str, Any]:
    """Name, group and resource that an error is about."""
    found = {"name": name, "group": KNOWN[resource].group if resource in KNOWN else "", "kind": resource}
    return {key: value for key, value in found.items() if value}


def not_found(resource: str, name: str) -> StatusError:
    """404."""
    return StatusError("NotFound", f'{qualified(resource)} "{name}" not found', details=details(resource, name))


def already_exists(resource: str, name: str, *, deleting: bool = False) -> StatusError:
    """409 on create."""
    text = f'{qualified(resource)} "{name}" already exists'
    return StatusError("AlreadyExists", f"object is being deleted: {text}" if deleting else text, details=details(resource, name))


def conflict(resource: str, name: str, why: str = MODIFIED, *, kind: str = "") -> StatusError:
    """409 of an update that comes too late; `kind` names the resource otherwise than usual (`pods/binding`)."""
    about = {"name": name, "kind": kind} if kind else details(resource, name)
    return StatusError("Conflict", f'Operation cannot be fulfilled on {kind or qualified(resource)} "{name}": {why}', details=about)


def forbidden(resource: str, name: str, why: str, causes: list[dict[str, str]] | None = None) -> StatusError:
    """403 of an admission plug-in."""
    about = details(resource, name)
    title = f'{qualified(resource)} "{name}" is forbidden' if name else f"{qualified(resource)} is forbidden"
    return StatusError("Forbidden", f"{title}: {why}", details=about | ({"causes": causes} if causes else {}))


def bad_request(text: str) -> StatusError:
    """400."""
    return StatusError("BadRequest", text)


def internal(text: str) -> StatusError:
    """500, which has no reason in the answers of the verbs."""
    return StatusError("", text, code=500)


def uid_precondition(row: Resource, namespace: str, name: str, wanted: str, held: str) -> StatusError:
    """409 of an update with another object's uid."""
    group = f"{row.group}/" if row.group and row.group != "apps" else ""
    folder = {"services": "services/specs", "endpoints": "services/endpoints", "nodes": "minions"}.get(row.plural, row.plural)
    key = "/".join(each for each in ("/registry", group.rstrip("/"), folder, namespace, name) if each)
    why = (
        f"StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: "
        f"UID in precondition: {wanted}, UID in object meta: {held}"
    )
    return conflict(row.plural, name, why)


def unsupported(row: Resource) -> StatusError:
    """400 of this lab, not of Kubernetes: a kind that is known by name only."""
    return bad_request(f"not supported in this lab: {qualified(row.plural)}")
