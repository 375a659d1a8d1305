"""A small cluster with the real one's interface: lines make objects and timers, everything is saved data.

Lines: `set NAME VALUE` (an object changes), `tick NAME MS COUNT` (it changes COUNT times, every MS ms), `spin` (an instant that never
ends, 100 ms from now), `bug` and `later-bug MS` (the engine fails), `refuse`, `die` (the process ends), `sleep S` (computes S seconds).
"""

from __future__ import annotations

import os
import time
from typing import Any

import msgspec
from msgspec import Struct, field

from podlab.sim.changes import Change, Obj, ObjectChange, Output
from podlab.sim.commands import Command, TypeLine
from podlab.sim.errors import SimulationBug, StatusError

ENGINE = os.environ.get("FAKE_ENGINE", "fake-1")


class State(Struct):
    seed: int = 0
    now: int = 0
    n: int = 0
    objects: dict[str, Obj] = field(default_factory=dict)
    due: list[tuple[int, int, str, int, int]] = field(default_factory=list)
    text: dict[str, str] = field(default_factory=dict)
    sequence: int = 0


class TerminalView(Struct):
    id: str
    columns: int
    scrollback: str
    prompt: str
    busy: bool


class Snapshot(Struct):
    t: int
    objects: list[Obj]
    terminals: list[TerminalView]
    seen: list[Any] = field(default_factory=list)


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(State)


class Cluster:
    def __init__(self, state: State) -> None:
        self.state = state
        self.settled = state.now
        self.changes: list[Change] = []

    @staticmethod
    def boot(preset: str) -> bytes:
        cluster = Cluster(State())
        cluster._set("cluster", preset)
        return cluster.dump()

    @classmethod
    def start(cls, boot: bytes, seed: int, zero_ms: int) -> Cluster:
        cluster = cls.load(boot)
        cluster.state.seed = seed
        return cluster

    @classmethod
    def load(cls, data: bytes) -> Cluster:
        return cls(_decoder.decode(data))

    def dump(self) -> bytes:
        return _encoder.encode(self.state)

    @classmethod
    def thaw(cls, data: bytes, settled: int) -> Cluster:
        cluster = cls.load(data)
        cluster.settled = settled
        return cluster

    def freeze(self) -> bytes:
        return self.dump()

    def rewind(self, t_ms: int) -> None:
        assert t_ms >= self.settled
        self.state.now = t_ms

    @property
    def now(self) -> int:
        return self.state.now

    def peek(self) -> int | None:
        return min(self.state.due)[0] if self.state.due else None

    def advance(self, until_ms: int, steps: int | None = None) -> bool:
        state = self.state
        while state.due and min(state.due)[0] <= until_ms:
            if steps is not None:
                if steps == 0:
                    return False
                steps -= 1
            t, sequence, name, every, left = min(state.due)
            state.due.remove((t, sequence, name, every, left))
            state.now = self.settled = max(state.now, t)
            self._fire(name, every, left)
        state.now = max(state.now, until_ms)
        return True

    def _fire(self, name: str, every: int, left: int) -> None:
        if name == "!bug":
            raise SimulationBug("the fake was told to fail")
        self._set(name, f"{left} left at {self.state.now}")
        if left > 1 or every == 0:
            self._at(self.state.now + every, name, every, left - 1)

    def _at(self, t: int, name: str, every: int, left: int) -> None:
        self.state.sequence += 1
        self.state.due.append((t, self.state.sequence, name, every, left))

    def _number(self) -> int:
        self.state.n += 1
        return self.state.n

    def _set(self, name: str, value: str) -> None:
        old = self.state.objects.get(name)
        n = self._number()
        meta = {"name": name, "namespace": "default", "uid": f"uid-{name}", "resourceVersion": str(n)}
        new: Obj = {"apiVersion": "v1", "kind": "Thing", "metadata": meta, "spec": {"value": value, "seed": self.state.seed}}
        self.state.objects[name] = new
        kind: Any = "ADDED" if old is None else "MODIFIED"
        self.changes.append(ObjectChange(self.now, n, kind, "things", "default", name, f"uid-{name}", str(n), old, new))

    def apply(self, command: Command) -> None:
        if not isinstance(command, TypeLine):
            raise StatusError("BadRequest", f"not supported in this lab: {type(command).__name__}")
        self.settled = self.now
        word, *args = command.text.split() or [""]
        self._say(command.terminal, f"$ {command.text}\r\n")
        match word:
            case "set":
                self._set(args[0], args[1])
            case "tick":
                self._at(self.now + int(args[1]), args[0], int(args[1]), int(args[2]))
            case "spin":
                self._at(self.now + 100, "spinner", 0, 1)
            case "later-bug":
                self._at(self.now + int(args[0]), "!bug", 0, 1)
            case "bug":
                raise SimulationBug("the fake was told to fail")
            case "refuse":
                raise StatusError("Forbidden", "refused, as told")
            case "die":
                os._exit(9)
            case "sleep":
                time.sleep(float(args[0]))

    def _say(self, terminal: str, text: str) -> None:
        self.state.text[terminal] = (self.state.text.get(terminal, "") + text)[-10_000:]
        self.changes.append(Output(self.now, self._number(), terminal, text, "$ ", False))

    def take_changes(self) -> list[Change]:
        taken, self.changes = self.changes, []
        return taken

    def snapshot(self) -> Snapshot:
        terminals = [TerminalView(name, 80, text, "$ ", False) for name, text in sorted(self.state.text.items())]
        return Snapshot(self.now, list(self.state.objects.values()), terminals)
