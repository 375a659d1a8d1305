"""What several tables share.

Upstream: pkg/printers/internalversion/printers.go (helpers). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.human import since
from podlab.sim.world import World

Row = Callable[[World, Obj], list[str]]


class Printer(Struct, frozen=True):
    """`columns`: headers separated by `|`, those that only `-o wide` shows begin with `+`; `row`: all cells of an object."""

    headers: str
    row: Row

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """(header, only wide)."""
        return [(each.removeprefix("+"), each.startswith("+")) for each in self.headers.split("|")]


def name(obj: Obj) -> str:
    """The object's name."""
    return str(obj["metadata"]["name"])


def age(world: World, obj: Obj) -> str:
    """How old the object is."""
    return since(world, obj["metadata"].get("creationTimestamp"))


def number(value: Any) -> str:
    """A count; nothing counts as 0."""
    return str(value or 0)


def or_none(text: Any) -> str:
    """The text, or `<none>`."""
    return str(text) if text not in (None, "") else "<none>"


def or_unset(text: Any) -> str:
    """The text, or `<unset>`."""
    return str(text) if text not in (None, "") else "<unset>"


def labels(held: dict[str, str] | None) -> str:
    """`a=b,c=d`, or `<none>`."""
    return ",".join(f"{key}={value}" for key, value in sorted((held or {}).items())) or "<none>"


def selector(value: Obj | None) -> str:
    """A label selector as text: `app=web,tier in (a,b)`; `<none>` for none."""
    if not value:
        return "<none>"
    terms = [(key, f"{key}={text}") for key, text in (value.get("matchLabels") or {}).items()]
    terms += [(each["key"], _expression(each)) for each in value.get("matchExpressions") or []]
    return ",".join(text for _, text in sorted(terms)) or "<none>"


def _expression(term: Obj) -> str:
    key, operator, values = term["key"], term["operator"], ",".join(sorted(term.get("values") or []))
    if operator == "In":
        return f"{key} in ({values})"
    if operator == "NotIn":
        return f"{key} notin ({values})"
    return str(key) if operator == "Exists" else f"!{key}"


def containers(template: Obj) -> tuple[str, str]:
    """The names and the images of a Pod template's containers."""
    held = (template.get("spec") or {}).get("containers") or []
    return ",".join(each["name"] for each in held), ",".join(each.get("image", "") for each in held)


def condition(obj: Obj, kind: str) -> str | None:
    """The status of a condition; None when it is not there."""
    held = (obj.get("status") or {}).get("conditions") or []
    return next((each["status"] for each in held if each["type"] == kind), None)
