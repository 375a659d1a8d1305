"""Simple commands: assignments, builtins, functions, programs; forks, calls and the end of a shell.

Upstream: POSIX Shell Command Language 2.9. Left out: aliases.
"""

from __future__ import annotations

import posixpath
import re

from podlab.sim.linux import signals
from podlab.sim.linux.types import Child, Context, Exit, Read, Sleep, Wait
from podlab.sim.shell import builtins, jobs, redirection
from podlab.sim.shell.compiler import compile_script
from podlab.sim.shell.expansion import ShellError
from podlab.sim.shell.state import Frame, Job, Shell
from podlab.sim.shell.syntax import ShellSyntaxError

NO_FORK = "can't fork: Resource temporarily unavailable"


class Leave(Exception):
    """The shell ends with `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Commands:
    """What `Machine` does with a command."""

    ctx: Context
    sh: Shell

    def run(self) -> Wait:
        """Run on; what the shell waits for next."""
        raise NotImplementedError

    def complain(self, words: str) -> None:
        """Say something in the shell's name."""
        self.ctx.err(f"{self.prefix}{words}\n")

    @property
    def prefix(self) -> str:
        """How messages begin: `sh: `, dash `sh: 1: `, bash `bash: `, bash -c `bash: line 1: `."""
        sh = self.sh
        if sh.name == "bash":
            return "bash: " if sh.interactive else "bash: line 1: "
        return f"{sh.name}: " if self.ctx.busybox else f"{sh.name}: 1: "

    def reset_command(self) -> None:
        """Forget the command that was being put together."""
        sh = self.sh
        sh.args, sh.words, sh.strings, sh.assigns, sh.redirects, sh.substituted = [], [], [], [], [], None

    def abandon(self) -> None:
        """Drop everything that is going on; the shell is at the end of an empty text."""
        sh = self.sh
        self.reset_command()
        while sh.frames:
            frame = sh.frames.pop()
            if frame.kind == "redirect":
                redirection.pop(self.ctx, frame)
        sh.waiting, sh.pids, sh.unit, sh.pc = "", [], self.load(""), 0

    def _op_command(self, tail: bool) -> Wait | None:
        return self.run_command(tail=tail)

    def leave_frame(self) -> Frame:
        """Leave the innermost thing that goes on."""
        frame = self.sh.frames.pop()
        if frame.kind == "redirect":
            redirection.pop(self.ctx, frame)
        return frame

    def always_caught(self) -> list[str]:
        """Signals that the shell minds in any case."""
        return []

    def run_command(self, *, tail: bool = False) -> Wait | None:
        """Run the command whose words, assignments and redirections have been put together."""
        sh = self.sh
        args, assigns = sh.args, sh.assigns
        if not args:
            return self._assign_only(assigns)
        sh.args, sh.assigns, sh.substituted = [], [], None
        if "x" in sh.options:
            self.ctx.err("+ " + " ".join(args) + "\n")
        name = args[0]
        builtin = builtins.TABLE.get(name)
        if name in sh.functions and name not in builtins.SPECIAL:
            self._function(name, args, assigns)
            return None
        if builtin is not None and (name not in builtins.BASH_ONLY or sh.name == "bash" or self.ctx.busybox):
            return self._builtin(name, args, assigns)
        return self._program(args, assigns, tail)

    def _assign_only(self, assigns: list[tuple[str, str]]) -> Wait | None:
        sh = self.sh
        fds = redirection.resolve(self.ctx, sh.name, self.ctx.process.fds, sh.redirects) if sh.redirects else {}
        for name in dict.fromkeys(fds.values()):
            self.ctx.linux.streams.hold(name)
            self.ctx.linux.streams.close(name)
        for name, value in assigns:
            sh.variables[name] = value
        sh.status = sh.substituted or 0
        sh.assigns, sh.redirects, sh.substituted = [], [], None
        return None

    def push_redirects(self) -> None:
        """From here on the shell's descriptors are redirected, until the frame is popped."""
        sh = self.sh
        redirects, sh.redirects = sh.redirects, []
        frame = Frame("redirect")
        fds = redirection.resolve(self.ctx, sh.name, self.ctx.process.fds, redirects)
        sh.frames.append(frame)
        redirection.push(self.ctx, frame, fds)

    def _builtin(self, name: str, args: list[str], assigns: list[tuple[str, str]]) -> Wait | None:
        sh = self.sh
        kept = {key: sh.variables.get(key) for key, _ in assigns} if name not in builtins.SPECIAL else {}
        sh.variables.update(assigns)
        lasting = name == "exec" and len(args) == 1
        self.push_redirects()
        wait = builtins.TABLE[name](self, args)
        for key, value in kept.items():
            sh.variables.pop(key) if value is None else sh.variables.__setitem__(key, value)
        if lasting:
            redirection.drop(self.ctx, sh.frames.pop())
            return wait
        if sh.waiting in ("read", "wait"):
            return wait
        self.close_redirects()
        return wait if wait is not None else Sleep(self.ctx.world.timings["shell.command"])

    def close_redirects(self) -> None:
        """A builtin is done: its redirections end (a frame that a `call` or a jump has left is not touched)."""
        for here in range(len(self.sh.frames) - 1, -1, -1):
            if self.sh.frames[here].kind == "redirect":
                redirection.pop(self.ctx, self.sh.frames.pop(here))
                return

    def _function(self, name: str, args: list[str], assigns: list[tuple[str, str]]) -> None:
        sh = self.sh
        sh.variables.update(assigns)
        self.push_redirects()
        unit, pc = sh.functions[name]
        sh.frames.append(Frame("call", sh.unit, sh.pc, params=sh.params, name=name))
        sh.params, sh.unit, sh.pc = args[1:], unit, pc

    def call_text(self, text: str, name: str) -> None:
        """Run a text (of a trap, eval, or a file) and come back."""
        sh = self.sh
        try:
            unit = self.load(text)
        except ShellSyntaxError as error:
            raise ShellError(f"syntax error: {error.words}", 2, fatal=True) from None
        sh.frames.append(Frame("redirect"))
        sh.frames.append(Frame("call", sh.unit, sh.pc, params=list(sh.params), name=name, status=sh.status))
        sh.unit, sh.pc = unit, 0

    def load(self, text: str) -> int:
        """A new unit; ShellSyntaxError."""
        compile_script(text)
        sh = self.sh
        number, sh.next_unit = sh.next_unit, sh.next_unit + 1
        sh.units[number] = text
        return number

    def return_(self, status: int | None) -> None:
        """Leave the innermost call."""
        sh = self.sh
        while sh.frames:
            frame = sh.frames.pop()
            if frame.kind == "redirect":
                redirection.pop(self.ctx, frame)
            if frame.kind == "call":
                self._returned(frame, status)
                return

    def _returned(self, frame: Frame, status: int | None) -> None:
        sh = self.sh
        for name, value in frame.locals.items():
            sh.variables.pop(name, None) if value is None else sh.variables.__setitem__(name, value)
        if frame.name in ("trap", "eval", "."):
            if sh.unit in sh.units and not any(unit == sh.unit for unit, _ in sh.functions.values()):
                del sh.units[sh.unit]
        else:
            sh.params = frame.params
        sh.unit, sh.pc = frame.first, frame.last
        sh.status = frame.status if frame.name == "trap" else sh.status if status is None else status
        if sh.frames and sh.frames[-1].kind == "redirect":
            redirection.pop(self.ctx, sh.frames.pop())
        if sh.leaving is not None:
            raise Leave(sh.leaving)

    def environment(self, assigns: list[tuple[str, str]]) -> dict[str, str]:
        """What a program's environment is."""
        sh = self.sh
        return {name: sh.variables[name] for name in sh.exported if name in sh.variables} | dict(assigns)

    def _program(self, args: list[str], assigns: list[tuple[str, str]], tail: bool) -> Wait | None:
        sh = self.sh
        redirects, sh.redirects = sh.redirects, []
        fds = redirection.resolve(self.ctx, sh.name, self.ctx.process.fds, redirects)
        env = self.environment(assigns)
        replace = tail and (sh.forked or sh.command_line) and not sh.traps and not sh.pending and not sh.frames
        try:
            if replace:
                return self._become(args, env, fds)
            pid = self.ctx.spawn(args, env=env, fds=fds, group=0 if sh.interactive else None)
        except OSError as error:
            for name in fds.values():
                self.ctx.linux.streams.hold(name)
                self.ctx.linux.streams.close(name)
            return self._not_run(args[0], error, fds)
        return self.await_foreground([pid], " ".join(args))

    def _become(self, args: list[str], env: dict[str, str], fds: dict[int, str]) -> Wait:
        process = self.ctx.process
        self.ctx.linux.processes.programs.find(self.ctx.host, args, process.cwd, "")
        redirection.push(self.ctx, Frame("redirect"), fds)
        process.env = env
        return self.ctx.exec(args)

    def _not_run(self, name: str, error: OSError, fds: dict[int, str]) -> Wait:
        sh = self.sh
        if isinstance(error, BlockingIOError):
            raise ShellError(NO_FORK, 2, exhausted=True)
        sh.status = 127 if isinstance(error, FileNotFoundError) else 126
        if isinstance(error, FileNotFoundError):
            words = f"{name}: {'No such file or directory' if '/' in name and sh.name == 'bash' else 'command not found' if sh.name == 'bash' else 'not found'}"
        else:
            words = f"{name}: Permission denied"
        self._say_to(fds.get(2, "null"), f"{self.prefix}{words}\n")
        if sh.status == 127 and self.ctx.host.name == "workstation" and "/" not in name:
            self._say_to(fds.get(2, "null"), f"not supported in this lab: {name} (`help` lists what there is)\n")
        return Sleep(self.ctx.world.timings["shell.command"])

    def _say_to(self, stream: str, text: str) -> None:
        if stream.startswith("file:") and stream.removeprefix("file:") not in self.ctx.linux.state.opened:
            return
        self.ctx.linux.streams.write(self.ctx.process, stream, text)

    def fork(self, pc: int, fds: dict[int, str], *, group: int | None = None) -> int:
        """A child that is a copy of this shell and goes on at `pc`; ShellError when there are too many."""
        sh = self.sh
        copy = Shell(
            sh.name, dict(sh.units), sh.next_unit, sh.unit, pc, sh.status, None, dict(sh.variables), list(sh.exported), dict(sh.functions), list(sh.params),
            options=list(sh.options), forked=True, last_background=sh.last_background,
        )  # fmt: skip
        copy.variables["$"] = sh.variables["$"]
        fds = {fd: name for fd, name in fds.items() if fd != 63}
        try:
            return self.ctx.spawn([sh.name], fds=fds, state={"memory": copy}, group=group)
        except BlockingIOError:
            raise ShellError(NO_FORK, 2, exhausted=True) from None

    def await_foreground(self, pids: list[int], text: str) -> Wait:
        """Wait for all of these; the last one's code becomes the status."""
        sh = self.sh
        sh.pids, sh.wanted, sh.waiting = list(pids), pids[-1], "children"
        sh.output = text
        if sh.interactive:
            self.ctx.foreground(pids[0])
        return Child()

    def _after_children(self) -> Wait | None:
        sh = self.sh
        jobs.reap(self)
        for pid in list(sh.pids):
            process = self.ctx.linux.state.processes.get(pid)
            if process is not None and process.held == "stop" and sh.interactive:
                return jobs.stopped(self)
            signal = process.ended_by if process is not None else ""
            code = self.ctx.exit_code(pid)
            if code is not None:
                sh.pids.remove(pid)
                self._ended(pid, code, signal)
        if sh.pids:
            return Child()
        sh.waiting, sh.output = "", ""
        if sh.interactive:
            self.ctx.foreground(self.ctx.process.group)
        return None

    def _ended(self, pid: int, code: int, signal: str) -> None:
        sh = self.sh
        if pid != sh.wanted:
            return
        sh.status = code
        if signal and signal not in ("INT", "PIPE", "") and (sh.interactive or sh.name != "bash"):
            self.ctx.err(signals.WORDS.get("KILL" if signal == "OOM" else signal, signal) + "\n")
        if signal == "INT" and sh.interactive:
            self.abandon()

    def leave(self, code: int) -> Wait:
        """The shell ends, after its EXIT trap."""
        sh = self.sh
        if "EXIT" in sh.traps and sh.leaving is None:
            sh.leaving = code
            sh.status = code
            text = sh.traps.pop("EXIT")
            self.abandon()
            self.call_text(text, "trap")
            return Sleep(0)
        return Exit(code)

    def directory(self, path: str) -> str:
        """The normal absolute form of a path."""
        return posixpath.normpath(posixpath.join(self.ctx.process.cwd, path))

    def _after_wait(self) -> Wait | None:
        wait = jobs.after_wait(self)
        if wait is None:
            self.close_redirects()
        return wait

    def _after_read(self) -> Wait | None:
        wait = self.after_read()
        if wait is None:
            self.close_redirects()
        return wait

    def after_read(self) -> Wait | None:
        """A line for `read`, if there is one."""
        sh = self.sh
        text = self.ctx.read_line(0)
        names, sh.args = sh.args, []
        if text == "" and self._still_waiting():
            sh.args = names
            return Read(0)
        raw, sh.output, sh.waiting = sh.output == "raw", "", ""
        line = (text or "").rstrip("\n")
        if not raw:
            line = line.replace("\\", "")
        self._assign_line(names, line)
        sh.status = 0 if text and text.endswith("\n") else 1
        return None

    def _still_waiting(self) -> bool:
        due = self.ctx.process.wait
        return not (
            isinstance(due, Read)
            and due.timeout_ms is not None
            and self.ctx.world.kernel.due("linux.wake", str(self.ctx.process.pid)) is None
        )

    def _assign_line(self, names: list[str], line: str) -> None:
        blanks = self.sh.variables.get("IFS", " \t\n")
        rest = line.strip(blanks) if blanks else line
        for here, name in enumerate(names):
            if here + 1 == len(names) or not blanks:
                self.sh.variables[name], rest = rest, ""
                continue
            pieces = re.split(f"[{re.escape(blanks)}]+", rest, maxsplit=1)
            self.sh.variables[name], rest = pieces[0], pieces[1] if len(pieces) > 1 else ""

    def job(self, number: int) -> Job | None:
        """The job of that number."""
        return next((each for each in self.sh.jobs if each.number == number), None)
