"""POST, PUT, PATCH, DELETE.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers (create.go, update.go, patch.go, delete.go). Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.authorizer import tokens
from podlab.sim.apiserver.http import bodies, event_group
from podlab.sim.apiserver.http.delete_options import DeleteOptions
from podlab.sim.apiserver.http.delete_options import read as read_delete_options
from podlab.sim.apiserver.http.options import as_dict, check_write, list_options
from podlab.sim.apiserver.http.reads import owned, row_of, selects, typed, warned
from podlab.sim.apiserver.http.types import HttpAnswer, Request, success
from podlab.sim.apiserver.patching import PatchType
from podlab.sim.apiserver.strategy import strategy_of
from podlab.sim.apiserver.subresources import check_scale, scale_of
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

LEARNER = "learner"
ORPHANS = (
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them "
    "or set propagationPolicy=Orphan to suppress this warning"
)
PATCH_TYPES: dict[str, PatchType] = {
    "application/json-patch+json": "json",
    "application/merge-patch+json": "merge",
    "application/strategic-merge-patch+json": "strategic",
    "application/apply-patch+yaml": "apply",
}


def _body(request: Request, kind: str, group: str, version: str, validation: str) -> tuple[Obj, list[str]]:
    """The object sent and the warnings about it; kind and version must be those of the path."""
    obj, twice = bodies.read(request.body, request.headers.get("content-type", ""), kind)
    api_version = f"{group}/{version}" if group else version
    given = obj.get("apiVersion") or api_version, obj.get("kind") or kind
    if given[0] != api_version:
        raise answers.bad_request(f"the API version in the data ({given[0]}) does not match the expected API version ({api_version})")
    if given[1] != kind:
        raise answers.bad_request(f'{given[1]} in version "{version}" cannot be handled as a {kind}: no kind "{given[1]}" is registered')
    if twice and validation == "Strict":
        listed = ", ".join(f'duplicate field "{each}"' for each in twice)
        raise answers.bad_request(f'{kind} in version "{version}" cannot be handled as a {kind}: strict decoding error: {listed}')
    return obj, [f'duplicate field "{each}"' for each in twice] if validation == "Warn" else []


def _own(request: Request, validation: str) -> tuple[Obj, list[str]]:
    row = row_of(request)
    return _body(request, row.kind, row.group, row.version, validation)


def _placed(request: Request, obj: Obj) -> Obj:
    """The object in the namespace of the path; BadRequest where it says otherwise."""
    meta = as_dict(obj.get("metadata"))
    row = row_of(request)
    if row.namespaced and meta.get("namespace") not in (None, "", request.namespace):
        raise answers.bad_request("the namespace of the provided object does not match the namespace sent on the request")
    if not row.namespaced:
        return {**obj, "metadata": meta}
    return {**obj, "metadata": {**meta, "namespace": request.namespace}}


def create(api: ApiServer, request: Request) -> HttpAnswer:
    """POST to a collection."""
    row = row_of(request)
    validation = check_write(request, "CreateOptions")
    obj, told = _own(request, validation)
    warnings = [*warned(row), *told]
    found = _warned(
        validation,
        warnings,
        lambda into: api.create(
            row.plural,
            event_group.read(api, row, _placed(request, obj), strict=validation == "Strict", warnings=into),
            by=LEARNER,
            dry_run=request.dry_run,
            strict=validation == "Strict",
            warnings=into,
            field_manager=manager_of(request),
        ),
    )
    return HttpAnswer(201, owned(api, row, found), warnings=warnings)


def manager_of(request: Request, *, apply: bool = False) -> str:
    """Who writes: named in the query, else by the client's program."""
    named = request.first("fieldManager")
    return named if named or apply else request.headers.get("user-agent", "").partition("/")[0] or "unknown"


def _warned(validation: str, warnings: list[str], call: Any) -> Obj:
    """Make a call that may warn; with Ignore nothing is said about fields."""
    into: list[str] = []
    found: Obj = call(into)
    warnings += [each for each in into if validation != "Ignore" or not each.startswith("unknown field")]
    return found


def update(api: ApiServer, request: Request) -> HttpAnswer:
    """PUT of an object or of one of its doors."""
    row = row_of(request)
    validation = check_write(request, "UpdateOptions")
    obj, told = _own(request, validation)
    obj = _placed(request, obj)
    name = obj["metadata"].get("name", "")
    if name and name != request.name:
        raise answers.bad_request(f"the name of the object ({name}) does not match the name on the URL ({request.name})")
    obj["metadata"]["name"] = request.name
    warnings = [*warned(row), *told]
    strict = validation == "Strict"
    obj = event_group.read(api, row, obj, strict=strict, warnings=warnings)
    missing = api.find(row.plural, request.name, request.namespace) is None
    if missing and strategy_of(row.plural).create_on_update and not request.subresource:
        made = api.create(row.plural, obj, by=LEARNER, dry_run=request.dry_run, strict=strict, warnings=warnings)
        return HttpAnswer(201, typed(row, made), warnings=warnings)
    found = _warned(
        validation,
        warnings,
        lambda into: api.update(
            row.plural,
            obj,
            by=LEARNER,
            subresource=request.subresource,
            dry_run=request.dry_run,
            strict=strict,
            warnings=into,
            field_manager=manager_of(request),
        ),
    )
    return HttpAnswer(200, owned(api, row, found), warnings=warnings)


