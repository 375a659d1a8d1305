"""Text of a documentation comment in lines of a certain width.

Upstream: github.com/mitchellh/go-wordwrap, as staging/src/k8s.io/kubectl/pkg/explain/v2 (funcs.go, wrap and indent) uses it. Left out: nothing.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r"(\s*)(\S*)")


def wrapped(text: str, width: int, pad: str) -> list[str]:
    """Lines filled to `width` after `pad`; the text's own line breaks and what it is indented by stay."""
    return [pad + line for each in text.split("\n") for line in _line(each, width)]


def _line(text: str, width: int) -> list[str]:
    """A line is broken before the word that does not fit, unless no line would hold it; the space before it goes."""
    lines, current = [], ""
    for space, word in _PARTS.findall(text):
        if word and len(current) + len(space) + len(word) > width and _breaks(current + space, word, width):
            lines.append(current)
            current = word
        elif word or len(current) + len(space) <= width:
            current += space + word
    return [*lines, current]


def _breaks(before: str, word: str, width: int) -> bool:
    """Upstream looks letter by letter: a word as long as a line or longer breaks only where it overruns with less than that."""
    return len(word) < width or len(before) + width - 1 > width
