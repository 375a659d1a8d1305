"""What the generators of `create`, `run` and `expose` share: sending what they made, or only showing it.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create/create.go (CreateSubcommandOptions). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES, Resource
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl.errors import Failure, with_prefix
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.lastapplied import annotated
from podlab.sim.kubectl.printed import dry_run, say


def name_of(inv: Invocation) -> str:
    """The one argument."""
    given = len(inv.args) if inv.parsed.dash == -1 else inv.parsed.dash
    if given != 1:
        raise inv.usage(f"exactly one NAME is required, got {given}")
    return inv.args[0]


def words_after_dash(inv: Invocation) -> list[str]:
    """The command behind `--`."""
    return inv.args[inv.parsed.dash :] if inv.parsed.dash >= 0 else inv.args[1:]


def head(inv: Invocation, api_version: str, kind: str, name: str, **meta: object) -> Obj:
    """The beginning of an object in the order of Go's fields."""
    place = {"namespace": inv.namespace} if inv.namespace_given else {}
    return {
        "kind": kind,
        "apiVersion": api_version,
        "metadata": {"name": name, **place, **{key: value for key, value in meta.items() if value}},
    }


def submit(inv: Invocation, plural: str, obj: Obj, prefix: str = "") -> Obj:
    """Create the object unless it is a dry run, and say so; `prefix` stands before the server's refusal."""
    strategy = dry_run(inv)
    resource = stand_in(plural, obj) if strategy == "client" else served(plural)
    if inv.flags.get("save-config"):
        obj = annotated(obj, typed=True)
    if strategy == "client":
        say(inv, resource, obj, "created", strategy, typed=True)
        return obj
    try:
        new = inv.client.create(resource, placed(inv, plural, obj), dry_run=strategy == "server")
    except StatusError as error:
        raise (with_prefix(error, prefix) if prefix else error) from None
    say(inv, resource, new, "created", strategy)
    return new


def stand_in(plural: str, obj: Obj) -> Resource:
    """The resource as far as the client knows it; it need not be served to be shown."""
    group, _, version = obj["apiVersion"].rpartition("/")
    return RESOURCES.get(plural) or Resource(plural, obj["kind"], group, version, singular=obj["kind"].lower())


def served(plural: str) -> Resource:
    """The resource of a generator; Failure when the lab does not serve it."""
    if plural not in RESOURCES:
        raise Failure(f"not supported in this lab: {plural}")
    return RESOURCES[plural]


def placed(inv: Invocation, plural: str, obj: Obj) -> Obj:
    """The object in its namespace."""
    if not RESOURCES[plural].namespaced:
        return obj
    return {**obj, "metadata": {"namespace": inv.namespace, **obj["metadata"]}}


def pairs(texts: list[str]) -> dict[str, str]:
    """`a=b` items as a dict; ValueError names the wrong one."""
    out = {}
    for each in texts:
        key, equals, value = each.partition("=")
        if not equals or not key:
            raise ValueError(each)
        out[key] = value
    return out
