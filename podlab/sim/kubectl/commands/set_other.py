"""kubectl set selector and set subject.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/set (set_selector.go, set_subject.go). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.labels import as_object, parse
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import templates
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure, aggregate, with_prefix
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.merge3 import two_way
from podlab.sim.kubectl.printed import dry_run, say

_RBAC = "rbac.authorization.k8s.io"


def selector(inv: Invocation) -> None:
    """Replace the selector of Services."""
    if not inv.args:
        raise Failure("one selector is required")
    try:
        wanted = as_object(parse(inv.args[-1]))
    except ValueError as error:
        raise Failure(str(error)) from None
    for info in templates.requested(inv, inv.args[:-1]):
        if info.resource.plural != "services":
            raise Failure("setting a selector is only supported for Services")
        if "matchExpressions" in wanted:
            raise Failure(f"match expression {_shown(wanted['matchExpressions'])} not supported on this object")
        new = {**info.obj, "spec": {**info.obj["spec"], "selector": wanted.get("matchLabels", {})}}
        _send(inv, info, new, "selector updated", "")


def _shown(terms: list[Obj]) -> str:
    """Requirements as Go prints them."""
    inner = (f"{{{each['key']} {each['operator']} [{' '.join(each.get('values', ()))}]}}" for each in terms)
    return f"[{' '.join(inner)}]"


def subject(inv: Invocation) -> None:
    """Add users, groups and accounts to role bindings."""
    flags = inv.flags
    infos = templates.requested(inv, inv.args)
    if flags["all"] and flags["selector"]:
        raise Failure("cannot set --all and --selector at the same time")
    if not flags["user"] and not flags["group"] and not flags["serviceaccount"]:
        raise Failure("you must specify at least one value of user, group or serviceaccount")
    wanted = _subjects(inv)
    errors: list[Exception] = []
    for info in infos:
        try:
            _bind(inv, info, wanted)
        except (Failure, StatusError) as error:
            errors.append(error)
    if errors:
        raise aggregate(errors)


def _subjects(inv: Invocation) -> list[Obj]:
    flags, found = inv.flags, []
    for kind, flag in (("User", "user"), ("Group", "group")):
        found += [{"kind": kind, "apiGroup": _RBAC, "name": each} for each in sorted(set(flags[flag]))]
    for each in sorted(set(flags["serviceaccount"])):
        place, _, name = each.partition(":")
        if each.count(":") != 1 or not name:
            raise Failure("serviceaccount must be <namespace>:<name>")
        found.append({"kind": "ServiceAccount", "name": name, "namespace": place or inv.namespace})
    return found


def _bind(inv: Invocation, info: Info, wanted: list[Obj]) -> None:
    if info.resource.plural not in ("rolebindings", "clusterrolebindings"):
        raise Failure(f"{info.resource.plural}/{info.name} setting subjects is only supported for RoleBinding/ClusterRoleBinding")
    held = info.obj.get("subjects") or []
    new = {**info.obj, "subjects": [*held, *(each for each in wanted if each not in held)]}
    _send(inv, info, new, "subjects updated", "failed to patch subjects to rolebinding: ")


def _send(inv: Invocation, info: Info, new: Obj, verb: str, failed: str) -> None:
    patch, strategy = two_way(info.resource, info.obj, new), dry_run(inv)
    if not patch and verb == "subjects updated":
        return
    if not inv.flags["local"] and strategy != "client":
        try:
            new = inv.client.patch(info.resource, info.namespace, info.name, patch, dry_run=strategy == "server")
        except StatusError as error:
            raise (with_prefix(error, failed) if failed else error) from None
    say(inv, info.resource, new, verb, strategy)


COMMANDS = {"set selector": Command(selector), "set subject": Command(subject)}
