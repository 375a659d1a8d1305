"""Words: text, quotes, parameters, command and arithmetic substitution, here-documents.

Upstream: POSIX Shell Command Language 2.6. Left out: arrays, process substitution, nested `${!x}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tree_sitter import Node

from podlab.sim.shell.heredocs import Document, as_string
from podlab.sim.shell.syntax import ShellSyntaxError, string_of

BRACES = re.compile(r"([^'\"$`\\{}]*)\{([^'\"$`\\{}]*)\}([^'\"$`\\{}]*)")
BRACES_MAX = 1000
OPERATORS = (":-", ":=", ":+", ":?", "##", "%%", "//", "-", "=", "+", "?", "#", "%", "/", ":", "^^", ",,", "^", ",")


class Words:
    """Emits the instructions of words: `word`, parts of it, then `fields`, `string` or `pattern`."""

    def __init__(self, source: bytes, documents: tuple[Document, ...] = ()) -> None:
        self.source = source
        self.documents = documents
        self.code: list[tuple[Any, ...]] = []
        self._moved: list[Node] = []
        self._conditions = 0

    def emit(self, *instruction: Any) -> int:
        """Append an instruction (checks of `set -e` are left out in conditions); its index."""
        if instruction != ("check",) or not self._conditions:
            self.code.append(instruction)
        return len(self.code) - 1

    @contextmanager
    def condition(self) -> Iterator[None]:
        """What is compiled here decides a branch: `set -e` does not apply."""
        self._conditions += 1
        yield
        self._conditions -= 1

    def text(self, node: Node) -> str:
        """The source of a node."""
        return self.source[node.start_byte : node.end_byte].decode()

    def statements(self, nodes: list[Node], *, last: bool = False) -> None:
        """See `Compiler`."""
        raise NotImplementedError

    def brace_expanded(self, node: Node) -> Sequence[Node | str]:
        """The node itself, or the words that its braces stand for."""
        match = BRACES.fullmatch(self.text(node)) if "{" in self.text(node) else None
        if match is None:
            return [node]
        before, inside, after = match.groups()
        if "," in inside:
            return [before + each + after for each in inside.split(",")]
        span = re.fullmatch(r"(-?\d+)\.\.(-?\d+)", inside)
        if span is None:
            return [node]
        first, last = int(span[1][:9]), int(span[2][:9])
        step = 1 if last >= first else -1
        return [f"{before}{each}{after}" for each in range(first, last + step, step)[:BRACES_MAX]]

    def word(self, node: Node) -> None:
        """Begin a word and emit its parts."""
        self.emit("word")
        self.parts(node)

    def parts(self, node: Node) -> None:
        """Emit the parts of a word."""
        method = getattr(self, "_part_" + node.type, None)
        if method is not None:
            method(node, False)
        elif node.type == "concatenation" or (node.type == "command_name" and node.children):
            self._spaced(node, self.parts)
        else:
            self._plain(self.text(node))

    def _spaced(self, node: Node, each: Any) -> None:
        """Children with what stands between them in the source."""
        at = node.start_byte
        for child in node.children:
            if child.start_byte > at:
                self._plain(self.source[at : child.start_byte].decode())
            each(child)
            at = child.end_byte
        if at < node.end_byte:
            self._plain(self.source[at : node.end_byte].decode())

    def _plain(self, text: str) -> None:
        """Unquoted text: a backslash quotes what follows it."""
        text = text.replace("\\\n", "")
        for here, piece in enumerate(re.split(r"\\(.)", text, flags=re.DOTALL)):
            if piece:
                self.emit("text", piece, here % 2 == 1)

    def _part_raw_string(self, node: Node, quoted: bool) -> None:
        self.emit("text", self.text(node)[1:-1], True)

    def _part_ansi_c_string(self, node: Node, quoted: bool) -> None:
        names = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "\\": "\\", "'": "'", '"': '"', "0": "\0"}
        self.emit("text", re.sub(r"\\(.)", lambda match: names.get(match[1], match[0]), self.text(node)[2:-1]), True)

    def _part_string(self, node: Node, quoted: bool) -> None:
        self.emit("text", "", True)
        self._quoted(node, node.start_byte + 1, node.end_byte - 1, node.children[1:-1])

    def _part_translated_string(self, node: Node, quoted: bool) -> None:
        self._part_string(node.children[-1], quoted)

    def _quoted(self, node: Node, start: int, end: int, children: list[Node]) -> None:
        """Text between double quotes with the expansions in it."""
        at = start
        for child in children:
            if child.type in ("string_content", '"'):
                continue
            self._literal(self.source[at : child.start_byte].decode())
            self._expansion_part(child)
            at = child.end_byte
        self._literal(self.source[at:end].decode())

    def _literal(self, text: str) -> None:
        if text:
            self.emit("text", re.sub(r"\\\n", "", re.sub(r'\\([$`"\\])', r"\1", text)), True)

    def _expansion_part(self, node: Node) -> None:
        method = getattr(self, "_part_" + node.type, None)
        if method is None:
            self.emit("text", self.text(node), True)
        else:
            method(node, True)

    def heredoc(self, document: Document) -> None:
        """A string: the text of a here-document."""
        self.emit("word")
        if document.quoted:
            self.emit("text", document.text, True)
        else:
            text = as_string(document.text)
            source, self.source = self.source, f": {text}".encode()
            self._part_string(string_of(text), True)
            self.source = source
        self.emit("string")

    def _part_simple_expansion(self, node: Node, quoted: bool) -> None:
        self.emit("param", self.text(node)[1:], quoted)

    def _part_expansion(self, node: Node, quoted: bool) -> None:
        inside = self.text(node)[2:-1]
        match = re.match(r"(#?)([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])", inside)
        if match is None:
            raise ShellSyntaxError("bad substitution")
        rest = inside[match.end() :]
        if match[1] and not rest:
            self.emit("length", match[2], quoted)
            return
        if not rest:
            self.emit("param", match[0], quoted)
            return
        operator = next((each for each in OPERATORS if rest.startswith(each)), None)
        if operator is None or match[1]:
            raise ShellSyntaxError("bad substitution")
        self._operand(node, match[2], operator, node.start_byte + 2 + len((match[0] + operator).encode()), quoted)

    def _operand(self, node: Node, name: str, operator: str, start: int, quoted: bool) -> None:
        """`${name<operator>word}`: the word is worked out only where it is needed."""
        skip = self.emit("unless", name, operator, quoted, 0)
        self.emit("word")
        at = start
        for child in node.children:
            if child.start_byte < start or child.type == "}":
                continue
            self._plain(self.source[at : child.start_byte].decode())
            self.parts(child)
            at = child.end_byte
        self._plain(self.source[at : node.end_byte - 1].decode())
        self.emit("pattern" if operator in ("#", "##", "%", "%%") else "string")
        self.emit("param_op", name, operator, quoted)
        self.code[skip] = ("unless", name, operator, quoted, len(self.code))

    def _part_command_substitution(self, node: Node, quoted: bool) -> None:
        blank = self.text(node.children[0]).removesuffix(node.children[0].type)
        if blank:  # the grammar counts blanks before a backquote as part of it
            self.emit("text", blank, quoted)
        here = self.emit("substitute", 0, quoted)
        body = [each for each in node.children if each.type not in ("$(", "`", ")")]
        if body and body[0].type == "file_redirect" and len(body) == 1:
            raise ShellSyntaxError("not supported in this lab: $(< file)")
        conditions, self._conditions = self._conditions, 0
        self.statements(body, last=True)
        self._conditions = conditions
        self.emit("end")
        self.code[here] = ("substitute", len(self.code), quoted)

    def _part_arithmetic_expansion(self, node: Node, quoted: bool) -> None:
        start = node.start_byte + (3 if self.text(node).startswith("$((") else 2)
        end = node.end_byte - (2 if self.text(node).startswith("$((") else 1)
        self.emit("word")
        self.arithmetic(node, start, end)
        self.emit("string")
        self.emit("arithmetic", quoted)

    def arithmetic(self, node: Node, start: int, end: int) -> None:
        """The text of an arithmetic expression, its expansions done."""
        at = start
        for child in self._expansions(node):
            self.emit("text", self.source[at : child.start_byte].decode(), True)
            self._expansion_part(child)
            at = child.end_byte
        self.emit("text", self.source[at:end].decode(), True)

    def _expansions(self, node: Node) -> Iterator[Node]:
        for child in node.children:
            if child.type in ("simple_expansion", "expansion", "command_substitution"):
                yield child
            else:
                yield from self._expansions(child)

    def _part_array(self, node: Node, quoted: bool) -> None:
        raise ShellSyntaxError("not supported in this lab: arrays")

    def _part_process_substitution(self, node: Node, quoted: bool) -> None:
        raise ShellSyntaxError("not supported in this lab: process substitution")
