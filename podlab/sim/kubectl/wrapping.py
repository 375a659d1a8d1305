"""Text of a documentation comment in lines of a certain width.

Upstream: go/doc/comment's wrapping, as staging/src/k8s.io/kubectl/pkg/explain/v2 (funcs.go, wrapString) uses it. Left out: nothing.
"""

from __future__ import annotations

import textwrap


def wrapped(text: str, width: int, pad: str) -> list[str]:
    """Paragraphs filled to `width` after `pad`; indented lines and list items begin anew."""
    out: list[str] = []
    for paragraph in text.split("\n\n"):
        if out:
            out.append(pad)
        out += [pad + line for line in _paragraph(paragraph, width)]
    return out


def _paragraph(text: str, width: int) -> list[str]:
    out: list[str] = []
    held = ""
    for line in text.split("\n"):
        starts = line.startswith((" ", "\t", "- "))
        if starts and held:
            out += _filled(held, width)
            held = ""
        held = f"{held} {line.strip()}" if held else line
    return out + (_filled(held, width) if held else [])


def _filled(text: str, width: int) -> list[str]:
    lead = text[: len(text) - len(text.lstrip(" \t"))]
    indent = "\0" * len(lead)
    lines = textwrap.wrap(text.strip(), width, initial_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [lead + lines[0].lstrip("\0"), *lines[1:]] if lines else [""]
