"""What Tab offers in a terminal: commands, files, and after kubectl what kubectl knows.

Upstream: bash's programmable completion with kubectl's script. Left out: variables, options of the tools.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from podlab.sim.kubectl.complete import complete as of_kubectl

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux
    from podlab.sim.linux.types import Process
    from podlab.sim.world import World

MOST = 200
_PARTS = re.compile(r"&&|\|\||[|;&]|\$\(")
_WORD = re.compile(r"[^\s]*$")
BUILTINS = (
    "cd",
    "echo",
    "export",
    "exit",
    "for",
    "while",
    "until",
    "if",
    "set",
    "unset",
    "wait",
    "trap",
    "test",
    "read",
    "printf",
    "history",
    "type",
)
FOLLOWED = ("watch", "time", "exec", "sudo")


def complete(linux: Linux, world: World, terminal: str, text: str) -> tuple[int, list[str]]:
    """Where the word begins that is being typed, and what it may become (sorted, at most 200)."""
    match = _WORD.search(text)
    start = match.start() if match else len(text)
    process = _reader(linux, terminal)
    if process is None:
        return start, []
    line = _PARTS.split(text)[-1].strip("\"' ") if not text.endswith(" ") else _PARTS.split(text)[-1].lstrip() + ""
    words = [*line.split()] + ([""] if text.endswith(" ") or not line else [])
    while len(words) > 1 and words[0] in FOLLOWED:
        words.pop(0)
    typed = words[-1] if words else ""
    start = len(text) - len(typed)
    return start, sorted(set(_found(linux, world, process, words, typed)))[:MOST]


def _reader(linux: Linux, terminal: str) -> Process | None:
    """The shell that reads the terminal: on the workstation, or where ssh or exec has led."""
    tty = linux.terminals.find(terminal)
    if tty is None or tty.prompt is None:
        return None
    group = [each for each in linux.state.processes.values() if f"tty:{terminal}" in each.fds.values() and each.program in ("bash", "sh")]
    inside = linux.state.processes.get(tty.foreground)
    attached = inside is not None and inside.fds.get(0, "").startswith("console:")
    return inside if attached else max(group, key=lambda each: each.pid, default=None)


def _found(linux: Linux, world: World, process: Process, words: list[str], typed: str) -> list[str]:
    host = linux.state.hosts[process.host]
    names = linux.processes.programs.names(host)
    if len(words) <= 1 and "/" not in typed:
        return [each for each in (*names, *BUILTINS) if each.startswith(typed)]
    if words[0] in ("kubectl", "k") and "kubectl" in names:
        if len(words) > 2 and words[-2] in ("-f", "--filename", "-k"):
            return _files(linux, process, typed)
        return of_kubectl(world, words[1:])
    if words[0] == "ssh" and len(words) == 2:
        return [
            name.removeprefix("node/")
            for name in linux.state.hosts
            if name.startswith("node/") and name.removeprefix("node/").startswith(typed)
        ]
    return _files(linux, process, typed)


def _files(linux: Linux, process: Process, typed: str) -> list[str]:
    folder, _, start = typed.rpartition("/")
    whole = posixpath.join(process.cwd, folder + "/" if "/" in typed else "")
    files = linux.files(process.host, process.cwd)
    try:
        found = files.list(whole)
    except OSError:
        return []
    lead = typed[: len(typed) - len(start)]
    return [
        f"{lead}{name}{'/' if files.is_dir(posixpath.join(whole, name)) else ''}"
        for name in found
        if name.startswith(start) and (start or not name.startswith("."))
    ]
