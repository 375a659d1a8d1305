"""GET: one object, a list, a watch, and the doors that only answer while nothing runs.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/get.go, watch.go. Left out: streaming lists (sendInitialEvents).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from podlab.sim.api import fields, labels
from podlab.sim.api.resources import Resource
from podlab.sim.api.validation.errors import invalid, invalid_object
from podlab.sim.apiserver import answers, watch
from podlab.sim.apiserver.beats import renewed
from podlab.sim.apiserver.http.event_group import out
from podlab.sim.apiserver.http.options import ListOptions, list_options, version_number
from podlab.sim.apiserver.http.types import HttpAnswer, Request, status_of
from podlab.sim.apiserver.subresources import scale_of
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

DEPRECATED = {"endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"}


def typed(row: Resource, obj: Obj) -> Obj:
    """The object with kind and apiVersion first."""
    return {
        "kind": row.kind,
        "apiVersion": row.api_version,
        **{key: value for key, value in out(row, obj).items() if key not in ("kind", "apiVersion")},
    }


def owned(api: ApiServer, row: Resource, obj: Obj) -> Obj:
    """The object as REST shows it, with who owns its fields where that is kept."""
    fields = api.managed_fields(obj)
    shown = typed(row, obj)
    return {**shown, "metadata": {**shown["metadata"], "managedFields": fields}} if fields else shown


def row_of(request: Request) -> Resource:
    """The resource that the router found."""
    assert request.row is not None
    return request.row


def warned(row: Resource) -> list[str]:
    """Warnings that every answer of a kind has."""
    return [DEPRECATED[row.plural]] if row.plural in DEPRECATED else []


def get(api: ApiServer, request: Request) -> HttpAnswer:
    """One object; a `watch` in the query is ignored."""
    row = row_of(request)
    _not_too_new(api, request)
    return HttpAnswer(body=owned(api, row, renewed(api, api.get(row.plural, request.name, request.namespace))), warnings=warned(row))


def _not_too_new(api: ApiServer, request: Request) -> None:
    version = request.first("resourceVersion")
    if version and version.isdigit():
        _too_large(api, int(version))


def _too_large(api: ApiServer, version: int) -> None:
    current = api.store.version
    if version > current:
        details = {"causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}], "retryAfterSeconds": 1}
        raise StatusError("Timeout", f"Timeout: Too large resource version: {version}, current: {current}", details=details)


def get_scale(api: ApiServer, request: Request) -> HttpAnswer:
    """The scale subresource."""
    return HttpAnswer(body=scale_of(api.get(row_of(request).plural, request.name, request.namespace)))


def list_or_watch(api: ApiServer, request: Request) -> HttpAnswer:
    """The collection, or what becomes of it."""
    row = row_of(request)
    options = list_options(request, row)
    if request.flag("watch"):
        return _watch(api, request, row, options)
    return _list(api, request, row, options)


def selects(row: Resource, options: ListOptions) -> Callable[[Obj], bool]:
    """Whether an object is among those asked for."""

    def found(obj: Obj) -> bool:
        return labels.meets(options.selector, obj["metadata"].get("labels", {})) and fields.meets(row, options.fields, obj)

    return found


def _list(api: ApiServer, request: Request, row: Resource, options: ListOptions) -> HttpAnswer:
    version, start = api.store.version, ""
    if options.token:
        version, start = _continued(api, options.token)
    elif options.version not in ("", "0"):
        asked = version_number(options.version)
        _too_large(api, asked)
        if options.match == "Exact":
            version = asked
    if version < api.store.oldest:
        raise watch.expired(version, api.store.oldest)
    chosen = selects(row, options)
    held = api.list(row.plural, request.namespace) if version == api.store.version else api.store.at(row.plural, request.namespace, version)
    found = [each for each in held if _key(each) > start and chosen(each)] if start else [each for each in held if chosen(each)]
    meta: Obj = {"resourceVersion": str(version)}
    if options.limit and len(found) > options.limit:
        meta["continue"] = _token(version, _key(found[options.limit - 1]))
        if not options.selector and not options.fields:
            meta["remainingItemCount"] = len(found) - options.limit
        found = found[: options.limit]
    body = {
        "kind": f"{row.kind}List",
        "apiVersion": row.api_version,
        "metadata": meta,
        "items": [_untyped(owned(api, row, renewed(api, each))) for each in found],
    }
    return HttpAnswer(body=body, warnings=warned(row))


def _untyped(obj: Obj) -> Obj:
    """Items of a list have no kind."""
    return {key: value for key, value in obj.items() if key not in ("kind", "apiVersion")}


def _key(obj: Obj) -> str:
    meta = obj["metadata"]
    return f"{meta.get('namespace', '')}/{meta['name']}"


def _token(version: int, last: str) -> str:
    text = json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": last + "\u0000"}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _continued(api: ApiServer, token: str) -> tuple[int, str]:
    try:
        data = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        version, start = int(data["rv"]), str(data["start"]).rstrip("\u0000")
    except (ValueError, KeyError, TypeError):
        raise answers.bad_request("continue key is not valid: illegal base64 data at input byte 0") from None
    if version < api.store.oldest:
        why = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter."
        raise StatusError("Expired", why)
    return version, start


def _watch(api: ApiServer, request: Request, row: Resource, options: ListOptions) -> HttpAnswer:
    """What happened so far; the caller goes on from there with `watch.translate`."""
    chosen = selects(row, options)
    events: list[Obj] = []
    if options.version in ("", "0"):
        events = [_event("ADDED", row, each) for each in api.list(row.plural, request.namespace, chosen)]
        return HttpAnswer(events=events, warnings=warned(row))
    version = version_number(options.version)
    try:
        found = watch.events_since(api.store, row.plural, request.namespace, version, chosen)
        events = [_event(type_, row, obj) for type_, obj in found]
    except StatusError as error:
        events = [{"type": "ERROR", "object": status_of(error).body}]
    return HttpAnswer(events=events, warnings=warned(row))


def _event(type_: str, row: Resource, obj: Obj) -> Obj:
    return {"type": type_, "object": typed(row, obj)}


def log(api: ApiServer, request: Request) -> HttpAnswer:
    """The log of a Pod that is on no node is empty; everything else is the kubelet's to answer."""
    pod = api.get("pods", request.name, request.namespace)
    tail = request.first("tailLines")
    if tail.lstrip("-").isdigit() and int(tail) < 0:
        raise invalid_object("PodLogOptions", "", request.name, [invalid("tailLines", int(tail), "must be greater than or equal to 0")])
    spec = pod["spec"]
    named = [each["name"] for group in ("initContainers", "containers", "ephemeralContainers") for each in spec.get(group) or ()]
    wanted = request.first("container")
    if not wanted and len(named) > 1:
        raise answers.bad_request(f"a container name must be specified for pod {request.name}, choose one of: [{' '.join(named)}]")
    if wanted and wanted not in named:
        raise answers.bad_request(f"container {wanted} is not valid for pod {request.name}")
    if not spec.get("nodeName"):
        return HttpAnswer(204, text="", content_type="")
    raise answers.bad_request("not supported in this lab: the log of a running container over the REST API")


