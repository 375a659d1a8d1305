"""Asking who one is, and what one (or somebody else) may do.

Upstream: pkg/registry/authorization, pkg/registry/authentication/selfsubjectreview, pkg/apis/authorization/validation. Left out: rules reviews,
token reviews, selectors in attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api.validation.errors import FieldError, invalid, invalid_object
from podlab.sim.apiserver.authorizer.rbac import Attributes, allowed
from podlab.sim.apiserver.authorizer.users import User, user_of
from podlab.sim.apiserver.http import bodies
from podlab.sim.apiserver.http.options import as_dict
from podlab.sim.apiserver.http.types import HttpAnswer, Request, not_allowed
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

GROUP = "authorization.k8s.io"
SERVED = ("selfsubjectaccessreviews", "subjectaccessreviews", "localsubjectaccessreviews", "selfsubjectreviews")
_ONE = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
_BOTH = "cannot be specified in combination with resourceAttributes"
_NOBODY = "at least one of user or group must be specified"


def answer(api: ApiServer, request: Request, user: User) -> HttpAnswer:
    """POST of a review; its answer is in the status, nothing is stored."""
    row = request.row
    assert row is not None
    if request.method != "POST" or request.name:
        raise not_allowed()
    sent, _ = bodies.read(request.body, request.headers.get("content-type", ""), row.kind)
    head = {"kind": row.kind, "apiVersion": row.api_version, "metadata": {}}
    if row.plural == "selfsubjectreviews":
        return HttpAnswer(201, {**head, "status": {"userInfo": {"username": user.name, "groups": list(user.groups)}}})
    spec = as_dict(sent.get("spec"))
    _check(request, spec)
    asking = user if row.plural.startswith("self") else user_of(str(spec.get("user") or ""), list(spec.get("groups") or ()))
    yes, reason = allowed(api, asking, _attributes(spec))
    return HttpAnswer(201, {**head, "spec": spec, "status": {"allowed": yes} | ({"reason": reason} if reason else {})})


def _check(request: Request, spec: Obj) -> None:
    held, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    errors: list[FieldError] = []
    if held is not None and path is not None:
        errors.append(invalid("spec.nonResourceAttributes", _outer(path, "Path", "Verb"), _BOTH))
    if held is None and path is None:
        errors.append(invalid("spec.resourceAttributes", None, _ONE))
    plural = request.row.plural if request.row else ""
    if not plural.startswith("self") and not spec.get("user") and not spec.get("groups"):
        errors.append(invalid("spec.user", "", _NOBODY))
    if plural.startswith("local"):
        errors += _local(request, held)
    if errors:
        raise invalid_object("", GROUP, "", errors)


def _local(request: Request, held: Obj | None) -> list[FieldError]:
    place = (held or {}).get("namespace", "")
    same = held is None or place == request.namespace
    return [] if same else [invalid("spec.resourceAttributes.namespace", place, "must match metadata.namespace")]


def _outer(value: Obj, *names: str) -> Obj:
    return {each: value.get(each.lower(), "") for each in names}


def _attributes(spec: Obj) -> Attributes:
    path = spec.get("nonResourceAttributes")
    if path is not None:
        return Attributes(str(path.get("verb", "")), path=str(path.get("path", "")))
    held = {name: str(value) for name, value in spec["resourceAttributes"].items() if isinstance(value, str)}
    sub = f"/{held['subresource']}" if held.get("subresource") else ""
    where, name = held.get("namespace", ""), held.get("name", "")
    return Attributes(
        held.get("verb", ""), group=held.get("group", ""), resource=held.get("resource", "") + sub, namespace=where, name=name
    )
