"""kubectl auth can-i and whoami. The learner may do everything; whoever else is named may do nothing (the lab has no RBAC).

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/auth (cani.go, whoami.go). Left out: `reconcile`, rules of roles.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl import output
from podlab.sim.kubectl.client import ADMINS
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import named
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.table import render
from podlab.sim.linux.types import Exit, Wait

_GROUPS = ["system:masters", "system:authenticated"]
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
_PATHS = (
    "/api/*",
    "/api",
    "/apis/*",
    "/apis",
    "/healthz",
    "/healthz",
    "/livez",
    "/livez",
    "/openapi/*",
    "/openapi",
    "/readyz",
    "/readyz",
    "/version/",
    "/version/",
    "/version",
    "/version",
)


def _admin(inv: Invocation) -> bool:
    return not inv.flags["as"] or inv.flags["as"] in ADMINS or "system:masters" in inv.flags["as-group"]


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
    allowed = _admin(inv)
    if not inv.flags["quiet"]:
        inv.out("yes\n" if allowed else "no\n")
    return None if allowed else Exit(1)


def _check_type(inv: Invocation, word: str) -> None:
    resource = named(word)
    if resource is None:
        inv.err(f"Warning: the server doesn't have a resource type '{word}'\n\n")
    elif not resource.namespaced and not inv.flags["all-namespaces"]:
        group = f" group '{resource.group}'" if resource.group else ""
        inv.err(f"Warning: resource '{resource.plural}' is not namespace scoped{' in' + group if group else ''}\n\n")


def _list(inv: Invocation) -> None:
    rows = [] if inv.flags["no-headers"] else [["Resources", "Non-Resource URLs", "Resource Names", "Verbs"]]
    if _admin(inv):
        rows += [["*.*", "[]", "[]", "[*]"], ["", "[*]", "[]", "[*]"]]
    for kind in (
        "selfsubjectreviews.authentication.k8s.io",
        "selfsubjectaccessreviews.authorization.k8s.io",
        "selfsubjectrulesreviews.authorization.k8s.io",
    ):
        rows.append([kind, "[]", "[]", "[create]"])
    rows += [["", f"[{path}]", "[]", "[get]"] for path in _PATHS]
    inv.out(render(rows))


def whoami(inv: Invocation) -> None:
    """Who the request comes from."""
    name = inv.flags["as"] or "kubernetes-admin"
    groups = [*inv.flags["as-group"], "system:authenticated"] if inv.flags["as"] else _GROUPS
    info: Obj = {"username": name, "groups": groups}
    emit = output.emitter(inv)
    if emit is not None:
        inv.out(emit({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview", "metadata": {}, "status": {"userInfo": info}}))
        return
    inv.out(render([["ATTRIBUTE", "VALUE"], ["Username", name], ["Groups", "[" + " ".join(groups) + "]"]]))


COMMANDS = {"auth can-i": Command(can_i), "auth whoami": Command(whoami)}
