"""Good packs, broken one way at a time: each a file with its new text, and the line that an author must be sent to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

from podlab.packs.folder import Files

TABLES = ("pulls", "boots", "timings", "labels", "args", "steps", "env")
NAMES = re.compile(r"^( *- \{?|.*[,{] |  +)(task|hint): ([a-z0-9-]+)")
FUNCTION = re.compile(r"\b(ready|pod|pods|n|wait|on|ev|addr|noaddr|cond|why|msg|up|end|last|start|gone|looping|file|nodefile|size)\(")


class Break(NamedTuple):
    """What was done, to which file, at which line (0: to the file as a whole); `text`: what it says now (None: it is gone)."""

    how: str
    file: str
    line: int
    text: str | None


def breaks(files: Files) -> Iterator[Break]:
    """All ways in which a pack is broken here."""
    for name, text in sorted(files.items()):
        if name.endswith(("pack.yaml", "lesson.yaml", "cluster.yaml", "glossary.yaml")):
            yield from _yaml(name, text)
        elif name.endswith(".md"):
            yield from _markdown(name, text)
        elif name.endswith(".sh"):
            yield from _script(name, text)
        if not name.endswith(("cluster.yaml", "glossary.yaml")) and "/manifests/" not in name:
            yield Break("gone", name, 0, None)


def _yaml(name: str, text: str) -> Iterator[Break]:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    for key, value in _keys(root):
        at = key.start_mark.index
        if key.value in ("en", "ko"):
            yield _cut("a language misspelt", name, text, at, 2, "xx")
        else:
            yield _cut("a field misspelt", name, text, at, len(key.value), key.value + "q")
        if isinstance(value, yaml.ScalarNode):
            length = value.end_mark.index - value.start_mark.index
            yield _cut("a list instead of a value", name, text, value.start_mark.index, length, "[[1]]")
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        function, named = FUNCTION.search(line), NAMES.match(line)
        if function and name.endswith("lesson.yaml") and not line.lstrip().startswith("#"):
            yield _line("a function misspelt", name, lines, number, line[: function.end(1)] + "zz" + line[function.end(1) :])
        if named and name.endswith("lesson.yaml"):
            yield _line("a name misspelt", name, lines, number, line[: named.end(3)] + "-zz" + line[named.end(3) :])
        if number % 9 == 0:
            yield Break("a bracket too many", name, number, "\n".join([*lines[: number - 1], "]", *lines[number - 1 :]]))


def _keys(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """The fields' keys with their values."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key, value
            if key.value not in TABLES:
                yield from _keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _keys(each)


def _markdown(name: str, text: str) -> Iterator[Break]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        opened = re.match(r"::: ([a-z]+)( \S+)?", line)
        if opened:
            yield _line("a directive misspelt", name, lines, number, line.replace(opened[1], opened[1] + "q", 1))
            yield _line("a directive without a space", name, lines, number, line.replace("::: ", "::::", 1))
        if opened and opened[1] in ("task", "predict", "claim", "hint"):
            yield _line("a name misspelt", name, lines, number, line + "q")
            yield _line("a name forgotten", name, lines, number, f"::: {opened[1]}")
        if line.startswith("```manifest "):
            yield _line("a file misspelt", name, lines, number, line + "l")
        if line.startswith("```run") and name.endswith(".ko.md"):
            yield Break(
                "another command than in the other language",
                name,
                number,
                "\n".join([*lines[:number], lines[number] + " -v", *lines[number + 1 :]]),
            )
        if "{live}`" in line:
            yield _line("a live value misspelt", name, lines, number, line.replace("{live}`", "{live}`(", 1))


def _script(name: str, text: str) -> Iterator[Break]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if line.startswith("@"):
            yield _line("a word misspelt", name, lines, number, "@q" + line[1:])
        if line.startswith(("@until", "@wait", "@fault", "@apply", "@predict")):
            yield _line("something that is not there", name, lines, number, line.replace(" ", " (", 1))


def _line(how: str, name: str, lines: list[str], number: int, line: str) -> Break:
    return Break(how, name, number, "\n".join([*lines[: number - 1], line, *lines[number:]]))


def _cut(how: str, name: str, text: str, at: int, length: int, new: str) -> Break:
    return Break(how, name, text.count("\n", 0, at) + 1, text[:at] + new + text[at + length :])
