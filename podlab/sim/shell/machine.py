"""Runs a shell's instructions, one method each; an instruction that must wait returns for what.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.linux import signals
from podlab.sim.linux.types import Child, Context, Read, Sleep, Wait, Wake
from podlab.sim.shell import arithmetic, expansion, jobs, redirection
from podlab.sim.shell.commands import Commands, Leave
from podlab.sim.shell.compiler import compile_script
from podlab.sim.shell.expansion import ShellError
from podlab.sim.shell.state import Frame, Part, Shell

WORD_MAX, ARGUMENTS_MAX = 128 * 1024, 20_000


class Machine(Commands):
    """One shell, for one step: `run` until it waits."""

    def __init__(self, ctx: Context, sh: Shell) -> None:
        self.ctx = ctx
        self.sh = sh

    def run(self) -> Wait:
        """Run on; what the shell waits for next."""
        sh = self.sh
        while True:
            if sh.pending and not sh.words and not sh.args:
                self._trap(sh.pending.pop(0))
            instruction = compile_script(sh.units[sh.unit])[sh.pc]
            sh.pc += 1
            try:
                wait = getattr(self, "_op_" + instruction[0])(*instruction[1:])
            except ShellError as error:
                wait = self._failed(error)
            except BrokenPipeError:
                raise
            except OSError as error:
                wait = self._failed(ShellError(f"write error: {error.strerror}"))
            except Leave as leave:
                wait = self.leave(leave.code)
            if wait is not None:
                return wait  # type: ignore[no-any-return]

    def _failed(self, error: ShellError) -> Wait | None:
        self.complain(error.words)
        self.sh.status = error.code
        self.reset_command()
        if error.exhausted:
            self.sh.waiting = "exhausted"
            return Sleep(self.ctx.linux.pids.patience_ms(self.ctx.host))
        if error.fatal:
            if not self.sh.interactive:
                return self.leave(error.code)
            self.abandon()
        return None

    def _after_exhausted(self) -> Wait | None:
        """No more processes are to be had: a script gives up, a terminal's line is dropped."""
        self.sh.waiting = ""
        if not self.sh.interactive:
            return self.leave(2)
        self.abandon()
        return None

    def resume(self, wake: Wake) -> Wait:
        """Something came true, or a signal came."""
        sh = self.sh
        if wake.why == "signal":
            return self._signalled(wake.signal)
        if not sh.waiting:
            return self.run()
        return getattr(self, "_after_" + sh.waiting)() or self.run()

    def _signalled(self, signal: str) -> Wait:
        sh = self.sh
        if signal in sh.traps:
            sh.pending.append(signal)
        if sh.waiting == "wait" or (sh.waiting == "read" and signal in sh.traps):
            self.close_redirects()
            sh.waiting, sh.status = "", signals.exit_code(signal)
            return self.run()
        if not sh.waiting:
            return self.run()
        return self.ctx.process.wait or self.run()

    def _trap(self, signal: str) -> None:
        text = self.sh.traps.get(signal, "")
        if text:
            self.call_text(text, "trap")

    # Words.

    def _op_word(self) -> None:
        self.sh.words.append([])

    def _op_text(self, text: str, quoted: bool) -> None:
        word = self.sh.words[-1]
        if not quoted and not word and text.startswith("~") and text[:2] in ("~", "~/"):
            home = self.sh.variables.get("HOME", "/root")
            word.append((home, "quoted"))
            text = text[1:]
        if text or quoted:
            word.append((text, "quoted" if quoted else "text"))

    def _op_param(self, name: str, quoted: bool) -> None:
        word = self.sh.words[-1]
        if name == "@" and quoted:
            self._all_params(word)
            return
        value = expansion.expand(self.ctx, self.sh, name)
        word.append((value, "quoted" if quoted else "value"))

    def _all_params(self, word: list[tuple[str, str]]) -> None:
        if not self.sh.params and word == [("", "quoted")]:
            word.clear()
        for here, value in enumerate(self.sh.params):
            if here:
                word.append(("", "break"))
            word.append((value, "quoted"))

    def _op_length(self, name: str, quoted: bool) -> None:
        count = len(self.sh.params) if name in ("@", "*") else len(expansion.expand(self.ctx, self.sh, name))
        self.sh.words[-1].append((str(count), "quoted" if quoted else "value"))

    def _op_unless(self, name: str, operator: str, quoted: bool, end: int) -> None:
        value = expansion.parameter(self.ctx, self.sh, name)
        if expansion.usable(value, operator):
            shown = "" if operator.lstrip(":") == "+" else value or ""
            self.sh.words[-1].append((shown, "quoted" if quoted else "value"))
            self.sh.pc = end

    def _op_param_op(self, name: str, operator: str, quoted: bool) -> None:
        value = expansion.operate(self.ctx, self.sh, name, operator, self.sh.strings.pop())
        self.sh.words[-1].append((value, "quoted" if quoted else "value"))

    def _op_arithmetic(self, quoted: bool) -> None:
        value = arithmetic.evaluate(self.sh.strings.pop(), self.sh.variables)
        self.sh.words[-1].append((str(value), "quoted" if quoted else "value"))

    def _op_arithmetic_status(self) -> None:
        self.sh.status = int(arithmetic.evaluate(self.sh.strings.pop(), self.sh.variables) == 0)

    def _bounded(self) -> list[Part]:
        """The word that was put together, if it is not too long."""
        word = self.sh.words.pop()
        if sum(len(text) for text, _ in word) > WORD_MAX:
            raise ShellError("Argument list too long", 126, fatal=True)
        return word

    def _op_fields(self) -> None:
        found = expansion.fields(self.ctx, self.sh, self._bounded())
        self.sh.args += found
        if len(self.sh.args) > ARGUMENTS_MAX:
            raise ShellError("Argument list too long", 126, fatal=True)

    def _op_string(self) -> None:
        self.sh.strings.append("".join(" " if kind == "break" else text for text, kind in self._bounded()))

    def _op_pattern(self) -> None:
        self.sh.strings.append(expansion.pattern_of(self.sh.words.pop()))

    def _op_pattern_field(self) -> None:
        """A word of `[[ … ]]`: not split; on the right of `==` it is a pattern."""
        sh, parts = self.sh, self.sh.words.pop()
        pattern = bool(sh.args) and sh.args[-1] in ("=", "==", "!=")
        sh.args.append(expansion.pattern_of(parts) if pattern else "".join(text for text, _ in parts))

    def _op_argument(self) -> None:
        self.sh.args.append(self.sh.strings.pop())

    def _op_all_parameters(self) -> None:
        self.sh.args += self.sh.params

    def _op_assign(self, name: str, add: bool) -> None:
        value = self.sh.strings.pop()
        self.sh.assigns.append((name, self.sh.variables.get(name, "") + value if add else value))

    def _op_redirect(self, fd: int, operator: str) -> None:
        self.sh.redirects.append((fd, operator, self.sh.strings.pop()))

    def _op_substitute(self, end: int, quoted: bool) -> Wait:
        """Run what follows in a child, up to `end`, and take what it writes."""
        sh = self.sh
        reader, writer = self.ctx.linux.streams.pipe()
        sh.pids = [self.fork(sh.pc, {**self.ctx.process.fds, 1: writer})]
        self.ctx.set_fd(63, reader)
        sh.pc, sh.output, sh.waiting = end, "", "output"
        sh.strings.append("quoted" if quoted else "value")
        return Read(63)

    def _after_output(self) -> Wait | None:
        sh = self.sh
        while (text := self.ctx.read(63)) is not None:
            if text == "":
                return Read(63)
            sh.output += text
        self.ctx.set_fd(63, None)
        sh.waiting = "substituted"
        return Child(sh.pids[0])

    def _after_substituted(self) -> None:
        sh = self.sh
        code = self.ctx.exit_code(sh.pids.pop())
        sh.waiting, sh.substituted = "", code
        sh.words[-1].append((sh.output.rstrip("\n"), sh.strings.pop()))
        sh.output = ""

    # Control.

    def _op_jump(self, to: int) -> None:
        self.sh.pc = to

    def _op_jump_if(self, to: int, success: bool) -> None:
        if (self.sh.status == 0) == success:
            self.sh.pc = to

    def _op_status(self, status: int) -> None:
        self.sh.status = status

    def _op_not(self) -> None:
        self.sh.status = int(self.sh.status == 0)

    def _op_check(self) -> Wait | None:
        if self.sh.status and "e" in self.sh.options:
            return self.leave(self.sh.status)
        return None

    def _op_loop(self, first: int, last: int) -> None:
        self.sh.frames.append(Frame("loop", first, last))

    def _op_items(self) -> None:
        self.sh.frames[-1].items, self.sh.args = self.sh.args, []

    def _op_turn(self) -> Wait:
        frame = self.sh.frames[-1]
        if frame.turned:
            frame.status = self.sh.status
        frame.turned = True
        return Sleep(self.ctx.world.timings["shell.turn"])

    def _op_next(self, name: str, end: int) -> None:
        frame = self.sh.frames[-1]
        if frame.items:
            self.sh.variables[name] = frame.items.pop(0)
        else:
            self.sh.pc = end

    def _op_loop_end(self) -> None:
        self.sh.status = self.sh.frames.pop().status

    def _op_match(self, to: int) -> None:
        if expansion.matches(self.sh.frames[-1].items[0], self.sh.strings.pop()):
            self.sh.pc = to

    def _op_case(self) -> None:
        self.sh.frames.append(Frame("case", items=[self.sh.strings.pop()]))

    def _op_case_end(self) -> None:
        self.sh.frames.pop()

    def _op_function(self, name: str, end: int) -> None:
        self.sh.functions[name] = (self.sh.unit, self.sh.pc)
        self.sh.pc, self.sh.status = end, 0

    def _op_return(self) -> None:
        self.return_(self.sh.status)

    def _op_end(self) -> Wait | None:
        """A unit, or a forked part of one, is done."""
        if any(frame.kind == "call" for frame in self.sh.frames):
            self.return_(None)
            return None
        return self.line_done() if self.sh.interactive else self.leave(self.sh.status)

    def line_done(self) -> Wait:
        """An interactive shell has done its line (see `interactive`)."""
        raise NotImplementedError

    # Processes.

    def _op_background(self, end: int, text: str) -> Wait | None:
        sh, fds = self.sh, dict(self.ctx.process.fds)
        if not sh.interactive:
            fds[0] = "null"
        pid = self.fork(sh.pc, fds, group=0 if sh.interactive else None)
        sh.pc, sh.status = end, 0
        jobs.started(self, [pid], text, background=True)
        return Sleep(self.ctx.world.timings["shell.turn"])

    def _op_subshell(self, end: int) -> Wait:
        pid = self.fork(self.sh.pc, self.ctx.process.fds, group=0 if self.sh.interactive else None)
        self.sh.pc = end
        return self.await_foreground([pid], "( … )")

    def _op_pipeline(self, starts: tuple[int, ...], end: int, text: str) -> Wait:
        """One child an element, each one's output the next one's input."""
        sh, own = self.sh, self.ctx.process.fds
        pids: list[int] = []
        given = own.get(0, "null")
        for here, start in enumerate(starts):
            reader, writer = self.ctx.linux.streams.pipe() if here + 1 < len(starts) else ("", own.get(1, "null"))
            group = (pids[0] if pids else 0) if sh.interactive else None
            pids.append(self.fork(start, {**own, 0: given, 1: writer}, group=group))
            given = reader
        sh.pc = end
        return self.await_foreground(pids, text)

    def _op_redirect_push(self, end: int) -> None:
        after, self.sh.pc = self.sh.pc, end
        self.push_redirects()
        self.sh.pc = after

    def _op_redirect_pop(self) -> None:
        redirection.pop(self.ctx, self.sh.frames.pop())
