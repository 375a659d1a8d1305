"""Which groups, versions and resources there are: one by one, or all at once.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/discovery. Left out: OpenAPI (see `docs/left-out.md`).
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver.http.bodies import ACCEPTED
from podlab.sim.apiserver.http.event_group import LISTED
from podlab.sim.apiserver.http.types import HttpAnswer, Request, no_such_resource, not_allowed
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError

GROUPS: dict[str, tuple[str, ...]] = {
    "apiregistration.k8s.io": ("v1",),
    "apps": ("v1",),
    "events.k8s.io": ("v1",),
    "authentication.k8s.io": ("v1",),
    "authorization.k8s.io": ("v1",),
    "autoscaling": ("v2", "v1"),
    "batch": ("v1",),
    "certificates.k8s.io": ("v1",),
    "networking.k8s.io": ("v1",),
    "policy": ("v1",),
    "rbac.authorization.k8s.io": ("v1",),
    "storage.k8s.io": ("v1",),
    "admissionregistration.k8s.io": ("v1",),
    "apiextensions.k8s.io": ("v1",),
    "scheduling.k8s.io": ("v1",),
    "coordination.k8s.io": ("v1",),
    "node.k8s.io": ("v1",),
    "discovery.k8s.io": ("v1",),
    "resource.k8s.io": ("v1",),
    "flowcontrol.apiserver.k8s.io": ("v1",),
}
"""Group → its versions, the preferred one first; in the order in which the server tells them."""
SUB_VERBS = {
    **{name: ["get", "patch", "update"] for name in ("status", "scale", "ephemeralcontainers", "resize", "approval")},
    **{name: ["create"] for name in ("binding", "eviction", "token")},
    **{name: ["create", "get"] for name in ("attach", "exec", "portforward")},
    "log": ["get"],
    "finalize": ["update"],
    "proxy": ["create", "delete", "get", "patch", "update"],
}
SUB_KINDS = {"binding": "Binding", "attach": "PodAttachOptions", "exec": "PodExecOptions", "portforward": "PodPortForwardOptions"}
GROUPED = {
    "scale": ("autoscaling", "v1", "Scale"),
    "eviction": ("policy", "v1", "Eviction"),
    "token": ("authentication.k8s.io", "v1", "TokenRequest"),
}
ALL_AT_ONCE = {"g=apidiscovery.k8s.io", "v=v2", "as=APIGroupDiscoveryList"}
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def root(request: Request) -> HttpAnswer | None:
    """`/api` and `/apis`; None for another path."""
    path = request.path.rstrip("/")
    if path not in ("/api", "/apis"):
        return None
    if _wants_all(request):
        groups = {"": ("v1",)} if path == "/api" else GROUPS
        items = [_aggregated(name, versions) for name, versions in groups.items()]
        body = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}
        return HttpAnswer(body=body, content_type=AGGREGATED)
    if path == "/api":
        where = [{"clientCIDR": "0.0.0.0/0", "serverAddress": "172.18.0.2:6443"}]
        return HttpAnswer(body={"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": where})
    return HttpAnswer(body={"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(each) for each in GROUPS]})


def _wants_all(request: Request) -> bool:
    """Whether the first media range that can be met is the one of aggregated discovery; NotAcceptable when none can."""
    ranges = [{part.strip() for part in each.split(";")} for each in (request.headers.get("accept") or "*/*").split(",")]
    found = next((each for each in ranges if not any(part.startswith("as=") for part in each) or each >= ALL_AT_ONCE), None)
    if found is None:
        raise StatusError("NotAcceptable", f"406: Not Acceptable\n\nAvailable representations: {ACCEPTED}", details={})
    return found >= ALL_AT_ONCE


def missing() -> HttpAnswer:
    """404 of a path that nobody serves."""
    return HttpAnswer(404, text="404 page not found\n", content_type="text/plain; charset=utf-8")


def answer(request: Request) -> HttpAnswer:
    """`/api/v1`, `/apis/G`, `/apis/G/V`."""
    if request.method not in ("GET", "HEAD"):
        raise not_allowed()
    parts = [each for each in request.path.split("/") if each]
    if parts[0] == "apis" and len(parts) == 2 and parts[1] in GROUPS:
        return HttpAnswer(body={"kind": "APIGroup", "apiVersion": "v1", **_group(parts[1])})
    group, version = ("", parts[1]) if parts[0] == "api" else (parts[1], parts[2] if len(parts) > 2 else "")
    rows = rows_of(group, version)
    if not rows or len(parts) > (2 if parts[0] == "api" else 3):
        if parts[0] == "api" or group in GROUPS:
            raise no_such_resource()
        return missing()
    body: Obj = {
        "kind": "APIResourceList",
        "groupVersion": rows[0].api_version,
        "resources": [each for row in rows for each in _entries(row)],
    }
    return HttpAnswer(body=body if group == "" else {"apiVersion": "v1", **body})


def rows_of(group: str, version: str) -> list[Resource]:
    """The resources of a group version, by name."""
    return sorted((row for row in LISTED if (row.group, row.version) == (group, version)), key=lambda row: row.plural)


def _group(name: str) -> Obj:
    listed = [{"groupVersion": f"{name}/{each}", "version": each} for each in GROUPS[name]]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def _entries(row: Resource) -> list[Obj]:
    entry: Obj = {
        "name": row.plural,
        "singularName": row.singular,
        "namespaced": row.namespaced,
        "kind": row.kind,
        "verbs": list(row.verbs),
    }
    entry |= _names(row)
    if "watch" in row.verbs:
        entry["storageVersionHash"] = _hash(row)
    return [entry, *(_sub_entry(row, each) for each in sorted(row.subresources))]


def _names(row: Resource) -> Obj:
    return ({"shortNames": list(row.short)} if row.short else {}) | ({"categories": list(row.categories)} if row.categories else {})


def _hash(row: Resource) -> str:
    """What tells in which version the objects of a kind are kept: Events in that of the core group, autoscalers in v2."""
    group, version = ("", "v1") if row.plural == "events" else (row.group, "v2" if row.group == "autoscaling" else row.version)
    return b64encode(sha256(f"{group}/{version}/{row.kind}".encode()).digest()[:8]).decode()


def _sub_kind(row: Resource, name: str) -> str:
    return f"{row.kind}ProxyOptions" if name == "proxy" else SUB_KINDS.get(name, row.kind)


def _sub_entry(row: Resource, name: str) -> Obj:
    entry: Obj = {"name": f"{row.plural}/{name}", "singularName": "", "namespaced": row.namespaced, "kind": _sub_kind(row, name)}
    if name in GROUPED:
        entry["group"], entry["version"], entry["kind"] = GROUPED[name]
    return entry | {"verbs": SUB_VERBS[name]}


def _aggregated(group: str, versions: tuple[str, ...]) -> Obj:
    held = [{"version": each, "resources": [_discovered(row) for row in rows_of(group, each)], "freshness": "Current"} for each in versions]
    return {"metadata": {"name": group} if group else {}, "versions": held}


def _discovered(row: Resource) -> Obj:
    scope = "Namespaced" if row.namespaced else "Cluster"
    kind = {"group": "", "version": "", "kind": row.kind}
    entry: Obj = {"resource": row.plural, "responseKind": kind, "scope": scope, "singularResource": row.singular, "verbs": list(row.verbs)}
    entry |= _names(row)
    if row.subresources:
        entry["subresources"] = [_discovered_sub(row, each) for each in sorted(row.subresources)]
    return entry


def _discovered_sub(row: Resource, name: str) -> Obj:
    group, version, kind = GROUPED.get(name, ("", "", _sub_kind(row, name)))
    return {"subresource": name, "responseKind": {"group": group, "version": version, "kind": kind}, "verbs": SUB_VERBS[name]}
