"""What a line that only reads is."""

from __future__ import annotations

import pytest

from podlab.session.reading import reads
from podlab.sim.commands import Command, OpenTerminal, TypeLine

READING = (
    "kubectl get pods",
    "k get pod web -o yaml -l app=web",
    "kubectl describe pod web",
    "kubectl explain pod.spec",
    "cat pod.yaml",
    "ls",
)
NOT = (
    "", "kubectl", "kubectl get pods -w", "kubectl get pods --watch-only", "kubectl logs web -f", "kubectl delete pod web",
    "kubectl get pods; kubectl delete pod web", "kubectl get pods > pods", "cat", "echo $(kubectl delete pod web)", "A=1", "while sleep 1",
    "kubectl get pods &", "kubectl get 'pods", "tail -f log",
)  # fmt: skip


@pytest.mark.parametrize("line", READING)
def test_a_plain_look_reads(line: str) -> None:
    """One program that changes nothing and ends at once."""
    assert reads(TypeLine("t1", line))


@pytest.mark.parametrize("command", [*(TypeLine("t1", line) for line in NOT), OpenTerminal("t1")])
def test_whatever_may_change_or_wait_does_not(command: Command) -> None:
    """In doubt a line counts; a command that is no line always does."""
    assert not reads(command)
