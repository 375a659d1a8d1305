"""Role-based access: what the bindings of a user allow.

Upstream: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go. Left out: see `bootstrap.yaml`; the check that nobody
gives away more than he has (the learner has all).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from podlab.sim.apiserver.authorizer.users import ACCOUNT, MASTERS, User
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


class Attributes(Struct, frozen=True):
    """What is asked for: a verb on a resource, or on a `path` outside of them."""

    verb: str
    path: str = ""
    group: str = ""
    resource: str = ""
    """With its subresource: `pods/log`."""
    namespace: str = ""
    name: str = ""


class Grant(Struct):
    """Rules that a binding gives to a user, and how that is told."""

    rules: list[Obj]
    reason: str


@functools.cache
def _bootstrap() -> dict[str, list[Obj]]:
    text = resources.files("podlab.sim.apiserver.authorizer").joinpath("bootstrap.yaml").read_bytes()
    found: dict[str, list[Obj]] = msgspec.yaml.decode(text)
    return found


def allowed(api: ApiServer, user: User, asked: Attributes) -> tuple[bool, str]:
    """Whether a user may, and by what."""
    if MASTERS in user.groups:
        return True, ""
    for grant in grants(api, user, asked.namespace):
        if any(_covers(rule, asked) for rule in grant.rules):
            return True, f"RBAC: allowed by {grant.reason}"
    return False, ""


def refusal(user: User, asked: Attributes) -> str:
    """What is told to who may not."""
    title = f"{asked.resource}.{asked.group}" if asked.group else asked.resource
    about = f'{title} "{asked.name}"' if asked.name else title
    where = f'in the namespace "{asked.namespace}"' if asked.namespace else "at the cluster scope"
    what = f'resource "{asked.resource}" in API group "{asked.group}"'
    return f'{about} is forbidden: User "{user.name}" cannot {asked.verb} {what} {where}'


def grants(api: ApiServer, user: User, namespace: str) -> Iterator[Grant]:
    """All that is bound to a user in the whole cluster and in a namespace."""
    roles = {"ClusterRole": _bootstrap()["roles"]}
    for each in _bootstrap()["bindings"]:
        if each["group"] in user.groups:
            name = each["role"]
            reason = f'ClusterRoleBinding "{each["name"]}" of ClusterRole "{name}" to Group "{each["group"]}"'
            yield Grant(_named(roles["ClusterRole"], name), reason)
    for binding in api.list("clusterrolebindings"):
        yield from _bound(api, user, binding, "")
    for binding in api.list("rolebindings", namespace) if namespace else ():
        yield from _bound(api, user, binding, namespace)


def _named(roles: list[Obj], name: str) -> list[Obj]:
    return next((each["rules"] for each in roles if each["name"] == name), [])


def _bound(api: ApiServer, user: User, binding: Obj, namespace: str) -> Iterator[Grant]:
    subject = next((each for each in binding.get("subjects") or () if _is(user, each, namespace)), None)
    if subject is None:
        return
    reference = binding["roleRef"]
    name, place = binding["metadata"]["name"], f"/{namespace}" if namespace else ""
    kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    reason = f'{kind} "{name}{place}" of {reference["kind"]} "{reference["name"]}" to {_described(subject, namespace)}'
    yield Grant(_rules(api, reference, namespace), reason)


def _rules(api: ApiServer, reference: Obj, namespace: str) -> list[Obj]:
    if reference["kind"] == "Role":
        role = api.find("roles", reference["name"], namespace)
    else:
        role = api.find("clusterroles", reference["name"])
        if role is None:
            return _named(_bootstrap()["roles"], reference["name"])
    return list((role or {}).get("rules") or ())


def _is(user: User, subject: Obj, namespace: str) -> bool:
    if subject["kind"] == "User":
        return bool(subject["name"] == user.name)
    if subject["kind"] == "Group":
        return subject["name"] in user.groups
    return user.name == f"{ACCOUNT}{subject.get('namespace') or namespace}:{subject['name']}"


def _described(subject: Obj, namespace: str) -> str:
    place = f"/{subject.get('namespace') or namespace}" if subject["kind"] == "ServiceAccount" else ""
    return f'{subject["kind"]} "{subject["name"]}{place}"'


def _covers(rule: Obj, asked: Attributes) -> bool:
    if not _has(rule.get("verbs"), asked.verb):
        return False
    if asked.path:
        urls = rule.get("nonResourceURLs") or ()
        return any(each in ("*", asked.path) or (each.endswith("*") and asked.path.startswith(each[:-1])) for each in urls)
    names = rule.get("resourceNames") or ()
    _, slash, sub = asked.resource.partition("/")
    resource = _has(rule.get("resources"), asked.resource) or (bool(slash) and f"*/{sub}" in (rule.get("resources") or ()))
    return _has(rule.get("apiGroups"), asked.group) and resource and (not names or asked.name in names)


def _has(held: list[str] | None, value: str) -> bool:
    return bool(held) and ("*" in (held or ()) or value in (held or ()))
