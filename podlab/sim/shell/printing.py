"""echo, printf, options and durations: what builtins and tools share.

Upstream: POSIX echo(1), printf(1). Left out: printf's %b with widths, `*`.
"""

from __future__ import annotations

import re

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "\\": "\\"}
LONGEST_MS = 10**12
WIDEST = 4096
UNITS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def unescape(text: str) -> str:
    """Backslash sequences become what they stand for."""

    def one(match: re.Match[str]) -> str:
        what = match[1]
        if what[0] in "01234567":
            return chr(int(what, 8) & 255)
        return chr(int(what[1:], 16)) if what[0] == "x" else ESCAPES.get(what, match[0])

    return re.sub(r"\\(0[0-7]{1,3}|[0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)", one, text, flags=re.DOTALL)


def echo(words: list[str], *, escapes: bool = False) -> str:
    """What echo prints; `escapes`: backslashes are always read (dash)."""
    newline = "\n"
    while words and re.fullmatch(r"-n" if escapes else r"-[neE]+", words[0]):
        newline = "" if "n" in words[0] else newline
        escapes = "e" in words[0] or (escapes and "E" not in words[0])
        words = words[1:]
    text = " ".join(words)
    if escapes:
        text = unescape(text)
        if "\\c" in text:
            return text.partition("\\c")[0]
    return text + newline


def printf(form: str, arguments: list[str]) -> str:
    """What printf prints: the format again and again while there are arguments."""
    out, left = "", list(arguments)
    while True:
        before = len(left)
        out += _once(form, left)
        if not left or len(left) == before:
            return out


def _once(form: str, left: list[str]) -> str:
    def one(match: re.Match[str]) -> str:
        flags, kind = re.sub(r"[0-9]{5,}", str(WIDEST), match[1]), match[2]
        if kind == "%":
            return "%"
        value = left.pop(0) if left else ""
        if kind in "diouxXc" and kind != "c":
            number = (
                int(value, 0)
                if re.fullmatch(r"[-+]?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)", value) and not re.fullmatch(r"0\d+", value)
                else int(value)
                if re.fullmatch(r"[-+]?\d+", value)
                else 0
            )
            return f"%{flags}{'d' if kind in 'iu' else kind}" % number
        if kind in "fge":
            return f"%{flags}{kind}" % (float(value) if re.fullmatch(r"[-+]?\d*\.?\d+", value) else 0)
        if kind == "b":
            value = unescape(value)
        return f"%{flags}s" % (value[:1] if kind == "c" else value)

    return re.sub(r"%([-+ 0#]*\d*(?:\.\d+)?)([diouxXcsbfge%])", one, unescape(form))


def options(words: list[str], valued: str = "") -> tuple[dict[str, str], list[str]]:
    """Short options (those in `valued` take a value) and the other words; `--` ends them, long ones keep their dashes off."""
    out: dict[str, str] = {}
    rest: list[str] = []
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--":
            return out, rest + words
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            out[name] = value
        elif not word.startswith("-") or word == "-":
            rest.append(word)
        else:
            _letters(word[1:], words, valued, out)
    return out, rest


def _letters(letters: str, words: list[str], valued: str, out: dict[str, str]) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in valued:
            out[letter] = letters or (words.pop(0) if words else "")
            return
        out[letter] = ""


def milliseconds(text: str) -> int | None:
    """`5`, `0.5`, `2m`, `1d` → ms; None: it is no duration."""
    match = re.fullmatch(r"(\d*)(?:\.(\d+))?([smhd]?)", text)
    if match is None or not (match[1] or match[2]):
        return None
    unit = UNITS[match[3] or "s"]
    fraction = (match[2] or "")[:6].ljust(6, "0")
    return min(int((match[1] or "0")[:18]) * unit + int(fraction) * unit // 1_000_000, LONGEST_MS)
