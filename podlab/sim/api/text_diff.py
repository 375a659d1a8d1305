"""Differences of two texts in unified hunks, three lines around each, as the refusal of a Pod's update ends.

Upstream: apimachinery/pkg/util/diff (diff.Diff over pmezard/go-difflib). Left out: file headers.
"""

from __future__ import annotations

import difflib

CONTEXT = 3


def hunks(old: str, new: str) -> str:
    """The hunks, each line with its mark and a newline; empty when nothing differs."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=CONTEXT, lineterm="")
    return "".join(f"{line}\n" for line in lines if not line.startswith(("---", "+++")))
