"""Reading manifests: files, folders and standard input, YAML or JSON, several documents, Lists.

Upstream: staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go, apimachinery/pkg/util/yaml/decoder.go. Left out: URLs, kustomizations.
"""

from __future__ import annotations

import fnmatch
import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from podlab.sim.api.goload import YamlError, load
from podlab.sim.kubectl.errors import Failure
from podlab.sim.linux.types import Context

_SUFFIXES = (".json", ".yaml", ".yml")
MAX_BYTES = 1_000_000


def documents(ctx: Context, paths: list[str], errors: list[Exception], *, recursive: bool = False) -> Iterator[tuple[str, Any]]:
    """(source, document) of everything that `-f` names, in order; what cannot be read ends in `errors`, and the next source follows."""
    missing: list[Exception] = [Failure(f'the path "{path}" does not exist') for path in paths if not _there(ctx, path)]
    if missing:
        errors.extend(missing)
        return
    for path in paths:
        try:
            for source, text in _texts(ctx, path, recursive):
                yield from _read(source, text, errors)
        except Failure as error:
            errors.append(error)


def _there(ctx: Context, path: str) -> bool:
    return path == "-" or path.startswith(("http://", "https://")) or bool(_matching(ctx, path))


def _read(source: str, text: str, errors: list[Exception]) -> Iterator[tuple[str, Any]]:
    try:
        yield from ((source, each) for each in parse(text, source))
    except Failure as error:
        errors.append(error)


def _texts(ctx: Context, path: str, recursive: bool) -> Iterator[tuple[str, str]]:
    if path == "-":
        yield "STDIN", ctx.process.state["kubectl"].get("stdin", "")
        return
    if path.startswith(("http://", "https://")):
        raise Failure(f'not supported in this lab: reading a manifest from the network ("{path}")')
    for name in _matching(ctx, path):
        if ctx.files.is_dir(name):
            yield from _folder(ctx, name, recursive)
        else:
            yield name, ctx.files.read(name)


def _matching(ctx: Context, path: str) -> list[str]:
    if ctx.files.exists(path) or not any(sign in path for sign in "*?["):
        return [path] if ctx.files.exists(path) else []
    folder, _, pattern = path.rpartition("/")
    names = sorted(name for name in ctx.files.list(folder or ".") if fnmatch.fnmatch(name, pattern))
    return [posixpath.join(folder, name) for name in names]


def _folder(ctx: Context, folder: str, recursive: bool) -> Iterator[tuple[str, str]]:
    found = False
    for name in sorted(ctx.files.list(folder)):
        path = posixpath.normpath(posixpath.join(folder, name))
        if ctx.files.is_dir(path):
            if recursive:
                yield from _folder(ctx, path, recursive)
        elif name.endswith(_SUFFIXES):
            found = True
            yield path, ctx.files.read(path)
    if not found and not recursive:
        raise Failure(f"error reading [{folder}]: recognized file extensions are [.json .yaml .yml]")


def parse(text: str, source: str) -> Iterator[Any]:
    """The documents of a text; Failure in the words of kubectl's decoder."""
    if len(text) > MAX_BYTES:
        raise Failure(f"not supported in this lab: {source} is larger than {MAX_BYTES} bytes")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if text.lstrip()[:1] == "{" and _is_json(text):
        yield from _json(text, source)
        return
    for chunk in re.split(r"^---[ \t]*(?:#.*)?$\n?", text, flags=re.M):
        if not chunk.strip():
            continue
        try:
            value = load(chunk)
        except YamlError as error:
            raise Failure(f"error parsing {source}: error converting YAML to JSON: yaml: {error}") from None
        if value is not None:
            yield value


def _is_json(text: str) -> bool:
    try:
        json.JSONDecoder().raw_decode(text.lstrip())
    except json.JSONDecodeError as error:
        return error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip())
    return True


def _json(text: str, source: str) -> Iterator[Any]:
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip(" \n\t-"):
        rest = text[at:].lstrip(" \n\t-")
        try:
            value, length = decoder.raw_decode(rest)
        except json.JSONDecodeError:
            raise Failure(f"error parsing {source}: unexpected EOF") from None
        at = len(text) - len(rest) + length
        yield value
