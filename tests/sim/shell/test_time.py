"""Computing takes virtual time, and a shell is its saved bytes."""

from __future__ import annotations

import pytest

from tests.sim.linux.machines import Machines

LINE = "x=0; f() { echo in $1; }; while [ $x -lt 3 ]; do x=$((x+1)); f $x | tr a-z A-Z; echo $(date +%s | cat); done > /tmp/o; trap 'echo bye' EXIT; sleep 1 & wait; case $x in 3) cat <<EOF\nend $x\nEOF\nesac; cat /tmp/o; read a b < /etc/group; (exit 4) || echo $? $a"


def test_a_loop_makes_at_most_200_lines_a_second() -> None:
    """`yes`, `while :` and their like cannot flood."""
    for line in ("yes", "while :; do echo x; done", "for i in $(seq 1000); do echo $i; done"):
        machines = Machines()
        machines.start("workstation", ["sh", "-c", f"{line} > /tmp/out"])
        machines.wait(1_000)
        assert 50 < len((machines.linux.read_file("workstation", "/tmp/out") or "").splitlines()) <= 200


def test_an_empty_loop_takes_time() -> None:
    """A turn is at least 1 ms: no line hangs the engine."""
    machines = Machines()
    machines.start("workstation", ["sh", "-c", "while :; do :; done"])
    machines.world.kernel.run_until(1_000, steps=2_500)
    assert 1_000 == machines.world.now


@pytest.mark.parametrize(("line", "ms"), [("true", 10), ("cat /etc/group", 10), ("sleep 5", 5_010), ("echo a; echo b", 15)])
def test_a_simple_command_takes_5_ms(line: str, ms: int) -> None:
    """So does starting the shell."""
    machines = Machines()
    assert ms == machines.run("workstation", line).ms


def test_saving_between_any_two_steps_changes_nothing() -> None:
    """Loops, pipes, substitutions, jobs, here-documents and traps are plain data at every instant."""
    straight = Machines()
    expected = straight.run(straight.container(), LINE)
    machines = Machines()
    host = machines.container()
    machines.linux.spawn(
        host,
        ["sh", "-c", LINE],
        env={"HOME": "/root", "PATH": "/bin"},
        cwd="/",
        fds={0: "null", 1: "buffer:out", 2: "buffer:err"},
        owner="test saved",
    )
    while machines.world.kernel.peek() is not None:
        machines.world.kernel.step()
        machines = machines.again()
    assert (expected.out, expected.err) == (machines.linux.take_buffer("out"), machines.linux.take_buffer("err"))
    end = machines.end_of("saved")
    assert end is not None
    assert (expected.code, expected.ms) == (end[2], end[1])
    assert expected.out.endswith("4 root:x:0:\nbye\n")
