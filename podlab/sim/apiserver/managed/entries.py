"""The entries of an object's managedFields, as saved data, and what a write makes of them.

Upstream: structured-merge-diff/merge/update.go. Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.apiserver.managed.paths import Path, Paths, from_fields, shown, to_fields
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError

UPDATE, APPLY = "Update", "Apply"


class Entry(Struct):
    """What one manager owns. `operation` Apply or Update, `at` a timestamp (empty: never changed anything), `fields` paths."""

    manager: str
    operation: str
    version: str
    subresource: str = ""
    at: str = ""
    fields: list[list[str]] = field(default_factory=list)

    @property
    def paths(self) -> Paths:
        """The fields as a set."""
        return {tuple(each) for each in self.fields}

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells entries apart."""
        return self.operation, self.manager, self.version, self.subresource

    def owning(self, paths: Paths) -> Entry:
        """The same manager with other fields."""
        return Entry(self.manager, self.operation, self.version, self.subresource, self.at, sorted(map(list, paths)))

    def __str__(self) -> str:
        door = f' with subresource "{self.subresource}"' if self.subresource else ""
        return f'"{self.manager}"{door}' + (f" using {self.version}" if self.operation == UPDATE else "")


def render(entries: list[Entry]) -> list[Obj]:
    """metadata.managedFields."""
    return [
        _rendered(each)
        for each in sorted(entries, key=lambda each: (each.operation, each.at, each.manager, each.version, each.subresource))
    ]


def _rendered(entry: Entry) -> Obj:
    out: Obj = {"manager": entry.manager, "operation": entry.operation, "apiVersion": entry.version}
    if entry.at:
        out["time"] = entry.at
    out |= {"fieldsType": "FieldsV1", "fieldsV1": to_fields(entry.paths)}
    return out | ({"subresource": entry.subresource} if entry.subresource else {})


def read(fields: list[Obj]) -> list[Entry]:
    """The entries of a metadata.managedFields that somebody wrote."""
    return [
        Entry(each["manager"], each["operation"], each["apiVersion"], each.get("subresource", ""), each.get("time", "")).owning(
            from_fields(each.get("fieldsV1") or {})
        )
        for each in fields
        if each.get("manager")
    ]


def find(entries: list[Entry], key: tuple[str, str, str, str]) -> Entry | None:
    """The entry of that key."""
    return next((each for each in entries if each.key == key), None)


def taken(entries: list[Entry], writer: tuple[str, str, str, str], written: Paths, gone: Paths) -> list[Entry]:
    """The others' entries after someone has written some fields and removed others."""
    left = [each if each.key == writer else each.owning(each.paths - written - gone) for each in entries]
    return [each for each in left if each.fields or each.key == writer]


def conflicts(entries: list[Entry], writer: tuple[str, str, str, str], written: Paths) -> list[tuple[Entry, Path]]:
    """Fields of others among those written, by manager and path."""
    return [(each, path) for each in sorted(entries, key=str) if each.key != writer for path in sorted(each.paths & written)]


def refuse(found: list[tuple[Entry, Path]]) -> StatusError:
    """The 409 of an apply that would take fields from others."""
    causes = [{"reason": "FieldManagerConflict", "message": f"conflict with {entry}", "field": shown(path)} for entry, path in found]
    if len(found) == 1:
        told = f"conflict with {found[0][0]}: {shown(found[0][1])}"
    else:
        lines: list[str] = []
        for entry, path in found:
            head = f"conflicts with {entry}:"
            if head not in lines:
                lines.append(head)
            lines.append(f"- {shown(path)}")
        told = "\n".join(lines)
    plural = "conflict" if len(found) == 1 else "conflicts"
    return StatusError("Conflict", f"Apply failed with {len(found)} {plural}: {told}", details={"causes": causes})
