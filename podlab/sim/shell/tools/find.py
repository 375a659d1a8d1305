"""find: paths below a directory.

Upstream: find(1). Left out: times, sizes, -exec, -prune, `-o`.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool, integer
from podlab.sim.linux.types import Context
from podlab.sim.shell.expansion import matches


class Find(Tool):
    """`find [PATH…] [-name PATTERN] [-type f|d] [-maxdepth N] [-delete]`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print those that pass all tests."""
        first = next((here for here, each in enumerate(args) if each.startswith("-")), len(args))
        tests, code = args[first:], 0
        known = {"-name", "-iname", "-type", "-maxdepth", "-path"}
        given: dict[str, str] = {}
        while tests:
            word = tests.pop(0)
            if word in known and tests:
                given[word] = tests.pop(0)
            elif word in ("-print", "-delete"):
                given[word] = ""
            else:
                ctx.err(f"find: not supported in this lab: {word}\n")
                return 1
        for path in args[:first] or ["."]:
            if not ctx.files.exists(path):
                ctx.err(f"find: {path}: No such file or directory\n" if ctx.busybox else f"find: '{path}': No such file or directory\n")
                code = 1
                continue
            found = [each for each in ctx.files.walk(path) if self._passes(ctx, path, each, given)]
            for each in reversed(found) if "-delete" in given else found:
                ctx.files.remove(each) if "-delete" in given else ctx.out(each + "\n")
        return code

    @staticmethod
    def _passes(ctx: Context, start: str, path: str, given: dict[str, str]) -> bool:
        base = path.rstrip("/").rpartition("/")[2] or path
        depth = path[len(start.rstrip("/")) :].count("/")
        if "-maxdepth" in given and depth > integer(given["-maxdepth"]):
            return False
        if "-type" in given and ctx.files.is_dir(path) != (given["-type"] == "d"):
            return False
        if "-path" in given and not matches(path, given["-path"]):
            return False
        folded = "-iname" not in given or matches(base.lower(), given["-iname"].lower())
        return folded and ("-name" not in given or matches(base, given["-name"]))
