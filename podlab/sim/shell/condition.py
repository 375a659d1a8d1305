"""`test`, `[` and `[[`.

Upstream: POSIX test(1), bash's conditional expressions. Left out: -nt, -ot, -ef (the lab keeps no file times).
"""

from __future__ import annotations

import re

from podlab.sim.linux.types import Context
from podlab.sim.shell.expansion import ShellError, matches
from podlab.sim.shell.patterns import BadPattern, compile_pattern

NUMERIC = {"-eq": "==", "-ne": "!=", "-lt": "<", "-le": "<=", "-gt": ">", "-ge": ">="}
STRING = ("=", "==", "!=", "<", ">", "=~")


def test(ctx: Context, words: list[str], *, double: bool = False) -> bool:
    """The truth of an expression's words; ShellError (status 2) when it cannot be read."""
    reader = _Reader(ctx, list(words), double)
    if not words:
        return False
    value = reader.either()
    if reader.words:
        raise ShellError(f"{reader.words[0]}: unknown operand", 2)
    return value


class _Reader:
    def __init__(self, ctx: Context, words: list[str], double: bool) -> None:
        self.ctx = ctx
        self.words = words
        self.double = double

    def either(self) -> bool:
        value = self._both()
        while self.words[:1] in (["-o"], ["||"]):
            self.words.pop(0)
            value = self._both() or value
        return value

    def _both(self) -> bool:
        value = self._negation()
        while self.words[:1] in (["-a"], ["&&"]):
            self.words.pop(0)
            value = self._negation() and value
        return value

    def _negation(self) -> bool:
        if self.words[:1] == ["!"] and len(self.words) > 1:
            self.words.pop(0)
            return not self._negation()
        return self._primary()

    def _primary(self) -> bool:
        words = self.words
        if not words:
            raise ShellError("argument expected", 2)
        if len(words) >= 3 and (words[1] in NUMERIC or words[1] in STRING):
            left, operator, right = words[:3]
            del words[:3]
            return self._compare(left, operator, right)
        if words[0] == "(" and len(words) > 1:
            words.pop(0)
            value = self.either()
            if words[:1] != [")"]:
                raise ShellError("closing paren expected", 2)
            words.pop(0)
            return value
        if len(words) >= 2 and re.fullmatch(r"-[a-zA-Z]", words[0]):
            operator, operand = words[:2]
            del words[:2]
            return self._unary(operator, operand)
        return words.pop(0) != ""

    def _compare(self, left: str, operator: str, right: str) -> bool:
        if operator in NUMERIC:
            a, b = _number(left), _number(right)
            return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[NUMERIC[operator]]
        if operator == "=~":
            return self._regular(left, right)
        if operator in ("=", "==", "!="):
            same = matches(left, right) if self.double else left == right
            return same == (operator != "!=")
        return left < right if operator == "<" else left > right

    @staticmethod
    def _regular(left: str, right: str) -> bool:
        try:
            return compile_pattern(right, extended=True).search(left) is not None
        except BadPattern as error:
            raise ShellError(str(error), 2) from None

    def _unary(self, operator: str, operand: str) -> bool:
        files = self.ctx.files
        if operator in ("-n", "-z"):
            return bool(operand) == (operator == "-n")
        if operator in ("-e", "-r", "-w"):
            return files.exists(operand)
        if operator == "-f":
            return files.is_file(operand)
        if operator == "-d":
            return files.is_dir(operand)
        if operator == "-s":
            return files.is_dir(operand) or (files.is_file(operand) and files.read(operand) != "")
        if operator == "-x":
            return files.is_dir(operand) or self._runs(operand)
        if operator == "-t":
            return operand.isdecimal() and self.ctx.is_tty(int(operand))
        if operator in ("-L", "-h", "-p", "-S", "-b", "-c"):
            return False
        raise ShellError(f"{operator}: unknown operand", 2)

    def _runs(self, path: str) -> bool:
        try:
            self.ctx.linux.processes.programs.find(self.ctx.host, [path if "/" in path else f"./{path}"], self.ctx.process.cwd, "")
        except OSError:
            return False
        return True


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ShellError(f"{text}: bad number", 2) from None
