"""The Pod template inside an object, and how a changed one is sent.

Upstream: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/updatepodspec.go, cmd/set/helper.go. Left out: nothing.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable

from podlab.sim.api.canonical import canonical
from podlab.sim.api.schema import type_of
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.errors import Failure, aggregate, with_prefix
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.merge3 import two_way
from podlab.sim.kubectl.printed import dry_run, say

_PATHS: dict[str, tuple[str, ...]] = {
    "pods": ("spec",),
    "cronjobs": ("spec", "jobTemplate", "spec", "template", "spec"),
    **dict.fromkeys(
        ("deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "replicationcontrollers"), ("spec", "template", "spec")
    ),
}
Change = Callable[[Obj], Obj]


class Refused(Failure):
    """What is wrong with a change of one object, which is named before it."""


def path_of(info: Info) -> tuple[str, ...]:
    """Where the Pod spec lies; Failure for a kind without one."""
    if info.resource.plural not in _PATHS:
        version = info.resource.version
        raise Failure(
            f"{info.resource.plural}/{info.name} the object is not a pod or does not have a pod template: *{version}.{info.resource.kind}"
        )
    return _PATHS[info.resource.plural]


def pod_spec(info: Info) -> Obj:
    """The Pod spec inside an object."""
    value = info.obj
    for key in path_of(info):
        value = value[key]
    return value


def with_spec(obj: Obj, path: tuple[str, ...], spec: Obj) -> Obj:
    """The object with another Pod spec."""
    if not path:
        return spec
    return {**obj, path[0]: with_spec(obj[path[0]], path[1:], spec)}


def named(spec: Obj, pattern: str) -> list[str]:
    """The containers (init ones too) whose names match a pattern."""
    every = [each["name"] for key in ("containers", "initContainers") for each in spec.get(key) or []]
    return [each for each in every if fnmatch.fnmatchcase(each, pattern)]


def with_containers(spec: Obj, change: Change) -> Obj:
    """The spec with every container changed (init ones too)."""
    return {**spec, **{key: [change(each) for each in spec[key]] for key in ("containers", "initContainers") if spec.get(key)}}


def requested(inv: Invocation, resources: list[str]) -> list[Info]:
    """The objects that `set …` speaks of."""
    if inv.flags["local"] and not inv.flags["filename"]:
        raise Failure(
            "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'"
        )
    local = bool(inv.flags["local"])
    infos = builder.resolve(inv, builder.request(inv, resources, fetch=not local, local=local)).all()
    return [_typed(each) for each in infos] if local else infos


def _typed(info: Info) -> Info:
    """An object of a file as Go's types show it."""
    schema = type_of(info.resource.api_version, info.resource.kind)
    shown = canonical(schema, info.obj) if schema else info.obj
    return Info(info.resource, info.namespace, info.name, shown, info.source)


def update(inv: Invocation, infos: list[Info], change: Change, verb: str, failed: str) -> None:
    """Change every object's Pod spec and say `verb`; objects that stay as they are are passed over."""
    errors: list[Exception] = []
    for info in infos:
        try:
            _one(inv, info, change, verb, failed)
        except (Failure, StatusError) as error:
            errors.append(error)
    if errors:
        raise aggregate(errors)


def _one(inv: Invocation, info: Info, change: Change, verb: str, failed: str) -> None:
    path, strategy = path_of(info), dry_run(inv)
    try:
        new = with_spec(info.obj, path, change(pod_spec(info)))
    except Refused as error:
        raise Failure(f"{info.resource.plural}/{info.name} {error}") from None
    patch = two_way(info.resource, info.obj, new)
    if not patch:
        return
    if inv.flags["local"] or strategy == "client":
        say(inv, info.resource, new, verb, strategy)
        return
    try:
        new = inv.client.patch(info.resource, info.namespace, info.name, patch, dry_run=strategy == "server")
    except StatusError as error:
        raise with_prefix(error, failed) from None
    say(inv, info.resource, new, verb, strategy)
