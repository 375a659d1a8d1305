"""Here-documents and comments, taken out of a text before the grammar reads it (which mistakes some of them).

`<<EOF` becomes `<` and a word that names the document (the grammar takes `<<` and `<<<` in few places).

Upstream: POSIX Shell Command Language 2.7.4. Left out: several words of one name on one line in quotes of different kinds.
"""

from __future__ import annotations

import re

from msgspec import Struct

MARK = "@heredoc-"
OPENING = re.compile(r"<<(-?)[ \t]*(?:'([^'\n]*)'|\"([^\"\n]*)\"|\\?([A-Za-z0-9_.!+-]+))")


class Document(Struct, frozen=True):
    """The text of a here-document; `quoted`: nothing in it is expanded."""

    text: str
    quoted: bool


class Prepared(Struct, frozen=True):
    """A text without documents and comments, the documents in order, and the word that would end an unfinished one."""

    text: str
    documents: tuple[Document, ...] = ()
    missing: str = ""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.out: list[str] = []
        self.waiting: list[tuple[str, bool, bool]] = []
        self.documents: list[Document] = []
        self.missing = ""

    def run(self) -> Prepared:
        while self.at < len(self.text):
            self._step()
        if self.waiting and not self.missing:
            self.missing = self.waiting[0][0]
        return Prepared("".join(self.out), tuple(self.documents), self.missing)

    def _step(self) -> None:
        text, at = self.text, self.at
        char = text[at]
        if char == "\\":
            self._copy(2)
        elif char == "'":
            self._copy(_closing(text, at + 1, "'") - at)
        elif char == '"':
            self._copy(_closing(text, at + 1, '"') - at)
        elif char == "#" and (at == 0 or text[at - 1] in " \t\n;&|("):
            end = text.find("\n", at)
            self.at = len(text) if end < 0 else end
        elif char == "\n":
            self._copy(1)
            self._bodies()
        elif text.startswith("<<<", at):
            self._copy(3)
        elif (opening := OPENING.match(text, at)) is not None and not self._in_arithmetic():
            self._open(opening)
        else:
            self._copy(1)

    def _in_arithmetic(self) -> bool:
        before = self.text[: self.at]
        return before.count("$((") > before.count("))")

    def _copy(self, count: int) -> None:
        self.out.append(self.text[self.at : self.at + count])
        self.at += count

    def _open(self, opening: re.Match[str]) -> None:
        word = next(each for each in opening.groups()[1:] if each is not None)
        quoted = opening[4] is None or "\\" in opening[0]
        number = len(self.documents) + len(self.waiting)
        self.waiting.append((word, quoted, opening[1] == "-"))
        self.out.append(f"< {MARK}{number}")
        self.at = opening.end()

    def _bodies(self) -> None:
        """Behind the line the documents follow that it named."""
        for word, quoted, tabs in self.waiting:
            body = ""
            while True:
                if self.at >= len(self.text):
                    self.missing = word
                    return
                end = self.text.find("\n", self.at)
                line = self.text[self.at :] if end < 0 else self.text[self.at : end]
                self.at = len(self.text) if end < 0 else end + 1
                line = line.lstrip("\t") if tabs else line
                if line == word:
                    break
                body += line + "\n"
            self.documents.append(Document(body, quoted))
        self.waiting = []


def _closing(text: str, at: int, mark: str) -> int:
    """The index behind the closing quote (the end, when there is none); in double quotes `$( … )` has quotes of its own."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and mark == '"':
            at += 2
            continue
        if mark == '"' and text.startswith("$(", at):
            depth += 1
        elif mark == '"' and depth and char == ")":
            depth -= 1
        elif mark == '"' and depth and char in "'\"":
            at = _closing(text, at + 1, char)
            continue
        elif char == mark and not depth:
            return at + 1
        at += 1
    return len(text)


def prepare(text: str) -> Prepared:
    """Take the documents and comments out."""
    return _Scanner(text).run()


def as_string(text: str) -> str:
    """A document's text as a double-quoted string that expands to the same."""
    out, at = "", 0
    while at < len(text):
        pair = text[at : at + 2]
        if text.startswith("$(", at):
            end = _parenthesis(text, at + 2)
            out += text[at:end]
            at = end
        elif pair == '\\"':
            out += '\\\\\\"'
            at += 2
        elif pair[:1] == "\\" and len(pair) == 2:
            out += pair
            at += 2
        else:
            out += '\\"' if pair[0] == '"' else pair[0]
            at += 1
    return f'"{out}"'


def _parenthesis(text: str, at: int) -> int:
    depth = 1
    while at < len(text) and depth:
        if text[at] in "'\"":
            at = _closing(text, at + 1, text[at])
            continue
        depth += (text[at] == "(") - (text[at] == ")")
        at += 1
    return at
