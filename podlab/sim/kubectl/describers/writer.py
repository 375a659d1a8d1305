"""What a description is written on: indented lines with tabs, columns two blanks apart.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (PrefixWriter, printLabelsMultiline …). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.kubectl.client import Client
from podlab.sim.kubectl.table import blocks
from podlab.sim.world import World

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_LONGEST = 140


class Writer:
    """Lines of a description."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def line(self, level: int, text: str) -> None:
        """One line (or several, of which only the first is indented)."""
        self._lines += ("  " * level + text).split("\n")

    def text(self) -> str:
        """All lines with their columns laid out."""
        return blocks([each.split("\t") for each in self._lines], minimum=0, padding=2)

    def raw(self) -> str:
        """All lines with their tabs."""
        return "".join(f"{each}\n" for each in self._lines)


class Scene(Struct):
    """What a describer needs besides the object; `events`: whether to show them."""

    world: World
    client: Client
    events: bool = True


Describer = Callable[[Scene, Writer, Obj], None]


def labels(out: Writer, title: str, held: dict[str, str] | None, *, level: int = 0) -> None:
    """`Labels:  a=b` and further ones below."""
    texts = [f"{key}={value}" for key, value in sorted((held or {}).items())] or ["<none>"]
    out.line(level, f"{title}:\t{texts[0]}")
    for each in texts[1:]:
        out.line(0, f"\t{each}")


def annotation_lines(out: Writer, held: dict[str, str] | None, *, title: str = "Annotations", level: int = 0) -> None:
    """Annotations, long ones below their key; that of apply is left out."""
    shown = [(key, value.removesuffix("\n")) for key, value in sorted((held or {}).items()) if key != LAST_APPLIED]
    if not shown:
        out.line(level, f"{title}:\t<none>")
    for number, (key, value) in enumerate(shown):
        head = "  " * level + f"{title}:\t" if number == 0 else "\t"
        if len(key) + len(value) + 2 <= _LONGEST and "\n" not in value:
            out.line(0, f"{head}{key}: {value}")
            continue
        out.line(0, f"{head}{key}:")
        for part in value.split("\n"):
            out.line(0, f"\t  {_short(part)}")


def _short(text: str) -> str:
    most = _LONGEST - 2
    return f"{text[:most]}..." if len(text) > most else text


def head(out: Writer, obj: Obj, *, namespaced: bool = True) -> None:
    """Name, namespace, labels and annotations."""
    meta = obj["metadata"]
    out.line(0, f"Name:\t{meta['name']}")
    if namespaced:
        out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))


def boolean(value: object) -> str:
    """`true` or `false`."""
    return "true" if value else "false"


def capital(value: object) -> str:
    """`True` or `False`."""
    return "True" if value else "False"


def tolerations(out: Writer, held: list[Obj] | None, *, level: int = 0) -> None:
    """Tolerations by key."""
    texts = [_toleration(each) for each in sorted(held or [], key=lambda each: each.get("key") or "")] or ["<none>"]
    out.line(level, f"Tolerations:\t{texts[0]}")
    for each in texts[1:]:
        out.line(0, f"\t{each}")


def _toleration(held: Obj) -> str:
    text = held.get("key") or ""
    text += f"={held['value']}" if held.get("value") else ""
    text += f":{held['effect']}" if held.get("effect") else ""
    operator = held.get("operator")
    if operator in ("Gt", "Lt"):
        text += f" op={operator}"
    if operator == "Exists" and not held.get("value"):
        text += " op=Exists" if text else "op=Exists"
    return text + (f" for {held['tolerationSeconds']}s" if held.get("tolerationSeconds") is not None else "")


def controller(obj: Obj) -> str:
    """`ReplicaSet/web-1`, "" for nobody."""
    for owner in obj["metadata"].get("ownerReferences") or []:
        if owner.get("controller"):
            return f"{owner['kind']}/{owner['name']}"
    return ""
