"""All that a user may do in a namespace, as rows: resources, paths, names, verbs.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/auth/cani.go (printAccessHeaders, printAccess), pkg/rbac/validation (compact.go). Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver.authorizer.rbac import grants
from podlab.sim.apiserver.authorizer.users import MASTERS, User
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

_ALL: list[Obj] = [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}, {"verbs": ["*"], "nonResourceURLs": ["*"]}]


def listed(api: ApiServer, user: User, namespace: str) -> list[list[str]]:
    """One row a resource or path, sorted as upstream sorts rules."""
    held = [rule for grant in grants(api, user, namespace) for rule in grant.rules]
    return rows([*_ALL, *held] if MASTERS in user.groups else held)


def rows(rules: list[Obj]) -> list[list[str]]:
    """The rules as rows: resource, paths, names, verbs."""
    return [_row(rule) for rule in sorted(_compact([piece for rule in rules for piece in _pieces(rule)]), key=_key)]


def _pieces(rule: Obj) -> list[Obj]:
    """A rule for each group and resource, or each path."""
    if rule.get("nonResourceURLs"):
        return [{"verbs": rule["verbs"], "nonResourceURLs": [each]} for each in rule["nonResourceURLs"]]
    names = {"resourceNames": rule["resourceNames"]} if rule.get("resourceNames") else {}
    pairs = [(group, resource) for group in rule.get("apiGroups") or () for resource in rule.get("resources") or ()]
    return [{"verbs": rule["verbs"], "apiGroups": [group], "resources": [resource], **names} for group, resource in pairs]


def _compact(rules: list[Obj]) -> list[Obj]:
    """Verbs of the same resource stand in one rule; paths and named objects stay as they are."""
    out: list[Obj] = []
    at: dict[tuple[str, str], Obj] = {}
    for rule in rules:
        if "nonResourceURLs" in rule or "resourceNames" in rule:
            out.append(rule)
            continue
        key = rule["apiGroups"][0], rule["resources"][0]
        if key not in at:
            at[key] = {**rule, "verbs": []}
            out.append(at[key])
        at[key]["verbs"] += [each for each in rule["verbs"] if each not in at[key]["verbs"]]
    return out


def _key(rule: Obj) -> str:
    fields = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")
    return ",".join(f"{name[0].upper()}{name[1:]}:[{' '.join(rule.get(name) or ())}]" for name in fields)


def _row(rule: Obj) -> list[str]:
    (resource, slash, sub), group = (rule.get("resources") or [""])[0].partition("/"), (rule.get("apiGroups") or [""])[0]
    lists = (f"[{' '.join(rule.get(name) or ())}]" for name in ("nonResourceURLs", "resourceNames", "verbs"))
    return [(f"{resource}.{group}" if group else resource) + slash + sub, *lists]
