"""Reading DeleteOptions: of the body, else of the query.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/delete.go, pkg/apis/meta/v1/validation. Left out: ignoreStoreReadError.
"""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct

from podlab.sim.api.validation.errors import invalid, invalid_object
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.http.bodies import go_error
from podlab.sim.apiserver.http.options import META, as_dict, number
from podlab.sim.apiserver.http.types import Request

POLICIES = ("Foreground", "Background", "Orphan", "")
_SCHEME = "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"


class DeleteOptions(Struct):
    """What a deletion is asked for."""

    grace: int | None = None
    propagation: str = ""
    uid: str = ""
    version: str = ""
    dry_run: bool = False

    def wanted(self) -> dict[str, Any]:
        """The keywords of `ApiServer.delete`."""
        return {"grace": self.grace, "propagation": self.propagation, "uid": self.uid, "version": self.version}


def read(request: Request) -> DeleteOptions:
    """The options of a DELETE; those of a body win."""
    if request.body.strip():
        return _of_body(request)
    propagation = request.first("propagationPolicy")
    orphan = request.first("orphanDependents")
    if orphan and not propagation:
        propagation = "Orphan" if orphan == "true" else "Background"
    _check(propagation)
    return DeleteOptions(number(request, "gracePeriodSeconds"), propagation, dry_run=request.dry_run)


def _of_body(request: Request) -> DeleteOptions:
    try:
        body = as_dict(json.loads(request.body))
    except ValueError as error:
        raise answers.bad_request(f"couldn't get version/kind; json parse error: {go_error(request.body, error)}") from None
    kind, version = body.get("kind", "DeleteOptions"), body.get("apiVersion", "v1")
    if kind != "DeleteOptions":
        raise answers.bad_request(f'no kind "{kind}" is registered for version "{version}" in scheme "{_SCHEME}"')
    propagation = body.get("propagationPolicy") or ""
    if body.get("orphanDependents") is not None and not propagation:
        propagation = "Orphan" if body["orphanDependents"] else "Background"
    _check(propagation)
    conditions = as_dict(body.get("preconditions"))
    dry_run = "All" in (body.get("dryRun") or ()) or request.dry_run
    return DeleteOptions(
        body.get("gracePeriodSeconds"), propagation, conditions.get("uid") or "", conditions.get("resourceVersion") or "", dry_run
    )


def _check(propagation: str) -> None:
    if propagation not in POLICIES:
        listed = '"Background", "Foreground", "Orphan"'
        error = invalid("propagationPolicy", propagation, "")
        text = f'Unsupported value: "{propagation}": supported values: {listed}, "nil"'
        raise invalid_object("DeleteOptions", META, "", [type(error)("FieldValueNotSupported", "propagationPolicy", text)])
