"""What each command is called, says of itself and takes: data files in `help/`, one a command.

Upstream: the cobra.Command values of staging/src/k8s.io/kubectl/pkg/cmd. Left out: hidden flags.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct, field

FOLDER = resources.files("podlab.sim.kubectl").joinpath("help")
COMMANDS: dict[str, str] = msgspec.yaml.decode(FOLDER.joinpath("commands.yaml").read_bytes(), type=dict[str, str])
"""Path (`create deployment`) → short description, of every command there is."""


class Flag(Struct, frozen=True):
    """A flag. `type`: bool, string, int, duration, slice (a,b and repeated), array (repeated only); `bare`: its value when given without one."""

    name: str
    short: str = ""
    type: str = "string"
    default: str = ""
    usage: str = ""
    bare: str = ""
    deprecated: str = ""


class Definition(Struct):
    """A command's texts and flags; `nothing` says where a command without its subcommand prints its help, `required` its required flags."""

    usage: str = ""
    long: str = ""
    aliases: list[str] = field(default_factory=list)
    examples: str = ""
    flags: list[Flag] = field(default_factory=list)
    required: list[str] = field(default_factory=list)
    nothing: str = ""


@lru_cache
def _common() -> dict[str, Flag]:
    entries = msgspec.yaml.decode(FOLDER.joinpath("common.yaml").read_bytes(), type=list[Flag])
    return {each.name: each for each in entries}


@lru_cache
def global_flags() -> tuple[Flag, ...]:
    """The flags of every command (`kubectl options`)."""
    return tuple(msgspec.yaml.decode(FOLDER.joinpath("global.yaml").read_bytes(), type=list[Flag]))


@lru_cache
def definition(path: str) -> Definition:
    """The definition of the command `path`; in its data, a flag that is only a name stands in `common.yaml`."""
    data: dict[str, Any] = msgspec.yaml.decode(FOLDER.joinpath(path.replace(" ", "-") + ".yaml").read_bytes())
    flags = [_common()[each] if isinstance(each, str) else msgspec.convert(each, Flag) for each in data.pop("flags", [])]
    return msgspec.structs.replace(msgspec.convert(data, Definition), flags=sorted(flags, key=lambda flag: flag.name))


def children(path: str) -> dict[str, str]:
    """Name → short description of a command's subcommands ("" is kubectl itself)."""
    prefix = f"{path} " if path else ""
    names = {each.removeprefix(prefix): text for each, text in COMMANDS.items() if each.startswith(prefix)}
    return {name: text for name, text in sorted(names.items()) if " " not in name}


@lru_cache
def aliases(path: str) -> dict[str, str]:
    """Alias → name of a command's subcommands."""
    return {alias: name for name in children(path) for alias in definition(f"{path} {name}".strip()).aliases}
