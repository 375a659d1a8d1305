"""Reading shell text: the grammar's tree, and what a shell says of a text that it cannot read.

Upstream: tree-sitter-bash; BusyBox' ash and bash for the words. Left out: alias, coproc, select, process substitution.
"""

from __future__ import annotations

import re

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from podlab.sim.shell.heredocs import Prepared

_LANGUAGE = Language(tree_sitter_bash.language())
OPENERS = {"if": "then", "then": "fi", "while": "do", "until": "do", "for": "do", "do": "done", "case": "esac", "{": "}", "(": ")"}
TOKENS = re.compile(r"""\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$\(\(|\$\(|[()]|&&|\|\||;;|[;&|\n]|[^\s;&|()'"\\]+|['"]""", re.DOTALL)
SEPARATORS = frozenset({";", "&", "|", "\n", "&&", "||", "(", ")", ";;", "then", "do", "else", "elif", "{", "!", "if", "while", "until"})


class ShellSyntaxError(Exception):
    """The text cannot be read. `words`: what is wrong, without the shell's name; `unfinished`: more lines may mend it."""

    def __init__(self, words: str, *, unfinished: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.unfinished = unfinished


def tree(prepared: Prepared) -> Node:
    """The tree of a script; ShellSyntaxError."""
    problem = check(prepared)
    if problem is not None:
        raise problem
    root = Parser(_LANGUAGE).parse(prepared.text.encode()).root_node
    if root.has_error:
        raise ShellSyntaxError(f'unexpected "{_bad_word(root, prepared.text.encode())}"')
    return root


def string_of(text: str) -> Node:
    """The tree of one double-quoted string; ShellSyntaxError."""
    root = Parser(_LANGUAGE).parse(f": {text}".encode()).root_node
    if root.has_error:
        raise ShellSyntaxError("bad substitution in a here-document")
    return root.children[0].children[-1]


def _bad_word(root: Node, source: bytes) -> str:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "ERROR" or node.is_missing:
            inner = [each for each in node.children if each.type == "ERROR"] or None
            if inner is None:
                return source[node.start_byte : node.end_byte].decode().split("\n")[0].strip() or "newline"
        stack += [each for each in reversed(node.children) if each.has_error or each.is_missing]
    return "newline"


def check(prepared: Prepared) -> ShellSyntaxError | None:
    """What is wrong with the nesting of a text: quotes, keywords, parentheses."""
    if prepared.missing:
        return ShellSyntaxError(f'unexpected end of file (expecting "{prepared.missing}")', unfinished=True)
    if prepared.text.endswith("\\") and not prepared.text.endswith("\\\\"):
        return ShellSyntaxError("unexpected end of file", unfinished=True)
    return _check_tokens(TOKENS.findall(prepared.text))


def _check_tokens(tokens: list[str]) -> ShellSyntaxError | None:
    open_: list[str] = []
    start = True
    for token in tokens:
        if token in ("'", '"'):
            return ShellSyntaxError("unterminated quoted string", unfinished=True)
        problem = _nest(open_, token, start)
        if problem is not None:
            return problem
        start = token in SEPARATORS
    if open_:
        return ShellSyntaxError(f'unexpected end of file (expecting "{OPENERS.get(open_[-1], ")")}")', unfinished=True)
    if tokens and [each for each in tokens if each != "\n"][-1:] in (["&&"], ["||"], ["|"]):
        return ShellSyntaxError("unexpected end of file", unfinished=True)
    return None


def _nest(open_: list[str], token: str, start: bool) -> ShellSyntaxError | None:
    if token in ("$(", "$((", "("):
        open_.extend(["(", "("] if token == "$((" else ["("])
    elif token == ")":
        if open_ and open_[-1] == "(":
            open_.pop()
        elif "case" not in open_:
            return ShellSyntaxError('unexpected ")"')
    elif start and token in ("if", "while", "until", "for", "case", "{"):
        open_.append(token)
    elif start and token in ("then", "do", "done", "fi", "esac", "}", "else", "elif"):
        return _close(open_, token)
    return None


def _close(open_: list[str], token: str) -> ShellSyntaxError | None:
    wanted = OPENERS.get(open_[-1], "") if open_ else ""
    if token in ("else", "elif") and open_ and open_[-1] == "then":
        if token == "elif":
            open_[-1] = "if"
        return None
    if token != wanted:
        return ShellSyntaxError(f'unexpected "{token}"' + (f' (expecting "{wanted}")' if wanted else ""))
    open_.pop()
    if token in ("then", "do"):
        open_.append(token)
    return None
