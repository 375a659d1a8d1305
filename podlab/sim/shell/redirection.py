"""Redirections: where descriptors lead for one command.

Upstream: POSIX Shell Command Language 2.7. Left out: `<>` with seeking, descriptors above 9.
"""

from __future__ import annotations

import errno

from podlab.sim.linux.types import Context
from podlab.sim.shell.expansion import ShellError
from podlab.sim.shell.state import Frame

MODES = {">": "w", ">|": "w", ">>": "a", "<": "r", "&>": "w", "&>>": "a", "<>": "a"}


def resolve(ctx: Context, shell: str, fds: dict[int, str], redirects: list[tuple[int, str, str]]) -> dict[int, str]:
    """The descriptors after these redirections (pipes and files newly made are held by nobody yet); ShellError."""
    out = dict(fds)
    for fd, operator, target in redirects:
        if operator in (">&-", "<&-") or (operator in (">&", "<&") and target == "-"):
            out.pop(fd, None)
        elif operator in (">&", "<&") and target.isdecimal():
            if int(target) not in out:
                raise ShellError(f"{target}: Bad file descriptor")
            out[fd] = out[int(target)]
        elif operator in ("<<", "<<<"):
            out[fd] = text_stream(ctx, target)
        else:
            mode = MODES.get(operator, "w")
            name = _open(ctx, shell, target, mode)
            out[fd] = name
            if operator in ("&>", "&>>", ">&"):
                out[1] = out[2] = name
    return out


def text_stream(ctx: Context, text: str) -> str:
    """A stream from which that text can be read."""
    reader, _ = ctx.linux.streams.pipe()
    ctx.linux.state.pipes[reader.split(":")[1]].text = text
    return reader


def _open(ctx: Context, shell: str, target: str, mode: str) -> str:
    try:
        return ctx.open(target, mode)
    except OSError as error:
        words = error.strerror or "Input/output error"
        if shell == "bash":
            raise ShellError(f"{target}: {words}") from None
        missing = error.errno == errno.ENOENT
        if not ctx.busybox:
            raise ShellError(
                f"cannot {'open' if mode == 'r' else 'create'} {target}: "
                + ("No such file" if mode == "r" else "Directory nonexistent" if missing else words),
                2,
            ) from None
        what = "no such file" if mode == "r" else "nonexistent directory"
        raise ShellError(f"can't {'open' if mode == 'r' else 'create'} {target}: {what if missing else words}") from None


def push(ctx: Context, frame: Frame, fds: dict[int, str]) -> None:
    """Let the shell's own descriptors be `fds`; `frame` remembers what they were."""
    own = ctx.process.fds
    for fd in sorted(set(own) | set(fds)):
        if own.get(fd) != fds.get(fd):
            frame.fds[fd] = own.get(fd)
            if own.get(fd) is not None:
                ctx.linux.streams.hold(own[fd])
            ctx.set_fd(fd, fds.get(fd))


def drop(ctx: Context, frame: Frame) -> None:
    """The redirections stay (`exec > file`)."""
    for name in frame.fds.values():
        if name is not None:
            ctx.linux.streams.close(name)


def pop(ctx: Context, frame: Frame) -> None:
    """Back to what they were."""
    for fd, name in frame.fds.items():
        ctx.set_fd(fd, name)
        if name is not None:
            ctx.linux.streams.close(name)
