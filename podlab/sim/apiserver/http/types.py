"""Requests and answers of the REST API.

Upstream: net/http. Left out: trailers, streaming bodies.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote

from msgspec import Struct, field

from podlab.sim.api.resources import Resource
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError


class HttpAnswer(Struct):
    """`body` is JSON data, or `text` what is sent as it is; `events` are a watch's. `warnings`: the texts of Warning headers."""

    code: int = 200
    body: Any = None
    text: str | None = None
    events: list[Obj] | None = None
    content_type: str = "application/json"
    warnings: list[str] = field(default_factory=list)


class Request(Struct):
    """What was asked, taken apart: the resource and its place are set by the router."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: str
    user: str
    row: Resource | None = None
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    @classmethod
    def of(cls, method: str, path: str, query: str, headers: dict[str, str], body: str, user: str) -> Request:
        """Out of the raw parts; header names in any case."""
        low = {name.lower(): value for name, value in headers.items()}
        return cls(
            method, unquote(path, errors="replace") if "%" not in path else path, parse_qs(query, keep_blank_values=True), low, body, user
        )

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def flag(self, name: str) -> bool:
        """A query parameter as Go's conversion reads booleans: anything but false and 0 is true."""
        return name in self.query and self.first(name).lower() not in ("false", "0")

    @property
    def dry_run(self) -> bool:
        """Whether nothing is to be stored."""
        return "dryRun" in self.query and self.first("dryRun") == "All"


def status_of(error: StatusError) -> HttpAnswer:
    """The Status that tells an error."""
    body: Obj = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": error.message}
    if error.reason:
        body["reason"] = error.reason
    if error.details is not None:
        body["details"] = error.details
    body["code"] = error.code
    return HttpAnswer(error.code, body)


def success(details: Obj | None = None, code: int = 200) -> HttpAnswer:
    """The Status that tells success."""
    body: Obj = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    if details is not None:
        body["details"] = details
    if code != 200:
        body["code"] = code
    return HttpAnswer(code, body)


def no_such_resource() -> StatusError:
    """404 of a path that means nothing."""
    return StatusError("NotFound", "the server could not find the requested resource", details={})


def not_allowed() -> StatusError:
    """405."""
    return StatusError("MethodNotAllowed", "the server does not allow this method on the requested resource", details={})
