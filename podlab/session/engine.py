"""The engine that runs clusters, behind the little that a session needs of it."""

from __future__ import annotations

import hashlib
import zlib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from django.conf import settings

from podlab import checks
from podlab.session import lessons
from podlab.sim.changes import Change
from podlab.sim.commands import Command


class ClusterLike(Protocol):
    """A cluster: see `podlab.sim.cluster.Cluster`."""

    @property
    def now(self) -> int: ...
    @property
    def settled(self) -> int: ...
    def dump(self) -> bytes: ...
    def freeze(self) -> bytes: ...
    def rewind(self, t_ms: int) -> None: ...
    def peek(self) -> int | None: ...
    def advance(self, until_ms: int, steps: int | None = None) -> bool: ...
    def apply(self, command: Command) -> None: ...
    def take_changes(self) -> list[Change]: ...
    def snapshot(self) -> Any: ...


class ClusterClass(Protocol):
    """How clusters come to be."""

    def boot(self, preset: str) -> bytes: ...
    def start(self, boot: bytes, seed: int, zero_ms: int) -> ClusterLike: ...
    def load(self, data: bytes) -> ClusterLike: ...
    def thaw(self, data: bytes, settled: int) -> ClusterLike: ...


def clusters() -> ClusterClass:
    """The class named by `settings.PODLAB_ENGINE` (a module with `Cluster` and `ENGINE`)."""
    return cast(ClusterClass, import_module(settings.PODLAB_ENGINE).Cluster)


def revision() -> str:
    """The engine's revision: its number, and a digest of its files. Journals are replayed by the revision that wrote them."""
    module = import_module(settings.PODLAB_ENGINE)
    return f"{module.ENGINE}-{_digest(Path(str(module.__file__)).parent, Path(str(checks.__file__)).parent)}"


@cache
def _digest(*folders: Path) -> str:
    """Of every source and data file, the goals' too: whatever changes one of them may change what a session tells."""
    digest = hashlib.blake2b(digest_size=6)
    for folder, path in ((each, path) for each in folders for path in sorted(each.rglob("*"))):
        if path.suffix in {".py", ".yaml", ".json", ".txt"}:
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def pack(dump: bytes) -> bytes:
    """A dump as it is stored."""
    return zlib.compress(dump, 1)


def unpack(data: bytes) -> ClusterLike:
    """A cluster out of a stored dump, with the goals of its lesson looking on."""
    cluster = clusters().load(zlib.decompress(data))
    lessons.attach(cluster)
    return cluster
