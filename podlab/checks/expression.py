"""Expressions: the Common Expression Language, compiled into functions over plain dicts.

`compile_(text)` gives an `Expression`; `evaluate(scope)` its value. What is absent is null: a member of null is null, a comparison with an
absent value is false (also `!=`; only the literal `null` can be compared with what is absent), and null counts as false. Every step is
counted, so no expression runs for long. Beyond that it is CEL, without types, bytes, unsigned numbers, dates (docs/decisions/0005).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from podlab.checks import operators
from podlab.checks.functions import FUNCTIONS, METHODS
from podlab.checks.scope import Reads, Scope
from podlab.checks.tokens import ExpressionError, Token, tokens

Fn = Callable[[Scope], Any]
NESTING = 24
OPENING, CLOSING = "([{", ")]}"
LOOPS = 3
MACROS = ("all", "exists", "exists_one", "map", "filter")
RELATIONS = ("==", "!=", "<", "<=", ">", ">=", "in")
LITERALS = {"true": True, "false": False, "null": None}


class Expression:
    """A compiled expression; `reads` says of what its value may depend."""

    def __init__(self, text: str, fn: Fn, reads: Reads) -> None:
        self.text = text
        self._fn = fn
        self.reads = reads

    def evaluate(self, scope: Scope) -> Any:
        """Its value; null where it asks for too many steps or mixes what cannot be mixed."""
        scope.begin()
        try:
            return self._fn(scope)
        except (operators.Overrun, *operators.FAILURES, RecursionError):
            return None

    def true(self, scope: Scope) -> bool:
        """Whether its value is true."""
        return self.evaluate(scope) is True


@lru_cache(4096)
def compile_(text: str) -> Expression:
    """The expression; ExpressionError with the column where it cannot be understood."""
    return Parser(text).whole()


class Parser:
    """One pass over the words, from the loosest operator to the tightest."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = tokens(text)
        self.at = 0
        self.depth = 0
        self.loops: list[str] = []
        self.reads = Reads()

    def whole(self) -> Expression:
        """All of the text."""
        fn = self.choice()
        if self.now.kind != "end":
            raise self.error(f"{self.now.value!r} is not expected here")
        return Expression(self.text, fn, self.reads)

    @property
    def now(self) -> Token:
        return self.words[self.at]

    def error(self, why: str, token: Token | None = None) -> ExpressionError:
        """What is wrong at a word (by default the next)."""
        return ExpressionError(self.text, (token or self.now).column, why)

    def take(self, *marks: str) -> str:
        """The next word, if it is one of these; else ""."""
        word = self.now
        if word.value in marks and (word.kind == "mark" or word.value == "in"):
            self.at += 1
            return word.value
        return ""

    def expect(self, mark: str) -> None:
        """The next word must be this."""
        if not self.take(mark):
            raise self._cut_off(mark) if self.now.kind == "end" else self.error(f"{mark!r} is expected before {self.now.value!r}")

    def _cut_off(self, mark: str) -> ExpressionError:
        """The text ends too early: at what is still open, else at its end."""
        left: list[Token] = []
        for word in self.words:
            if word.kind == "mark" and word.value in OPENING:
                left.append(word)
            elif word.kind == "mark" and word.value in CLOSING and left:
                left.pop()
        return self.error(f"{left[-1].value!r} is not closed", left[-1]) if left else self.error(f"{mark!r} is missing")

    def choice(self) -> Fn:
        """`a ? b : c`."""
        self.depth += 1
        if self.depth > NESTING:
            raise self.error(f"an expression is at most {NESTING} deep")
        test = self.either()
        if self.take("?"):
            then = self.choice()
            self.expect(":")
            test = operators.choice(test, then, self.choice())
        self.depth -= 1
        return test

    def either(self) -> Fn:
        """`a || b`."""
        parts = [self.both()]
        while self.take("||"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else operators.either(parts)

    def both(self) -> Fn:
        """`a && b`."""
        parts = [self.relation()]
        while self.take("&&"):
            parts.append(self.relation())
        return parts[0] if len(parts) == 1 else operators.both(parts)

    def relation(self) -> Fn:
        """`a < b`, `a in b`."""
        left, token = self.sum(), self.now
        while mark := self.take(*RELATIONS):
            plain = self._is_null(token, -1)
            right = self.sum()
            left = operators.relation(mark, left, right, nullable=plain or self._is_null(token, 1))
            token = self.now
        return left

    def _is_null(self, mark: Token, side: int) -> bool:
        """Whether the operand beside a mark is the literal null."""
        at = self.words.index(mark) + side
        return 0 <= at < len(self.words) and self.words[at].kind == "name" and self.words[at].value == "null"

    def sum(self) -> Fn:
        """`a + b - c`."""
        left = self.product()
        while mark := self.take("+", "-"):
            left = operators.arithmetic(mark, left, self.product())
        return left

    def product(self) -> Fn:
        """`a * b / c % d`."""
        left = self.unary()
        while mark := self.take("*", "/", "%"):
            left = operators.arithmetic(mark, left, self.unary())
        return left

    def unary(self) -> Fn:
        """`!a`, `-a`."""
        marks = []
        while mark := self.take("!", "-"):
            marks.append(mark)
        if len(marks) > NESTING:
            raise self.error(f"an expression is at most {NESTING} deep")
        fn = self.member()
        for mark in marks:
            fn = operators.unary(mark, fn)
        return fn

    def member(self) -> Fn:
        """`a.b`, `a[b]`, `a.size()`."""
        fn = self.primary()
        while mark := self.take(".", "["):
            if mark == "[":
                fn = operators.index(fn, self.choice())
                self.expect("]")
                continue
            name = self.name()
            called = self.now.value == "(" and self.now.kind == "mark"
            fn = self.method(fn, name) if called else operators.member(fn, name)
        return fn

    def name(self) -> str:
        """A bare word."""
        if self.now.kind != "name":
            raise self.error("a name is expected here")
        self.at += 1
        return self.words[self.at - 1].value

    def method(self, fn: Fn, name: str) -> Fn:
        """`a.startsWith(b)`, or a macro over a list."""
        token = self.words[self.at - 1]
        self.expect("(")
        if name in MACROS:
            return self.macro(fn, name)
        if name not in METHODS:
            raise self.error(f"there is no method {name!r}; there are {', '.join([*MACROS, *METHODS])}", token)
        return operators.call(METHODS[name], [fn, *self.arguments()])

    def macro(self, fn: Fn, name: str) -> Fn:
        """`a.all(x, test)` and its kin."""
        variable = self.name()
        self.expect(",")
        self.loops.append(variable)
        if len(self.loops) > LOOPS:
            raise self.error(f"at most {LOOPS} loops lie in one another")
        body = self.choice()
        self.loops.pop()
        self.expect(")")
        return operators.macro(name, fn, variable, body)

    def arguments(self, end: str = ")") -> list[Fn]:
        """What stands between commas, up to `end`."""
        found: list[Fn] = []
        while not self.take(end):
            if found:
                self.expect(",")
            found.append(self.choice())
        return found

    def primary(self) -> Fn:
        """A literal, a name, a call, a list, a map, or what stands in brackets."""
        word = self.now
        if self.take("("):
            fn = self.choice()
            self.expect(")")
            return fn
        if self.take("["):
            return operators.listed(self.arguments("]"))
        if self.take("{"):
            return self.mapping()
        self.at += 1
        if word.kind in ("number", "string"):
            value = word.value if word.kind == "string" else float(word.value) if "." in word.value else int(word.value)
            return lambda _: value
        if word.kind != "name":
            raise self.error("an expression is expected here", word)
        return self.named(word)

    def mapping(self) -> Fn:
        """`{a: b}`."""
        pairs: list[tuple[Fn, Fn]] = []
        while not self.take("}"):
            if pairs:
                self.expect(",")
            key = self.choice()
            self.expect(":")
            pairs.append((key, self.choice()))
        return operators.mapped(pairs)

    def named(self, word: Token) -> Fn:
        """A literal, a variable, or a function."""
        if word.value in LITERALS:
            value = LITERALS[word.value]
            return lambda _: value
        if self.now.value == "(" and self.now.kind == "mark":
            return self.function(word)
        return self.variable(word)

    def variable(self, word: Token) -> Fn:
        """A loop's variable, or one of what is being looked at."""
        name = word.value
        if name in self.loops:
            return lambda scope: scope.loops[name]
        if name not in Scope.NAMES:
            raise self.error(f"there is no {name!r} here; names are {', '.join(Scope.NAMES)}", word)
        self.reads.names.add(name)
        return lambda scope: scope.look(name)

    def function(self, word: Token) -> Fn:
        """`pod("web")`, `has(a.b)`."""
        name, start = word.value, self.at + 1
        self.expect("(")
        arguments = self.arguments()
        if name == "has":
            if len(arguments) != 1:
                raise self.error("has() takes one member, such as has(new.spec.nodeName)", word)
            return operators.present(arguments[0])
        function = FUNCTIONS.get(name)
        if function is None:
            raise self.error(f"there is no function {name!r}; {_meant(name)}", word)
        if not function.least <= len(arguments) <= function.most:
            raise self.error(f"{name}() takes {function.counts}, not {len(arguments)}", word)
        first = self.words[start]
        literal = first.value if first.kind == "string" and self.words[start + 1].value in (")", ",") else None
        function.note(self.reads, literal)
        return operators.call_with_scope(function.call, arguments)


def _meant(name: str) -> str:
    """The function that was perhaps meant, else all."""
    close = difflib.get_close_matches(name, FUNCTIONS, 1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(sorted(FUNCTIONS))}"
