"""awk's language: rules, expressions, print, printf, assignments.

Upstream: POSIX awk(1). Left out: see `awk`.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal, InvalidOperation

from msgspec import Struct, field

from podlab.sim.shell.patterns import compile_pattern
from podlab.sim.shell.printing import printf, unescape

TOKEN = re.compile(
    r'\s*("(?:\\.|[^"\\])*"|/(?:\\.|[^/\\])+/|\d+(?:\.\d+)?|[A-Za-z_]\w*|\+\+|--|[-+*/%]=|==|!=|<=|>=|&&|\|\||!~|[-+*/%<>=!~$(),;{}?:\n])'
)
COMPARE = ("==", "!=", "<=", ">=", "<", ">", "~", "!~")
FUNCTIONS = ("length", "substr", "toupper", "tolower", "index", "int")


class AwkError(ValueError):
    """The program cannot be read, or uses what the lab lacks."""


class Rule(Struct):
    """A pattern's tokens (none: every line) and the statements' (None: print the line)."""

    pattern: list[str] = field(default_factory=list)
    action: list[list[str]] | None = None


def tokens(text: str) -> list[str]:
    """The tokens of a program; a slash divides after an operand."""
    out: list[str] = []
    at = 0
    while text[at:].strip(" \t"):
        operand = bool(out) and (re.fullmatch(r"\w+|\)", out[-1]) or out[-1].startswith('"')) and out[-1] not in ("print", "printf")
        match = re.compile(r"\s*(/=?)").match(text, at) if operand and text[at:].lstrip(" ").startswith("/") else TOKEN.match(text, at)
        if match is None:
            raise AwkError(f"syntax error near {text[at : at + 10]!r}")
        out.append(match[1])
        at = match.end()
    return out


@functools.lru_cache(maxsize=64)
def parse(text: str) -> tuple[Rule, ...]:
    """The rules of a program; AwkError."""
    rules, rule, left = [], Rule(), tokens(text)
    while left:
        token = left.pop(0)
        if token == "{":
            rule.action = _statements(left)
            rules.append(rule)
            rule = Rule()
        elif token in ("\n", ";"):
            rules += [rule] if rule.pattern else []
            rule = Rule()
        elif token in ("function", "for", "while", "if"):
            raise AwkError(f"not supported in this lab: {token}")
        else:
            rule.pattern.append(token)
    return tuple([*rules, rule] if rule.pattern else rules)


def _statements(left: list[str]) -> list[list[str]]:
    out: list[list[str]] = [[]]
    while left:
        token = left.pop(0)
        if token == "}":
            return [each for each in out if each]
        if token in (";", "\n"):
            out.append([])
        elif token in ("for", "while", "if", "{", "do"):
            raise AwkError(f"not supported in this lab: {token}")
        else:
            out[-1].append(token)
    raise AwkError("unexpected end of program")


def number(text: str) -> Decimal:
    """The number that a text begins with, else 0."""
    match = re.match(r"\s*[-+]?\d*\.?\d+", text)
    try:
        return Decimal(match[0].strip()) if match else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


def shown(value: Decimal) -> str:
    """A number as awk prints it."""
    if value == value.to_integral_value():
        return str(int(value))
    return format(Decimal(f"{value:.6g}"), "f")


class Interpreter:
    """Runs rules on one line; `variables` stay."""

    def __init__(self, variables: dict[str, str], line: str) -> None:
        self.variables = variables
        self.line = line
        mark = variables["FS"]
        self.fields = (
            line.split()
            if mark == " "
            else compile_pattern(mark, extended=True).split(line)
            if len(mark) > 1
            else line.split(mark)
            if line
            else []
        )
        self.printed: list[str] = []
        self.stopped = False
        self.exit_code: int | None = None
        self._left: list[str] = []

    def applies(self, rule: Rule) -> bool:
        """Whether the pattern is true of the line."""
        if rule.pattern in ([], ["BEGIN"], ["END"]):
            return True
        return truth(self.value(list(rule.pattern)))

    def act(self, rule: Rule) -> None:
        """Run the statements."""
        if rule.action is None:
            self.printed.append(self.line + "\n")
            return
        for statement in rule.action:
            self._statement(list(statement))
            if self.stopped:
                return

    def value(self, words: list[str]) -> str:
        """An expression's value."""
        self._left = words
        value = self._ternary()
        if self._left:
            raise AwkError(f"syntax error near {self._left[0]!r}")
        return value

    def _statement(self, words: list[str]) -> None:
        first = words[0]
        if first in ("print", "printf"):
            values = [self.value(each) for each in _split(_unwrapped(words[1:]))]
            self.printed.append(
                printf(values[0], values[1:]) if first == "printf" else self.variables["OFS"].join(values or [self.line]) + "\n"
            )
        elif first == "next":
            self.stopped = True
        elif first == "exit":
            self.exit_code, self.stopped = int(number(self.value(words[1:]))) if words[1:] else 0, True
        else:
            self.value(words)

    def _take(self) -> str:
        if not self._left:
            raise AwkError("unexpected end of expression")
        return self._left.pop(0)

    def _next(self) -> str:
        return self._left[0] if self._left else ""

    def _ternary(self) -> str:
        if len(self._left) > 1 and self._left[1] in ("=", "+=", "-=", "*=", "/=", "%=") and re.match(r"[A-Za-z_]", self._left[0]):
            return self._assign()
        value = self._either()
        if self._next() != "?":
            return value
        self._take()
        yes = self._ternary()
        if self._take() != ":":
            raise AwkError("syntax error")
        no = self._ternary()
        return yes if truth(value) else no

    def _assign(self) -> str:
        name, operator = self._take(), self._take()
        value = self._ternary()
        if operator != "=":
            value = _calculate(operator[0], self.variables.get(name, ""), value)
        self.variables[name] = value
        return value

    def _either(self) -> str:
        value = self._both()
        while self._next() == "||":
            self._take()
            other = self._both()
            value = str(int(truth(value) or truth(other)))
        return value

    def _both(self) -> str:
        value = self._comparison()
        while self._next() == "&&":
            self._take()
            other = self._comparison()
            value = str(int(truth(value) and truth(other)))
        return value

    def _comparison(self) -> str:
        value = self._joined()
        if self._next() not in COMPARE:
            return value
        operator = self._take()
        if operator in ("~", "!~"):
            pattern = self._take() if self._next().startswith("/") else f"/{self._joined()}/"
            return str(int((compile_pattern(pattern[1:-1], extended=True).search(value) is not None) == (operator == "~")))
        return str(int(_compare(value, operator, self._joined())))

    def _joined(self) -> str:
        value = self._sum()
        while (following := self._next()) and (following[0] in '"$(' or re.match(r"\w", following)):
            value += self._sum()
        return value

    def _sum(self) -> str:
        value = self._product()
        while self._next() in ("+", "-"):
            value = _calculate(self._take(), value, self._product())
        return value

    def _product(self) -> str:
        value = self._unary()
        while self._next() in ("*", "/", "%"):
            value = _calculate(self._take(), value, self._unary())
        return value

    def _unary(self) -> str:
        token = self._take()
        if token == "!":
            return str(int(not truth(self._unary())))
        if token == "-":
            return shown(-number(self._unary()))
        if token == "$":
            return self._field(int(number(self._unary())))
        if token == "(":
            value = self._ternary()
            if self._take() != ")":
                raise AwkError("syntax error: )")
            return value
        return self._primary(token)

    def _primary(self, token: str) -> str:
        if token.startswith('"'):
            return unescape(token[1:-1])
        if token.startswith("/"):
            return str(int(compile_pattern(token[1:-1], extended=True).search(self.line) is not None))
        if token[0].isdecimal():
            return token
        if token in FUNCTIONS:
            return self._function(token)
        if not re.match(r"[A-Za-z_]", token) or self._next() == "(":
            raise AwkError(f"not supported in this lab: {token}")
        value = str(len(self.fields)) if token == "NF" else self.variables.get(token, "")
        if self._next() in ("++", "--"):
            self.variables[token] = _calculate(self._take()[0], value, "1")
            return value or "0"
        return value

    def _function(self, name: str) -> str:
        values: list[str] = []
        if self._next() == "(":
            self._take()
            while self._next() != ")":
                values.append(self._ternary())
                if self._next() == ",":
                    self._take()
            self._take()
        text = values[0] if values else self.line
        if name == "substr":
            start = int(number(values[1])) - 1
            return text[max(0, start) :] if len(values) < 3 else text[max(0, start) : start + int(number(values[2]))]
        if name == "index":
            return str(text.find(values[1]) + 1)
        return {"length": str(len(text)), "toupper": text.upper(), "tolower": text.lower(), "int": str(int(number(text)))}[name]

    def _field(self, here: int) -> str:
        return self.line if here == 0 else self.fields[here - 1] if 0 < here <= len(self.fields) else ""


