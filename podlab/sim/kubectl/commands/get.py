"""kubectl get.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/get/get.go. Left out: `--raw` for other paths than objects.
"""

from __future__ import annotations

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver.subresources import scale_of
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, discovery, output, raw
from podlab.sim.kubectl.builder import Info, Result
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.commands import get_watch
from podlab.sim.kubectl.errors import Failure, aggregate
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.listing import Listing
from podlab.sim.kubectl.sorting import sort_by
from podlab.sim.linux.types import Wait

FORMS = output.FORMS + ",custom-columns,custom-columns-file,wide"
SCALE = Resource("scales", "Scale", "autoscaling", singular="scale")
_NOTHING = """You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.

"""
_HINT = 'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'


def run(inv: Invocation) -> Wait | None:
    """Print what was asked for; with `-w` go on with the changes."""
    _validate(inv)
    if inv.flags["raw"]:
        raw.get(inv, inv.flags["raw"])
        return None
    kind = output.kind_of(inv)
    human = kind in ("", "wide") or kind.startswith("custom-columns")
    emit = None if human else output.emitter(inv, forms=FORMS)
    if inv.flags["watch"] or inv.flags["watch-only"]:
        return get_watch.start(inv, emit)
    _check_subresource(inv)
    result = builder.resolve(inv, builder.request(inv, everything=True))
    infos = _subresource(inv, result)
    if emit is not None:
        _generic(inv, Result(infos, result.errors, result.single, result.listed), emit)
    else:
        _tables(inv, infos, result)
    return None


def _validate(inv: Invocation) -> None:
    flags = inv.flags
    if flags["output-watch-events"] and not (flags["watch"] or flags["watch-only"]):
        raise Failure("--output-watch-events option can only be used with --watch or --watch-only")
    if flags["raw"] and (inv.args or flags["filename"]):
        raise Failure("arguments may not be passed when --raw is specified")
    if flags["kustomize"] and inv.args:
        raise Failure("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well")
    if flags["show-labels"] and output.kind_of(inv) not in ("", "wide"):
        raise Failure(f"--show-labels option cannot be used with {flags['output']} printer")
    if not inv.args and not flags["filename"] and not flags["raw"]:
        inv.err(_NOTHING)
        raise inv.usage(f"Required resource not specified.\n{_HINT}")


def _subresource(inv: Invocation, result: Result) -> list[Info]:
    name = inv.flags["subresource"]
    if not name:
        return result.infos
    if result.listed:
        raise Failure("subresource cannot be used when bulk resources are specified")
    if name != "scale":
        return result.infos
    return [Info(SCALE, info.namespace, info.name, scale_of(info.obj), info.source) for info in result.infos]


def _check_subresource(inv: Invocation) -> None:
    name = inv.flags["subresource"]
    named = len(inv.args) > 1 or "/" in (inv.args or [""])[0]
    if name and named and any(name not in each.subresources for each in _asked(inv)):
        raise StatusError("NotFound", "the server could not find the requested resource")


def _generic(inv: Invocation, result: Result, emit: output.Emit) -> None:
    objects = [info.obj for info in result.infos]
    if inv.flags["sort-by"]:
        objects = sort_by(inv.flags["sort-by"], objects, lambda each: each)
    if (
        result.errors
        and not (inv.flags["ignore-not-found"] and all(_not_found(each) for each in result.errors))
        and (result.single or not objects)
    ):
        raise aggregate(result.errors)
    if result.single and len(objects) == 1:
        inv.out(emit(objects[0]))
    elif not (result.single and inv.flags["ignore-not-found"]):
        inv.out(emit(as_list(objects)))
    errors = [each for each in result.errors if not (inv.flags["ignore-not-found"] and _not_found(each))]
    if errors:
        raise aggregate(errors)


def as_list(objects: list[Obj]) -> Obj:
    """A `v1` List of them."""
    return {"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {"resourceVersion": ""}}


def _not_found(error: Exception) -> bool:
    return isinstance(error, StatusError) and error.reason == "NotFound"


def _tables(inv: Invocation, infos: list[Info], result: Result) -> None:
    listing = Listing.of(inv, several=_several(inv))
    answers = len({each.plural for each in _asked(inv)}) if result.listed else len(infos)
    shown = listing.tables(inv, infos, answers)
    inv.out(shown)
    errors = [each for each in result.errors if not (inv.flags["ignore-not-found"] and _not_found(each))]
    if errors:
        raise aggregate(errors)
    if not (shown or errors) and not inv.flags["ignore-not-found"]:
        everywhere = inv.flags["all-namespaces"] or not all(resource.namespaced for resource in _asked(inv))
        inv.err("No resources found\n" if everywhere else f"No resources found in {inv.namespace} namespace.\n")


def _asked(inv: Invocation) -> list[Resource]:
    words = (
        [each.partition("/")[0] for each in inv.args]
        if any("/" in each for each in inv.args)
        else [each for word in inv.args[:1] for each in word.split(",")]
    )
    found = [discovery.named(each) for word in words if word for each in discovery.expand(word)]
    for word in words:
        if word.lower() in discovery.AMBIGUOUS:
            inv.client.warn(f'short name "{word}" could also match lower priority resource {discovery.AMBIGUOUS[word.lower()]}')
    return [each for each in found if each is not None]


def _several(inv: Invocation) -> bool:
    return inv.flags["show-kind"] or len({each.plural for each in _asked(inv)}) > 1


COMMAND = Command(run, steps=get_watch.STEPS)
