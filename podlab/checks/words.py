"""Expressions inside words: `{{on(pod("web"))}}` in a hint, live values in a lesson's text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from podlab.checks.expression import compile_
from podlab.checks.scope import Reads
from podlab.checks.spec import Words
from podlab.checks.watch import View

HOLE = re.compile(r"\{\{([^{}\n]+)\}\}")
MOST = 300
"""Characters of a value at most."""


def holes(text: str) -> list[str]:
    """The expressions in a text."""
    return HOLE.findall(text)


def filled(view: View, texts: Words) -> Words:
    """The text in each language, with its expressions' values."""
    return {language: HOLE.sub(lambda match: shown(compile_(match[1]).evaluate(view.scope())), text) for language, text in texts.items()}


def shown(value: Any) -> str:
    """A value in words; `…` for what is absent."""
    if value is None:
        return "…"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


class Values:
    """The live values of a lesson's text."""

    def __init__(self, texts: list[str]) -> None:
        self._expressions = {text: compile_(text) for text in texts}
        self.reads = Reads()
        for each in self._expressions.values():
            self.reads.add(each.reads)

    def look(self, view: View) -> Iterator[tuple[str, str]]:
        """Expression → its value in words."""
        for text, expression in self._expressions.items():
            yield text, shown(expression.evaluate(view.scope()))
