"""kubectl config set, unset, set-cluster, set-credentials, delete-cluster, delete-user.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/config (set.go, unset.go, navigation_step_parser.go …). Left out: files of certificates, exec plugins.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.definitions import definition
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_INNER = {"contexts": "context", "clusters": "cluster", "users": "user"}
_CLUSTER = {each: each for each in ("certificate-authority", "proxy-url", "server", "tls-server-name")}
_USER = {each: each for each in ("client-certificate", "client-key", "password", "token", "username")}
_SWITCH = "insecure-skip-tls-verify"


def _only(inv: Invocation, count: int) -> None:
    if len(inv.args) != count:
        raise inv.unexpected()


def _entry(inv: Invocation, key: str, name: str) -> dict[str, Any] | None:
    return next((each[_INNER[key]] for each in inv.config.data.get(key) or [] if each["name"] == name), None)


def _put(inv: Invocation, key: str, name: str, value: dict[str, Any]) -> None:
    rest = [each for each in inv.config.data.get(key) or [] if each["name"] != name]
    inv.config.data[key] = sorted([*rest, {_INNER[key]: value, "name": name}], key=lambda each: str(each["name"]))


def _drop(inv: Invocation, key: str, name: str) -> None:
    inv.config.data[key] = [each for each in inv.config.data.get(key) or [] if each["name"] != name]


def _setter(key: str, title: str, fields: dict[str, str]) -> Command:
    def run(inv: Invocation) -> None:
        _only(inv, 1)
        name = inv.args[0]
        own = {each.name for each in definition(inv.path).flags} - {*fields, *([] if key == "users" else [_SWITCH])}
        foreign = [each for each in inv.parsed.given if each in own]
        if foreign:
            raise Failure(f"not supported in this lab: kubectl {inv.path} --{foreign[0]}")
        new = {fields[flag]: inv.flags[flag] for flag in fields if inv.given(flag)}
        if inv.given(_SWITCH):
            new[_SWITCH] = inv.flags[_SWITCH]
        _put(inv, key, name, (_entry(inv, key, name) or {}) | new)
        inv.config.save()
        inv.out(f'{title} "{name}" set.\n')

    return Command(run)


def _deleter(key: str, what: str) -> Command:
    def run(inv: Invocation) -> None:
        if len(inv.args) != 1:
            inv.help()  # upstream says no more
            return
        name = inv.args[0]
        if _entry(inv, key, name) is None:
            raise Failure(f"cannot delete {what} {name}, not in {inv.config.path}")
        _drop(inv, key, name)
        inv.config.save()
        inv.out(f"deleted {what} {name} from {inv.config.path}\n")

    return Command(run)


def _path(inv: Invocation) -> list[str]:
    parts = inv.args[0].split(".")
    if parts == ["current-context"]:
        return parts
    if parts[0] not in _INNER or len(parts) < 2:
        raise Failure(f'unable to locate path "{inv.args[0]}"')
    return [parts[0], ".".join(parts[1:])] if len(parts) <= 2 else [parts[0], ".".join(parts[1:-1]), parts[-1]]


def set_property(inv: Invocation) -> None:
    """Set one value: `contexts.podlab.namespace lab`, `current-context podlab`."""
    _only(inv, 2)
    parts, value = _path(inv), inv.args[1]
    if len(parts) == 1:
        inv.config.data["current-context"] = value
    elif len(parts) == 2:
        raise Failure("unable to set a whole entry: name one of its fields")
    else:
        _put(inv, parts[0], parts[1], (_entry(inv, parts[0], parts[1]) or {}) | {parts[2]: value})
    inv.config.save()
    inv.out(f'Property "{inv.args[0]}" set.\n')


def unset_property(inv: Invocation) -> None:
    """Remove one value, or a whole entry."""
    _only(inv, 1)
    parts = _path(inv)
    if len(parts) == 1:
        inv.config.data["current-context"] = ""
    elif len(parts) == 2:
        _drop(inv, parts[0], parts[1])
    else:
        held = _entry(inv, parts[0], parts[1])
        if held is None:
            raise Failure(f"current map key `{parts[1]}` is invalid")
        _put(inv, parts[0], parts[1], {key: value for key, value in held.items() if key != parts[2]})
    inv.config.save()
    inv.out(f'Property "{inv.args[0]}" unset.\n')


COMMANDS = {
    "config set": Command(set_property),
    "config unset": Command(unset_property),
    "config set-cluster": _setter("clusters", "Cluster", _CLUSTER),
    "config set-credentials": _setter("users", "User", _USER),
    "config delete-cluster": _deleter("clusters", "cluster"),
    "config delete-user": _deleter("users", "user"),
}
