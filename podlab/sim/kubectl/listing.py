"""Tables of objects: which columns, which rows, one table a kind.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/get/humanreadable_flags.go, cli-runtime/pkg/printers/tableprinter.go. Left out: nothing.
"""

from __future__ import annotations

from itertools import groupby

from msgspec import Struct

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver.printers import printer
from podlab.sim.apiserver.printers.common import Printer, labels
from podlab.sim.changes import Obj
from podlab.sim.kubectl import columns as custom
from podlab.sim.kubectl import discovery, output
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.jsonpath import relaxed
from podlab.sim.kubectl.sorting import Unsortable, nobody, sort_by
from podlab.sim.kubectl.table import render
from podlab.sim.world import World

_TABLE_FIELDS = frozenset(("{.kind}", "{.apiVersion}", "{.metadata.resourceVersion}"))


class Listing(Struct):
    """What the flags ask of a table; `columns`: those of custom-columns."""

    wide: bool = False
    headers: bool = True
    namespaces: bool = False
    kinds: bool = False
    labels: bool = False
    label_columns: list[str] = []
    columns: custom.Columns | None = None
    sort: str = ""
    subresource: str = ""
    plain: bool = False
    """Name and age only: the client's own columns (`--server-print=false`)."""

    @classmethod
    def of(cls, inv: Invocation, *, several: bool = False) -> Listing:
        """The listing that a command's flags describe."""
        flags, kind = inv.flags, output.kind_of(inv)
        return cls(
            wide=kind == "wide",
            headers=not flags.get("no-headers"),
            namespaces=bool(flags.get("all-namespaces")),
            kinds=several,
            labels=bool(flags.get("show-labels")),
            label_columns=list(flags.get("label-columns") or []),
            columns=custom.columns(inv, flags["output"]) if kind.startswith("custom-columns") else None,
            sort=flags.get("sort-by") or "",
            subresource=flags.get("subresource") or "",
            plain=not flags.get("server-print", True),
        )

    def _printer(self, resource: Resource) -> Printer:
        return printer("" if self.plain else resource.plural)

    def header(self, resource: Resource) -> list[str]:
        """The headers of a kind's table."""
        if self.columns is not None:
            return [header for header, _ in self.columns]
        shown = [header for header, wide in self._printer(resource).columns if self.wide or not wide]
        named = [each.rpartition("/")[2].upper() for each in self.label_columns]
        return [*(["NAMESPACE"] if self.namespaces and resource.namespaced else []), *shown, *named, *(["LABELS"] if self.labels else [])]

    def row(self, world: World, resource: Resource, obj: Obj) -> list[str]:
        """The cells of one object."""
        if self.columns is not None:
            return custom.cells(self.columns, obj)
        held = self._printer(resource)
        cells = [_one_line(cell) for cell, (_, wide) in zip(held.row(world, obj), held.columns, strict=True) if self.wide or not wide]
        place = next((at for at, (header, _) in enumerate(held.columns) if header == "NAME"), None)
        if self.kinds and place is not None and place < len(cells):
            cells[place] = f"{discovery.display(resource)}/{cells[place]}"
        meta = obj["metadata"]
        own = [(meta.get("labels") or {}).get(each, "") or "" for each in self.label_columns]
        return [
            *([meta.get("namespace", "")] if self.namespaces and resource.namespaced else []),
            *cells,
            *own,
            *([labels(meta.get("labels"))] if self.labels else []),
        ]

    def tables(self, inv: Invocation, infos: list[Info], answers: int = 1) -> str:
        """One table a kind, a blank line between them (own columns: one for all); `answers`: how many the server gave, of which upstream can sort but one."""
        if self.sort and answers > 1:
            infos = self._sorted_over(infos)
        out = []
        for _, group in groupby(infos, key=lambda info: info.resource.plural if self.columns is None else ""):
            held = list(group)
            objects = self._sorted([info.obj for info in held])
            if objects:
                out.append(self.table(inv.world, held[0].resource, objects))
        return "\n".join(out)

    def _sorted_over(self, infos: list[Info]) -> list[Info]:
        """Several answers: objects are sorted together, but the server's tables have only fields of their own."""
        if self.columns is not None or self.plain:
            return sort_by(self.sort, infos, lambda info: info.obj)
        if relaxed(self.sort) not in _TABLE_FIELDS:
            raise nobody(self.sort)
        return infos

    def _sorted(self, objects: list[Obj]) -> list[Obj]:
        """In the order that is wanted; none where no object has the field: upstream passes over such a table."""
        try:
            return sort_by(self.sort, objects, lambda each: each) if self.sort else objects
        except Unsortable:
            return []

    def table(self, world: World, resource: Resource, objects: list[Obj]) -> str:
        """The table of some objects of one kind."""
        rows = [self.row(world, resource, each) for each in objects]
        return render([self.header(resource), *rows] if self.headers else rows)


def _one_line(text: str) -> str:
    return text.split("\n", 1)[0] + "..." if "\n" in text else text
