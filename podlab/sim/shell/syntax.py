"""Reading shell text: the grammar's tree, and what a shell says of a text that it cannot read.

Upstream: tree-sitter-bash; BusyBox' ash and bash for the words. Left out: alias, coproc, select, process substitution.
"""

from __future__ import annotations

import functools
import re

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

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


def tree(text: str) -> Node:
    """The tree of a script; ShellSyntaxError."""
    problem = check(text)
    if problem is not None:
        raise problem
    root = Parser(_LANGUAGE).parse(text.encode()).root_node
    if root.has_error:
        raise ShellSyntaxError(f'unexpected "{_bad_word(root, text.encode())}"')
    return root


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


@functools.lru_cache(maxsize=512)
def _strip_heredocs(text: str) -> tuple[str, str]:
    """The text without the bodies of its here-documents, and the end word of one that is not finished."""
    out: list[str] = []
    waiting: list[str] = []
    for line in text.split("\n"):
        if waiting:
            if line.lstrip("\t") == waiting[0]:
                waiting.pop(0)
            continue
        waiting += [word for _, word in re.findall(r"<<-?\s*(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\1", line)]
        out.append(line)
    return "\n".join(out), waiting[0] if waiting else ""


def check(text: str) -> ShellSyntaxError | None:
    """What is wrong with the nesting of a text: quotes, keywords, parentheses."""
    plain, waiting = _strip_heredocs(text)
    if waiting:
        return ShellSyntaxError(f'unexpected end of file (expecting "{waiting}")', unfinished=True)
    if plain.endswith("\\") and not plain.endswith("\\\\"):
        return ShellSyntaxError("unexpected end of file", unfinished=True)
    plain = re.sub(r"(?m)(^|\s)#[^\n]*", r"\1", plain) if "#" in plain and not re.search(r"['\"]", plain) else plain
    return _check_tokens(TOKENS.findall(plain))


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
