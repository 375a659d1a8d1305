"""The commands that the lab has: one file each, one line here.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/cmd.go. Left out: what is not in the table is refused in words.
"""

from __future__ import annotations

from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.commands import (
    apply,
    attach,
    create,
    create_config,
    create_policy,
    create_services,
    create_workloads,
    delete,
    describe,
    exec,
    get,
    label,
    logs,
    patch,
    run,
    scale,
    set_template,
    wait,
)

TABLE: dict[str, Command] = {
    "apply": apply.COMMAND,
    "attach": attach.COMMAND,
    "create": create.COMMAND,
    **create_config.COMMANDS,
    **create_policy.COMMANDS,
    **create_services.COMMANDS,
    **create_workloads.COMMANDS,
    "delete": delete.COMMAND,
    "describe": describe.COMMAND,
    "exec": exec.COMMAND,
    "get": get.COMMAND,
    **label.COMMANDS,
    "logs": logs.COMMAND,
    "patch": patch.COMMAND,
    "run": run.COMMAND,
    "scale": scale.COMMAND,
    **set_template.COMMANDS,
    "wait": wait.COMMAND,
}
