"""Which objects a command line means: files, `TYPE NAME…`, `TYPE/NAME…`, selectors.

Upstream: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go. Left out: URLs, kustomizations, `--chunk-size`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from podlab.sim.api.goyaml import to_json
from podlab.sim.api.resources import Resource
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import discovery, manifest
from podlab.sim.kubectl.errors import Failure, aggregate
from podlab.sim.kubectl.invocation import Invocation

MISSING = """You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'"""
_MIXED = (
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
    "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
)
_EVERYWHERE = "a resource cannot be retrieved by name across all namespaces"


class Info(Struct):
    """One object: `obj` is the manifest's for a file, the server's else (None: not asked for); `source` the file."""

    resource: Resource
    namespace: str
    name: str
    obj: Obj
    source: str = ""

    @property
    def label(self) -> str:
        """`deployment.apps/web`."""
        return f"{discovery.display(self.resource)}/{self.name}"


class Request(Struct):
    """What is asked for; `all`: all of a type, and no names; `everything`: a type without a name means all; `default`: the type of a lone name (`pods`)."""

    args: list[str]
    namespace: str
    files: list[str] = []
    labels: str = ""
    fields: str = ""
    all: bool = False
    all_namespaces: bool = False
    everything: bool = False
    default: str = ""
    recursive: bool = False
    fetch: bool = True
    """Whether the named objects are got from the server."""
    local: bool = False
    """Objects of files stay as they are there, without a namespace of ours."""


def request(inv: Invocation, args: list[str] | None = None, **changes: Any) -> Request:
    """A request of the command's usual flags and arguments."""
    flags = inv.flags
    base: dict[str, Any] = {
        "args": inv.args if args is None else args,
        "namespace": inv.namespace,
        "files": list(flags.get("filename") or []),
        "labels": flags.get("selector") or "",
        "fields": flags.get("field-selector") or "",
        "everything": bool(flags.get("all")),
        "all_namespaces": bool(flags.get("all-namespaces")),
        "recursive": bool(flags.get("recursive")),
    }
    return Request(**(base | changes))


class Result(Struct):
    """What was found, what was not; `single`: one object was asked for by name; `listed`: by selector or type."""

    infos: list[Info]
    errors: list[Exception]
    single: bool = False
    listed: bool = False

    def all(self) -> list[Info]:
        """The objects; raises what went wrong with the first."""
        if self.errors:
            raise aggregate(self.errors)
        return self.infos

    def each(self) -> Iterator[Info]:
        """The objects one by one, for those that are done whatever becomes of the others; then raises what went wrong."""
        yield from self.infos
        self.all()


def resolve(inv: Invocation, req: Request) -> Result:
    """The objects of a request; Failure for one that makes no sense, errors of single objects are in the result."""
    words, pairs = _arguments(req)
    if req.files:
        return _from_files(inv, req, words, pairs)
    types, names = _split(words, req)
    if req.all or req.labels or req.fields or (req.everything and types and not names):
        return _selected(inv, req, types, names, pairs)
    if pairs:
        return _by_pairs(inv, req, pairs)
    if names:
        return _by_names(inv, req, types, names)
    if types:
        for each in types:
            discovery.resource_for(each)
        raise Failure("resource(s) were provided, but no name was specified")
    raise Failure(MISSING)


def _arguments(req: Request) -> tuple[list[str], list[tuple[str, str]]]:
    slashed = [each for each in req.args if "/" in each]
    if not slashed:
        return req.args, []
    if req.default:
        return [], [_pair(each) if "/" in each else (req.default, each) for each in req.args]
    if len(slashed) != len(req.args):
        raise Failure(_MIXED)
    return [], [_pair(each) for each in req.args]


def _pair(text: str) -> tuple[str, str]:
    parts = text.split("/")
    if len(parts) != 2:
        raise Failure("arguments in resource/name form may not have more than one slash")
    if not parts[0] or not parts[1] or "," in parts[0]:
        raise Failure("arguments in resource/name form must have a single resource and name")
    return parts[0], parts[1]


def _split(words: list[str], req: Request) -> tuple[list[str], list[str]]:
    if req.default:
        return [req.default], words
    if not words:
        return [], []
    types = [each for word in words[0].split(",") if word for each in discovery.expand(word)]
    return list(dict.fromkeys(types)), words[1:]


def _from_files(inv: Invocation, req: Request, words: list[str], pairs: list[tuple[str, str]]) -> Result:
    if words or pairs:
        raise Failure("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well")
    result = Result([], [], single=len(req.files) == 1)
    for info in read_files(inv, req, result.errors):
        if not req.fetch:
            result.infos.append(info)
            continue
        try:
            result.infos.append(_fetched(inv, info))
        except StatusError as error:
            result.errors.append(error)
    return result


def _fetched(inv: Invocation, info: Info) -> Info:
    return Info(info.resource, info.namespace, info.name, inv.client.get(info.resource, info.namespace, info.name), info.source)


def read_files(inv: Invocation, req: Request, errors: list[Exception]) -> Iterator[Info]:
    """The manifests as they are; what cannot be read ends in `errors`."""
    validate = inv.flags.get("validate") not in ("ignore", "false")
    for source, document in manifest.documents(inv.ctx, req.files, errors, recursive=req.recursive):
        for each in _items(document):
            try:
                _check_type(each, source, validate)
                yield info_of(each, source, "" if req.local else req.namespace, inv.namespace_given and not req.local)
            except Failure as error:
                errors.append(error)


