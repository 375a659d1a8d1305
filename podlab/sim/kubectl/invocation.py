"""One run of kubectl: its flags, its streams, its view of the cluster, and what it waits for.

Upstream: cmdutil.Factory and genericiooptions.IOStreams of staging/src/k8s.io/kubectl. Left out: configuration by several kubeconfig files.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.kubectl.client import Client
from podlab.sim.kubectl.errors import Failure, Usage
from podlab.sim.kubectl.flags import Parsed
from podlab.sim.kubectl.helptext import help_of
from podlab.sim.kubectl.kubeconfig import Kubeconfig, Wanted
from podlab.sim.linux.types import Context, Exit, Wait
from podlab.sim.world import World

MEMORY = "kubectl"


class Invocation:
    """What a command gets. `memory` is plain data that outlives a wait; everything else is made anew when the process goes on."""

    def __init__(self, ctx: Context, path: str, parsed: Parsed) -> None:
        self.ctx = ctx
        self.path = path
        self.parsed = parsed
        self.flags = parsed.values
        self.args = parsed.args
        self.memory: dict[str, Any] = ctx.process.state.setdefault(MEMORY, {})
        user = self.flags.get("user", "")  # `create rolebinding` has one of its own: a list
        wanted = Wanted(self.flags.get("context", ""), self.flags.get("cluster", ""), user if isinstance(user, str) else "")
        self.config = Kubeconfig.load(ctx, self.flags.get("kubeconfig", ""), wanted)
        self.client = Client(self)

    @property
    def world(self) -> World:
        """The clock and the API server."""
        return self.ctx.world

    @property
    def command(self) -> str:
        """`kubectl create deployment`: what usage errors speak of."""
        return f"kubectl {self.path}".strip()

    @property
    def namespace(self) -> str:
        """The namespace of the flag, else of the context, else `default`."""
        return self.flags.get("namespace") or self.config.namespace or "default"

    @property
    def namespace_given(self) -> bool:
        """Whether `-n` was given."""
        return bool(self.flags.get("namespace"))

    def given(self, flag: str) -> bool:
        """Whether a flag stands on the command line."""
        return flag in self.parsed.given

    def help(self) -> None:
        """Print the command's own help."""
        self.out(help_of(self.path))

    def unexpected(self) -> Failure:
        """For a wrong number of arguments, where upstream prints the whole help before it says so."""
        self.help()
        return Failure("Unexpected args: [" + " ".join(self.args) + "]")

    def out(self, text: str) -> None:
        """Write to standard output."""
        if text:
            self.ctx.out(text)

    def err(self, text: str) -> None:
        """Write to standard error."""
        if text:
            self.ctx.err(text)

    def usage(self, message: str) -> Usage:
        """A wrong argument: raise what this returns."""
        return Usage(self.command, message)

    def then(self, step: str, wait: Wait) -> Wait:
        """Wait, then go on with that step of the command."""
        self.memory["step"] = step
        return wait

    def exit(self, code: int = 0) -> Wait:
        """The end."""
        return Exit(code)
