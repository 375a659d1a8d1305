"""What Tab offers in a line that begins with kubectl: commands, flags, kinds, names, containers.

Upstream: staging/src/k8s.io/kubectl/pkg/util/completion. Left out: values of most flags.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import Obj
from podlab.sim.kubectl.definitions import children, definition, global_flags
from podlab.sim.kubectl.discovery import named
from podlab.sim.kubectl.output import FORMS
from podlab.sim.kubectl.program import split
from podlab.sim.world import World

_BY_TYPE = {
    *("get", "describe", "delete", "edit", "label", "annotate", "patch", "wait", "scale", "expose", "autoscale", "explain"),
    *(
        "set image",
        "set env",
        "set resources",
        "rollout status",
        "rollout history",
        "rollout undo",
        "rollout restart",
        "rollout pause",
        "rollout resume",
    ),
}
_BY_POD = {"logs", "exec", "attach", "port-forward", "debug"}
_BY_NODE = {"cordon", "uncordon", "drain"}


def complete(world: World, words: list[str], namespace: str = "default") -> list[str]:
    """The words that the last of `words` (after `kubectl`; "" for a new one) may become, sorted."""
    before, typed = words[:-1], words[-1] if words else ""
    path, rest = split(before)
    place = _namespace(before) or namespace
    found = _flag_values(world, rest, place)
    if found is None:
        found = _flags(path) if typed.startswith("-") else _arguments(world, path, _without_flags(path, rest), typed, place)
    return sorted({each for each in found if each.startswith(typed)})


def _namespace(words: list[str]) -> str:
    for at, word in enumerate(words):
        if word in ("-n", "--namespace") and at + 1 < len(words):
            return words[at + 1]
        if word.startswith("--namespace="):
            return word.partition("=")[2]
    return ""


def _flags(path: str) -> list[str]:
    own = definition(path).flags if path else []
    return [f"--{each.name}" for each in (*own, *global_flags()) if not each.deprecated]


def _without_flags(path: str, words: list[str]) -> list[str]:
    held = (*(definition(path).flags if path else ()), *global_flags())
    valued = {text for each in held if each.type != "bool" and not each.bare for text in (f"--{each.name}", f"-{each.short}")}
    return [each for at, each in enumerate(words) if not each.startswith("-") and (at == 0 or words[at - 1] not in valued)]


def _flag_values(world: World, words: list[str], namespace: str) -> list[str] | None:
    """Values of the flag that stands last; None when it does not wait for one."""
    last = words[-1] if words else ""
    if last in ("-n", "--namespace"):
        return _names(world, "namespaces", "")
    if last in ("-o", "--output"):
        return [*FORMS.split(","), "wide", "custom-columns"]
    if last in ("-c", "--container"):
        pods = [world.api.find("pods", each.rpartition("/")[2], namespace) for each in words]
        return [name for pod in pods if pod is not None for name in _containers(pod)]
    return None


def _containers(pod: Obj) -> list[str]:
    return [each["name"] for key in ("containers", "initContainers") for each in pod["spec"].get(key) or []]


def _names(world: World, plural: str, namespace: str) -> list[str]:
    return [each["metadata"]["name"] for each in world.api.list(plural, namespace if RESOURCES[plural].namespaced else "")]


def _arguments(world: World, path: str, given: list[str], typed: str, namespace: str) -> list[str]:
    if children(path) and not given:
        return list(children(path))
    if path in _BY_NODE:
        return _names(world, "nodes", "")
    if path == "taint":
        return ["nodes"] if not given else _names(world, "nodes", "")
    if path in _BY_POD:
        return _pods(world, path, given, namespace)
    return _typed(world, given, typed, namespace) if path in _BY_TYPE else []


def _pods(world: World, path: str, given: list[str], namespace: str) -> list[str]:
    if not given:
        return _names(world, "pods", namespace)
    pod = world.api.find("pods", given[0].rpartition("/")[2], namespace)
    return _containers(pod) if pod is not None and path == "logs" else []


def _typed(world: World, given: list[str], typed: str, namespace: str) -> list[str]:
    """Kinds first, then names of that kind; `pod/` offers names behind the slash."""
    if "/" in typed:
        word = typed.partition("/")[0]
        resource = named(word)
        return [f"{word}/{name}" for name in _names(world, resource.plural, namespace)] if resource is not None else []
    if not given:
        return list(RESOURCES)
    resource = named(given[0])
    return _names(world, resource.plural, namespace) if resource is not None else []
