"""Which resource a path means.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go. Left out: the old `/watch/` paths.
"""

from __future__ import annotations

from urllib.parse import unquote

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.http.event_group import LISTED
from podlab.sim.apiserver.http.types import Request, no_such_resource

_BY_GROUP = {(row.group, row.version, row.plural): row for row in LISTED}


def route(request: Request) -> bool:
    """Fill in resource and place; False: the path is not below a group version. NotFound: it means nothing there."""
    parts = request.path.split("/")[1:]
    group, version, rest = _group(parts)
    if version is None or not any(row.group == group and row.version == version for row in LISTED):
        return False
    if rest and rest[-1] == "":
        rest = rest[:-1]
    if not rest:
        return False
    return _place(request, group, version, [unquote(each) for each in rest])


def _group(parts: list[str]) -> tuple[str, str | None, list[str]]:
    if parts[0] == "api" and len(parts) >= 2:
        return "", parts[1] or None, parts[2:]
    if parts[0] == "apis" and len(parts) >= 3:
        return parts[1], parts[2] or None, parts[3:]
    return "", None, []


def _place(request: Request, group: str, version: str, rest: list[str]) -> bool:
    if rest[0] == "namespaces" and len(rest) >= 3 and (len(rest) > 3 or rest[2] not in ("status", "finalize")):
        request.namespace = rest[1]
        rest = rest[2:]
    elif rest[0] == "namespaces" and len(rest) == 3:
        request.namespace = ""
    row = _row(group, version, rest[0])
    if row is None or (request.namespace and not row.namespaced):
        raise no_such_resource()
    request.row = row
    if any("/" in each for each in rest):
        raise no_such_resource()
    if len(rest) > 1 and not rest[1]:
        raise answers.bad_request("name must be provided")
    request.name = rest[1] if len(rest) > 1 else ""
    request.subresource = rest[2] if len(rest) > 2 else ""
    if (len(rest) > 3 and request.subresource != "proxy") or (request.name and row.namespaced and not request.namespace):
        raise no_such_resource()
    if request.subresource and request.subresource not in row.subresources:
        raise no_such_resource()
    return True


def _row(group: str, version: str, plural: str) -> Resource | None:
    return _BY_GROUP.get((group, version, plural))
