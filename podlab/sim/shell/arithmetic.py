"""`$(( … ))`: integers, variables, C's operators and assignments.

Upstream: POSIX Shell Command Language 2.6.4. Left out: the comma, bases other than 8, 10, 16.
"""

from __future__ import annotations

import re

from podlab.sim.shell.expansion import ShellError

TOKEN = re.compile(
    r"\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|<<=|>>=|\+\+|--|\*\*|[-+*/%&|^]=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>=!~&|^()?:])"
)
LEVELS = (("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", ">", "<=", ">="), ("<<", ">>"), ("+", "-"), ("*", "/", "%"))
ASSIGN = ("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=")


def evaluate(text: str, variables: dict[str, str]) -> int:
    """The value; assignments go to `variables`. ShellError: it cannot be read, or divides by zero."""
    tokens: list[str] = []
    at = 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise ShellError("arithmetic syntax error", 2, fatal=True)
        tokens.append(match[1])
        at = match.end()
    if not tokens:
        return 0
    reader = _Reader(tokens, variables)
    value = reader.assignment()
    if reader.tokens:
        raise ShellError("arithmetic syntax error", 2, fatal=True)
    return value


class _Reader:
    def __init__(self, tokens: list[str], variables: dict[str, str]) -> None:
        self.tokens = tokens
        self.variables = variables

    def _next(self) -> str:
        if not self.tokens:
            raise ShellError("arithmetic syntax error", 2, fatal=True)
        return self.tokens.pop(0)

    def assignment(self) -> int:
        if len(self.tokens) > 1 and self.tokens[1] in ASSIGN and re.match(r"[A-Za-z_]", self.tokens[0]):
            name, operator = self._next(), self._next()
            value = self.assignment()
            if operator != "=":
                value = _apply(operator[:-1], self._variable(name), value)
            self.variables[name] = str(value)
            return value
        return self._conditional()

    def _conditional(self) -> int:
        value = self._level(0)
        if self.tokens[:1] != ["?"]:
            return value
        self._next()
        yes = self.assignment()
        if self._next() != ":":
            raise ShellError("arithmetic syntax error", 2, fatal=True)
        no = self._conditional()
        return yes if value else no

    def _level(self, level: int) -> int:
        if level == len(LEVELS):
            return self._power()
        value = self._level(level + 1)
        while self.tokens and self.tokens[0] in LEVELS[level]:
            operator = self._next()
            value = _apply(operator, value, self._level(level + 1))
        return value

    def _power(self) -> int:
        base = self._unary()
        if self.tokens[:1] == ["**"]:
            self._next()
            return int(base ** min(self._power(), 64))
        return base

    def _unary(self) -> int:
        token = self._next()
        if token in ("++", "--"):
            name = self._next()
            self.variables[name] = str(self._variable(name) + (1 if token == "++" else -1))
            return self._variable(name)
        if token in ("-", "+", "!", "~"):
            value = self._unary()
            return {"-": -value, "+": value, "!": int(not value), "~": ~value}[token]
        if token == "(":
            value = self.assignment()
            if self._next() != ")":
                raise ShellError("arithmetic syntax error", 2, fatal=True)
            return value
        if token[0].isdecimal():
            return _number(token)
        return self._named(token)

    def _named(self, name: str) -> int:
        if not re.match(r"[A-Za-z_]", name):
            raise ShellError("arithmetic syntax error", 2, fatal=True)
        value = self._variable(name)
        if self.tokens[:1] in (["++"], ["--"]):
            self.variables[name] = str(value + (1 if self._next() == "++" else -1))
        return value

    def _variable(self, name: str) -> int:
        text = self.variables.get(name, "").strip()
        if not re.fullmatch(r"[-+]?\w*", text):
            raise ShellError("arithmetic syntax error", 2, fatal=True)
        return _number(text) if text[:1].isdecimal() or text[:1] in ("-", "+") else self._variable(text) if text and text != name else 0


def _number(text: str) -> int:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.lstrip("+"))
    try:
        return sign * (
            int(digits, 16) if digits[:2].lower() == "0x" else int(digits, 8) if digits.startswith("0") and len(digits) > 1 else int(digits)
        )
    except ValueError:
        raise ShellError("arithmetic syntax error", 2, fatal=True) from None


def _apply(operator: str, left: int, right: int) -> int:
    if operator in ("/", "%"):
        if right == 0:
            raise ShellError("divide by zero", 2, fatal=True)
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return _wrap(quotient if operator == "/" else left - quotient * right)
    table = {
        "+": left + right, "-": left - right, "*": left * right, "&": left & right, "|": left | right, "^": left ^ right,
        "<": int(left < right), ">": int(left > right), "<=": int(left <= right), ">=": int(left >= right),
        "==": int(left == right), "!=": int(left != right), "&&": int(bool(left and right)), "||": int(bool(left or right)),
        "<<": left << (right & 63), ">>": left >> (right & 63),
    }  # fmt: skip
    return _wrap(table[operator])


def _wrap(value: int) -> int:
    return (value + 2**63) % 2**64 - 2**63
