"""The exec probe: a command in the container, exit code 0 is success.

Upstream: pkg/probe/exec/exec.go, pkg/kubelet/cri/remote (ExecSync). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.containerd.containerd import why_not
from podlab.sim.kubelet.probes.verdict import MAX_OUTPUT, Verdict

TRIES = 3
"""How often a command is tried that the runtime could not run."""
# Commands whose verdict depends on files and processes alone: they need not run again while nothing there has changed.
STEADY = frozenset({"cat", "test", "[", "ls", "true", "stat", "pgrep", "grep", "head", "tail", "wc"})


def judge(code: int, output: str) -> Verdict:
    """PR-12."""
    return Verdict("Success" if code == 0 else "Failure", output[:MAX_OUTPUT])


def timed_out(argv: list[str], seconds: int) -> Verdict:
    """NE-3."""
    return Verdict("Failure", f'command timed out: "{" ".join(argv)}" timed out after {seconds}s')


def not_started(argv: list[str], error: OSError) -> Verdict:
    """The runtime could not run the command."""
    return Verdict("Unknown", refused(argv, error))


def refused(argv: list[str], error: OSError) -> str:
    """What containerd answers to a command that it cannot start."""
    what = f"OCI runtime exec failed: exec failed: unable to start container process: {why_not(argv[0], error)}: unknown"
    return f"rpc error: code = Unknown desc = failed to exec in container: failed to start exec: {what}"


def is_steady(argv: list[str]) -> bool:
    """Whether the same files and processes always give the same verdict."""
    return bool(argv) and argv[0].rpartition("/")[2] in STEADY
