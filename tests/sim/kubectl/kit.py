"""kubectl on a workstation without a shell: a line in, what it printed out."""

from __future__ import annotations

import posixpath
import shlex
from typing import Any, cast

import msgspec

from podlab.sim import timings
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.kubectl.program import Kubectl
from podlab.sim.linux.types import Context, Exit, Process, Read, Sleep, Wake, Watch
from podlab.sim.world import World, WorldState

HOME = "/home/learner"


POD = """apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
  - {name: web, image: "nginx:1.27"}
"""


class MemoryFiles:
    """Files as a dict of absolute path → text."""

    def __init__(self, held: dict[str, str]) -> None:
        self.held = held

    def absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(HOME, path))

    def read(self, path: str) -> str:
        whole = self.absolute(path)
        if whole not in self.held:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self.held[whole]

    def write(self, path: str, text: str, *, append: bool = False) -> None:
        self.held[self.absolute(path)] = (self.held.get(self.absolute(path), "") if append else "") + text

    def remove(self, path: str) -> None:
        del self.held[self.absolute(path)]

    def mkdir(self, path: str, *, parents: bool = False) -> None:
        """Folders are there as soon as something lies in them."""

    def exists(self, path: str) -> bool:
        return self.absolute(path) in self.held or self.is_dir(path)

    def is_dir(self, path: str) -> bool:
        return any(each.startswith(self.absolute(path).rstrip("/") + "/") for each in self.held)

    def list(self, path: str) -> list[str]:
        prefix = self.absolute(path).rstrip("/") + "/"
        return sorted({each[len(prefix) :].partition("/")[0] for each in self.held if each.startswith(prefix)})


class MemoryContext:
    """A `Context` with buffers for streams."""

    def __init__(self, kit: Kit, argv: list[str], stdin: str) -> None:
        self.world = kit.world
        self.files = MemoryFiles(kit.files)
        self.process = Process(7, 1, "workstation", "kubectl", argv, dict(kit.env), HOME, {})
        self.linux = kit.linux
        self.stdin: list[str | None] = [stdin, None] if stdin else [None]
        self.stdout = self.stderr = ""

    def out(self, text: str) -> None:
        self.stdout += text

    def err(self, text: str) -> None:
        self.stderr += text

    def read(self, fd: int = 0) -> str | None:
        return self.stdin.pop(0) if len(self.stdin) > 1 else None

    def is_tty(self, fd: int) -> bool:
        return False


class Kit:
    """A bare cluster and a workstation."""

    def __init__(self) -> None:
        self.world = World(WorldState(zero_ms=1_767_323_045_000), timings.load())
        self.state = StoreState()
        self.api = self.world.api = ApiServer(self.world, self.state)
        self.files: dict[str, str] = {}
        self.env = {"HOME": HOME}
        self.linux: Any = None
        self.program = Kubectl()
        self.given("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}, "status": {"phase": "Active"}})
        self.given(
            "serviceaccounts", {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "default"}}
        )

    def given(self, resource: str, obj: Obj) -> Obj:
        """Put an object into the store as it is."""
        meta = {"uid": self.world.uid(), "creationTimestamp": self.world.stamp(), **obj["metadata"]}
        return self.api.store.put(resource, {**obj, "metadata": meta}, None)

    def start(self, line: str, stdin: str = "") -> MemoryContext:
        """Start a command; `go_on` runs it."""
        ctx = MemoryContext(self, shlex.split(line), stdin)
        ctx.process.wait = self.program.start(cast(Context, ctx))
        return ctx

    def go_on(self, ctx: MemoryContext, until_ms: int) -> int | None:
        """Run it until its end (its exit code) or until `until_ms`; at every wait it is saved and loaded."""
        while not isinstance(ctx.process.wait, Exit):
            ctx.process = msgspec.msgpack.decode(msgspec.msgpack.encode(ctx.process), type=Process)
            wake = self._wait(ctx.process, until_ms)
            if wake is None:
                return None
            ctx.process.wait = self.program.resume(cast(Context, ctx), wake)
        return ctx.process.wait.code

    def _wait(self, process: Process, until_ms: int) -> Wake | None:
        wait, kernel = process.wait, self.world.kernel
        if isinstance(wait, Read):
            return Wake("input")
        if isinstance(wait, Sleep):
            kernel.run_until(kernel.now + wait.ms)
            return Wake("timer")
        if not isinstance(wait, Watch):
            raise AssertionError(f"the kit cannot wait for {wait}")
        end = until_ms if wait.timeout_ms is None else min(until_ms, kernel.now + wait.timeout_ms)
        seen = len(self.world.changes)
        while (upcoming := kernel.peek()) is not None and upcoming <= end:
            kernel.step()
            process.seen = [each for each in self.world.changes[seen:] if isinstance(each, ObjectChange) and each.resource == wait.resource]
            if process.seen:
                return Wake("watch")
        kernel.run_until(end)
        return None if wait.timeout_ms is None else Wake("timer")

    def run(self, line: str, stdin: str = "") -> tuple[int | None, str, str]:
        """(exit code, stdout, stderr) of a line; None: it has not ended after ten minutes."""
        ctx = self.start(line, stdin)
        code = self.go_on(ctx, self.world.now + 600_000)
        return code, ctx.stdout, ctx.stderr

    def says(self, line: str, stdin: str = "") -> str:
        """Everything that a line prints."""
        _, out, err = self.run(line, stdin)
        return out + err
