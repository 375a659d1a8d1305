"""Pipes, files as streams, logs."""

from __future__ import annotations

from podlab.sim.changes import Line
from podlab.sim.linux.logs import KEPT_BYTES
from tests.sim.linux.machines import Machines


def test_a_writer_without_readers_ends_by_sigpipe() -> None:
    """`yes | head` ends."""
    machines = Machines()
    done = machines.run(machines.container(), "yes | head -2")
    assert ("y\ny\n", 0) == (done.out, done.code)
    assert {} == machines.linux.state.processes
    assert {} == machines.linux.state.pipes


def test_a_full_pipe_holds_its_writer() -> None:
    """Memory is bounded where nobody reads."""
    machines = Machines()
    machines.run(
        "workstation",
        "while true; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done | sleep 100",
        within_ms=90_000,
    )
    assert [True] == [60_000 < len(pipe.text) < 70_000 for pipe in machines.linux.state.pipes.values()] or machines.linux.state.pipes == {}


def test_lines_come_as_they_are_written() -> None:
    """A filter does not wait for the end."""
    machines = Machines()
    machines.start("workstation", ["sh", "-c", "(echo a; sleep 5; echo b) | grep . > /tmp/out"])
    machines.wait(2_000)
    assert "a\n" == machines.linux.read_file("workstation", "/tmp/out")


def test_a_log_is_told_in_frames_of_100_ms() -> None:
    """One frame a container and 100 ms, holding all lines."""
    machines = Machines()
    machines.start(machines.container(), ["sh", "-c", "while true; do echo x; done"], log="u/c/0")
    machines.wait(1_000)
    frames = [change for change in machines.told() if isinstance(change, Line)]
    assert 10 == len(frames)
    lines = "".join(text for _, text in machines.linux.log("u", "c", 0))
    assert lines.startswith("".join(frame.text for frame in frames))
    assert len(lines.splitlines()) <= 200


def test_a_long_log_is_rotated_and_says_so() -> None:
    """At most 256 KB a container."""
    machines = Machines()
    for _ in range(300):
        machines.linux.logs.write("u/c/0", "x" * 1023 + "\n")
    lines = machines.linux.log("u", "c", 0)
    assert lines[0][1].startswith("[podlab] ")
    assert sum(len(text) for _, text in lines) <= KEPT_BYTES
