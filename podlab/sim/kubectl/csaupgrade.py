"""What client-side apply owned is handed over to server-side apply, in an object's managedFields.

Upstream: staging/src/k8s.io/client-go/util/csaupgrade (upgrade.go). Left out: subresources.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.kubectl.lastapplied import LAST_APPLIED

APPLY, UPDATE = "Apply", "Update"
ANNOTATION = ("f:metadata", "f:annotations", f"f:{LAST_APPLIED}")


def owners(entries: list[Obj], operation: str) -> list[Obj]:
    """The entries of an operation that own the annotation of client-side apply."""
    return [each for each in entries if each["operation"] == operation and _has(each["fieldsV1"], ANNOTATION)]


def upgraded(entries: list[Obj], names: list[str], manager: str) -> list[Obj]:
    """The entries with the updates of client-side managers `names` in the one of `manager`, which applies."""
    for name in names:
        entries = _upgraded(entries, name, manager)
    return entries


def _upgraded(entries: list[Obj], name: str, manager: str) -> list[Obj]:
    old = [each for each in entries if _is(each, name, UPDATE)]
    target = next((each for each in entries if _is(each, manager, APPLY)), old[0] if old else None)
    if target is None:
        return entries
    same = next((each for each in old if each["apiVersion"] == target["apiVersion"]), None)
    fields = _united(target["fieldsV1"], same["fieldsV1"] if same else {})
    new = {**target, "manager": manager, "operation": APPLY, "fieldsV1": fields}
    return [new if each is target else each for each in entries if each is target or each not in old]


def _is(entry: Obj, manager: str, operation: str) -> bool:
    return (entry["manager"], entry["operation"], entry.get("subresource", "")) == (manager, operation, "")


def _has(node: Any, path: tuple[str, ...]) -> bool:
    return not path or (path[0] in node and _has(node[path[0]], path[1:]))


def _united(one: Obj, other: Obj) -> Obj:
    """Both sets; a leaf that has fields below it in the other says `.` of itself then."""
    if not one or not other:
        whole = one or other
        return {".": {}, **whole} if whole else {}
    return {name: _united(one[name], other[name]) if name in one and name in other else {**one, **other}[name] for name in one | other}
