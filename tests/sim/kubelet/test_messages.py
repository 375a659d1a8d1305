"""The termination message of a container."""

from __future__ import annotations

from typing import Any

from tests.sim.kubelet.rig import Rig


def message_of(command: str, **more: Any) -> str:
    """What the status says after the command has ended."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "command": ["sh", "-c", command], **more}], "restartPolicy": "Never"})
    rig.run(10)
    return str(rig.status()["containerStatuses"][0]["state"]["terminated"].get("message", ""))


def test_it_is_what_was_written_to_its_file() -> None:
    """CS-10."""
    assert "sleep well\n" == message_of("echo sleep well > /dev/termination-log; exit 1")


def test_it_may_lie_elsewhere() -> None:
    """terminationMessagePath."""
    assert "x\n" == message_of("echo x > /tmp/last", terminationMessagePath="/tmp/last")


def test_after_an_error_it_may_be_the_end_of_the_log() -> None:
    """terminationMessagePolicy: FallbackToLogsOnError."""
    assert "one\ntwo\n" == message_of("echo one; echo two; exit 3", terminationMessagePolicy="FallbackToLogsOnError")
    assert "" == message_of("echo one", terminationMessagePolicy="FallbackToLogsOnError")


def test_it_is_cut_at_4096_bytes() -> None:
    """However much was written."""
    assert 4096 == len(message_of("i=0; while [ $i -lt 600 ]; do echo 123456789; i=$((i+1)); done > /dev/termination-log"))
