"""crictl: the containers of this node, as its runtime sees them.

Upstream: crictl ps. Left out: all other subcommands, refused openly.
"""

from __future__ import annotations

from podlab.sim.images.registry import digest
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Host

HEADER = ("CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID", "POD", "NAMESPACE")
SHORT = 13
UNITS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"))


class Crictl(Tool):
    """`crictl ps`: those that run."""

    def run(self, ctx: Context, args: list[str]) -> int:
        """Print them, newest first."""
        if args[:1] != ["ps"]:
            ctx.err(f"not supported in this lab: crictl {' '.join(args)} (only `crictl ps`)\n")
            return 1
        rows = [HEADER, *(self._row(ctx, host) for host in self._hosts(ctx))]
        widths = [max(20, 3 + max(len(row[here]) for row in rows)) for here in range(len(HEADER) - 1)]
        for row in rows:
            ctx.out("".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + row[-1] + "\n")
        return 0

    @staticmethod
    def _hosts(ctx: Context) -> list[Host]:
        state = ctx.linux.state
        running = {each.host for each in state.processes.values() if each.exit_code is None and not each.parent}
        found = [
            host
            for host in state.hosts.values()
            if host.node == ctx.host.node and host.name in running and host.name.startswith("container/")
        ]
        return sorted(found, key=lambda host: (-host.opened_ms, host.name))

    def _row(self, ctx: Context, host: Host) -> tuple[str, ...]:
        namespace, pod, container = ctx.network.addresses.pod_of(host)
        image = digest(host.image).removeprefix("sha256:")[:SHORT]
        attempt = ctx.network.addresses.instance_of(host)
        sandbox = digest(host.network if not host.network.startswith("node/") else f"{namespace}/{pod}").removeprefix("sha256:")
        sandbox = host.network if len(host.network) == 64 else sandbox
        return (
            host.name.removeprefix("container/")[:SHORT],
            image,
            ago(ctx.world.now - host.opened_ms),
            "Running",
            container,
            str(attempt),
            sandbox[:SHORT],
            pod,
            namespace,
        )


def ago(ms: int) -> str:
    """`5 minutes ago`."""
    for unit, name in UNITS:
        if ms >= unit:
            count = ms // unit
            return f"{'About a' if name == 'minute' and count == 1 else count} {name}{'s' if count > 1 else ''} ago"
    return "Less than a second ago"
