"""Streams: what a process' file descriptors lead to.

Names: `null`, `log:<uid>/<container>/<instance>`, `tty:<terminal>`, `console:<uid>/<container>/<instance>`, `buffer:<id>`, `pipe:<n>:r`, `pipe:<n>:w`, `file:<n>`.

Upstream: pipe(7), open(2), tty(4). Left out: non-blocking writes, seeking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.linux.sizes import ZEROS
from podlab.sim.linux.state import OpenFile, Pipe
from podlab.sim.linux.types import Process

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux

PIPE_BYTES = 65536


class Streams:
    """Reading, writing, opening and closing of streams by name."""

    def __init__(self, linux: Linux) -> None:
        self._linux = linux
        self._state = linux.state

    def pipe(self) -> tuple[str, str]:
        """A new pipe: its end to read and its end to write, not yet held by anybody."""
        number = self._number()
        self._state.pipes[str(number)] = Pipe()
        return f"pipe:{number}:r", f"pipe:{number}:w"

    def open(self, host: str, path: str, mode: str) -> str:
        """A stream of a file (an absolute path); modes `r`, `w` (emptied), `a`. OSError as POSIX has it."""
        if path == "/dev/null":
            return "null"
        files = self._linux.files(host)
        if mode == "r":
            if path != "/dev/zero":
                files.read(path)
        else:
            files.write(path, "", append=mode == "a")
        name = str(self._number())
        self._state.opened[name] = OpenFile(host, path, mode)
        return f"file:{name}"

    def _number(self) -> int:
        self._state.next_stream += 1
        return self._state.next_stream - 1

    def hold(self, name: str) -> None:
        """Somebody has this stream open."""
        self._count(name, 1)

    def close(self, name: str) -> None:
        """Somebody no longer has it open; the last one of a side lets the other side know."""
        self._count(name, -1)

    def _count(self, name: str, by: int) -> None:
        kind, _, rest = name.partition(":")
        if kind == "file" and rest in self._state.opened:
            self._state.opened[rest].users += by
            if self._state.opened[rest].users <= 0:
                del self._state.opened[rest]
        if kind == "pipe":
            number, _, side = rest.partition(":")
            self._count_pipe(number, side, by)

    def _count_pipe(self, number: str, side: str, by: int) -> None:
        pipe = self._state.pipes.get(number)
        if pipe is None:
            return
        if side == "w":
            pipe.writers += by
            if pipe.writers <= 0:
                self._wake(pipe.waiting)
        else:
            pipe.readers += by
            if pipe.readers <= 0:
                self._release(pipe)
        if pipe.writers <= 0 and pipe.readers <= 0:
            del self._state.pipes[number]

    def _wake(self, pids: list[int]) -> None:
        for pid in pids:
            self._linux.processes.wake(pid)
        pids.clear()

    def _release(self, pipe: Pipe) -> None:
        for pid in pipe.full:
            self._linux.processes.release(pid)
        pipe.full.clear()

    def write(self, process: Process, name: str, text: str) -> None:
        """Write `text`; BrokenPipeError when nobody reads any more."""
        if not text:
            return
        kind, _, rest = name.partition(":")
        if kind == "log":
            self._linux.logs.write(rest, text)
        elif kind == "tty":
            self._linux.terminals.write(rest, text)
        elif kind == "console":
            self._linux.consoles.write(rest, text)
        elif kind == "buffer":
            self._state.buffers[rest] = self._state.buffers.get(rest, "") + text
        elif kind == "file":
            self._write_file(rest, text)
        elif kind == "pipe":
            self._write_pipe(process, rest.split(":")[0], text)

    def _write_file(self, name: str, text: str) -> None:
        opened = self._state.opened[name]
        self._linux.files(opened.host).write(opened.path, text, append=True)

    def _write_pipe(self, process: Process, number: str, text: str) -> None:
        pipe = self._state.pipes.get(number)
        if pipe is None or pipe.readers <= 0:
            raise BrokenPipeError(32, "Broken pipe")
        pipe.text += text
        self._wake(pipe.waiting)
        if len(pipe.text) > PIPE_BYTES and process.pid not in pipe.full:
            pipe.full.append(process.pid)
            process.held = f"pipe:{number}"

    def ready(self, process: Process, name: str) -> bool:
        """Whether a read would say more than "nothing yet"."""
        kind, _, rest = name.partition(":")
        if kind == "tty":
            return self._linux.terminals.ready(rest, process)
        if kind == "console":
            return self._linux.consoles.ready(rest, process)
        if kind == "pipe":
            pipe = self._state.pipes.get(rest.split(":")[0])
            return pipe is None or bool(pipe.text) or pipe.writers <= 0
        return True

    def wait(self, process: Process, name: str) -> None:
        """Wake the process when the stream becomes ready."""
        kind, _, rest = name.partition(":")
        if kind == "tty":
            self._linux.terminals.wait(rest, process)
        elif kind == "console":
            self._linux.consoles.wait(rest, process)
        elif kind == "pipe":
            waiting = self._state.pipes[rest.split(":")[0]].waiting
            if process.pid not in waiting:
                waiting.append(process.pid)

    def read(self, process: Process, name: str, *, line: bool = False) -> str | None:
        """What has arrived (with `line`: one line of it): text, "" for nothing yet, None at the end."""
        kind, _, rest = name.partition(":")
        if kind == "tty":
            return self._linux.terminals.read(rest, process)
        if kind == "console":
            return self._linux.consoles.read(rest, process)
        if kind == "file":
            return self._read_file(rest, line)
        if kind == "pipe":
            return self._read_pipe(rest.split(":")[0], line)
        return None

    def _read_file(self, name: str, line: bool) -> str | None:
        opened = self._state.opened[name]
        if opened.path == "/dev/zero":
            return f"{ZEROS}65536"
        text = self._linux.files(opened.host).read(opened.path)
        if opened.offset >= len(text):
            return None
        end = len(text)
        if line and "\n" in text[opened.offset :]:
            end = text.index("\n", opened.offset) + 1
        taken, opened.offset = text[opened.offset : end], end
        return taken

    def _read_pipe(self, number: str, line: bool) -> str | None:
        pipe = self._state.pipes.get(number)
        if pipe is None:
            return None
        end = len(pipe.text)
        if line and "\n" in pipe.text:
            end = pipe.text.index("\n") + 1
        elif line and pipe.writers > 0:
            end = 0
        taken, pipe.text = pipe.text[:end], pipe.text[end:]
        if pipe.full and len(pipe.text) <= PIPE_BYTES:
            self._release(pipe)
        if not taken and pipe.writers <= 0:
            return None
        return taken
