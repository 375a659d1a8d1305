"""kubectl auth can-i and whoami.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/auth (cani.go, whoami.go). Left out: `reconcile`.
"""

from __future__ import annotations

from podlab.sim.apiserver.authorizer import rules
from podlab.sim.apiserver.authorizer.rbac import Attributes, allowed
from podlab.sim.changes import Obj
from podlab.sim.kubectl import builder, output
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import named
from podlab.sim.kubectl.errors import Failure, aggregate
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.table import render
from podlab.sim.linux.types import Exit, Wait

_VERBS = {
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "impersonate",
    "*",
    "approve",
    "sign",
    "escalate",
    "proxy",
}


def can_i(inv: Invocation) -> Wait | None:
    """`yes` or `no`."""
    if inv.flags["list"]:
        _list(inv)
        return None
    if len(inv.args) not in (2, 3):
        raise Failure(
            "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples."
        )
    verb, what = inv.args[0], inv.args[1]
    if verb not in _VERBS and not what.startswith("/"):
        inv.err(f"Warning: verb '{verb}' is not a known verb\n")
    if not what.startswith("/") and what != "*":
        _check_type(inv, what.partition("/")[0])
    yes = allowed(inv.world.api, inv.client.user, _asked(inv, verb, what))[0]
    if not inv.flags["quiet"]:
        inv.out("yes\n" if yes else "no\n")
    return None if yes else Exit(1)


def _asked(inv: Invocation, verb: str, what: str) -> Attributes:
    if what.startswith("/"):
        return Attributes(verb, path=what)
    word, _, name = what.partition("/")
    row = named(word)
    group, plural = (row.group, row.plural) if row else ("*", "*") if word == "*" else ("", word)
    sub = f"/{inv.flags['subresource']}" if inv.flags["subresource"] else ""
    place = "" if inv.flags["all-namespaces"] else inv.namespace
    return Attributes(verb, group=group, resource=plural + sub, namespace=place, name=name or (inv.args[2] if len(inv.args) > 2 else ""))


def _check_type(inv: Invocation, word: str) -> None:
    resource = named(word)
    if resource is None:
        inv.err(f"Warning: the server doesn't have a resource type '{word}'\n\n")
    elif not resource.namespaced and not inv.flags["all-namespaces"]:
        group = f" group '{resource.group}'" if resource.group else ""
        inv.err(f"Warning: resource '{resource.plural}' is not namespace scoped{' in' + group if group else ''}\n\n")


def _list(inv: Invocation) -> None:
    rows = [] if inv.flags["no-headers"] else [["Resources", "Non-Resource URLs", "Resource Names", "Verbs"]]
    rows += rules.listed(inv.world.api, inv.client.user, inv.namespace)
    inv.out(render(rows))


def whoami(inv: Invocation) -> None:
    """Who the request comes from."""
    name, groups = inv.client.user.name, list(inv.client.user.groups)
    info: Obj = {"username": name, "groups": groups}
    emit = output.emitter(inv)
    if emit is not None:
        inv.out(emit({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview", "metadata": {}, "status": {"userInfo": info}}))
        return
    inv.out(render([["ATTRIBUTE", "VALUE"], ["Username", name], ["Groups", "[" + " ".join(groups) + "]"]]))


def reconcile(inv: Invocation) -> None:
    """Refused, once its files can be read."""
    errors: list[Exception] = []
    list(builder.read_files(inv, builder.request(inv), errors))
    if errors:
        raise aggregate(errors)
    raise Failure("not supported in this lab: kubectl auth reconcile")


COMMANDS = {"auth reconcile": Command(reconcile), "auth can-i": Command(can_i), "auth whoami": Command(whoami)}
