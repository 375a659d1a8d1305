"""kubectl taint.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/taint (taint.go, utils.go). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl import builder, pairs
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import named, resource_for
from podlab.sim.kubectl.errors import Failure, aggregate
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.printed import dry_run, say

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def run(inv: Invocation) -> None:
    """Add, change or remove taints of nodes."""
    resources, specs = _split(inv)
    if not resources:
        raise Failure("one or more resources must be specified as <resource> <name>")
    if not specs:
        raise Failure("at least one taint update is required")
    add, remove = _parse(inv, specs)
    kind = named(resources[0])
    if kind is None:
        resource_for(resources[0], bare=True)
    elif kind.plural != "nodes":
        raise Failure(f"invalid resource type {resources[0]}, only node types are supported")
    _check_both(add, remove)
    _all(inv, resources, add, remove)


def _split(inv: Invocation) -> tuple[list[str], list[str]]:
    specs = [each for each in inv.args if _is_spec(each)]
    for at, each in enumerate(inv.args):
        if specs and not _is_spec(each) and at > inv.args.index(specs[0]):
            raise Failure(f"all resources must be specified before taint changes: {each}")
    return [each for each in inv.args if each not in specs], specs


def _is_spec(text: str) -> bool:
    return "=" in text or ":" in text or text.endswith("-")


def _parse(inv: Invocation, specs: list[str]) -> tuple[list[Obj], list[Obj]]:
    add: list[Obj] = []
    remove: list[Obj] = []
    for spec in specs:
        try:
            taint = _taint(spec.removesuffix("-"), removal=spec.endswith("-"))
        except ValueError as error:
            raise inv.usage(str(error)) from None
        into = remove if spec.endswith("-") else add
        if into is add and any(each["key"] == taint["key"] and each["effect"] == taint.get("effect") for each in add):
            raise inv.usage(
                f"duplicated taints with the same key and effect: {{{taint['key']} {taint.get('value', '')} {taint['effect']} <nil>}}"
            )
        into.append(taint)
    return add, remove


def _taint(spec: str, *, removal: bool) -> Obj:
    """`key=value:Effect`; ValueError in the words of the parser."""
    parts = spec.split(":")
    key, effect = parts[0], ""
    if len(parts) == 1:
        problem = pairs.name_problem(spec)
        if problem or not removal:
            raise ValueError(f"invalid taint spec: {spec}, {problem}" if problem else f"invalid taint spec: {spec}")
        return {"key": key}
    if len(parts) > 2:
        raise ValueError(f"invalid taint spec: {spec}")
    effect = parts[1]
    if effect not in _EFFECTS and not (removal and not effect):
        raise ValueError(f"invalid taint effect: {effect}, unsupported taint effect")
    return _pair(spec, parts[0], effect)


def _pair(spec: str, text: str, effect: str) -> Obj:
    pieces = text.split("=")
    if len(pieces) > 2:
        raise ValueError(f"invalid taint spec: {spec}")
    if len(pieces) == 2:
        wrong = pairs.value_problem(pieces[1])
        if wrong:
            raise ValueError(f"invalid taint spec: {spec}, {wrong}")
    problem = pairs.name_problem(pieces[0])
    if problem:
        raise ValueError(f"invalid taint spec: {spec}, {problem}")
    value = {"value": pieces[1]} if len(pieces) == 2 and pieces[1] else {}
    return {"key": pieces[0], **value, "effect": effect}


def _check_both(add: list[Obj], remove: list[Obj]) -> None:
    both = [other for each in add for other in remove if other["key"] == each["key"] and other.get("effect") in (None, "", each["effect"])]
    if both:
        texts = ", ".join(f"{each['key']}={each.get('effect') or ''}" for each in both)
        raise Failure(f"can not both modify and remove the following taint(s) in the same command: {texts}")


def _all(inv: Invocation, resources: list[str], add: list[Obj], remove: list[Obj]) -> None:
    every = bool(inv.flags["all"] or inv.flags["selector"])
    req = builder.request(inv, resources[:1] if every else resources)
    if not every and len(resources) < 2:
        raise Failure("at least one resource name must be specified since 'all' parameter is not set")
    result = builder.resolve(inv, req)
    errors = list(result.errors)
    for info in result.infos:
        try:
            _one(inv, info, add, remove)
        except Failure as error:
            errors.append(error)
    if errors:
        raise aggregate(errors)


def _one(inv: Invocation, info: Info, add: list[Obj], remove: list[Obj]) -> None:
    held = list((info.obj.get("spec") or {}).get("taints") or [])
    taken = [each for each in add if any(_same(each, other) for other in held)]
    if taken and not inv.flags["overwrite"]:
        keys = ",".join(each["key"] for each in taken)
        raise Failure(f"node {info.name} already has {keys} taint(s) with same effect(s) and --overwrite is false")
    kept = [each for each in held if not any(_removes(other, each) for other in remove)]
    gone = [other for other in remove if not any(_removes(other, each) for each in held)]
    if gone:
        raise Failure(_missing(gone))
    new = list(add) + [each for each in kept if not any(_same(each, other) for other in add)]
    obj = info.obj
    if dry_run(inv) != "client":
        obj = inv.client.patch(info.resource, "", info.name, {"spec": {"taints": new or None}}, "merge", dry_run=dry_run(inv) == "server")
    say(inv, info.resource, obj, _word(held, add, remove, taken))


def _word(held: list[Obj], add: list[Obj], remove: list[Obj], taken: list[Obj]) -> str:
    if add and taken:
        return "modified"
    if add and remove:
        return "modified"
    return "tainted" if add else "untainted"


def _same(one: Obj, other: Obj) -> bool:
    return bool(one["key"] == other["key"] and one.get("effect") == other.get("effect"))


def _removes(wanted: Obj, held: Obj) -> bool:
    return bool(wanted["key"] == held["key"] and (not wanted.get("effect") or wanted["effect"] == held["effect"]))


def _missing(gone: list[Obj]) -> str:
    texts = [
        f'taint "{each["key"]}:{each["effect"]}" not found' if each.get("effect") else f'taint "{each["key"]}" not found' for each in gone
    ]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


COMMAND = Command(run)
