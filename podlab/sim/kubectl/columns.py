"""`-o custom-columns`.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/get/customcolumn.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.jsonpath import JsonPathError, parse, relaxed
from podlab.sim.kubectl.jsonpath_eval import find, text_of

Columns = list[tuple[str, str]]


def columns(inv: Invocation, output: str) -> Columns:
    """(header, path) of the flag's value; Failure."""
    kind, _, spec = output.partition("=")
    if not spec:
        raise Failure("custom-columns format specified but no custom columns given")
    return _from_file(inv, spec) if kind == "custom-columns-file" else _from_spec(spec)


def _from_spec(spec: str) -> Columns:
    out = []
    for part in spec.split(","):
        header, colon, path = part.partition(":")
        if not colon:
            raise Failure(f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        out.append((header, _path(path)))
    return out


def _from_file(inv: Invocation, path: str) -> Columns:
    try:
        lines = inv.ctx.files.read(path).splitlines()
    except OSError:
        raise Failure(f"error reading template {path}, open {path}: no such file or directory\n") from None
    headers, paths = lines[0].split(), (lines[1] if len(lines) > 1 else "").split()
    if len(headers) != len(paths):
        raise Failure(f"number of headers ({len(headers)}) and field specifications ({len(paths)}) don't match")
    return [(header, _path(each)) for header, each in zip(headers, paths, strict=True)]


def _path(text: str) -> str:
    try:
        template = relaxed(text)
        parse(template)
    except JsonPathError as error:
        raise Failure(str(error)) from None
    return template


def cells(held: Columns, obj: Obj) -> list[str]:
    """The texts of one object's columns."""
    return [_cell(path, obj) for _, path in held]


def _cell(path: str, obj: Obj) -> str:
    try:
        found = find(path, obj)
    except JsonPathError:
        found = []
    return ",".join(_shown(each) for each in found) if found else "<none>"


def _shown(value: object) -> str:
    if value is None:
        return "<none>"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{_shown(value[key])}" for key in sorted(value)) + "]"
    return "[" + " ".join(_shown(each) for each in value) + "]" if isinstance(value, list) else text_of(value)
