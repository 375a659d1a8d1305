"""Label and field selectors, read in the server's words.

Upstream: apimachinery/pkg/labels/selector.go, apimachinery/pkg/fields/selector.go, pkg/apis/core/v1/conversion.go. Left out: nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from podlab.sim.api.resources import Resource
from podlab.sim.changes import Obj

Labels = dict[str, str]
_TOKENS = re.compile(r"\s*(==|!=|=|!|<|>|\(|\)|,|[^\s=!<>(),]+)")

_KNOWN: dict[str, dict[str, str]] = {
    "pods": {
        "spec.nodeName": "",
        "spec.restartPolicy": "",
        "spec.schedulerName": "",
        "spec.serviceAccountName": "",
        "spec.hostNetwork": "false",
        "status.phase": "",
        "status.podIP": "",
        "status.podIPs": "",
        "status.nominatedNodeName": "",
    },
    "nodes": {"spec.unschedulable": "false"},
    "namespaces": {"status.phase": ""},
    "secrets": {"type": ""},
    "services": {"spec.clusterIP": "", "spec.type": ""},
    "jobs": {"status.successful": "0"},
    "replicasets": {"status.replicas": "0"},
    "replicationcontrollers": {"status.replicas": "0"},
    "events": {
        **{f"involvedObject.{each}": "" for each in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")},
        "reason": "",
        "reportingComponent": "",
        "source": "",
        "type": "",
    },
}


def labels(text: str) -> Callable[[Labels], bool]:
    """A predicate over labels; ValueError."""
    requirements = _Reader(text).requirements()
    return lambda held: all(each(held) for each in requirements)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = _TOKENS.findall(text)
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def requirements(self) -> list[Callable[[Labels], bool]]:
        out: list[Callable[[Labels], bool]] = []
        if not self.peek():
            return out
        while True:
            out.append(self.requirement())
            token = self.take()
            if not token:
                return out
            if token != ",":
                raise ValueError(f"found '{token}', expected: ',' or 'end of string'")
            if self.peek() in ("", ","):
                raise ValueError(f"found '{self.peek()}', expected: identifier after ','")

    def requirement(self) -> Callable[[Labels], bool]:
        absent = self.peek() == "!"
        if absent:
            self.take()
        key = self.take()
        if not key or re.fullmatch(r"==|!=|=|!|<|>|\(|\)|,", key):
            raise ValueError(f"unable to parse requirement: found '{key}', expected: !, identifier, or 'end of string'")
        if absent:
            return lambda held: key not in held
        if self.peek() in ("", ","):
            return lambda held: key in held
        return self.compared(key, self.take())

    def compared(self, key: str, operator: str) -> Callable[[Labels], bool]:
        if operator in ("in", "notin"):
            values = self.values()
            return (lambda held: held.get(key) in values) if operator == "in" else (lambda held: held.get(key) not in values)
        if operator in ("=", "==", "!="):
            value = self.exact()
            return (lambda held: held.get(key) != value) if operator == "!=" else (lambda held: held.get(key) == value)
        if operator in ("<", ">"):
            return self.ordered(key, operator)
        raise ValueError(f"unable to parse requirement: found '{operator}', expected: in, notin, =, ==, !=, gt, lt")

    def exact(self) -> str:
        return "" if self.peek() in ("", ",") else self.take()

    def ordered(self, key: str, operator: str) -> Callable[[Labels], bool]:
        text = self.exact()
        if not re.fullmatch(r"[+-]?\d+", text):
            raise ValueError(
                f"unable to parse requirement: values[0][{key}]: Invalid value: \"{text}\": for 'Gt', 'Lt' operators, the value must be an integer"
            )
        bound = int(text)

        def holds(held: Labels) -> bool:
            value = held.get(key, "")
            return bool(re.fullmatch(r"[+-]?\d+", value)) and (int(value) > bound if operator == ">" else int(value) < bound)

        return holds

    def values(self) -> list[str]:
        token = self.take()
        if token != "(":
            raise ValueError(f"unable to parse requirement: found '{token}' expected: '('")
        values: list[str] = []
        while True:
            token = self.take()
            if token == ")":
                return values or [""]
            if token == ",":
                continue
            values.append(token)
            if self.peek() not in (",", ")"):
                raise ValueError(f"unable to parse requirement: found '{self.peek()}', expected: ',' or ')'")


def fields(resource: Resource, text: str) -> Callable[[Obj], bool]:
    """A predicate over objects; ValueError."""
    terms = [_term(resource, each) for each in text.split(",") if each]
    return lambda obj: all((_value(resource, obj, path) == value) is equal for path, equal, value in terms)


def _term(resource: Resource, text: str) -> tuple[str, bool, str]:
    for operator in ("!=", "==", "="):
        path, found, value = text.partition(operator)
        if found:
            _known(resource, path)
            return path, operator != "!=", value
    raise ValueError(f"invalid selector: '{text}'; can't understand '{text}'")


def _known(resource: Resource, path: str) -> None:
    if path == "metadata.name" or (path == "metadata.namespace" and resource.namespaced):
        return
    own = _KNOWN.get(resource.plural)
    if own is None:
        raise ValueError(f'"{path}" is not a known field selector: only "metadata.name", "metadata.namespace"')
    if path not in own:
        raise ValueError(f"field label not supported: {path}")


def _value(resource: Resource, obj: Obj, path: str) -> str:
    if path == "reportingComponent":
        return str(obj.get("reportingComponent") or "")
    if path == "source":
        return str((obj.get("source") or {}).get("component") or obj.get("reportingComponent") or "")
    value: Any = obj
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return _KNOWN.get(resource.plural, {}).get(path, "") if value is None else str(value)
