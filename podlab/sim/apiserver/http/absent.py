"""Kinds that are known by name only: a list of those that a new cluster has none of is empty; everything else is refused openly.

Upstream: none, this is the lab's own. Left out: what the kinds do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver import answers
from podlab.sim.apiserver.http.types import HttpAnswer, Request, not_allowed

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

_VERBS = {"GET": "list", "HEAD": "list", "POST": "create", "DELETE": "deletecollection"}
_ITEM_VERBS = {"GET": "get", "HEAD": "get", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


def answer(api: ApiServer, request: Request) -> HttpAnswer:
    """The answer to any request of such a kind; StatusErrors MethodNotAllowed, NotFound, BadRequest."""
    row = request.row
    assert row is not None
    verb = (_ITEM_VERBS if request.name else _VERBS).get(request.method)
    if not request.subresource and verb not in row.verbs:
        raise not_allowed()
    if row.absent != "none" or request.method not in ("GET", "HEAD") or request.flag("watch"):
        raise answers.unsupported(row)
    if request.name:
        raise answers.not_found(row.plural, request.name)
    meta = {"resourceVersion": str(api.store.version)}
    return HttpAnswer(body={"kind": f"{row.kind}List", "apiVersion": row.api_version, "metadata": meta, "items": []})
