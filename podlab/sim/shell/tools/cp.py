"""cp: copies files, with -r directories too.

Upstream: cp(1). Left out: modes, links.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Cp(Tool):
    """`cp [-r] SOURCE… TARGET`; `mv SOURCE… TARGET` is a copy after which the source goes."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, ctx: Context, args: list[str]) -> int:
        """Copy or move."""
        given, paths = options(args)
        if len(paths) < 2:
            ctx.err(f"{self.name}: missing file operand\n")
            return 1
        *sources, target = paths
        deep = self.name == "mv" or bool({"r", "R", "a"} & set(given))
        return max(self._one(ctx, source, target, deep) for source in sources)

    def _one(self, ctx: Context, source: str, target: str, deep: bool) -> int:
        files, source = ctx.files, source.rstrip("/") or "/"
        if files.is_dir(target):
            target = target.rstrip("/") + "/" + source.rpartition("/")[2]
        if not files.exists(source):
            ctx.err(
                f"{self.name}: can't stat '{source}': No such file or directory\n"
                if ctx.busybox
                else f"{self.name}: cannot stat '{source}': No such file or directory\n"
            )
            return 1
        if files.is_dir(source) and not deep:
            ctx.err(f"cp: omitting directory '{source}'\n" if ctx.busybox else f"cp: -r not specified; omitting directory '{source}'\n")
            return 1
        try:
            self._copy(ctx, source, target)
        except OSError as error:
            ctx.err(
                f"{self.name}: can't create '{target}': {error.strerror}\n"
                if ctx.busybox
                else f"{self.name}: cannot create regular file '{target}': {error.strerror}\n"
            )
            return 1
        return 0

    def _copy(self, ctx: Context, source: str, target: str) -> None:
        files, every = ctx.files, list(ctx.files.walk(source))
        for path in every:
            new = target + path[len(source) :]
            if files.is_dir(path):
                files.mkdir(new, parents=True)
            else:
                files.write(new, files.read(path))
        for path in reversed(every) if self.name == "mv" else ():
            files.remove(path)
