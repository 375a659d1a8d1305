"""kubectl explain: the fields of a kind and what they are for.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/explain, pkg/explain/v2 (templates/plaintext.tmpl). Left out: `--output=plaintext-openapiv2`.
"""

from __future__ import annotations

from podlab.sim.api.resources import Resource
from podlab.sim.api.schema import Field, Type, descriptions, type_of, types
from podlab.sim.kubectl import discovery, explained
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.wrapping import wrapped

_NAMES = {"bool": "boolean", "int32": "integer", "int64": "integer", "float": "number", "any": "Object", "bytes": "string", "": "Object"}
_TYPES = {"quantity": "Quantity", "intOrString": "IntOrString", "time": "string", "microTime": "string"}
_WIDTH = 76
_ENUM_SHOWN = 4


def run(inv: Invocation) -> None:
    """Print the documentation of a kind, or of one of its fields."""
    if not inv.args:
        raise Failure(
            'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n'
        )
    if len(inv.args) > 1:
        raise Failure("We accept only this format: explain RESOURCE\n")
    if inv.flags["output"] not in ("plaintext", "plaintext-openapiv2"):
        raise Failure(f"unrecognized format: {inv.flags['output']}")
    resource, path = _target(inv)
    type_ = type_of(resource.api_version, resource.kind)
    if type_ is None:
        raise Failure(f"not supported in this lab: explain {resource.plural}")
    inv.out(_head(resource))
    inv.out(_document(inv, type_, path))


def _target(inv: Invocation) -> tuple[Resource, list[str]]:
    words = inv.args[0].rstrip(".").split(".")
    for count in (1, 2, 3):
        found = discovery.named(".".join(words[:count])) if count <= len(words) else None
        if found is not None and (count == 1 or found.group.startswith(words[1])):
            return found, words[count:]
    return discovery.resource_for(words[0], bare=True), []


def _head(resource: Resource) -> str:
    group = f"GROUP:      {resource.group}\n" if resource.group else ""
    return f"{group}KIND:       {resource.kind}\nVERSION:    {resource.version}\n\n"


def _document(inv: Invocation, type_: Type, path: list[str]) -> str:
    field: Field | None = None
    holder = type_
    here: Type | None = type_
    for name in path:
        if here is None or name not in here.fields:
            raise Failure(f'field "{name}" does not exist')
        holder, field = here, here.fields[name]
        here = types().get(field.ref) if field.ref and field.form != "map" else None
    title = ""
    if field is not None:
        title = f"FIELD: {path[-1]} <{type_name(field)}>\n{_enum(holder, path[-1])}\n"
    text = _description(holder, path[-1] if path else "", field, here if path else type_)
    return title + f"DESCRIPTION:\n{text}" + _fields(here, recursive=bool(inv.flags["recursive"]))


def _enum(holder: Type, name: str) -> str:
    values = explained.values(holder.name, name)
    return "ENUM:\n" + "".join(f"    {each}\n" for each in values) if values else "\n"


def _short_enum(holder: Type, name: str) -> str:
    values = list(explained.values(holder.name, name))
    shown = values[:_ENUM_SHOWN] + ["...."] * (len(values) > _ENUM_SHOWN)
    return f"enum: {', '.join(shown)}\n" if values else ""


def _text(holder: Type, name: str) -> str:
    """The description of a field with its possible values."""
    text = descriptions().get(holder.name, {}).get(name, "")
    values = explained.values(holder.name, name)
    if not values:
        return text
    lines = "".join(f'\n - `"{value}"` {about}'.rstrip(" ") for value, about in values.items())
    return f"{text}\n\nPossible enum values:{lines}"


def _description(holder: Type, name: str, field: Field | None, here: Type | None) -> str:
    held = descriptions()
    texts = [_text(holder, name)] if field is not None else []
    below = here.name if here is not None else field.ref if field is not None and field.ref else ""
    texts.append(held.get(below, {}).get("", "") if below else explained.scalar(field.type) if field is not None else "")
    texts = [each for each in texts if each] or ["<empty>"]
    return "".join(f"{line}\n" for text in texts for line in wrapped(text, _WIDTH, "    ")) + "    \n"


def type_name(field: Field) -> str:
    """`[]Container`, `map[string]string`, `integer`."""
    base = field.ref.rpartition(".")[2] if field.ref else _TYPES.get(field.type, _NAMES.get(field.type, field.type))
    return {"list": f"[]{base}", "map": f"map[string]{base}"}.get(field.form, base)


def _fields(here: Type | None, *, recursive: bool) -> str:
    if here is None or not here.fields:
        return "\n"
    if recursive:
        return "FIELDS:\n" + _tree(here, 1, ()) + "\n"
    out = ["FIELDS:\n"]
    for name in sorted(here.fields):
        field = here.fields[name]
        out.append(f"  {name}\t<{type_name(field)}>{' -required-' if field.required else ''}\n")
        if enum := _short_enum(here, name):
            out.append("  " + enum)
        text = _text(here, name) or "<no description>"
        out.append("".join(f"{line}\n" for line in wrapped(text, _WIDTH, "    ")) + "\n")
    return "".join(out) + "\n"


def _tree(type_: Type, level: int, seen: tuple[str, ...]) -> str:
    out = []
    for name in sorted(type_.fields):
        field = type_.fields[name]
        out.append("  " * level + f"{name}\t<{type_name(field)}>{' -required-' if field.required else ''}\n")
        if enum := _short_enum(type_, name):
            out.append("  " * level + enum)
        below = types().get(field.ref)
        if below is not None and field.ref not in seen:
            out.append(_tree(below, level + 1, (*seen, field.ref)))
    return "".join(out)


COMMAND = Command(run)
