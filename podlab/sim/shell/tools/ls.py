"""ls: what is in a directory.

Upstream: ls(1). Left out: owners, modes and times as they are (the lab keeps none), colours.
"""

from __future__ import annotations

from podlab.sim.linux.sizes import size_of
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Ls(Tool):
    """`ls [-la1dR] [PATH…]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Files first, then directories; on a terminal in columns."""
        given, paths = options(args)
        code, files, folders = 0, [], []
        for path in sorted(paths or ["."]):
            if not ctx.files.exists(path):
                ctx.err(
                    f"ls: {path}: No such file or directory\n"
                    if ctx.busybox
                    else f"ls: cannot access '{path}': No such file or directory\n"
                )
                code = 1 if ctx.busybox else 2
            elif ctx.files.is_dir(path) and "d" not in given:
                folders += [each for each in ctx.files.walk(path) if ctx.files.is_dir(each)] if "R" in given else [path]
            else:
                files.append(path)
        if files:
            self._show(ctx, given, "", files)
        for here, folder in enumerate(folders):
            if len(folders) + len(files) > 1:
                ctx.out(("\n" if here or files else "") + f"{folder}:\n")
            names = [name for name in ctx.files.list(folder) if "a" in given or "A" in given or not name.startswith(".")]
            if "l" in given:
                ctx.out(f"total {4 * len(names)}\n")
            self._show(ctx, given, folder, ([".", ".."] if "a" in given else []) + names)
        return code

    def _show(self, ctx: Context, given: dict[str, str], folder: str, names: list[str]) -> None:
        if "l" in given:
            rows = [self._row(ctx, folder, name) for name in names]
            width = max((len(size) for size, _ in rows), default=0)
            ctx.out("".join(row.replace("@SIZE@", size.rjust(width)) for size, row in rows))
        elif ctx.is_tty(1) and "1" not in given:
            ctx.out(columns(names, ctx.columns))
        else:
            ctx.out("".join(name + "\n" for name in names))

    def _row(self, ctx: Context, folder: str, name: str) -> tuple[str, str]:
        path = f"{folder}/{name}" if folder else name
        is_dir = ctx.files.is_dir(path)
        link = (
            ""
            if is_dir or "/proc/" not in ctx.files.absolute(path) or "/ns/" not in ctx.files.absolute(path)
            else f" -> {ctx.files.read(path)}"
        )
        runs = not is_dir and ctx.files.absolute(path) in ctx.host.executable
        mode = "lrwxrwxrwx" if link else "drwxr-xr-x" if is_dir else "-rwxr-xr-x" if runs else "-rw-r--r--"
        user = "learner" if ctx.image.user else "root"
        size = "4096" if is_dir else "0" if link else str(size_of(ctx.files.read(path)))
        stamp = ctx.world.stamp(ctx.host.opened_ms)
        months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        when = f"{months[int(stamp[5:7]) - 1]} {int(stamp[8:10]):>2} {stamp[11:16]}"
        return size, f"{mode}    {2 if is_dir else 1} {user:<8} {user:<8} @SIZE@ {when} {name}{link}\n"


def columns(names: list[str], width: int) -> str:
    """Names side by side, down the columns."""
    if not names:
        return ""
    cell = max(map(len, names)) + 2
    across = max(1, width // cell)
    down = -(-len(names) // across)
    lines = ("".join(name.ljust(cell) for name in names[row::down]).rstrip() for row in range(down))
    return "".join(line + "\n" for line in lines)
