"""ssh: a shell on a node.

Upstream: ssh(1). Left out: users, keys, tunnels.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Child, Context, Exit, Sleep, Wait, Wake

VALUED = ("-i", "-l", "-o", "-p")
CONNECT_MS = 200


class Ssh(Tool):
    """`ssh NODE [COMMAND…]`."""

    def start(self, ctx: Context) -> Wait:
        """Find the node."""
        words = ctx.process.argv[1:]
        while words and words[0].startswith("-"):
            words = words[2:] if words[0] in VALUED else words[1:]
        if not words:
            ctx.err("usage: ssh NODE [command]\n")
            return Exit(255)
        node = words[0].rpartition("@")[2]
        node = ctx.network.addresses.node_of_address(node) or node
        ctx.process.state |= {"node": node, "command": words[1:], "pid": 0}
        if f"node/{node}" not in ctx.linux.state.hosts:
            ctx.err(f"ssh: Could not resolve hostname {node}: Name or service not known\n")
            return Exit(255)
        return Sleep(CONNECT_MS)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Connected: run the shell there; or it has ended."""
        state = ctx.process.state
        node = state["node"]
        if state["pid"]:
            code = ctx.exit_code(state["pid"])
            if code is None:
                return Child(state["pid"])
            if not state["command"] and ctx.is_tty(0):
                ctx.err(f"logout\nConnection to {node} closed.\n")
            return Exit(code)
        if not ctx.network.reachable(ctx.host.node, node):
            ctx.err(
                f"ssh: connect to host {node} port 22: {'No route to host' if node in ctx.network.state.off else 'Connection timed out'}\n"
            )
            return Exit(255)
        argv = ["bash", "-c", " ".join(state["command"])] if state["command"] else ["bash"]
        env = {"HOME": "/root", "USER": "root", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "xterm"}
        state["pid"] = ctx.spawn(argv, env=env, cwd="/root", host=f"node/{node}", group=None if state["command"] else 0)
        if not state["command"]:
            ctx.foreground(state["pid"])
        return Child(state["pid"])
