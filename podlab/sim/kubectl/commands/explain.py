"""kubectl explain: the fields of a kind and what they are for.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/explain, pkg/explain/v2 (templates/plaintext.tmpl). Left out: `--output=plaintext-openapiv2`.
"""

from __future__ import annotations

from podlab.sim.api.resources import Resource
from podlab.sim.api.schema import Field, Type, descriptions, type_of, types
from podlab.sim.kubectl import discovery
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.wrapping import wrapped

_NAMES = {"bool": "boolean", "int32": "integer", "int64": "integer", "float": "number", "any": "Object", "bytes": "string", "": "Object"}
_TYPES = {"quantity": "Quantity", "intOrString": "IntOrString", "time": "Time", "microTime": "MicroTime"}
_WIDTH = 76
_PLAIN = ("apiVersion", "kind")


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
    inv.out(_document(inv, resource, type_, path))


def _target(inv: Invocation) -> tuple[Resource, list[str]]:
    words = inv.args[0].rstrip(".").split(".")
    for count in (1, 2, 3):
        found = discovery.named(".".join(words[:count])) if count <= len(words) else None
        if found is not None and (count == 1 or found.group.startswith(words[1])):
            return found, words[count:]
    return discovery.resource_for(words[0], bare=True), []


def _document(inv: Invocation, resource: Resource, type_: Type, path: list[str]) -> str:
    head = (
        f"GROUP:      {resource.group}\n" if resource.group else ""
    ) + f"KIND:       {resource.kind}\nVERSION:    {resource.version}\n\n"
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
        title = f"FIELD: {path[-1]} <{type_name(field)}>\n{_enum(field)}\n"
    text = _description(holder, path[-1] if path else "", field, here if path else type_)
    return head + title + f"DESCRIPTION:\n{text}" + _fields(inv, here, recursive=bool(inv.flags["recursive"]))


def _enum(field: Field) -> str:
    return "ENUM:\n" + "".join(f"    {each}\n" for each in field.enum) if field.enum else "\n"


def _description(holder: Type, name: str, field: Field | None, here: Type | None) -> str:
    held = descriptions()
    texts = [held.get(holder.name, {}).get(name, "")] if field is not None else []
    below = here.name if here is not None else field.ref if field is not None and field.ref else ""
    if field is not None and not field.ref and field.type in _TYPES:
        below = next((each for each in held if each.endswith("." + _TYPES[field.type])), "")
    if below:
        texts.append(held.get(below, {}).get("", ""))
    texts = [each for each in texts if each] or ["<empty>"]
    return "".join(f"{line}\n" for text in texts for line in wrapped(text, _WIDTH, "    ")) + "    \n"


def type_name(field: Field) -> str:
    """`[]Container`, `map[string]string`, `integer`."""
    base = field.ref.rpartition(".")[2] if field.ref else _TYPES.get(field.type, _NAMES.get(field.type, field.type))
    return {"list": f"[]{base}", "map": f"map[string]{base}"}.get(field.form, base)


def _fields(inv: Invocation, here: Type | None, *, recursive: bool) -> str:
    if here is None or not here.fields:
        return "\n"
    if recursive:
        return "FIELDS:\n" + _tree(here, 1, ()) + "\n"
    out = ["FIELDS:\n"]
    for name in sorted(here.fields):
        field = here.fields[name]
        out.append(f"  {name}\t<{type_name(field)}>{' -required-' if field.required else ''}\n")
        if field.enum and name not in _PLAIN:
            out.append(f"  enum: {', '.join(sorted(field.enum))}\n")
        text = descriptions().get(here.name, {}).get(name, "") or "<no description>"
        out.append("".join(f"{line}\n" for line in wrapped(text, _WIDTH, "    ")) + "\n")
    return "".join(out) + "\n"


def _tree(type_: Type, level: int, seen: tuple[str, ...]) -> str:
    out = []
    for name in sorted(type_.fields):
        field = type_.fields[name]
        out.append("  " * level + f"{name}\t<{type_name(field)}>{' -required-' if field.required else ''}\n")
        if field.enum:
            out.append("  " * level + f"enum: {', '.join(sorted(field.enum))}\n")
        below = types().get(field.ref)
        if below is not None and field.ref not in seen:
            out.append(_tree(below, level + 1, (*seen, field.ref)))
    return "".join(out)


COMMAND = Command(run)
