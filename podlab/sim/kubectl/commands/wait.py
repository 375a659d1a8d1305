"""kubectl wait.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/wait (wait.go, condition.go, json.go, delete.go, create.go). Left out: `--local`.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.goyaml import go_scalar
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import display, resource_for
from podlab.sim.kubectl.errors import Failure, aggregate
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.jsonpath import JsonPathError, relaxed
from podlab.sim.kubectl.jsonpath_eval import find
from podlab.sim.kubectl.output import emitter
from podlab.sim.linux.types import Wait, Wake, Watch

_WEEK_MS = 7 * 24 * 3_600_000


def run(inv: Invocation) -> Wait | None:
    """Wait for every object in turn."""
    kind, *_ = _condition(inv)
    emitter(inv)
    timeout = inv.flags["timeout"]
    inv.memory["until"] = inv.world.now + (_WEEK_MS if timeout < 0 else timeout)
    if kind == "create":
        return _until_there(inv)
    result = builder.resolve(inv, builder.request(inv, fetch=kind != "delete"))
    if kind == "delete":
        result = _existing(inv, result)
    infos = result.all()
    if not infos and kind != "delete":
        raise Failure("no matching resources found")
    inv.memory["targets"] = [[info.resource.plural, info.namespace, info.name, info.obj["metadata"].get("uid", "")] for info in infos]
    inv.memory["errors"] = []
    return _go_on(inv)


def _existing(inv: Invocation, result: builder.Result) -> builder.Result:
    found = []
    for info in result.infos:
        obj = inv.client.find(info.resource, info.namespace, info.name)
        if obj is not None:
            found.append(builder.Info(info.resource, info.namespace, info.name, obj))
    errors = [each for each in result.errors if not (isinstance(each, StatusError) and each.reason == "NotFound")]
    return builder.Result(found, errors)


def _condition(inv: Invocation) -> tuple[str, str, str | None]:
    """(kind, name or path, value) of `--for`."""
    given = inv.flags["for"]
    if not given:
        raise Failure("unrecognized condition: []")
    text = given[-1]
    if text.lower() in ("delete", "create"):
        return text.lower(), "", None
    if text.startswith("condition="):
        name, equals, value = text.removeprefix("condition=").partition("=")
        return "condition", name, value if equals else "true"
    if text.startswith("jsonpath="):
        return _jsonpath(text.removeprefix("jsonpath="))
    raise Failure(f'unrecognized condition: "{text}"')


def _jsonpath(text: str) -> tuple[str, str, str | None]:
    path, value = text, None
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "{[(") - (sign in "}])")
        if sign == "=" and depth == 0:
            path, value = text[:at], text[at + 1 :].strip("'\"")
            if not value:
                raise Failure("jsonpath wait value cannot be empty")
            break
    if not path:
        raise Failure("jsonpath expression cannot be empty")
    try:
        return "jsonpath", relaxed(path.strip("'\"")), value
    except JsonPathError as error:
        raise Failure(str(error)) from None


def _until_there(inv: Invocation) -> Wait | None:
    result = builder.resolve(inv, builder.request(inv))
    missing = [each for each in result.errors if isinstance(each, StatusError) and each.reason == "NotFound"]
    if len(missing) < len(result.errors):
        result.all()
    if not missing and result.infos:
        for info in result.infos:
            _met(inv, info.resource.plural, info.obj)
        return None
    if inv.world.now >= inv.memory["until"]:
        raise Failure("timed out waiting for the condition")
    word = inv.args[0].partition("/")[0]
    return inv.then("create", Watch(resource_for(word).plural, "", "", inv.memory["until"] - inv.world.now))


def _created(inv: Invocation, wake: Wake) -> Wait | None:
    return _until_there(inv)


def _go_on(inv: Invocation) -> Wait | None:
    kind, name, value = _condition(inv)
    targets: list[list[Any]] = inv.memory["targets"]
    while targets:
        plural, namespace, object_name, uid = targets[0]
        resource = resource_for(plural)
        obj = inv.client.find(resource, namespace, object_name)
        late = inv.world.now >= inv.memory["until"] and inv.flags["timeout"] != 0
        if not late and _holds(kind, name, value, obj, uid):
            _met(inv, plural, obj or {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": {"name": object_name}})
            targets.pop(0)
        elif inv.world.now >= inv.memory["until"]:
            inv.memory["errors"].append(f"timed out waiting for the condition on {plural}/{object_name}")
            targets.pop(0)
        else:
            return inv.then("changed", Watch(plural, namespace, object_name, inv.memory["until"] - inv.world.now))
    errors = [Failure(each) for each in inv.memory["errors"]]
    if errors:
        raise aggregate(errors)
    return None


def _changed(inv: Invocation, wake: Wake) -> Wait | None:
    return _go_on(inv)


def _holds(kind: str, name: str, value: str | None, obj: Obj | None, uid: str) -> bool:
    if kind == "delete":
        return obj is None or obj["metadata"].get("uid") != uid
    if obj is None:
        return False
    return _has_condition(obj, name, value or "true") if kind == "condition" else _has_value(obj, name, value)


def _has_condition(obj: Obj, name: str, value: str) -> bool:
    for each in (obj.get("status") or {}).get("conditions") or []:
        if each.get("type", "").lower() != name.lower():
            continue
        generation = obj["metadata"].get("generation") or 0
        seen = each.get("observedGeneration", (obj.get("status") or {}).get("observedGeneration"))
        if seen is not None and seen < generation:
            return False
        return bool(each.get("status", "").lower() == value.lower())
    return False


def _has_value(obj: Obj, path: str, value: str | None) -> bool:
    try:
        found = find(path, obj)
    except JsonPathError:
        return False
    if len(found) != 1:
        return False
    if value is None:
        return found[0] is not None
    return not isinstance(found[0], (dict, list)) and go_scalar(found[0]) == value


def _met(inv: Invocation, plural: str, obj: Obj) -> None:
    emit = emitter(inv)
    inv.out(emit(obj) if emit is not None else f"{display(resource_for(plural))}/{obj['metadata']['name']} condition met\n")


COMMAND = Command(run, steps={"changed": _changed, "create": _created})
