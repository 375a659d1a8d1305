"""Paths outside of the API groups: health, version, discovery's roots, the list of OpenAPI documents.

Upstream: staging/src/k8s.io/apiserver/pkg/server (healthz, routes). Left out: metrics, the OpenAPI documents themselves.
"""

from __future__ import annotations

from hashlib import sha512

from podlab.sim.apiserver import answers
from podlab.sim.apiserver.http import discovery
from podlab.sim.apiserver.http.types import HttpAnswer, Request, not_allowed
from podlab.sim.changes import Obj

TEXT = "text/plain; charset=utf-8"
VERSION: Obj = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2",
    "gitCommit": "0000000000000000000000000000000000000000",
    "gitTreeState": "clean",
    "buildDate": "2026-05-20T00:00:00Z",
    "goVersion": "go1.26.1",
    "compiler": "gc",
    "platform": "linux/amd64",
}
OPENAPI = "/openapi/v3"


def answer(request: Request) -> HttpAnswer:
    """What lies outside of `/api/` and `/apis/`."""
    path = request.path.rstrip("/")
    if request.method not in ("GET", "HEAD"):
        raise not_allowed()
    if path in ("/healthz", "/readyz", "/livez"):
        return HttpAnswer(text="ok", content_type=TEXT)
    if path == "/version":
        return HttpAnswer(body=VERSION)
    if path == OPENAPI:
        return HttpAnswer(body={"paths": {each: _document(each) for each in documents()}}, content_type=TEXT)
    if path.startswith(f"{OPENAPI}/"):
        if path.removeprefix(f"{OPENAPI}/") not in documents():
            return HttpAnswer(404, text="", content_type="")
        raise answers.bad_request("not supported in this lab: the OpenAPI documents; `kubectl explain` tells what is in them")
    return discovery.root(request) or discovery.missing()


def documents() -> list[str]:
    """The paths that have an OpenAPI document."""
    groups = sorted(
        f"apis/{group}{part}" for group, versions in discovery.GROUPS.items() for part in ("", *(f"/{each}" for each in versions))
    )
    return [".well-known/openid-configuration", "api", "api/v1", "apis", *groups, "openid/v1/jwks", "version"]


def _document(path: str) -> Obj:
    return {"serverRelativeURL": f"{OPENAPI}/{path}?hash={sha512(path.encode()).hexdigest().upper()}"}
