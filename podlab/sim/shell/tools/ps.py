"""ps: the processes that one sees here.

Upstream: ps(1). Left out: threads, formats of one's own but for `-o pid,comm,args,user`.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Process


class Ps(Tool):
    """`ps`, `ps aux`, `ps -ef`, `ps -o LIST`."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print them."""
        seen = ctx.linux.processes.visible(ctx.host.name)
        if not ctx.busybox and not args:
            seen = [each for each in seen if set(each.fds.values()) & {f"tty:{ctx.terminal}"}]
        if args[:1] == ["-o"] and len(args) > 1:
            self._columns(ctx, seen, args[1].split(","))
        elif ctx.busybox:
            ctx.out("PID   USER     TIME  COMMAND\n" + "".join(f"{each.number:>5} root      0:00 {shown(each)}\n" for each in seen))
        elif not args:
            ctx.out("    PID TTY          TIME CMD\n" + "".join(f"{each.number:>7} pts/0    00:00:00 {each.program}\n" for each in seen))
        else:
            self._long(ctx, seen, "-" in args[0])
        return 0

    def _long(self, ctx: Context, seen: list[Process], dashed: bool) -> None:
        user = ctx.image.user or "root"
        if dashed:
            ctx.out("UID          PID    PPID  C STIME TTY          TIME CMD\n")
            for each in seen:
                parent = ctx.linux.state.processes.get(each.parent)
                ctx.out(
                    f"{user:<8} {each.number:>7} {parent.number if parent else 0:>7}  0 {ctx.world.stamp(each.started_ms)[11:16]} ?        00:00:00 {shown(each)}\n"
                )
            return
        ctx.out("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n")
        for each in seen:
            ctx.out(
                f"{user:<8} {each.number:>7}  0.0  0.0 {4096 + ctx.linux.memory.of(each) // 1024:>6} {1024 + ctx.linux.memory.of(each) // 1024:>5} ?        {'T' if each.held == 'stop' else 'S'}    {ctx.world.stamp(each.started_ms)[11:16]}   0:00 {shown(each)}\n"
            )

    def _columns(self, ctx: Context, seen: list[Process], names: list[str]) -> None:
        known = {
            "pid": ("PID", 5),
            "ppid": ("PPID", 5),
            "comm": ("COMMAND", 0),
            "args": ("COMMAND", 0),
            "cmd": ("CMD", 0),
            "user": ("USER", 8),
        }
        ctx.out(" ".join(known[name][0].ljust(known[name][1]) for name in names if name in known) + "\n")
        for each in seen:
            parent = ctx.linux.state.processes.get(each.parent)
            values = {
                "pid": str(each.number),
                "ppid": str(parent.number if parent else 0),
                "comm": each.program,
                "args": shown(each),
                "cmd": shown(each),
                "user": ctx.image.user or "root",
            }
            ctx.out(" ".join(values[name].ljust(known[name][1]) for name in names if name in known) + "\n")


def shown(process: Process) -> str:
    """The command line."""
    name = process.program.rpartition("/")[2]
    if name == "nginx":
        return "nginx: master process " + " ".join(process.argv)
    return " ".join(process.argv)
