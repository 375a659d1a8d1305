"""kubectl exec: a process beside those of a container.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/exec/exec.go. Left out: `--detach-keys`.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl import podfinder, podwait
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.linux.types import Child, Exit, Wait, Wake

_WHAT = "cannot attach to"
_NOT_ANY_MORE = "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead"


def run(inv: Invocation) -> Wait | None:
    """Find the Pod and run the command there."""
    dash = inv.parsed.dash
    if dash == -1 and len(inv.args) > 1:
        raise inv.usage(_NOT_ANY_MORE)
    if dash > 1:
        raise inv.usage(_NOT_ANY_MORE)
    if not inv.args or dash == 0:
        raise Failure("pod, type/name or --filename must be specified")
    if len(inv.args) < 2:
        raise Failure("you must specify at least one command for the container")
    return podwait.find(inv, inv.args[0], _WHAT, _exec)


def host_of(pod: Obj, name: str, *, verb: str = "exec into") -> str:
    """The host of a running container; Failure in the words of the API server and the kubelet."""
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise Failure(f"cannot {verb} a container in a completed pod; current phase is {phase}")
    if not pod["spec"].get("nodeName") or not (pod.get("status") or {}).get("hostIP"):
        raise Failure(f"unable to upgrade connection: pod {pod['metadata']['name']} does not have a host assigned")
    status = podfinder.status_of(pod, name)
    if status is None or (status.get("state") or {}).get("running") is None:
        raise Failure(f'unable to upgrade connection: container not found ("{name}")')
    return "container/" + str(status["containerID"]).partition("://")[2]


def _exec(inv: Invocation, pod: Obj) -> Wait | None:
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise Failure(f"cannot exec into a container in a completed pod; current phase is {phase}")
    name = podfinder.container(inv, pod, inv.flags["container"], init=False, quiet=inv.flags["quiet"])
    host = host_of(pod, name)
    linux, fds = inv.ctx.linux, dict(inv.ctx.process.fds)
    if not inv.flags["stdin"]:
        fds[0] = "null"
    first = linux.processes.by_number(host, 1)
    env, cwd = (dict(first.env), first.cwd) if first is not None else ({}, "/")
    try:
        pid = inv.ctx.spawn(inv.args[1:], env=env, cwd=cwd, fds=fds, host=host)
    except (FileNotFoundError, PermissionError) as error:
        raise Failure(_cannot_start(inv.args[1], error)) from None
    inv.memory["pid"] = pid
    return inv.then("ended", Child(pid))


def _cannot_start(program: str, error: OSError) -> str:
    why = "permission denied" if isinstance(error, PermissionError) else "executable file not found in $PATH"
    if "/" in program:
        why = f"stat {program}: no such file or directory" if isinstance(error, FileNotFoundError) else why
    return (
        "Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: "
        f'OCI runtime exec failed: exec failed: unable to start container process: exec: "{program}": {why}: unknown'
    )


def _ended(inv: Invocation, wake: Wake) -> Wait | None:
    pid = inv.memory["pid"]
    if wake.why == "signal":
        return inv.then("ended", Child(pid)) if inv.flags["tty"] else Exit(130)
    code = inv.ctx.exit_code(pid)
    if code is None:
        return inv.then("ended", Child(pid))
    if code:
        inv.err(f"command terminated with exit code {code}\n")
    return Exit(code)


COMMAND = Command(run, steps={"pod": podwait.step(run), "ended": _ended}, handles_interrupt=True)
