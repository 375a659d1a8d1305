"""Which lines only read and end at once: they are journalled, but not counted against a session's commands."""

from __future__ import annotations

import shlex

from podlab.sim.commands import Command, TypeLine

KUBECTL = frozenset({"get", "describe", "explain", "logs", "events", "api-resources", "api-versions", "version", "cluster-info", "top"})
TOOLS = frozenset({"cat", "ls", "pwd", "date", "whoami", "hostname", "head", "tail", "wc", "clear"})
SHELL = frozenset("|&;<>()$`\\\"'*?[]{}#!\n")
"""What the shell gives a meaning of its own: such a line is not looked into."""
GOES_ON = ("-w", "--watch", "-f", "--follow")


def reads(command: Command) -> bool:
    """Whether a command is a plain line that only reads. In doubt it is not: a line with quotes, pipes or variables counts."""
    if not isinstance(command, TypeLine) or SHELL & set(command.text):
        return False
    program, *words = shlex.split(command.text) or [""]
    if any(word.startswith(GOES_ON) for word in words):
        return False
    if program in {"kubectl", "k"}:
        return words[:1] != [] and words[0] in KUBECTL
    return program in TOOLS and bool(words or program not in {"cat", "head", "tail", "wc"})
