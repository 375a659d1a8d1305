"""The help of a command, as kubectl's templates lay it out.

Upstream: staging/src/k8s.io/kubectl/pkg/util/templates. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from podlab.sim.kubectl.definitions import FOLDER, Flag, children, definition, global_flags

_OPTIONS = 'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'


def help_of(path: str) -> str:
    """The help text of the command `path` ("" is kubectl itself)."""
    if not path:
        return _root()
    one, below = definition(path), children(path)
    parts = [one.long.rstrip("\n")]
    if one.aliases:
        parts.append("Aliases:\n" + ", ".join([path.rpartition(" ")[2], *one.aliases]))
    if one.examples:
        parts.append("Examples:\n" + "\n".join("  " + each for each in one.examples.rstrip("\n").split("\n")))
    if below:
        parts.append("Available Commands:\n" + _listed(below, 11).rstrip("\n"))
    if one.flags:
        parts.append("Options:\n" + options(one.flags).rstrip("\n"))
    parts.append(f"Usage:\n  {one.usage}")
    more = f'Use "kubectl {path} <command> --help" for more information about a given command.\n' if below else ""
    return "\n\n".join(parts) + "\n\n" + more + _OPTIONS


def options(flags: Iterable[Flag]) -> str:
    """A paragraph for each flag."""
    return "\n".join(_flag(each) for each in flags if not each.deprecated)


def _flag(flag: Flag) -> str:
    short = f"-{flag.short}, " if flag.short else ""
    return f"    {short}--{flag.name}={_default(flag)}:\n\t{flag.usage}\n"


def _default(flag: Flag) -> str:
    if flag.type in ("slice", "array"):
        return flag.default or "[]"
    return flag.default if flag.type in ("bool", "int", "duration") or flag.default.startswith("'") else f"'{flag.default}'"


def _listed(commands: dict[str, str], least: int) -> str:
    width = max(least, *(len(name) for name in commands)) + 3
    return "".join(f"  {name:<{width}}{text}\n" for name, text in commands.items())


def _root() -> str:
    groups = msgspec.yaml.decode(FOLDER.joinpath("groups.yaml").read_bytes(), type=dict[str, list[str]])
    below = children("")
    parts = [
        "kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/\n"
    ]
    for title, names in groups.items():
        lines = "".join(f"  {name:<13}   {below[name]}\n" for name in names)
        parts.append(f"{title}:\n{lines}")
    usage = "Usage:\n  kubectl [flags] [options]\n"
    more = 'Use "kubectl <command> --help" for more information about a given command.\n'
    return "\n".join([*parts, usage, more + _OPTIONS])


def options_text() -> str:
    """`kubectl options`."""
    return "The following options can be passed to any command:\n\n" + options(global_flags()) + "\n"
