"""kubectl create role, clusterrole, rolebinding and clusterrolebinding.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create (create_role.go, create_clusterrole.go, create_rolebinding.go, create_clusterrolebinding.go).
Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.resources import Resource
from podlab.sim.changes import Obj
from podlab.sim.kubectl import generate
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import named, resource_for
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_RBAC = "rbac.authorization.k8s.io"
_VERBS = (
    *("*", "get", "delete", "list", "create", "update", "patch", "watch", "proxy", "deletecollection"),
    *("use", "bind", "escalate", "impersonate"),
)
_PATH_VERBS = ("*", "get", "post", "put", "delete", "patch", "head", "options")
_ROLES = ((_RBAC, "roles"), (_RBAC, "clusterroles"))
_SPECIAL: dict[str, tuple[tuple[str, str], ...]] = {
    "use": (("policy", "podsecuritypolicies"), ("extensions", "podsecuritypolicies")),
    "bind": _ROLES,
    "escalate": _ROLES,
    "impersonate": (("", "users"), ("", "serviceaccounts"), ("", "groups"), ("authentication.k8s.io", "userextras")),
}
"""Verbs that only some resources have."""


def _verbs(inv: Invocation) -> list[str]:
    given = list(dict.fromkeys(inv.flags["verb"]))
    return ["*"] if "*" in given else given


def _warn(inv: Invocation, verbs: list[str]) -> None:
    for each in verbs:
        if each not in _VERBS:
            inv.err(f"Warning: '{each}' is not a standard resource verb\n")


def _rules(inv: Invocation, verbs: list[str]) -> list[Obj]:
    """One rule for each API group."""
    by_group: dict[str, list[str]] = {}
    for each in inv.flags["resource"]:
        word, slash, sub = each.partition("/")
        group, plural = _resource(word, verbs)
        by_group.setdefault(group, []).append(plural + slash + sub)
    names = list(dict.fromkeys(inv.flags["resource-name"]))
    more = {"resourceNames": names} if names else {}
    return [{"apiGroups": [group], "resources": list(dict.fromkeys(by_group[group])), **more, "verbs": verbs} for group in sorted(by_group)]


def _resource(word: str, verbs: list[str]) -> tuple[str, str]:
    if not word:
        raise Failure("resource must be specified if apiGroup/subresource specified")
    plural, _, group = word.partition(".")
    if plural == "*":
        return group, plural
    found: Resource | None = named(word)
    group, plural = (found.group, found.plural) if found else (group, plural)
    special = [each for each in verbs if each in _SPECIAL]
    for verb in special:
        if (group, plural) not in _SPECIAL[verb]:
            raise Failure(f"can not perform '{verb}' on '{plural}' in group '{group}'")
    if found is None and not special:
        resource_for(word, bare=True)
    return group, plural


def role(inv: Invocation) -> None:
    """A Role with one rule an API group."""
    obj, verbs = generate.head(inv, f"{_RBAC}/v1", "Role", generate.name_of(inv)), _verbs(inv)
    if not verbs:
        raise Failure("at least one verb must be specified")
    _warn(inv, verbs)
    if not inv.flags["resource"]:
        raise Failure("at least one resource must be specified")
    generate.submit(inv, "roles", {**obj, "rules": _rules(inv, verbs)})


def cluster_role(inv: Invocation) -> None:
    """A ClusterRole of rules for resources and paths, or one that gathers the rules of others."""
    flags, verbs = inv.flags, _verbs(inv)
    obj: Obj = {"kind": "ClusterRole", "apiVersion": f"{_RBAC}/v1", "metadata": {"name": generate.name_of(inv)}}
    if flags["aggregation-rule"]:
        if any(flags[each] for each in ("non-resource-url", "verb", "resource", "resource-name")):
            raise Failure("aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames")
        chosen = {"matchLabels": dict(sorted(_pairs(flags["aggregation-rule"]).items()))}
        generate.submit(inv, "clusterroles", {**obj, "rules": None, "aggregationRule": {"clusterRoleSelectors": [chosen]}})
        return
    if not verbs:
        raise Failure("at least one verb must be specified")
    if not flags["resource"] and not flags["non-resource-url"]:
        raise Failure("one of resource or nonResourceURL must be specified")
    rules = []
    if flags["resource"]:
        _warn(inv, verbs)
        rules = _rules(inv, verbs)
    paths = list(dict.fromkeys(flags["non-resource-url"]))
    if paths:
        _check_paths(paths, verbs)
        rules.append({"verbs": verbs, "nonResourceURLs": paths})
    generate.submit(inv, "clusterroles", {**obj, "rules": rules})


def _pairs(text: str) -> dict[str, str]:
    try:
        return generate.pairs(text.split(","))
    except ValueError as error:
        raise Failure(f'invalid argument "{text}" for "--aggregation-rule" flag: {error} must be formatted as key=value') from None


def _check_paths(paths: list[str], verbs: list[str]) -> None:
    for verb in verbs:
        if verb not in _PATH_VERBS:
            raise Failure(f"invalid verb: '{verb}' for nonResourceURL")
    for each in paths:
        if each == "*":
            continue
        if not each.startswith("/"):
            raise Failure("nonResourceURL should start with /")
        if "*" in each[:-1]:
            raise Failure("nonResourceURL only supports wildcard matches when '*' is at the end")


def _subjects(inv: Invocation) -> list[Obj]:
    flags, group = inv.flags, {"apiGroup": _RBAC}
    out: list[Obj] = [{"kind": "User", **group, "name": each} for each in flags["user"]]
    out += [{"kind": "Group", **group, "name": each} for each in flags["group"]]
    for each in flags["serviceaccount"]:
        place, colon, name = each.partition(":")
        if not colon or not place or not name:
            raise Failure("serviceaccount must be <namespace>:<name>")
        out.append({"kind": "ServiceAccount", "name": name, "namespace": place})
    return out


def role_binding(inv: Invocation) -> None:
    """A RoleBinding."""
    flags = inv.flags
    if bool(flags["role"]) == bool(flags["clusterrole"]):
        raise Failure("exactly one of clusterrole or role must be specified")
    ref = {"apiGroup": _RBAC, "kind": "Role" if flags["role"] else "ClusterRole", "name": flags["role"] or flags["clusterrole"]}
    obj = generate.head(inv, f"{_RBAC}/v1", "RoleBinding", generate.name_of(inv))
    subjects = _subjects(inv)
    generate.submit(
        inv, "rolebindings", {**obj, **({"subjects": subjects} if subjects else {}), "roleRef": ref}, "failed to create rolebinding: "
    )


def cluster_role_binding(inv: Invocation) -> None:
    """A ClusterRoleBinding."""
    obj: Obj = {"kind": "ClusterRoleBinding", "apiVersion": f"{_RBAC}/v1", "metadata": {"name": generate.name_of(inv)}}
    ref = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": inv.flags["clusterrole"]}
    subjects = _subjects(inv)
    held = {**obj, **({"subjects": subjects} if subjects else {}), "roleRef": ref}
    generate.submit(inv, "clusterrolebindings", held, "failed to create clusterrolebinding: ")


COMMANDS = {
    "create role": Command(role),
    "create clusterrole": Command(cluster_role),
    "create rolebinding": Command(role_binding),
    "create clusterrolebinding": Command(cluster_role_binding),
}
