"""Builtin commands. Each sets the status and returns what it waits for (None: nothing).

Upstream: POSIX Shell Command Language 2.14, ash, bash. Left out: alias, getopts, ulimit, times, hash, select.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from podlab.sim.linux import signals
from podlab.sim.linux.types import Read, Sleep, Wait
from podlab.sim.shell import condition, jobs, printing
from podlab.sim.shell.expansion import ShellError
from podlab.sim.shell.state import Frame

if TYPE_CHECKING:
    from podlab.sim.shell.commands import Commands

Builtin = Callable[["Commands", list[str]], "Wait | None"]


def _status(machine: Commands, code: int) -> None:
    machine.sh.status = code


def colon(machine: Commands, args: list[str]) -> None:
    """`:` and `true`."""
    _status(machine, 0)


def false(machine: Commands, args: list[str]) -> None:
    """`false`."""
    _status(machine, 1)


def echo(machine: Commands, args: list[str]) -> None:
    """`echo [-neE]`; dash knows -n only and always reads escapes."""
    text = printing.echo(args[1:], escapes=machine.sh.name == "sh" and not machine.ctx.busybox)
    machine.ctx.out(text)
    _status(machine, 0)


def printf(machine: Commands, args: list[str]) -> None:
    """`printf FORMAT [ARGUMENT…]`."""
    if len(args) < 2:
        raise ShellError("printf: usage: printf format [arguments]", 2)
    machine.ctx.out(printing.printf(args[1], args[2:]))
    _status(machine, 0)


def cd(machine: Commands, args: list[str]) -> None:
    """`cd [DIR|-]`."""
    sh, ctx = machine.sh, machine.ctx
    path = args[1] if len(args) > 1 else sh.variables.get("HOME", "/")
    if path == "-":
        path = sh.variables.get("OLDPWD", "/")
        ctx.out(path + "\n")
    whole = machine.directory(path)
    if not ctx.files.is_dir(whole):
        missing = not ctx.files.exists(whole)
        words = "No such file or directory" if missing else "Not a directory"
        raise ShellError(
            f"cd: {path}: {words}" if sh.name == "bash" else f"cd: can't cd to {path}" + (f": {words}" if ctx.busybox else ""),
            1 if ctx.busybox or sh.name == "bash" else 2,
        )
    sh.variables["OLDPWD"], sh.variables["PWD"] = ctx.process.cwd, whole
    ctx.process.cwd = whole
    _status(machine, 0)


def pwd(machine: Commands, args: list[str]) -> None:
    """`pwd`."""
    machine.ctx.out(machine.ctx.process.cwd + "\n")
    _status(machine, 0)


def exit_(machine: Commands, args: list[str]) -> Wait | None:
    """`exit [N]`."""
    sh = machine.sh
    frame = next((each for each in reversed(sh.frames) if each.kind == "call" and each.name == "trap"), None)
    code = number(args[1]) & 255 if len(args) > 1 else frame.status if frame else sh.status
    if sh.interactive and jobs.has_stopped(sh) and not sh.warned:
        sh.warned = True
        machine.ctx.err("There are stopped jobs.\n" if sh.name == "bash" else "You have stopped jobs.\n")
        return None
    if sh.interactive and sh.name == "bash":
        machine.ctx.err("exit\n")
    return machine.leave(code)


def number(text: str) -> int:
    """A number; ShellError `Illegal number`."""
    if not text.lstrip("-").isdecimal():
        raise ShellError(f"Illegal number: {text}", 2)
    return int(text)


def export(machine: Commands, args: list[str]) -> None:
    """`export [NAME[=VALUE]…]`, `export -p`."""
    sh = machine.sh
    for each in args[1:]:
        name, has_value, value = each.partition("=")
        if name == "-p":
            continue
        if not name.isidentifier():
            raise ShellError(f"export: {each}: bad variable name", 2)
        if has_value:
            sh.variables[name] = value
        if name not in sh.exported:
            sh.exported.append(name)
    if len(args) == 1 or "-p" in args:
        machine.ctx.out("".join(f"export {name}='{sh.variables.get(name, '')}'\n" for name in sorted(sh.exported)))
    _status(machine, 0)


def local(machine: Commands, args: list[str]) -> None:
    """`local NAME[=VALUE]…`, `readonly` and `declare` alike (without what they forbid)."""
    sh = machine.sh
    frame = next((each for each in reversed(sh.frames) if each.kind == "call" and each.name not in ("trap", "eval", ".")), None)
    if frame is None and args[0] == "local":
        raise ShellError("local: not in a function", 1)
    for each in args[1:]:
        name, has_value, value = each.partition("=")
        if frame is not None and args[0] == "local":
            frame.locals.setdefault(name, sh.variables.get(name))
        if has_value:
            sh.variables[name] = value
    _status(machine, 0)


def unset(machine: Commands, args: list[str]) -> None:
    """`unset [-f|-v] NAME…`."""
    sh = machine.sh
    for name in args[1:]:
        if "-f" in args:
            sh.functions.pop(name, None)
        elif not name.startswith("-"):
            sh.variables.pop(name, None)
    _status(machine, 0)


def set_(machine: Commands, args: list[str]) -> None:
    """`set [-eux] [+eux] [-o NAME] [-- PARAMETER…]`."""
    sh, words = machine.sh, args[1:]
    if not words:
        machine.ctx.out("".join(f"{name}='{value}'\n" for name, value in sorted(sh.variables.items()) if name.isidentifier()))
    names = {"errexit": "e", "nounset": "u", "xtrace": "x", "pipefail": "p"}
    while words and words[0][:1] in "+-" and words[0] not in ("-", "--"):
        word = words.pop(0)
        letters = word[1:].replace("o", names.get(words.pop(0) if "o" in word and words else "", ""))
        for letter in letters:
            sh.options = [each for each in sh.options if each != letter] + ([letter] if word[0] == "-" else [])
    if words:
        sh.params = words[1:] if words[0] in ("--", "-") else words
    _status(machine, 0)


def shift(machine: Commands, args: list[str]) -> None:
    """`shift [N]`."""
    count = number(args[1]) if len(args) > 1 else 1
    if count > len(machine.sh.params):
        raise ShellError("shift: can't shift that many", 1)
    machine.sh.params = machine.sh.params[count:]
    _status(machine, 0)


def break_(machine: Commands, args: list[str]) -> Wait | None:
    """`break [N]` and `continue [N]`."""
    sh = machine.sh
    machine.close_redirects()
    left = number(args[1]) if len(args) > 1 else 1
    loops = sum(1 for frame in sh.frames if frame.kind == "loop")
    sh.frames.append(Frame("redirect"))
    if not loops:
        return None
    left = min(left, loops)
    sh.frames.pop()
    while True:
        frame = machine.leave_frame()
        if frame.kind == "loop":
            left -= 1
            if left == 0:
                break
    sh.status = 0
    sh.pc = frame.last + 1 if args[0] == "break" else frame.first
    if args[0] == "continue":
        sh.frames.append(frame)
    return Sleep(machine.ctx.world.timings["shell.turn"])


def return_(machine: Commands, args: list[str]) -> Wait | None:
    """`return [N]`."""
    sh = machine.sh
    machine.close_redirects()
    status = number(args[1]) & 255 if len(args) > 1 else sh.status
    if not any(frame.kind == "call" for frame in sh.frames):
        return machine.leave(status)
    machine.return_(status)
    return Sleep(machine.ctx.world.timings["shell.command"])


def eval_(machine: Commands, args: list[str]) -> Wait | None:
    """`eval WORDS`."""
    machine.close_redirects()
    machine.call_text(" ".join(args[1:]), "eval")
    return Sleep(machine.ctx.world.timings["shell.turn"])


def source(machine: Commands, args: list[str]) -> Wait | None:
    """`. FILE` and `source FILE`."""
    try:
        text = machine.ctx.files.read(args[1])
    except (OSError, IndexError):
        raise ShellError(f"{args[0]}: can't open '{args[1] if len(args) > 1 else ''}': No such file or directory", 2) from None
    machine.close_redirects()
    machine.call_text(text, ".")
    return Sleep(machine.ctx.world.timings["shell.turn"])


def trap(machine: Commands, args: list[str]) -> None:
    """`trap [ACTION SIGNAL…]`, `trap - SIGNAL`, `trap`."""
    sh, process = machine.sh, machine.ctx.process
    if len(args) == 1:
        machine.ctx.out(
            "".join(
                f"trap -- '{text}' {'' if name == 'EXIT' else 'SIG' if sh.name == 'bash' else ''}{name}\n"
                for name, text in sorted(sh.traps.items())
            )
        )
    action, names = (args[1], args[2:]) if len(args) > 2 else ("-", args[1:])
    for word in names:
        name = "EXIT" if word in ("0", "EXIT") else signals.name_of(word)
        if name is None:
            raise ShellError(f"trap: {word}: invalid signal specification", 1)
        sh.traps.pop(name, None)
        process.ignored = [each for each in process.ignored if each != name]
        if action != "-":
            sh.traps[name] = action
        if action == "" and name != "EXIT":
            process.ignored.append(name)
    process.caught = sorted({*machine.always_caught(), *(name for name, text in sh.traps.items() if text and name != "EXIT")})
    _status(machine, 0)


def read(machine: Commands, args: list[str]) -> Wait | None:
    """`read [-r] [-p PROMPT] [-t SECONDS] [NAME…]`."""
    sh = machine.sh
    options, names = printing.options(args[1:], "pt")
    if "p" in options:
        machine.ctx.err(options["p"])
    sh.args = names or ["REPLY"]
    sh.output = "raw" if "r" in options else ""
    sh.waiting = "read"
    if machine.ctx.is_tty(0):
        machine.ctx.prompt("")
    timeout = printing.milliseconds(options["t"]) if "t" in options else None
    return (
        Read(0, timeout)
        if not machine.ctx.linux.streams.ready(machine.ctx.process, machine.ctx.process.fds.get(0, "null"))
        else machine.after_read() or Sleep(machine.ctx.world.timings["shell.command"])
    )


def exec_(machine: Commands, args: list[str]) -> Wait | None:
    """`exec [COMMAND]`: become it, or let the redirections last."""
    if len(args) == 1:
        _status(machine, 0)
        return None
    sh, process = machine.sh, machine.ctx.process
    try:
        machine.ctx.linux.processes.programs.find(machine.ctx.host, args[1:], process.cwd, "")
    except FileNotFoundError:
        raise ShellError(f"exec: {args[1]}: not found", 127, fatal=True) from None
    except PermissionError:
        raise ShellError(f"exec: {args[1]}: Permission denied", 126, fatal=True) from None
    process.env = machine.environment([])
    for frame in sh.frames:
        frame.fds.clear()
    return machine.ctx.exec(args[1:])


def test(machine: Commands, args: list[str]) -> None:
    """`test`, `[ … ]`, `[[ … ]]`."""
    words = args[1:]
    if args[0] in ("[", "[["):
        closing = "]" * len(args[0])
        if words[-1:] != [closing]:
            raise ShellError(
                f"missing {closing}"
                if machine.ctx.busybox
                else f"{args[0]}: missing `{closing}'"
                if machine.sh.name == "bash"
                else f"{args[0]}: missing {closing}",
                2,
            )
        words = words[:-1]
    try:
        _status(machine, 0 if condition.test(machine.ctx, words, double=args[0] == "[[") else 1)
    except ShellError as error:
        raise ShellError(_test_words(machine, args[0], error.words), 2) from None


def _test_words(machine: Commands, name: str, words: str) -> str:
    """What this shell says of an expression that it cannot read."""
    if machine.ctx.busybox:
        return words
    bad = words.removesuffix(": bad number")
    if bad != words:
        words = f"{bad}: integer expression expected" if machine.sh.name == "bash" else f"Illegal number: {bad}"
    return f"{name}: {words}"


def type_(machine: Commands, args: list[str]) -> None:
    """`type NAME…`, `command -v NAME…`, `which` is a tool."""
    sh, code = machine.sh, 0
    for name in args[1:]:
        if name in sh.functions:
            machine.ctx.out(f"{name} is a function\n")
        elif name in TABLE:
            machine.ctx.out(f"{name} is a shell builtin\n")
        elif name in machine.ctx.linux.processes.programs.names(machine.ctx.host):
            machine.ctx.out(f"{name} is /bin/{name}\n")
        else:
            code = 1 if sh.name == "bash" else 127
            (machine.complain if sh.name == "bash" else lambda words: machine.ctx.err(f"{words}\n"))(
                f"type: {name}: not found" if sh.name == "bash" else f"{name}: not found"
            )
    _status(machine, code)


def command(machine: Commands, args: list[str]) -> Wait | None:
    """`command -v NAME`; `command NAME …` runs it (not a function)."""
    if args[1:2] not in (["-v"], ["-V"]):
        machine.sh.args = args[1:]
        functions, machine.sh.functions = machine.sh.functions, {}
        machine.close_redirects()
        wait = machine.run_command()
        machine.sh.functions = functions
        machine.sh.frames.append(Frame("redirect"))
        return wait
    name = args[2] if len(args) > 2 else ""
    known = name in machine.sh.functions or name in TABLE
    if known or name in machine.ctx.linux.processes.programs.names(machine.ctx.host):
        machine.ctx.out(f"{name if known else '/bin/' + name}\n")
        _status(machine, 0)
    else:
        _status(machine, 1 if machine.sh.name == "bash" else 127)
    return None


def history(machine: Commands, args: list[str]) -> None:
    """`history`."""
    machine.ctx.out("".join(f"{here:>5}  {line}\n" for here, line in enumerate(machine.sh.history, 1)))
    _status(machine, 0)


SPECIAL = frozenset({".", ":", "break", "continue", "eval", "exec", "exit", "export", "return", "set", "shift", "trap", "unset"})
BASH_ONLY = frozenset({"[[", "declare", "source"})
TABLE: dict[str, Builtin] = {
    ".": source, ":": colon, "[": test, "[[": test, "bg": jobs.bg, "break": break_, "cd": cd, "command": command, "continue": break_,
    "declare": local, "echo": echo, "eval": eval_, "exec": exec_, "exit": exit_, "export": export, "false": false, "fg": jobs.fg,
    "history": history, "jobs": jobs.jobs, "kill": jobs.kill, "local": local, "printf": printf, "pwd": pwd, "read": read, "readonly": local,
    "return": return_, "set": set_, "shift": shift, "source": source, "test": test, "trap": trap, "true": colon, "type": type_, "unset": unset,
    "wait": jobs.wait,
}  # fmt: skip