def _items(document: Any) -> list[Any]:
    if isinstance(document, dict) and str(document.get("kind", "")).endswith("List") and isinstance(document.get("items"), list):
        return list(document["items"])
    return [document]


def _check_type(document: Any, source: str, validate: bool) -> None:
    """Failure unless it says what it is: in the validator's words, or where that is off in the decoder's."""
    where = f'error validating "{source}": error validating data: {{}}; if you choose to ignore these errors, turn validation off with --validate=false'
    if not isinstance(document, dict):
        raise Failure(where.format("invalid object to validate"))
    missing = [f"{key} not set" for key in ("apiVersion", "kind") if not document.get(key)]
    if missing and not validate:
        lacks = "apiVersion" if document.get("kind") else "Kind"
        raise Failure(f"unable to decode \"{source}\": Object '{lacks}' is missing in '{to_json(document, indent=None)}'")
    if missing:
        raise Failure(where.format(missing[0] if len(missing) == 1 else f"[{', '.join(missing)}]"))


def info_of(document: Obj, source: str, namespace: str, enforced: bool) -> Info:
    """A manifest as an Info; Failure in the decoder's words."""
    meta = _metadata(document, source)
    resource = discovery.by_kind(str(document["apiVersion"]), str(document["kind"]))
    name, own = meta.get("name") or "", meta.get("namespace") or ""
    if resource is None:
        found = f'no matches for kind "{document["kind"]}" in version "{document["apiVersion"]}"'
        raise Failure(
            f'resource mapping not found for name: "{name}" namespace: "{own}" from "{source}": {found}\nensure CRDs are installed first'
        )
    return Info(resource, _namespace(resource, own, namespace, enforced), name, _placed(document, resource, meta, own, namespace), source)


def _namespace(resource: Resource, own: str, namespace: str, enforced: bool) -> str:
    if not resource.namespaced:
        return ""
    if own and enforced and own != namespace:
        raise Failure(
            f'the namespace from the provided object "{own}" does not match the namespace "{namespace}". You must pass \'--namespace={own}\' to perform this operation.'
        )
    return own or namespace


def _placed(document: Obj, resource: Resource, meta: Obj, own: str, namespace: str) -> Obj:
    place = {"namespace": own or namespace} if resource.namespaced and (own or namespace) else {}
    return {**document, "metadata": {**meta, **place}}


def _metadata(document: Obj, source: str) -> Obj:
    meta = document.get("metadata") or {}
    wrong = f'unable to decode "{source}": json: cannot unmarshal {{}} into Go struct field {{}} of type {{}}'
    if not isinstance(meta, dict):
        raise Failure(wrong.format(_json_type(meta), "PartialObjectMetadata.metadata", "v1.ObjectMeta"))
    for key in ("name", "generateName", "namespace"):
        if meta.get(key) is not None and not isinstance(meta[key], str):
            raise Failure(wrong.format(_json_type(meta[key]), f"ObjectMeta.metadata.{key}", "string"))
    for key in ("labels", "annotations"):
        for value in (meta.get(key) or {}).values() if isinstance(meta.get(key), dict) else ():
            if value is not None and not isinstance(value, str):
                raise Failure(wrong.format(_json_type(value), f"ObjectMeta.metadata.{key}", "string"))
    return dict(meta)


def _json_type(value: Any) -> str:
    names = {bool: "bool", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _selected(inv: Invocation, req: Request, types: list[str], names: list[str], pairs: list[tuple[str, str]]) -> Result:
    if names:
        raise Failure("name cannot be provided when a selector is specified")
    if pairs:
        raise Failure("selectors and the all flag cannot be used when passing resource/name arguments")
    if not types:
        raise Failure("at least one resource must be specified to use a selector")
    result = Result([], [], listed=True)
    for resource in [discovery.resource_for(each) for each in types]:
        namespace = "" if req.all_namespaces or not resource.namespaced else req.namespace
        try:
            found = inv.client.list(resource, namespace, req.labels, req.fields)
        except StatusError as error:
            result.errors.append(error)
            continue
        result.infos += [Info(resource, each["metadata"].get("namespace", ""), each["metadata"]["name"], each) for each in found]
    return result


def _by_pairs(inv: Invocation, req: Request, pairs: list[tuple[str, str]]) -> Result:
    wanted = [(discovery.resource_for(kind), name) for kind, name in pairs]
    return _named(inv, req, wanted)


def _by_names(inv: Invocation, req: Request, types: list[str], names: list[str]) -> Result:
    if len(types) > 1:
        raise Failure("you must specify only one resource")
    resource = discovery.resource_for(types[0] if types else "")
    return _named(inv, req, [(resource, name) for name in names])


def _named(inv: Invocation, req: Request, wanted: list[tuple[Resource, str]]) -> Result:
    if req.all_namespaces and any(resource.namespaced for resource, _ in wanted):
        raise Failure(_EVERYWHERE)
    result = Result([], [], single=len(wanted) == 1)
    for resource, name in wanted:
        namespace = req.namespace if resource.namespaced else ""
        try:
            obj = inv.client.get(resource, namespace, name) if req.fetch else {"metadata": {"name": name, "namespace": namespace}}
            result.infos.append(Info(resource, namespace, name, obj))
        except StatusError as error:
            result.errors.append(error)
    return result
