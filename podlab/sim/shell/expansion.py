"""Parameters, fields and patterns.

Upstream: POSIX Shell Command Language 2.6. Left out: arrays, case-changing of single characters by pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlab.sim.linux.types import Context
from podlab.sim.shell.state import Part, Shell

SPECIAL = "*?["
BLANKS = " \t\n"
REPLACED_MAX = 1000
"""The longest text that `${x/pattern/…}` replaces at once."""


class ShellError(Exception):
    """A shell says this (without its name) and goes on, or ends where it is not interactive (`fatal`); status `code`. `exhausted`: no process could be made."""

    def __init__(self, words: str, code: int = 1, *, fatal: bool = False, exhausted: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.code = code
        self.fatal = fatal
        self.exhausted = exhausted


def parameter(ctx: Context, sh: Shell, name: str) -> str | None:
    """The value of `$name`; None: unset."""
    if name.isdecimal():
        number = int(name)
        return sh.name if number == 0 else sh.params[number - 1] if number <= len(sh.params) else None
    if name in ("@", "*"):
        return " ".join(sh.params) if sh.params else None
    if name == "!":
        return str(sh.last_background) if sh.last_background else ""
    special = {"#": str(len(sh.params)), "?": str(sh.status), "$": sh.variables.get("$", ""), "-": "".join(sorted(sh.options))}
    if name in special:
        return special[name]
    if name == "RANDOM" and name not in sh.variables:
        return str(ctx.world.draw("shell.random") % 32768)
    if name == "SECONDS" and name not in sh.variables:
        return str((ctx.world.now - ctx.process.started_ms) // 1000)
    return sh.variables.get(name)


def expand(ctx: Context, sh: Shell, name: str) -> str:
    """The value, "" when unset; ShellError under `set -u`."""
    value = parameter(ctx, sh, name)
    if value is None and "u" in sh.options and name not in ("@", "*"):
        raise ShellError(
            f"{name}: {'unbound variable' if sh.name == 'bash' else 'parameter not set'}", 1 if sh.name == "bash" else 2, fatal=True
        )
    return value or ""


def usable(value: str | None, operator: str) -> bool:
    """Whether a parameter with that value needs no operand: `:-` wants it set and not empty …"""
    if operator.startswith(":") and operator != ":":
        return bool(value) != (operator == ":+")
    if operator in ("-", "=", "?", "+"):
        return (value is not None) != (operator == "+")
    return False


def operate(ctx: Context, sh: Shell, name: str, operator: str, operand: str) -> str:
    """`${name<operator>operand}` where the operand is needed."""
    value = parameter(ctx, sh, name)
    kind = operator.lstrip(":")
    if operator in (":-", "-", ":+", "+"):
        return operand
    if kind == "=" and operator != ":":
        sh.variables[name] = operand
        return operand
    if kind == "?" and operator != ":":
        raise ShellError(f"{name}: {operand or 'parameter not set'}", 2, fatal=True)
    if operator in ("#", "##", "%", "%%"):
        return trim(value or "", operator, operand)
    if operator in ("/", "//"):
        return _replace(value or "", operator, operand)
    if operator == ":":
        return _substring(value or "", operand)
    return {"^^": str.upper, ",,": str.lower, "^": _first_upper, ",": _first_lower}[operator](value or "")


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first_lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def trim(value: str, operator: str, pattern: str) -> str:
    """Without the shortest or longest match at the front or the back."""
    longest = len(operator) == 2
    if operator[0] == "#":
        ends = list(prefixes(value, _tokens(pattern)))
        return value[(ends[-1] if longest else ends[0]) :] if ends else value
    ends = list(prefixes(value[::-1], _tokens(pattern)[::-1]))
    return value[: len(value) - (ends[-1] if longest else ends[0])] if ends else value


def _replace(value: str, operator: str, operand: str) -> str:
    pattern, _, new = operand.partition("/")
    tokens, out, at = _tokens(pattern), "", 0
    while tokens and at < len(value):
        length = max(prefixes(value[at : at + REPLACED_MAX], tokens), default=0)
        if not length:
            out += value[at]
            at += 1
            continue
        out += new
        at += length
        if operator == "/":
            break
    return out + value[at:]


def _substring(value: str, operand: str) -> str:
    start, _, length = operand.partition(":")
    if not re.fullmatch(r"\s*-?\d*\s*", start) or not re.fullmatch(r"\s*\d*\s*", length):
        raise ShellError("bad substitution", 2, fatal=True)
    first = int(start.strip() or 0)
    rest = value[first:] if first >= 0 else value[max(0, len(value) + first) :]
    return rest[: int(length)] if length.strip() else rest


def escape(text: str) -> str:
    """The pattern that matches just this text."""
    return re.sub(r"([*?\[\]\\])", r"\\\1", text)


def _tokens(pattern: str) -> list[str]:
    """The pieces of a shell pattern: `*`, `?`, `[…]`, a character, or a backslash and one."""
    found = re.findall(r"\\.|\[[!^]?\]?[^\]]*\]|\*+|.", pattern, re.DOTALL)
    return ["*" if each.startswith("*") else each for each in found]


def _fits(token: str, char: str) -> bool:
    if token.startswith("[") and len(token) > 1:
        inside = token[1:-1]
        negated = inside[:1] in ("!", "^")
        return _in_set(inside[1:] if negated else inside, char) != negated
    return token == "?" or token[-1] == char


def _in_set(inside: str, char: str) -> bool:
    here = 0
    while here < len(inside):
        if inside[here + 1 : here + 2] == "-" and here + 2 < len(inside):
            if inside[here] <= char <= inside[here + 2]:
                return True
            here += 3
            continue
        if inside[here] == char:
            return True
        here += 1
    return False


def prefixes(text: str, tokens: list[str]) -> Iterator[int]:
    """The lengths of the beginnings of a text that match, shortest first: one pass, whatever the pattern."""
    states = _closure([0], tokens)
    for length in range(len(text) + 1):
        if len(tokens) in states:
            yield length
        if length == len(text) or not states:
            return
        char = text[length]
        fitting = [state for state in states if state < len(tokens) and (tokens[state] == "*" or _fits(tokens[state], char))]
        states = _closure([state + (tokens[state] != "*") for state in fitting], tokens)


def _closure(states: list[int], tokens: list[str]) -> dict[int, None]:
    """These states and those behind the stars that follow them, each once."""
    out = dict.fromkeys(states)
    for state in states:
        here = state
        while here < len(tokens) and tokens[here] == "*":
            here += 1
            out[here] = None
    return out


def matches(text: str, pattern: str) -> bool:
    """Whether the whole text matches a shell pattern."""
    return any(length == len(text) for length in prefixes(text, _tokens(pattern)))


def fields(ctx: Context, sh: Shell, parts: list[Part]) -> list[str]:
    """The fields of a word: values are split at IFS, then what is not quoted may become file names."""
    blanks = sh.variables.get("IFS", BLANKS)
    out: list[list[Part]] = [[]]
    for text, kind in parts:
        if kind == "break":
            out.append([])
        elif kind != "value":
            out[-1].append((text, kind))
        else:
            _split(out, text, blanks)
    return [name for each in out if each for name in _names(ctx, each)]


def _split(out: list[list[Part]], text: str, blanks: str) -> None:
    for here, piece in enumerate(re.split(f"[{re.escape(blanks)}]+", text) if blanks else [text]):
        if here and out[-1]:
            out.append([])
        if piece:
            out[-1].append((piece, "value"))


def _names(ctx: Context, parts: list[Part]) -> list[str]:
    text = "".join(piece for piece, _ in parts)
    if not any(kind != "quoted" and any(each in piece for each in SPECIAL) for piece, kind in parts):
        return [text]
    return glob(ctx, pattern_of(parts)) or [text]


def pattern_of(parts: list[Part]) -> str:
    """The pattern that a word is: what is quoted stands for itself."""
    return "".join(escape(piece) if kind == "quoted" else piece for piece, kind in parts)


def glob(ctx: Context, pattern: str) -> list[str]:
    """The paths that match, sorted; none: an empty list."""
    rooted, segments = pattern.startswith("/"), [each for each in pattern.split("/") if each]
    found = ["/" if rooted else ""]
    for segment in segments:
        found = [path for folder in found for path in _in_folder(ctx, folder, segment)]
    return sorted(found)


def _in_folder(ctx: Context, folder: str, segment: str) -> list[str]:
    joint = folder if folder in ("", "/") else folder + "/"
    if not any(each in segment for each in SPECIAL):
        path = joint + segment.replace("\\", "")
        return [path] if ctx.files.exists(path) else []
    if not ctx.files.is_dir(folder or "."):
        return []
    return [
        joint + name
        for name in ctx.files.list(folder or ".")
        if matches(name, segment) and (segment.startswith(".") or not name.startswith("."))
    ]
