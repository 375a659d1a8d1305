"""From the grammar's tree to instructions: flat, plain data, so that a shell that waits is two numbers and its variables.

An instruction is a tuple (name, operands …). Jumps name an index. `machine` says what each does.

Upstream: none. Left out: what `syntax` leaves out.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

from tree_sitter import Node

from podlab.sim.shell import heredocs, syntax
from podlab.sim.shell.words import Words

Instruction = tuple[Any, ...]
COMPOUND = frozenset({"compound_statement", "do_group", "subshell", "if_statement", "while_statement", "for_statement", "case_statement"})


@functools.lru_cache(maxsize=1024)
def compile_script(text: str) -> tuple[Instruction, ...]:
    """The instructions of a script; ShellSyntaxError."""
    prepared = heredocs.prepare(text)
    compiler = Compiler(prepared.text.encode(), prepared.documents)
    compiler.statements(syntax.tree(prepared).children, last=True)
    compiler.emit("end")
    return tuple(compiler.code)


class Compiler(Words):
    """Statements; words are in `Words`."""

    def statements(self, nodes: Iterable[Node], *, last: bool = False) -> None:
        """A list of statements with their separators; `last`: nothing follows them in this script."""
        todo = [each for each in nodes if each.type not in (";", "\n", "comment", ";;")]
        for here, node in enumerate(todo):
            if node.type == "&":
                continue
            if here + 1 < len(todo) and todo[here + 1].type == "&":
                self._background(node)
            else:
                self.statement(node, tail=last and here + 1 == len(todo))

    def statement(self, node: Node, *, tail: bool = False) -> None:
        """One statement; `tail`: a forked or `-c` shell may become this command."""
        method = getattr(self, "_" + node.type, None)
        if method is None:
            raise syntax.ShellSyntaxError(f"not supported in this lab: {node.type.replace('_', ' ')}")
        method(node, tail)
        if node.type in ("command", "pipeline", "subshell", "redirected_statement", "test_command", "variable_assignment"):
            self.emit("check")

    def _background(self, node: Node) -> None:
        here = self.emit("background", 0, self.text(node))
        self.statement(node, tail=True)
        self.emit("end")
        self.code[here] = ("background", len(self.code), self.text(node))

    # Simple commands.

    def _command(self, node: Node, tail: bool, redirects: Iterable[Node] = ()) -> None:
        for child, field in self._fields(node):
            if child.type == "variable_assignment":
                self._assignment(child)
            elif field == "name":
                self.word(child.children[0])
                self.emit("fields")
            elif field in ("redirect",) or child.type in ("file_redirect", "herestring_redirect"):
                self._redirect(child)
            elif child.type == "(" or child.type == ")":
                raise syntax.ShellSyntaxError(f'unexpected "{child.type}"')
            else:
                self._argument(child)
        for child in redirects:
            self._redirect(child)
        self.emit("command", tail)

    def _declaration_command(self, node: Node, tail: bool) -> None:
        for child in node.children:
            if child.type == "variable_assignment":
                self.emit("word")
                self.emit("text", self.text(child.children[0]) + "=", True)
                for value in child.children[2:]:
                    self.parts(value)
                self.emit("string")
                self.emit("argument")
            else:
                self._argument(child)
        self.emit("command", tail)

    def _unset_command(self, node: Node, tail: bool) -> None:
        for child in node.children:
            self._argument(child)
        self.emit("command", tail)

    def _argument(self, node: Node) -> None:
        for each in self.brace_expanded(node):
            self.emit("word")
            if isinstance(each, str):
                self.emit("text", each, False)
            else:
                self.parts(each)
            self.emit("fields")

    def _assignment(self, node: Node) -> None:
        name = self.text(node.children[0])
        add = any(child.type == "+=" for child in node.children)
        self.emit("word")
        for child in node.children[2:]:
            self.parts(child)
        self.emit("string")
        self.emit("assign", name, add)

    def _variable_assignment(self, node: Node, tail: bool) -> None:
        self._assignment(node)
        self.emit("command", False)

    def _variable_assignments(self, node: Node, tail: bool) -> None:
        for child in node.children:
            self._assignment(child)
        self.emit("command", False)

    def _test_command(self, node: Node, tail: bool) -> None:
        for word in self._test_words(node):
            self.emit("word")
            self.parts(word)
            self.emit("fields" if self.text(node.children[0]) == "[" else "pattern_field")
        self.emit("command", tail)

    def _test_words(self, node: Node) -> Iterator[Node]:
        """The words of `[ … ]`, out of the expression that the grammar makes of them."""
        for child in node.children:
            if child.type in (
                "binary_expression",
                "unary_expression",
                "negated_expression",
                "parenthesized_expression",
                "negation_expression",
            ):
                yield from self._test_words(child)
            else:
                yield child

    # Redirections.

    def _redirected_statement(self, node: Node, tail: bool) -> None:
        redirects = node.children_by_field_name("redirect")
        body = node.child_by_field_name("body")
        if body is None:
            for each in redirects:
                self._redirect(each)
            self.emit("command", False)
        elif body.type == "command":
            self._command(body, tail, redirects)
        elif body.type in ("list", "pipeline", "negated_command"):
            self._redirect_last(body, redirects)
        else:
            for each in redirects:
                self._redirect(each)
            self._redirected(body)

    def _redirected(self, node: Node) -> None:
        """A compound command with redirections; it is left out where they fail."""
        here = self.emit("redirect_push", 0)
        self.statement(node)
        self.emit("redirect_pop")
        self.code[here] = ("redirect_push", len(self.code))

    def _redirect_last(self, body: Node, redirects: list[Node]) -> None:
        """The grammar hangs `a && b > f` on the whole list; the redirection belongs to its last command."""
        self._moved = redirects
        getattr(self, "_" + body.type)(body, False)

    def _last(self, node: Node, tail: bool) -> None:
        """A last command, with redirections that the grammar put elsewhere."""
        moved, self._moved = self._moved, []
        if moved and node.type == "command":
            self._command(node, tail, moved)
            self.emit("check")
        elif moved and node.type in ("list", "pipeline", "negated_command"):
            self._redirect_last(node, moved)
        elif moved:
            for each in moved:
                self._redirect(each)
            self._redirected(node)
        else:
            self.statement(node, tail=tail)

    def _redirect(self, node: Node) -> None:
        descriptor = next((int(self.text(each)) for each in node.children if each.type == "file_descriptor"), None)
        operator = next(
            each.type for each in node.children if each.type in (">", ">>", "<", ">&", "<&", "&>", "&>>", ">|", "<<<", "<>", ">&-", "<&-")
        )
        target = node.children[-1]
        if operator == "<" and self.text(target).startswith(heredocs.MARK):
            self.heredoc(self.documents[int(self.text(target).removeprefix(heredocs.MARK))])
            self.emit("redirect", 0 if descriptor is None else descriptor, "<<")
            return
        self.emit("word")
        if operator not in (">&-", "<&-"):
            self.parts(target)
        if operator == "<<<":
            self.emit("text", "\n", True)
        self.emit("string")
        self.emit("redirect", descriptor if descriptor is not None else 0 if operator.startswith("<") else 1, operator)

    # Lists and pipelines.

    def _list(self, node: Node, tail: bool) -> None:
        left, operator, right = [each for each in node.children if each.type not in ("comment", "\n")][:3]
        moved, self._moved = self._moved, []
        with self.condition():
            self.statement(left)
        here = self.emit("jump_if", 0, operator.type == "||")
        self._moved = moved
        self._last(right, tail)
        self.code[here] = ("jump_if", len(self.code), operator.type == "||")

    def _pipeline(self, node: Node, tail: bool) -> None:
        elements = [each for each in node.children if each.type not in ("|", "|&")]
        moved, self._moved = self._moved, []
        here = self.emit("pipeline", (), 0)
        starts = []
        for each in elements:
            starts.append(len(self.code))
            if each is elements[-1]:
                self._moved = moved
                self._last(each, True)
            else:
                self.statement(each, tail=True)
            self.emit("end")
        self.code[here] = ("pipeline", tuple(starts), len(self.code), self.text(node))

    def _negated_command(self, node: Node, tail: bool) -> None:
        with self.condition():
            self._last(node.children[1], False)
        self.emit("not")

    # Compound commands.

    def _compound_statement(self, node: Node, tail: bool) -> None:
        if node.children[0].type == "((":
            self.emit("word")
            self.arithmetic(node, node.start_byte + 2, node.end_byte - 2)
            self.emit("string")
            self.emit("arithmetic_status")
            return
        self.statements(node.children[1:-1])

    _do_group = _compound_statement

    def _subshell(self, node: Node, tail: bool) -> None:
        here = self.emit("subshell", 0)
        self.statements(node.children[1:-1], last=True)
        self.emit("end")
        self.code[here] = ("subshell", len(self.code))

    def _program(self, node: Node, tail: bool) -> None:
        self.statements(node.children)

    def _if_statement(self, node: Node, tail: bool) -> None:
        ends = self._branch(node.children, [])
        for here in ends:
            self.code[here] = ("jump", len(self.code))

    def _branch(self, nodes: list[Node], ends: list[int]) -> list[int]:
        words = [each.type for each in nodes]
        then = words.index("then")
        with self.condition():
            self.statements(nodes[1:then])
        skip = self.emit("jump_if", 0, False)
        rest = next((here for here, word in enumerate(words) if here > then and word in ("elif_clause", "else_clause", "fi")), len(words))
        self.statements(nodes[then + 1 : rest])
        ends.append(self.emit("jump", 0))
        self.code[skip] = ("jump_if", len(self.code), False)
        for clause in nodes[rest:]:
            if clause.type == "elif_clause":
                self._branch(clause.children, ends)
            elif clause.type == "else_clause":
                self.statements(clause.children[1:])
                return ends
        if words[0] == "if" and "else_clause" not in words:
            self.emit("status", 0)
        return ends

    def _while_statement(self, node: Node, tail: bool) -> None:
        until = node.children[0].type == "until"
        body = node.child_by_field_name("body")
        assert body is not None
        loop = self.emit("loop", 0, 0)
        top = self.emit("turn")
        with self.condition():
            self.statements(node.children_by_field_name("condition"))
        leave = self.emit("jump_if", 0, until)
        self.statements(body.children[1:-1])
        self.emit("jump", top)
        self.code[leave] = ("jump_if", len(self.code), until)
        self.emit("loop_end")
        self.code[loop] = ("loop", top, len(self.code) - 1)

    def _for_statement(self, node: Node, tail: bool) -> None:
        variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        assert variable is not None and body is not None
        if any(each.type == "in" for each in node.children):
            for value in node.children_by_field_name("value"):
                self._argument(value)
        else:
            self.emit("all_parameters")
        loop = self.emit("loop", 0, 0)
        self.emit("items")
        top = self.emit("turn")
        step = self.emit("next", self.text(variable), 0)
        self.statements(body.children[1:-1])
        self.emit("jump", top)
        self.code[step] = ("next", self.text(variable), len(self.code))
        self.emit("loop_end")
        self.code[loop] = ("loop", top, len(self.code) - 1)

    def _case_statement(self, node: Node, tail: bool) -> None:
        value = node.child_by_field_name("value")
        assert value is not None
        self.word(value)
        self.emit("string")
        self.emit("case")
        self.emit("status", 0)
        ends = [self._case_item(item) for item in node.children if item.type == "case_item"]
        self.emit("case_end")
        for here in ends:
            self.code[here] = ("jump", len(self.code) - 1)

    def _case_item(self, item: Node) -> int:
        values = item.children_by_field_name("value")
        hits = []
        for value in values:
            self.word(value)
            self.emit("pattern")
            hits.append(self.emit("match", 0))
        skip = self.emit("jump", 0)
        for here in hits:
            self.code[here] = ("match", len(self.code))
        close = next(here for here, each in enumerate(item.children) if each.type == ")")
        self.statements(item.children[close + 1 :])
        end = self.emit("jump", 0)
        self.code[skip] = ("jump", len(self.code))
        return end

    def _function_definition(self, node: Node, tail: bool) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        assert name is not None and body is not None
        here = self.emit("function", self.text(name), 0)
        self.statement(body)
        self.emit("return")
        self.code[here] = ("function", self.text(name), len(self.code))

    @staticmethod
    def _fields(node: Node) -> Iterator[tuple[Node, str | None]]:
        for here, child in enumerate(node.children):
            yield child, node.field_name_for_child(here)
