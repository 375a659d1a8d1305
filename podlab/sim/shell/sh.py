"""The programs `sh` and `bash`: `-c TEXT`, a script, standard input, or a terminal.

Upstream: ash, dash, bash. Left out: login shells, ~/.profile, restricted mode.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Exit, Read, Wait, Wake
from podlab.sim.shell import jobs
from podlab.sim.shell.machine import Machine
from podlab.sim.shell.state import Shell
from podlab.sim.shell.syntax import ShellSyntaxError

HISTORY_MAX = 500
INTERACTIVE = ("INT", "QUIT", "TERM", "TSTP")


class Sh(Tool):
    """A shell."""

    def __init__(self, name: str) -> None:
        self.name = name

    def start(self, ctx: Context) -> Wait:
        """Read the arguments; a forked shell simply goes on."""
        sh = ctx.memory(Shell)
        machine = Interactive(ctx, sh)
        if sh.forked:
            return machine.run()
        self._begin(ctx, sh)
        return self._with_arguments(ctx, machine, ctx.process.argv[1:])

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Go on."""
        return Interactive(ctx, ctx.memory(Shell)).resume(wake)

    def _begin(self, ctx: Context, sh: Shell) -> None:
        sh.name = self.name
        sh.variables = dict(ctx.process.env) | {"$": str(ctx.process.number), "PWD": ctx.process.cwd}
        sh.exported = sorted({*ctx.process.env, "PWD"})
        sh.variables.setdefault("HOME", "/root")

    def _with_arguments(self, ctx: Context, machine: Machine, args: list[str]) -> Wait:
        sh = machine.sh
        while args and args[0].startswith("-") and "c" not in args[0] and args[0] != "--":
            sh.options += [each for each in args.pop(0)[1:] if each in "eux"]
        if args and args[0].startswith("-") and "c" in args[0]:
            sh.options += [each for each in args[0][1:] if each in "eux"]
            if len(args) < 2:
                ctx.err(f"{self.name}: -c requires an argument\n")
                return Exit(2)
            sh.command_line = True
            sh.params = args[3:]
            return self._text(machine, args[1])
        if args:
            sh.params = args[1:]
            return self._script(ctx, machine, args[0])
        if ctx.is_tty(0):
            return self._interactive(ctx, machine)
        sh.waiting = "script"
        return (
            Read(0) if not machine.ctx.linux.streams.ready(ctx.process, ctx.process.fds.get(0, "null")) else machine.resume(Wake("input"))
        )

    def _script(self, ctx: Context, machine: Machine, path: str) -> Wait:
        try:
            text = ctx.files.read(path)
        except OSError as error:
            words = error.strerror or ""
            ctx.err(
                f"{self.name}: {path}: {words}\n"
                if self.name == "bash"
                else f"{self.name}: can't open '{path}': {words}\n"
                if ctx.busybox
                else f"{self.name}: 0: cannot open {path}: No such file\n"
            )
            return Exit(127 if self.name == "bash" else 2)
        return self._text(machine, text)

    def _text(self, machine: Machine, text: str) -> Wait:
        try:
            machine.sh.unit, machine.sh.pc = machine.load(text), 0
        except ShellSyntaxError as error:
            machine.complain(syntax_words(machine, error))
            return Exit(2)
        return machine.run()

    def _interactive(self, ctx: Context, machine: Machine) -> Wait:
        machine.sh.interactive = True
        ctx.process.caught = list(INTERACTIVE)
        ctx.foreground(ctx.process.group)
        return machine.line_done()


def syntax_words(machine: Machine, error: ShellSyntaxError) -> str:
    """A syntax error as this shell says it."""
    words = error.words
    if words.startswith("not supported"):
        return words
    if machine.sh.name == "bash":
        return _bash_words(words)
    if machine.ctx.busybox:
        return f"syntax error: {words}"
    if words.startswith("unexpected "):
        what, expecting, rest = words.removeprefix("unexpected ").partition(" (expecting")
        words = f"{what} unexpected{expecting}{rest}"
    return f"Syntax error: {words[:1].upper() + words[1:] if words.startswith('unterminated') else words}"


