"""API cases: one request each, asked of the API server in process, with what the recorder would have written of the answer."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from podlab.sim import boot
from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.admission import priority
from podlab.sim.apiserver.http import HttpAnswer, handle
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj
from podlab.sim.timings import load as load_timings
from podlab.sim.world import World, WorldState

ZERO_MS = 1_700_000_000_000
NAMESPACES = (*boot.NAMESPACES, "lab")
BY_TYPE = {(row.api_version, row.kind): row for row in RESOURCES.values()}


class Lab:
    """A bare cluster: an API server, and what a new cluster's namespaces hold."""

    def __init__(self) -> None:
        self.world = World(WorldState(zero_ms=ZERO_MS), load_timings())
        self.api = self.world.api = ApiServer(self.world, StoreState())
        priority.classes(self.api)
        for name in NAMESPACES:
            self.namespace(name)
        boot.services(self.world, dns=False)
        self.seen: dict[str, Any] = {}
        self.versions: dict[str, str] = {}

    def namespace(self, name: str) -> None:
        """A namespace as the controllers leave it."""
        self.ensure("namespaces", {"metadata": {"name": name}})
        self.ensure("serviceaccounts", {"metadata": {"name": "default", "namespace": name}})
        self.ensure(
            "configmaps", {"metadata": {"name": "kube-root-ca.crt", "namespace": name}, "data": {"ca.crt": "-----BEGIN CERTIFICATE-----\n"}}
        )

    def ensure(self, resource: str, obj: Obj) -> Obj:
        """The object, made when it is missing."""
        meta = obj["metadata"]
        return self.api.find(resource, meta["name"], meta.get("namespace", "")) or self.api.create(resource, obj, by="controller")

    def ask(self, request: dict[str, Any]) -> HttpAnswer:
        """Send one request of a case."""
        path, _, query = self.expand(request["path"]).partition("?")
        headers = {"content-type": request.get("contentType", "application/json"), "accept": request.get("accept", "application/json")}
        headers |= self.fill(request.get("headers") or {})
        user = "system:anonymous" if request.get("anonymous") else "learner"
        return handle(self.api, request["method"], quote(path, safe="/%:"), query, headers, self.body(request), user)

    def body(self, request: dict[str, Any]) -> str:
        """What the request sends."""
        if "bodyText" in request:
            return self.expand(request["bodyText"])
        if "bodyFrom" in request:
            return json.dumps(merge(self.seen[request["bodyFrom"]], self.fill(request.get("bodyMerge") or {})))
        return json.dumps(self.fill(request["body"])) if "body" in request else ""

    def fill(self, value: Any) -> Any:
        """`value` with its references to earlier answers resolved."""
        return json.loads(self.expand(json.dumps(value)))

    def expand(self, text: str) -> str:
        """A text with `${…}` and `{repeat:…}` resolved."""
        text = re.sub(r"\{repeat:([^:}]+):(\d+)\}", lambda found: found[1] * int(found[2]), text)
        return re.sub(r"\$\{([\w.-]+)\}", lambda found: str(self._look(found[1])), text)

    def _look(self, path: str) -> Any:
        value: Any = self.seen
        for part in path.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return value

    def give(self, obj: Obj) -> None:
        """An object that is there before the case."""
        row = BY_TYPE[(obj["apiVersion"], obj["kind"])]
        status = obj.get("status")
        plain = {key: value for key, value in obj.items() if key != "status"}
        namespace = obj["metadata"].get("namespace", "lab") if row.namespaced else ""
        prefix = f"/api/{row.version}" if not row.group else f"/apis/{row.api_version}"
        path = f"{prefix}/namespaces/{namespace}/{row.plural}" if namespace else f"{prefix}/{row.plural}"
        made = self._sent("POST", path, plain)
        path = f"{path}/{made['metadata']['name']}"
        if row.kind == "Node" and made["spec"].get("taints") != obj.get("spec", {}).get("taints"):
            taints = {"spec": {"taints": obj.get("spec", {}).get("taints")}}
            made = self._sent("PATCH", path, taints, "application/merge-patch+json")
        if status is not None:
            made = self._sent("PUT", f"{path}/status", {**made, "status": status})
        if row.kind == "Namespace":
            self.namespace(made["metadata"]["name"])
        self.seen[made["metadata"]["name"]] = made
        self.versions[made["metadata"]["uid"]] = made["metadata"]["resourceVersion"]

    def _sent(self, method: str, path: str, body: Obj, media: str = "application/json") -> Obj:
        answer = handle(self.api, method, path, "", {"content-type": media}, json.dumps(body))
        if answer.code >= 300:
            raise AssertionError(f"given object refused: {answer.body}")
        found: Obj = answer.body
        return found

    def remember(self, request: dict[str, Any], answer: HttpAnswer) -> None:
        """Keep an answer for later references."""
        if not isinstance(answer.body, dict):
            return
        self.seen["last"] = answer.body
        if request.get("as"):
            self.seen[request["as"]] = answer.body
        meta = answer.body.get("metadata") or {}
        if meta.get("uid"):
            self.versions[meta["uid"]] = meta.get("resourceVersion", "")


def run_case(case: dict[str, Any]) -> dict[str, Any]:
    """What the API server answers to the case: {id, code, body | bodyText | events, warnings, resourceVersion, contentType}."""
    lab = Lab()
    for obj in case.get("given") or []:
        lab.give(lab.fill(obj))
    for request in case.get("before") or []:
        lab.remember(request, lab.ask(request))
    answer = lab.ask(case)
    observed: dict[str, Any] = {"id": case["id"], "code": answer.code}
    if answer.content_type != "application/json":
        observed["contentType"] = answer.content_type
    if answer.warnings:  # the recorder kept headers in a dict, where the last of several stays
        observed["warnings"] = [f"299 - {json.dumps(each, ensure_ascii=False)}" for each in answer.warnings[-1:]]
    return observed | _content(case, answer, lab.versions)


def _content(case: dict[str, Any], answer: HttpAnswer, versions: dict[str, str]) -> dict[str, Any]:
    keep = bool(case.get("keepManagedFields"))
    if answer.events is not None:
        return {"events": lean(answer.events, keep)}
    if answer.text is not None:
        return {"bodyText": answer.text}
    out: dict[str, Any] = {}
    meta = answer.body.get("metadata") or {}
    if meta.get("uid") in versions and meta.get("resourceVersion"):
        out["resourceVersion"] = "same" if versions[meta["uid"]] == meta["resourceVersion"] else "changed"
    body = lean(answer.body, keep or any("managedFields" in each for each in case.get("pick") or []))
    out["body"] = {path: dig(body, path) for path in case["pick"]} if case.get("pick") else body
    return out


def lean(value: Any, keep: bool) -> Any:
    """Without managedFields, unless they are kept."""
    if isinstance(value, dict):
        return {key: lean(each, keep) for key, each in value.items() if keep or key != "managedFields"}
    return [lean(each, keep) for each in value] if isinstance(value, list) else value


def dig(value: Any, path: str) -> Any:
    """The part of an answer that a path names, or None."""
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def merge(target: Any, patch: Any) -> Any:
    """A merge patch, as the recorder's `bodyMerge`."""
    if not isinstance(patch, dict):
        return patch
    out = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merge(out.get(key), value)
    return out
