"""Which groups, versions and resources there are; health and version.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/discovery, pkg/server/healthz. Left out: aggregated discovery, OpenAPI, metrics.
"""

from __future__ import annotations

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver.http.event_group import SERVED
from podlab.sim.apiserver.http.types import HttpAnswer, Request, not_allowed
from podlab.sim.changes import Obj

VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
SUB_VERBS = {
    "status": ["get", "patch", "update"],
    "scale": ["get", "patch", "update"],
    "ephemeralcontainers": ["get", "patch", "update"],
    "resize": ["get", "patch", "update"],
}
SUB_VERBS |= {"binding": ["create"], "eviction": ["create"], "token": ["create"], "log": ["get"], "finalize": ["update"]}
STREAM_VERBS = ["create", "get"]
KINDS = {"binding": "Binding", "token": "TokenRequest"}
GROUPED = {
    "scale": ("autoscaling", "v1", "Scale"),
    "eviction": ("policy", "v1", "Eviction"),
    "token": ("authentication.k8s.io", "v1", "TokenRequest"),
}
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


def plain(request: Request) -> HttpAnswer:
    """Paths outside of the API groups."""
    path = request.path.rstrip("/")
    if request.method not in ("GET", "HEAD"):
        raise not_allowed()
    if path in ("/healthz", "/readyz", "/livez"):
        return HttpAnswer(text="ok", content_type="text/plain; charset=utf-8")
    if path == "/version":
        return HttpAnswer(body=VERSION)
    if path == "/api":
        return HttpAnswer(
            body={
                "kind": "APIVersions",
                "versions": ["v1"],
                "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "172.18.0.2:6443"}],
            }
        )
    if path == "/apis":
        return HttpAnswer(body={"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(each) for each in _groups()]})
    return missing()


def missing() -> HttpAnswer:
    """404 of a path that nobody serves."""
    return HttpAnswer(404, text="404 page not found\n", content_type="text/plain; charset=utf-8")


def answer(request: Request) -> HttpAnswer:
    """`/api/v1`, `/apis/G`, `/apis/G/V`."""
    if request.method not in ("GET", "HEAD"):
        raise not_allowed()
    parts = [each for each in request.path.split("/") if each]
    if parts[0] == "apis" and len(parts) == 2 and parts[1] in _groups():
        return HttpAnswer(body={"kind": "APIGroup", "apiVersion": "v1", **_group(parts[1])})
    group, version = ("", parts[1]) if parts[0] == "api" else (parts[1], parts[2] if len(parts) > 2 else "")
    rows = [row for row in SERVED if (row.group, row.version) == (group, version)]
    if not rows or len(parts) > (2 if parts[0] == "api" else 3):
        return missing()
    listed = [entry for row in rows for entry in _entries(row)]
    body: Obj = {
        "kind": "APIResourceList",
        "groupVersion": rows[0].api_version,
        "resources": sorted(listed, key=lambda each: str(each["name"])),
    }
    return HttpAnswer(body=body if group == "" else {"kind": "APIResourceList", "apiVersion": "v1", **body})


def _groups() -> list[str]:
    return list(dict.fromkeys(row.group for row in SERVED if row.group))


def _group(name: str) -> Obj:
    versions = list(dict.fromkeys(row.version for row in SERVED if row.group == name))
    listed = [{"groupVersion": f"{name}/{each}", "version": each} for each in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def _entries(row: Resource) -> list[Obj]:
    entry: Obj = {"name": row.plural, "singularName": row.singular, "namespaced": row.namespaced, "kind": row.kind, "verbs": VERBS}
    if row.short:
        entry["shortNames"] = list(row.short)
    if row.categories:
        entry["categories"] = list(row.categories)
    return [entry, *(_sub_entry(row, each) for each in row.subresources)]


def _sub_entry(row: Resource, name: str) -> Obj:
    entry: Obj = {"name": f"{row.plural}/{name}", "singularName": "", "namespaced": row.namespaced, "kind": KINDS.get(name, row.kind)}
    if name in GROUPED:
        entry["group"], entry["version"], entry["kind"] = GROUPED[name]
    entry["verbs"] = SUB_VERBS.get(name, STREAM_VERBS)
    return entry
