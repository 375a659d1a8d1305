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
        return msgspec.convert(_plain(name, node, 0), type_, strict=True)
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
        at = error.problem_mark or error.context_mark
        line, column = (at.line + 1, at.column + 1) if at else (0, 0)
        raise PackError(
            [Problem(name, line, column, f"is no YAML: {error.problem}", "look at the indentation and the quotes there")]
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise PackError([Problem(name, 0, 0, f"is no YAML: {error}")]) from None
    if node is None:
        raise PackError([Problem(name, 0, 0, "is empty", "see docs/packs.md for what belongs here")])
    return node


def _plain(name: str, node: Node, depth: int) -> Any:
    if depth > DEPTH:
        raise PackError([_at(name, node, "lies too deep", f"at most {DEPTH} levels")])
    if isinstance(node, yaml.MappingNode):
        return _mapping(name, node, depth)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(name, each, depth + 1) for each in node.value]
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError):
        raise PackError([_at(name, node, f"{str(node.value)[:60]!r} cannot be read", "put it in quotes")]) from None


def _mapping(name: str, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        word = key.value if isinstance(key, yaml.ScalarNode) else None
        if not isinstance(word, str):
            raise PackError([_at(name, key, "a key is a plain word", "put it in quotes")])
        if word in found:
            raise PackError([_at(name, key, f"{word!r} is written twice", "leave one of them out")])
        found[word] = _plain(name, value, depth + 1)
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
