"""CommonMark with tables and strike-through, without HTML; as Korean is written: `**굵게(bold)**을` is bold.

CommonMark lets no emphasis end between a bracket and a letter, since in languages that put spaces between words it would begin there.
Korean puts its particles right behind a word, so there a bracket ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import OptionsDict


@cache
def markdown() -> MarkdownIt:
    """Texts to HTML, and to tokens."""
    made = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(["table", "strikethrough"])
    parser = _Inline()
    parser.ruler, parser.ruler2 = made.inline.ruler, made.inline.ruler2
    made.inline = parser
    made.add_render_rule("code_inline", _code)
    return made


SHORT = 24
"""Characters of code that stay on one line: a name is not broken at its hyphen."""


def _code(self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any) -> str:
    return code(tokens[index].content)


def code(text: str) -> str:
    """A piece of code in a line, as HTML."""
    whole = ' class="whole"' if len(text) <= SHORT else ""
    return f"<code{whole}>{escapeHtml(text)}</code>"


@cache
def blocks() -> MarkdownIt:
    """Texts to tokens of blocks only, for those who look for fences."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 (the library's names)
        found = super().scanDelims(start, canSplitWord)
        end = start + found.length
        before, after = self.src[start - 1 : start], self.src[end : end + 1]
        opens = found.can_open or (canSplitWord and _letter(before) and bool(after.strip()))
        closes = found.can_close or (canSplitWord and _letter(after) and bool(before.strip()))
        return Scanned(opens, closes, found.length)


class _Inline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _letter(text: str) -> bool:
    """Whether it is a letter of Korean, Chinese or Japanese."""
    return "\u3040" <= text <= "\u30ff" or "\u3400" <= text <= "\u9fff" or "\uac00" <= text <= "\ud7a3"
