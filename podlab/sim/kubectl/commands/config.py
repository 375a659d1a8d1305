"""kubectl config.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/config. Left out: entries of clusters and users (config_entries.py).
"""

from __future__ import annotations

from podlab.sim.api.goyaml import to_yaml
from podlab.sim.changes import Obj
from podlab.sim.kubectl import output
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure, aggregate
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.table import render


def view(inv: Invocation) -> None:
    """Print the kubeconfig, secrets hidden."""
    data: Obj = inv.config.data
    if inv.flags["minify"]:
        data = _minified(inv, data)
    if not inv.flags["raw"]:
        data = _hidden(data)
    emit = output.emitter(inv) if inv.given("output") or inv.flags["template"] else None
    inv.out(emit(data) if emit is not None else to_yaml(data))


def _minified(inv: Invocation, data: Obj) -> Obj:
    name = inv.flags["context"] or inv.config.current
    context = inv.config.context(name)
    if context is None:
        raise Failure(f"cannot locate context {name}" if name else "current-context must exist in order to minify")
    kept = {"contexts": name, "clusters": context.get("cluster"), "users": context.get("user")}
    return {
        **data,
        "current-context": name,
        **{key: [each for each in data.get(key) or [] if each["name"] == wanted] for key, wanted in kept.items()},
    }


def _hidden(data: Obj) -> Obj:
    def hide(held: Obj) -> Obj:
        return {
            key: "DATA+OMITTED" if key.endswith("-data") else "REDACTED" if key in ("token", "password") else value
            for key, value in held.items()
        }

    def hidden(kind: str, inner: str) -> list[Obj] | None:
        return [{**each, inner: hide(each[inner])} for each in data[kind]] if data.get(kind) else None

    return {**data, "clusters": hidden("clusters", "cluster"), "users": hidden("users", "user")}


def current_context(inv: Invocation) -> None:
    """Print the current context."""
    if not inv.config.current:
        raise Failure("current-context is not set")
    inv.out(f"{inv.config.current}\n")


def get_contexts(inv: Invocation) -> None:
    """A table of contexts."""
    names = inv.args or sorted(each["name"] for each in inv.config.data.get("contexts") or [])
    missing = [each for each in names if inv.config.context(each) is None]
    found = [each for each in names if each not in missing]
    if inv.flags["output"] == "name":
        inv.out("".join(f"{each}\n" for each in found))
    else:
        header = [] if inv.flags["no-headers"] else [["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]]
        inv.out(render(header + [_row(inv, each) for each in found]))
    if missing:
        raise aggregate([Failure(f"context {each} not found") for each in missing])


def _row(inv: Invocation, name: str) -> list[str]:
    held = inv.config.context(name) or {}
    return ["*" if name == inv.config.current else "", name, held.get("cluster", ""), held.get("user", ""), held.get("namespace", "")]


def _listing(title: str, key: str) -> Command:
    def run(inv: Invocation) -> None:
        inv.out("".join(f"{each}\n" for each in [title, *sorted(each["name"] for each in inv.config.data.get(key) or [])]))

    return Command(run)


def set_context(inv: Invocation) -> None:
    """Make or change a context."""
    flags = inv.flags
    if flags["current"] and inv.args:
        raise Failure("you cannot specify both a context name and --current")
    if not flags["current"] and not inv.args:
        raise Failure("you must specify a non-empty context name or --current")
    if len(inv.args) > 1:
        raise inv.unexpected()
    name = inv.config.current if flags["current"] else inv.args[0]
    if not name:
        raise Failure("no current context is set")
    held = inv.config.context(name)
    new = dict(held or {"cluster": "", "user": ""}) | {key: flags[key] for key in ("cluster", "user", "namespace") if inv.given(key)}
    new = {key: value for key, value in new.items() if value or key != "namespace"}
    rest = [each for each in inv.config.data.get("contexts") or [] if each["name"] != name]
    inv.config.data["contexts"] = sorted([*rest, {"context": new, "name": name}], key=lambda each: str(each["name"]))
    inv.config.save()
    inv.out(f'Context "{name}" {"created" if held is None else "modified"}.\n')


def use_context(inv: Invocation) -> None:
    """Change the current context."""
    if len(inv.args) != 1:
        raise inv.unexpected()
    name = inv.args[0]
    if inv.config.context(name) is None:
        raise Failure(f'no context exists with the name: "{name}"')
    inv.config.data["current-context"] = name
    inv.config.save()
    inv.out(f'Switched to context "{name}".\n')


def delete_context(inv: Invocation) -> None:
    """Remove a context."""
    if len(inv.args) != 1:
        inv.help()  # upstream says no more
        return
    name = inv.args[0]
    if inv.config.context(name) is None:
        raise Failure(f"cannot delete context {name}, not in {inv.config.path}")
    if name == inv.config.current:
        inv.err('warning: this removed your active context, use "kubectl config use-context" to select a different one\n')
    inv.config.data["contexts"] = [each for each in inv.config.data["contexts"] if each["name"] != name]
    inv.config.save()
    inv.out(f"deleted context {name} from {inv.config.path}\n")


def rename_context(inv: Invocation) -> None:
    """Give a context another name."""
    if len(inv.args) != 2:
        raise inv.unexpected()
    old, new = inv.args
    held = inv.config.context(old)
    if held is None:
        raise Failure(f'cannot rename the context "{old}", it\'s not in {inv.config.path}')
    if inv.config.context(new) is not None:
        raise Failure(f'cannot rename the context "{old}", the context "{new}" already exists in {inv.config.path}')
    contexts = [{"context": held, "name": new} if each["name"] == old else each for each in inv.config.data["contexts"]]
    inv.config.data["contexts"] = sorted(contexts, key=lambda each: str(each["name"]))
    if inv.config.current == old:
        inv.config.data["current-context"] = new
    inv.config.save()
    inv.out(f'Context "{old}" renamed to "{new}".\n')


COMMANDS = {
    "config view": Command(view),
    "config current-context": Command(current_context),
    "config get-contexts": Command(get_contexts),
    "config get-clusters": _listing("NAME", "clusters"),
    "config get-users": _listing("NAME", "users"),
    "config set-context": Command(set_context),
    "config use-context": Command(use_context),
    "config delete-context": Command(delete_context),
    "config rename-context": Command(rename_context),
}