def update_scale(api: ApiServer, request: Request) -> HttpAnswer:
    """PUT of a Scale."""
    row = row_of(request)
    validation = check_write(request, "UpdateOptions")
    scale, _ = _body(request, "Scale", "autoscaling", "v1", validation)
    old = api.get(row.plural, request.name, request.namespace)
    replicas = as_dict(scale.get("spec")).get("replicas", 0)
    check_scale(request.name, replicas)
    version = as_dict(scale.get("metadata")).get("resourceVersion", "")
    new = {**old, "metadata": {**old["metadata"], "resourceVersion": version}, "spec": {**old["spec"], "replicas": replicas}}
    found = api.update(row.plural, new, by=LEARNER, subresource="scale", dry_run=request.dry_run, field_manager=manager_of(request))
    return HttpAnswer(200, scale_of(found))


def patch(api: ApiServer, request: Request) -> HttpAnswer:
    """PATCH by any of the four types."""
    row = row_of(request)
    media = bodies.media_type(request.headers.get("content-type", ""))
    type_ = PATCH_TYPES.get(media)
    if type_ is None:
        raise StatusError("UnsupportedMediaType", "415: Unsupported Media Type", details={})
    validation = check_write(request, "PatchOptions")
    body = event_group.renamed(row, bodies.patch_body(request.body, media))
    event_group.check_patch(api, request, body, type_)
    existed = api.find(row.plural, request.name, request.namespace) is not None
    warnings = warned(row)
    found = _warned(
        validation,
        warnings,
        lambda into: api.patch(
            row.plural,
            request.name,
            request.namespace,
            body,
            type_,
            by=LEARNER,
            subresource=request.subresource,
            field_manager=manager_of(request, apply=type_ == "apply"),
            force=request.first("force") == "true",
            dry_run=request.dry_run,
            strict=validation == "Strict",
            warnings=into,
        ),
    )
    shown = scale_of(found) if request.subresource == "scale" else owned(api, row, found)
    return HttpAnswer(200 if existed else 201, shown, warnings=warnings)


def delete(api: ApiServer, request: Request) -> HttpAnswer:
    """DELETE of one object: answers with it while it is still there (or always, for some kinds), else with a Status."""
    row = row_of(request)
    options = read_delete_options(request)
    found = api.delete(row.plural, request.name, request.namespace, by=LEARNER, dry_run=options.dry_run, **options.wanted())
    stays = "deletionTimestamp" in found["metadata"] and found["metadata"].get("finalizers")
    told = warned(row) + _orphaned(row, options)
    if strategy_of(row.plural).answers_object or stays:
        return HttpAnswer(200, typed(row, found), warnings=told)
    details = {**answers.details(row.plural, request.name), "uid": found["metadata"]["uid"]}
    return HttpAnswer(200, success(details).body, warnings=told)


def _orphaned(row: Resource, options: DeleteOptions) -> list[str]:
    """Jobs alone leave their Pods behind where nothing else was asked."""
    return [ORPHANS] if row.plural == "jobs" and not options.propagation else []


def delete_collection(api: ApiServer, request: Request) -> HttpAnswer:
    """DELETE of all that the selectors match; answers with the list of them."""
    row = row_of(request)
    options = read_delete_options(request)
    chosen = selects(row, list_options(request, row))
    version = str(api.store.version)
    found = api.list(row.plural, request.namespace, chosen)
    items = []
    for each in found:
        gone = api.delete(
            row.plural,
            each["metadata"]["name"],
            each["metadata"].get("namespace", ""),
            by=LEARNER,
            dry_run=options.dry_run,
            **options.wanted(),
        )
        items.append({key: value for key, value in gone.items() if key not in ("kind", "apiVersion")})
    body = {"kind": f"{row.kind}List", "apiVersion": row.api_version, "metadata": {"resourceVersion": version}, "items": items}
    return HttpAnswer(200, body, warnings=warned(row))


def bind(api: ApiServer, request: Request) -> HttpAnswer:
    """POST of a Binding."""
    check_write(request, "CreateOptions")
    obj, _ = _body(request, "Binding", "", "v1", "Ignore")
    target, meta = as_dict(obj.get("target")), as_dict(obj.get("metadata"))
    name = request.name or meta.get("name", "")
    if target.get("kind", "Node") not in ("Node", ""):
        raise answers.internal(f'target.kind: Unsupported value: "{target["kind"]}": supported values: "Node", "<empty>"')
    if not target.get("name"):
        raise answers.internal("target.name: Required value")
    if not request.dry_run:
        api.bind(request.namespace, name, target["name"], by=LEARNER, uid=meta.get("uid", ""))
    return success(code=201)


def evict(api: ApiServer, request: Request) -> HttpAnswer:
    """POST of an Eviction."""
    check_write(request, "CreateOptions")
    obj, _ = _body(request, "Eviction", "policy", "v1", "Ignore")
    name = as_dict(obj.get("metadata")).get("name", "")
    if name and name != request.name:
        raise answers.bad_request("name in URL does not match name in Eviction object")
    options = as_dict(obj.get("deleteOptions"))
    uid = as_dict(options.get("preconditions")).get("uid", "")
    api.evict(request.namespace, request.name, by=LEARNER, grace=options.get("gracePeriodSeconds"), uid=uid, dry_run=request.dry_run)
    return success(code=201)


def token(api: ApiServer, request: Request) -> HttpAnswer:
    """POST of a TokenRequest: a token of the ServiceAccount."""
    obj, _ = bodies.read(request.body, request.headers.get("content-type", ""), "TokenRequest")
    spec = as_dict(obj.get("spec"))
    if set(spec.get("audiences") or ()) - {tokens.AUDIENCE} or spec.get("boundObjectRef"):
        raise answers.bad_request("not supported in this lab: tokens for other audiences, and tokens bound to objects")
    seconds = spec.get("expirationSeconds")
    seconds = 3600 if seconds is None else seconds
    return HttpAnswer(201, tokens.requested(api, api.get("serviceaccounts", request.name, request.namespace), seconds))
