"""The commands that the lab has: one file each, one line here.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/cmd.go. Left out: what is not in the table is refused in words.
"""

from __future__ import annotations

from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.commands import get

TABLE: dict[str, Command] = {
    "get": get.COMMAND,
}
