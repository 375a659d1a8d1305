"""What was probably meant.

Upstream: github.com/spf13/cobra command.go (SuggestionsFor, distance 2). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.kubectl.definitions import children

_DISTANCE = 2


def unknown_command(typed: str) -> str:
    """The words for a command that does not exist, with what is near it."""
    text = f'unknown command "{typed}" for "kubectl"\n'
    near = suggestions(typed)
    if near:
        text += "\nDid you mean this?\n" + "".join(f"\t{name}\n" for name in near)
    return text


def suggestions(typed: str) -> list[str]:
    """Commands at most two edits away, or that begin so."""
    names = children("")
    return [name for name in sorted(names) if distance(typed.lower(), name) <= _DISTANCE or name.startswith(typed.lower())]


def distance(one: str, other: str) -> int:
    """The Levenshtein distance of two words."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]