def stream(api: ApiServer, request: Request) -> HttpAnswer:
    """exec, attach and portforward fail here before the kubelet is asked; the rest is its work."""
    pod = api.get("pods", request.name, request.namespace)
    named = [each["name"] for group in ("initContainers", "containers", "ephemeralContainers") for each in pod["spec"].get(group) or ()]
    wanted = request.first("container")
    if request.subresource != "portforward" and wanted and wanted not in named:
        raise answers.bad_request(f"container {wanted} is not valid for pod {request.name}")
    if not pod["spec"].get("nodeName"):
        raise answers.bad_request(f"pod {request.name} does not have a host assigned")
    raise answers.bad_request(f"not supported in this lab: {request.subresource} over the REST API")


def proxy(api: ApiServer, request: Request) -> HttpAnswer:
    """The way to a Pod, Service or Node through the API server: refused where there is nobody behind it, else not built."""
    row = row_of(request)
    name = request.name.split(":")[1] if request.name.count(":") == 2 else request.name.partition(":")[0]
    found = api.get(row.plural, name, request.namespace)
    if row.plural == "services":
        chosen = {"kubernetes.io/service-name": name}
        held = api.list("endpointslices", request.namespace, lambda each: chosen.items() <= (each["metadata"].get("labels") or {}).items())
        if not held:
            raise answers.not_found(row.plural, name)
        if not any((point.get("conditions") or {}).get("ready") is not False for each in held for point in each.get("endpoints") or ()):
            raise StatusError("ServiceUnavailable", f'no endpoints available for service "{name}"', code=503)
    elif row.plural == "pods" and not (found.get("status") or {}).get("podIP"):
        raise answers.bad_request("address not allowed")
    raise answers.bad_request(f"not supported in this lab: the proxy of {row.plural}; ask from inside of the cluster with curl or wget")
