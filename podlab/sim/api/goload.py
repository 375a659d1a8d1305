"""YAML as Go reads it: types of YAML 1.1 where yaml.v2 has them, errors in its words with its lines.

Upstream: sigs.k8s.io/yaml (yaml.v2 with its scanner and resolver). Left out: binary scalars.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUE = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"}
_FALSE = {"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"}
_NULL = {"", "~", "null", "Null", "NULL"}
_INTEGER = re.compile(r"[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[1-9][0-9_]*|0)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MAX_NODES = 100_000
_RESOLVER = yaml.resolver.Resolver()


class YamlError(Exception):
    """What is wrong, as `line N: …`."""


def load(text: str) -> Any:
    """The value of one document; YamlError."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise YamlError(_worded(error)) from None
    except yaml.YAMLError:
        raise YamlError("control characters are not allowed") from None
    return None if node is None else _Builder().value(node)


class _Builder:
    def __init__(self) -> None:
        self.built = 0

    def value(self, node: yaml.Node) -> Any:
        self.built += 1
        if self.built > _MAX_NODES:
            raise YamlError("document contains excessive aliasing")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each) for each in node.value]
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        out: dict[str, Any] = {}
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if key.value == "<<" and not getattr(key, "style", None):
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
            else:
                out[self.key(key)] = self.value(value)
        for each in merged:
            if not isinstance(each, yaml.MappingNode):
                raise YamlError("map merge requires map or sequence of maps as the value")
            out = {**self.mapping(each), **out}
        return out

    def key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise YamlError(f"invalid map key: {node.value!r}")
        value = _scalar(node)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "null" if value is None else str(value)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style or _tagged(node):
        return text
    return resolve(text)


def _tagged(node: yaml.ScalarNode) -> bool:
    """Whether the document says itself that this is a string (`!!str 1`)."""
    implied: str = _RESOLVER.resolve(yaml.ScalarNode, node.value, (True, False))  # type: ignore[no-untyped-call]
    return bool(node.tag == "tag:yaml.org,2002:str" and implied != node.tag)


def resolve(text: str) -> Any:
    """What a plain scalar means."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        number = float(text)
        return int(number) if number.is_integer() and abs(number) < 10**15 else number
    return text


def _integer(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    for prefix, base in (("0b", 2), ("0x", 16), ("0o", 8)):
        if digits.startswith(prefix):
            return sign * int(digits[2:], base)
    return sign * int(digits, 8 if len(digits) > 1 and digits.startswith("0") else 10)


def _worded(error: yaml.MarkedYAMLError) -> str:
    """The problem with its line: counted from one by the scanner and from zero by the parser; the first line has none."""
    problem = error.problem or ""
    if problem.startswith("found undefined alias"):
        return "unknown anchor '" + problem.split("'")[-2] + "' referenced" if "'" in problem else "unknown anchor referenced"
    line = 0
    if error.problem_mark is not None and error.problem_mark.line:
        line = error.problem_mark.line + isinstance(error, yaml.scanner.ScannerError)
    elif error.context_mark is not None:
        line = error.context_mark.line
    return f"line {line}: {problem}" if line else problem
