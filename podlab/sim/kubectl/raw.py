"""`--raw`: requests to a path of the API.

Upstream: staging/src/k8s.io/kubectl/pkg/rawhttp/raw.go. Left out: changing what is not an object.
"""

from __future__ import annotations

import json
import re
from typing import Any

from podlab.sim.api.goyaml import to_json
from podlab.sim.api.resources import RESOURCES, Resource
from podlab.sim.apiserver.http.serve import handle
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_PATH = re.compile(
    r"^/(?:api/(?P<core>[^/]+)|apis/(?P<group>[^/]+)/(?P<version>[^/]+))(?:/namespaces/(?P<namespace>[^/]+))?/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?$"
)
_REFUSED = 400
_FIRST = ("kind", "apiVersion", "metadata")
_META = ("name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp")


def _target(path: str) -> tuple[Resource, str, str]:
    match = _PATH.match(path.partition("?")[0])
    resource = RESOURCES.get(match["plural"]) if match else None
    if match is None or resource is None or (match["group"] or "") != resource.group:
        raise StatusError("NotFound", "the server could not find the requested resource")
    return resource, match["namespace"] or "", match["name"] or ""


def _body(inv: Invocation) -> Obj:
    files = inv.flags["filename"]
    if len(files) != 1:
        raise Failure("--raw can only use a single local file or stdin")
    text = inv.memory.get("stdin", "") if files[0] == "-" else inv.ctx.files.read(files[0])
    return dict(json.loads(text))


def _shown(obj: Obj) -> str:
    """An object in the order of the server's types."""
    meta = obj["metadata"]
    ordered = {key: meta[key] for key in (*_META, *meta) if key in meta}
    return (
        to_json({key: ordered if key == "metadata" else obj[key] for key in (*_FIRST, *obj) if key in obj}, indent=None, sort=False) + "\n"
    )


def get(inv: Invocation, path: str) -> None:
    """GET a path: what the server answers, as it is."""
    place, _, query = path.partition("?")
    answer = handle(inv.ctx.world.api, "GET", place, query, {"accept": "application/json"})
    if answer.code >= _REFUSED:
        held = answer.body if isinstance(answer.body, dict) else {}
        raise StatusError(
            held.get("reason", "NotFound"), held.get("message", "the server could not find the requested resource"), code=answer.code
        )
    inv.out(answer.text if answer.text is not None else to_json(_ordered(answer.body), indent=None, sort=False) + "\n")


def _ordered(body: Any) -> Any:
    """A body in the order of the server's types."""
    if not isinstance(body, dict):
        return body
    found = {key: body[key] for key in (*_FIRST, *body) if key in body}
    if isinstance(found.get("items"), list):
        found["items"] = [_ordered(each) for each in found["items"]]
    meta = found.get("metadata")
    return found | ({"metadata": {key: meta[key] for key in (*_META, *meta) if key in meta}} if isinstance(meta, dict) else {})


def create(inv: Invocation, path: str) -> None:
    """POST a file."""
    resource, namespace, _ = _target(path)
    body = _body(inv)
    meta = {**body.get("metadata", {}), **({"namespace": namespace} if namespace else {})}
    inv.out(_shown(inv.client.create(resource, {**body, "metadata": meta})))


def replace(inv: Invocation, path: str) -> None:
    """PUT a file."""
    resource, namespace, name = _target(path)
    body = _body(inv)
    inv.client.get(resource, namespace, name)
    inv.out(_shown(inv.client.replace(resource, {**body, "metadata": {**body.get("metadata", {}), "namespace": namespace}})))


def delete(inv: Invocation, path: str) -> None:
    """DELETE a path."""
    resource, namespace, name = _target(path)
    obj = inv.client.delete(resource, namespace, name)
    details = {"name": name, "kind": resource.plural, "uid": obj["metadata"]["uid"]}
    inv.out(
        to_json({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}, indent=None, sort=False)
        + "\n"
    )
