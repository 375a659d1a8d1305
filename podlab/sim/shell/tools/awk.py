"""awk: patterns and actions on fields.

Upstream: POSIX awk(1). Left out: loops, arrays, functions of one's own, getline, regular expressions in variables.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Feed, Filter
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options, unescape
from podlab.sim.shell.tools.awk_code import AwkError, Interpreter, Rule, parse


class Awk(Filter):
    """`awk [-F C] [-v NAME=VALUE] PROGRAM [FILE…]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """Read the program, run its BEGIN."""
        values = [args[here + 1] for here, each in enumerate(args[:-1]) if each == "-v"]
        feed.options, words = options(args, "Fvf")
        if not words:
            ctx.err("Usage: awk [-F C] [-v VAR=VAL] PROGRAM [FILE]...\n")
            return 1
        feed.options["program"], feed.files = words[0], words[1:]
        variables = ctx.process.state.setdefault("variables", {"NR": "0", "FS": unescape(feed.options.get("F", " ")), "OFS": " "})
        variables |= dict(each.partition("=")[::2] for each in values)
        try:
            rules = parse(words[0])
            self._run(ctx, [rule for rule in rules if rule.pattern == ["BEGIN"]], "")
        except AwkError as error:
            ctx.err(f"awk: cmd. line:1: {error}\n")
            return 2 if not ctx.busybox else 1
        only_begin = all(rule.pattern == ["BEGIN"] for rule in rules)
        return 0 if only_begin else None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """Run what applies to this line."""
        variables = ctx.process.state["variables"]
        variables["NR"] = str(int(variables["NR"]) + 1)
        rules = [rule for rule in parse(feed.options["program"]) if rule.pattern not in (["BEGIN"], ["END"])]
        try:
            return self._run(ctx, rules, text.removesuffix("\n"))
        except AwkError as error:
            ctx.err(f"awk: cmd. line:1: {error}\n")
            feed.code = 1
            return False

    def end(self, ctx: Context, feed: Feed) -> int:
        """Run END."""
        if not feed.code:
            self._run(ctx, [rule for rule in parse(feed.options["program"]) if rule.pattern == ["END"]], "")
        return feed.code or int(ctx.process.state.get("exit", 0))

    @staticmethod
    def _run(ctx: Context, rules: list[Rule], line: str) -> bool:
        machine = Interpreter(ctx.process.state["variables"], line)
        for rule in rules:
            if not machine.applies(rule):
                continue
            machine.act(rule)
            if machine.stopped:
                break
        ctx.out("".join(machine.printed))
        if machine.exit_code is not None:
            ctx.process.state["exit"] = machine.exit_code
            return False
        return True
