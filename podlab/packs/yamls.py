"""YAML with places: decoded into a typed Struct, or problems with file, line, column and a fix."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
import yaml

from podlab.packs import model
from podlab.packs.problems import PackError, Problem, meant

T = TypeVar("T")
DEPTH = 20
NODES = 20_000
_AT = re.compile(r" - at `(\$[^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]*)`")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_FIELDS = sorted(
    {
        name
        for each in vars(model).values()
        if isinstance(each, type) and issubclass(each, msgspec.Struct)
        for name in each.__struct_encode_fields__
    }
)
Node = yaml.Node


def decode(name: str, text: str, type_: type[T]) -> T:
    """The file as that type; `PackError`."""
    node = compose(name, text)
    try:
        return msgspec.convert(_Plain(name).of(node), type_, strict=True)
    except msgspec.ValidationError as error:
        raise PackError([_placed(name, node, str(error))]) from None


def compose(name: str, text: str) -> Node:
    """The file as nodes with marks; no aliases, no tags of one's own, no more depth than sensible."""
    try:
        for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
            alias = isinstance(event, yaml.AliasEvent)
            if alias or count > NODES:
                line = event.start_mark.line + 1 if event.start_mark else 0
                what = "an alias (*name)" if alias else f"more than {NODES} parts"
                raise PackError([Problem(name, line, 1, f"{what} is not supported in packs", "write it out")])
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise PackError([_unreadable(name, text, error)]) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise PackError([Problem(name, 1, 1, f"is no YAML: {error}", "look for what an editor does not show")]) from None
    if node is None:
        raise PackError([Problem(name, 1, 1, "is empty", "see docs/packs.md for what belongs here")])
    return node


def _unreadable(name: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """What is wrong with a text that is no YAML: where its author must look, and what mends it."""
    at, context = error.problem_mark or error.context_mark, error.context or ""
    fix = "look at the indentation and the quotes there"
    if at and re.match(r" *\t", (text.split("\n")[at.line : at.line + 1] or [""])[0]):
        fix = "indent with spaces: this line begins with a tab"
    elif "simple key" in context:
        at, fix = error.context_mark or at, "write `name: value`, with a colon and a space"
    elif "flow" in context and error.context_mark:
        fix = f"what is opened in line {error.context_mark.line + 1} is not closed before here, or a text with a `: ` needs quotes"
    elif "quoted scalar" in context:
        at, fix = error.context_mark or at, "the quote that begins here is not closed"
    line, column = (at.line + 1, at.column + 1) if at else (0, 0)
    return Problem(name, line, column, f"is no YAML: {error.problem}", fix)


Path = tuple[str | int, ...]
"""Where something stands in a file: `("tasks", 2, "check", "that")`."""


class Places:
    """A file's places, for problems with what stands there."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.root = compose(name, text)

    def problem(self, path: Path, message: str, fix: str) -> Problem:
        """A problem with what stands at a path, or with the nearest around it."""
        return _at(self.name, self._node(path), message, fix)

    def within(self, path: Path, part: str, column: int, message: str, fix: str) -> Problem:
        """A problem with `part` of the text at a path, from its `column` (from 1) on."""
        node = self._node(path)
        before = re.compile(r"\s+".join(map(re.escape, part[: column - 1].split())) + r"\s*")  # it may be folded over several lines
        match = before.search(self.text, node.start_mark.index + (0 if column > 1 else self._begin(node, part)), node.end_mark.index)
        if match is None:  # written with escapes
            return _at(self.name, node, message, fix)
        at = match.end()
        return Problem(self.name, self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at), message, fix)

    def _begin(self, node: Node, part: str) -> int:
        """How far into a node its text begins."""
        return max(0, self.text.find(part[:20], node.start_mark.index, node.end_mark.index) - node.start_mark.index)

    def _node(self, path: Path) -> Node:
        return find(self.root, "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path))


class _Plain:
    """Nodes as plain values."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._scalars = yaml.constructor.SafeConstructor()

    def of(self, node: Node, depth: int = 0) -> Any:
        """A node's value; `PackError`."""
        if depth > DEPTH:
            raise PackError([_at(self.name, node, "lies too deep", f"at most {DEPTH} levels")])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.of(each, depth + 1) for each in node.value]
        try:
            return self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError):
            raise PackError([_at(self.name, node, f"{str(node.value)[:60]!r} cannot be read", "put it in quotes")]) from None

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            word = key.value if isinstance(key, yaml.ScalarNode) else None
            if not isinstance(word, str):
                raise PackError([_at(self.name, key, "a key is a plain word", "put it in quotes")])
            if word in found:
                raise PackError([_at(self.name, key, f"{word!r} is written twice", "leave one of them out")])
            found[word] = self.of(value, depth + 1)
        return found


def _at(name: str, node: Node, message: str, fix: str = "") -> Problem:
    return Problem(name, node.start_mark.line + 1, node.start_mark.column + 1, message, fix)


def _placed(name: str, root: Node, text: str) -> Problem:
    """msgspec's words, with the place that they speak of."""
    match = _AT.search(text)
    node = find(root, match[1] if match else "$")
    message = text[: match.start()] if match else text
    unknown = _UNKNOWN.match(message)
    if unknown:
        key = key_of(node, unknown[1])
        return _at(name, key or node, f"there is no field {unknown[1]!r} here", meant(unknown[1], _FIELDS))
    if message == "Expected `str`, got `null`":
        return _at(name, node, "here stands a word without a value", "put the text in quotes: in {…} a comma ends it")
    return _at(name, node, message.replace("Object missing required field", "here is missing the field"), "see docs/packs.md")


def find(root: Node, path: str) -> Node:
    """The node at a path such as `$.tasks[2].check`, or the nearest that there is."""
    node = root
    for step in _STEP.finditer(path.removeprefix("$")):
        following: Node | None = None
        if step[1] is not None and isinstance(node, yaml.MappingNode):
            following = next((value for key, value in node.value if key.value == step[1]), None)
        elif step[2] == "..." and isinstance(node, yaml.MappingNode):  # msgspec does not say which: the first that is no text
            following = next((value for _, value in node.value if value.tag != "tag:yaml.org,2002:str"), None)
        elif step[2] is not None and step[2] != "..." and isinstance(node, yaml.SequenceNode) and int(step[2]) < len(node.value):
            following = node.value[int(step[2])]
        if following is None:
            return node
        node = following
    return node


def key_of(node: Node, word: str) -> Node | None:
    """The node of a key in a mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((key for key, _ in node.value if key.value == word), None)