def _bash_words(words: str) -> str:
    if words.startswith("unterminated"):
        return "unexpected EOF while looking for matching quote"
    if words.startswith("unexpected end of file"):
        return "syntax error: unexpected end of file"
    if words.startswith('unexpected "'):
        return f"syntax error near unexpected token `{words.split(chr(34))[1]}'"
    return f"syntax error: {words}"


class Interactive(Machine):
    """A shell with what a terminal asks of it."""

    def always_caught(self) -> list[str]:
        """Signals that the shell minds in any case."""
        return list(INTERACTIVE) if self.sh.interactive else []

    def line_done(self) -> Wait:
        """Prompt, and wait for a line."""
        sh = self.sh
        jobs.report(self)
        used = {unit for unit, _ in sh.functions.values()}
        sh.units = {number: text for number, text in sh.units.items() if number in used}
        sh.waiting, sh.warned = "line", sh.warned and jobs.has_stopped(sh)
        self.ctx.prompt(self._prompt())
        return Read(0)

    def _prompt(self) -> str:
        if self.sh.lines:
            return "> "
        if self.ctx.host.name == "workstation":
            return "$ "
        if self.ctx.busybox:
            return f"{self._place()} # "
        return "# " if self.sh.name == "sh" else f"root@{self.ctx.host.hostname}:{self._place()}# "

    def _place(self) -> str:
        home, here = self.sh.variables.get("HOME", ""), self.ctx.process.cwd
        return "~" + here[len(home) :] if home not in ("", "/") and (here == home or here.startswith(home + "/")) else here

    def _after_line(self) -> Wait | None:
        sh = self.sh
        text = self.ctx.read_line(0)
        if text == "":
            return Read(0)
        if text is None:
            return self._end_of_file()
        return self._typed(sh.lines + text)

    def _end_of_file(self) -> Wait:
        if jobs.has_stopped(self.sh) and not self.sh.warned:
            self.sh.warned = True
            self.ctx.err("There are stopped jobs.\n")
            return self.line_done()
        self.ctx.err("exit\n")
        return self.leave(self.sh.status)

    def _typed(self, text: str) -> Wait:
        sh = self.sh
        try:
            unit = self.load(text)
        except ShellSyntaxError as error:
            if error.unfinished:
                sh.lines = text
                return self.line_done()
            self._note(text)
            self.complain(syntax_words(self, error))
            sh.status = 2
            return self.line_done()
        self._note(text)
        sh.unit, sh.pc, sh.waiting = unit, 0, ""
        return self.run()

    def _note(self, text: str) -> None:
        sh = self.sh
        sh.lines = ""
        if text.strip():
            sh.history = [*sh.history, text.rstrip("\n")][-HISTORY_MAX:]

    def _signalled(self, signal: str) -> Wait:
        sh = self.sh
        if sh.interactive and signal == "INT" and sh.waiting in ("line", "wait", "read", ""):
            sh.lines, sh.status = "", 130
            self.abandon()
            if signal in sh.traps:
                sh.pending.append(signal)
            return self.run()
        if not sh.interactive or signal in sh.traps:
            return super()._signalled(signal)
        return self.ctx.process.wait or self.run()

    def _after_script(self) -> Wait | None:
        """A script on standard input: all of it, then run."""
        sh = self.sh
        while (text := self.ctx.read(0)) is not None:
            if text == "":
                return Read(0)
            sh.lines += text
        sh.waiting = ""
        script, sh.lines = sh.lines, ""
        try:
            sh.unit, sh.pc = self.load(script), 0
        except ShellSyntaxError as error:
            self.complain(syntax_words(self, error))
            return Exit(2)
        return None


PROGRAMS = {"sh": Sh("sh"), "bash": Sh("bash"), "ash": Sh("sh")}
