"""Reading a command line: flags before, between and after arguments; what follows `--` are arguments.

Upstream: github.com/spf13/pflag (errors.go, flag.go). Left out: flags that stop at the first argument.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import Any

from podlab.sim.human import parse_go_duration
from podlab.sim.kubectl.definitions import Flag

Value = bool | int | str | list[str]
_TRUE = {"1", "t", "T", "true", "TRUE", "True"}
_FALSE = {"0", "f", "F", "false", "FALSE", "False"}


class FlagError(Exception):
    """A flag is wrong, in pflag's words."""


class Parsed:
    """`values`: of all flags by name; `given`: those on the line; `dash`: how many arguments stand before `--` (−1: there is none)."""

    def __init__(self, flags: Iterable[Flag]) -> None:
        self.flags = {each.name: each for each in flags}
        self.values: dict[str, Any] = {name: initial(flag) for name, flag in self.flags.items()}
        self.given: list[str] = []
        self.args: list[str] = []
        self.dash = -1
        self.help = False
        self.notices: list[str] = []

    def set(self, flag: Flag, text: str) -> None:
        """Take over one value."""
        try:
            value = convert(flag, text)
        except ValueError as error:
            shown = f"-{flag.short}, --{flag.name}" if flag.short else f"--{flag.name}"
            raise FlagError(f'invalid argument "{text}" for "{shown}" flag: {error}') from None
        if flag.type in ("slice", "array") and flag.name in self.given:
            value = self.values[flag.name] + value
        self.values[flag.name] = value
        if flag.deprecated and flag.name not in self.given:
            self.notices.append(f"Flag --{flag.name} has been deprecated, {flag.deprecated}\n")
        self.given.append(flag.name)


def initial(flag: Flag) -> Value:
    """A flag's value when it is not given."""
    return convert(flag, flag.default.strip("'")) if flag.type not in ("slice", "array") else []


def convert(flag: Flag, text: str) -> Value:
    """A flag's value out of its text; ValueError in strconv's words."""
    if flag.type == "bool":
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        raise ValueError(f'strconv.ParseBool: parsing "{text}": invalid syntax')
    if flag.type == "int":
        return _integer(text)
    if flag.type == "duration":
        return parse_go_duration(text)
    if flag.type == "slice":
        return next(csv.reader([text]), [])
    return [text] if flag.type == "array" else text


def _integer(text: str) -> int:
    if re.fullmatch(r"[+-]?\d+", text) is None:
        raise ValueError(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    if not -(2**31) <= int(text) < 2**31:
        raise ValueError(f'strconv.ParseInt: parsing "{text}": value out of range')
    return int(text)


def parse(flags: Iterable[Flag], words: list[str]) -> Parsed:
    """The flags and arguments of `words`; FlagError."""
    parsed = Parsed(flags)
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            parsed.dash = len(parsed.args)
            parsed.args += rest
            break
        if word.startswith("--"):
            _long(parsed, word, rest)
        elif word.startswith("-") and len(word) > 1:
            _short(parsed, word[1:], rest)
        else:
            parsed.args.append(word)
        if parsed.help:
            break
    return parsed


def _long(parsed: Parsed, word: str, rest: list[str]) -> None:
    name, equals, value = word[2:].partition("=")
    if not name or name[0] in "-=":
        raise FlagError(f"bad flag syntax: {word}")
    if name == "help":
        parsed.help = True
        return
    flag = parsed.flags.get(name.replace("_", "-"))
    if flag is None:
        raise FlagError(f"unknown flag: --{name}")
    if not equals and not rest and _bare(flag) is None:
        raise FlagError(f"flag needs an argument: --{name}")
    parsed.set(flag, value if equals else _bare(flag) or rest.pop(0))


def _short(parsed: Parsed, letters: str, rest: list[str]) -> None:
    group = letters
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter == "h":
            parsed.help = True
            return
        flag = next((each for each in parsed.flags.values() if each.short == letter), None)
        if flag is None:
            raise FlagError(f"unknown shorthand flag: '{letter}' in -{group}")
        if letters.startswith("="):
            parsed.set(flag, letters[1:])
            return
        value = _bare(flag)
        if value is not None:
            parsed.set(flag, value)
            continue
        if not letters and not rest:
            raise FlagError(f"flag needs an argument: '{letter}' in -{group}")
        parsed.set(flag, letters or rest.pop(0))
        return


def _bare(flag: Flag) -> str | None:
    """The value of a flag that stands alone; None: it needs one."""
    return "true" if flag.type == "bool" else flag.bare or None
