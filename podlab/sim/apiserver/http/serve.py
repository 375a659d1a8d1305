"""One request: who asks, what for, which verb.

Upstream: staging/src/k8s.io/apiserver/pkg/server/config.go (the handler chain). Left out: audit, priority and fairness, several audiences of tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from podlab.sim.apiserver.authorizer import tokens
from podlab.sim.apiserver.authorizer.rbac import Attributes, allowed, refusal
from podlab.sim.apiserver.authorizer.users import ANONYMOUS, User, user_of
from podlab.sim.apiserver.http import absent, discovery, plain, reads, reviews, writes
from podlab.sim.apiserver.http.negotiate import check_accept, convert, rendered
from podlab.sim.apiserver.http.routes import route
from podlab.sim.apiserver.http.types import HttpAnswer, Request, not_allowed, status_of
from podlab.sim.errors import StatusError

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

MOST_BYTES = 3 * 1024 * 1024
UNDELETABLE = ("namespaces",)
"""Collections that cannot be deleted at once."""
Verb = Callable[["ApiServer", Request], HttpAnswer]

_COLLECTION: dict[str, Verb] = {
    "GET": reads.list_or_watch,
    "HEAD": reads.list_or_watch,
    "POST": writes.create,
    "DELETE": writes.delete_collection,
}
_ITEM: dict[str, Verb] = {"GET": reads.get, "HEAD": reads.get, "PUT": writes.update, "PATCH": writes.patch, "DELETE": writes.delete}
_SUBRESOURCE: dict[str, dict[str, Verb]] = {
    "status": {"GET": reads.get, "PUT": writes.update, "PATCH": writes.patch},
    "scale": {"GET": reads.get_scale, "PUT": writes.update_scale, "PATCH": writes.patch},
    "ephemeralcontainers": {"GET": reads.get, "PUT": writes.update, "PATCH": writes.patch},
    "resize": {"GET": reads.get, "PUT": writes.update, "PATCH": writes.patch},
    "finalize": {"PUT": writes.update},
    "binding": {"POST": writes.bind},
    "eviction": {"POST": writes.evict},
    "log": {"GET": reads.log},
    "proxy": dict.fromkeys(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"), reads.proxy),
    "exec": {"GET": reads.stream, "POST": reads.stream},
    "attach": {"GET": reads.stream, "POST": reads.stream},
    "portforward": {"GET": reads.stream, "POST": reads.stream},
    "token": {"POST": writes.token},
}
VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


def handle(
    api: ApiServer, method: str, path: str, query: str = "", headers: dict[str, str] | None = None, body: str = "", user: str = "learner"
) -> HttpAnswer:
    """Answer a request as the real server would; `user` is who the connection belongs to (`system:anonymous`: nobody)."""
    request = Request.of(method, path, query, headers or {}, body, user)
    try:
        _authenticate(api, request)
        if len(body) > MOST_BYTES:
            raise StatusError("RequestEntityTooLarge", f"Request entity too large: limit is {MOST_BYTES}", code=413, details={})
        answer = _answer(api, request)
    except StatusError as error:
        answer = status_of(error)
    except RecursionError:
        answer = status_of(StatusError("BadRequest", "the body of the request is nested too deeply"))
    return rendered(request, answer)


def _answer(api: ApiServer, request: Request) -> HttpAnswer:
    if not request.path.startswith(("/api/", "/apis/")):
        _authorize(api, request)
        return plain.answer(request)
    known = _routed(request)
    _authorize(api, request)
    if isinstance(known, StatusError):
        raise known
    if not known:
        return discovery.answer(request)
    if request.row is not None and request.row.plural in reviews.SERVED:
        return reviews.answer(api, request, _user(request))
    if request.row is not None and request.row.absent and request.row.plural != "bindings":
        return absent.answer(api, request)
    verb = _verb(request)
    if verb is None:
        raise not_allowed()
    check_accept(request)
    return convert(api.world, request, verb(api, request))


def _routed(request: Request) -> bool | StatusError:
    """Whether the path names a resource; what is wrong with it is told only to those who may ask."""
    try:
        return route(request)
    except StatusError as error:
        return error


def _verb(request: Request) -> Verb | None:
    if request.row is not None and request.row.plural == "bindings":
        return {"POST": writes.bind}.get(request.method) if not request.name else None
    if request.subresource:
        return _SUBRESOURCE.get(request.subresource, {}).get(request.method)
    if request.name:
        return _ITEM.get(request.method)
    if request.row is not None and request.row.namespaced and not request.namespace and request.method not in ("GET", "HEAD"):
        return None
    if request.method == "DELETE" and request.row is not None and request.row.plural in UNDELETABLE:
        return None
    return _COLLECTION.get(request.method)


def _authenticate(api: ApiServer, request: Request) -> None:
    """Whoever the token stands for, or else the connection; or whom that user impersonates. StatusError Unauthorized."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.user == ANONYMOUS:
        found = tokens.owner(api, token.strip())
        if found is None:
            raise StatusError("Unauthorized", "Unauthorized", code=401)
        request.user = found
    request.user = request.headers.get("impersonate-user", request.user)


def _user(request: Request) -> User:
    named = request.headers.get("impersonate-group", "")
    return user_of(request.user, [named] if named else [])


def _authorize(api: ApiServer, request: Request) -> None:
    """Forbidden, unless the user's roles say otherwise."""
    user, row = _user(request), request.row
    verb = VERBS.get(request.method, request.method.lower())
    if row is None:
        if not allowed(api, user, Attributes(verb, path=request.path))[0]:
            raise StatusError("Forbidden", f'forbidden: User "{user.name}" cannot {verb} path "{request.path}"', details={})
        return
    if not request.name:
        verb = {"get": "watch" if request.flag("watch") else "list", "delete": "deletecollection"}.get(verb, verb)
    plural = row.plural + (f"/{request.subresource}" if request.subresource else "")
    asked = Attributes(verb, group=row.group, resource=plural, namespace=request.namespace, name=request.name)
    if allowed(api, user, asked)[0]:
        return
    details = {key: value for key, value in {"name": request.name, "group": row.group, "kind": row.plural}.items() if value}
    raise StatusError("Forbidden", refusal(user, asked), details=details)