def truth(value: str) -> bool:
    """Whether a value counts as true."""
    return bool(value) and (number(value) != 0 if re.fullmatch(r"\s*[-+]?\d*\.?\d+\s*", value) else True)


def _compare(left: str, operator: str, right: str) -> bool:
    numeric = all(re.fullmatch(r"\s*[-+]?\d*\.?\d+\s*", each) for each in (left, right))
    a, b = (number(left), number(right)) if numeric else (left, right)
    return {"==": a == b, "!=": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[operator]  # type: ignore[operator]


def _calculate(operator: str, left: str, right: str) -> str:
    a, b = number(left), number(right)
    if operator in "/%" and b == 0:
        raise AwkError("division by zero")
    return shown({"+": a + b, "-": a - b, "*": a * b}[operator] if operator in "+-*" else a / b if operator == "/" else a % b)


def _unwrapped(words: list[str]) -> list[str]:
    """`print(a, b)` is `print a, b`."""
    if words[:1] != ["("] or words[-1:] != [")"]:
        return words
    depth = 0
    for here, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if depth == 0 and here + 1 < len(words):
            return words
    return words[1:-1]


def _split(words: list[str]) -> list[list[str]]:
    """The arguments between the commas of the outermost level."""
    out: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == "," and depth == 0:
            out.append([])
        else:
            out[-1].append(word)
    return [each for each in out if each]
