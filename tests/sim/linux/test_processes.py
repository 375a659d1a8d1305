"""Processes: signals, PID 1, orphans, limits."""

from __future__ import annotations

import pytest

from podlab.sim.linux.types import Host
from tests.sim.linux.machines import Machines

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("script", "signal", "end"),
    [
        ("trap 'exit 0' TERM; sleep 3600 & wait", "TERM", (3_000, 0, "")),
        ("trap 'sleep 12; exit 0' TERM; sleep 3600 & wait", "TERM", (15_005, 0, "")),
        ("sleep 3600", "TERM", None),
        ("sleep 3600", "KILL", (3_000, 137, "KILL")),
        ("while true; do sleep 1; done", "INT", None),
        ("trap '' TERM; while true; do sleep 1; done", "TERM", None),
        ("trap 'exit 9' TERM; sleep 20; echo end", "TERM", (20_015, 9, "")),
        ("sleep 10; trap 'exit 3' TERM; sleep 100 & wait", "TERM", None),
    ],
)
def test_pid_1_of_a_container_gets_only_signals_that_it_handles(script: str, signal: str, end: tuple[int, int, str] | None) -> None:
    """No default action for the first process; SIGKILL from outside always; a trap waits for the foreground command."""
    machines = Machines()
    pid = machines.start(machines.container(), ["sh", "-c", script])
    machines.wait(3_000)
    machines.linux.kill(pid, signal)
    machines.wait(40_000)
    ended = machines.end_of("first")
    assert end == (None if ended is None else ended[1:])


def test_pid_1_cannot_kill_itself() -> None:
    """Inside its namespace not even SIGKILL reaches the first process."""
    machines = Machines()
    host = machines.container()
    pid = machines.start(host, ["sleep", "1d"])
    machines.wait(100)
    assert machines.run(host, "kill -9 1").code == 0
    assert machines.linux.alive(pid)


def test_all_end_with_the_first_process() -> None:
    """A pid namespace ends with its first process."""
    machines = Machines()
    host = machines.container()
    pid = machines.start(host, ["sh", "-c", "sleep 100 & sleep 200 & wait"])
    machines.wait(100)
    assert [1, 2, 3] == [each.number for each in machines.linux.processes.visible(host)]
    machines.linux.kill(pid, "KILL")
    machines.wait(1)
    assert {} == machines.linux.state.processes


def test_a_process_on_a_machine_ends_by_the_default_action() -> None:
    """Only containers have the rule for the first process."""
    machines = Machines()
    pid = machines.start("workstation", ["sleep", "100"])
    machines.wait(100)
    machines.linux.kill(pid, "TERM")
    machines.wait(1)
    assert ("first", 100, 143, "TERM") == machines.end_of("first")


def test_a_program_that_does_not_exist_is_refused() -> None:
    """As execve has it: no such file, or no right to run it."""
    machines = Machines()
    host = machines.container()
    with pytest.raises(FileNotFoundError, match="executable file not found"):
        machines.start(host, ["nope"])
    with pytest.raises(FileNotFoundError, match="No such file or directory"):
        machines.start(host, ["/no/such/program"])
    with pytest.raises(PermissionError):
        machines.start(host, ["/etc/passwd"])


def test_a_container_over_its_memory_limit_is_killed_as_a_whole() -> None:
    """With cgroup v2 the kernel's killer takes all of it; the owner hears OOM and 137."""
    machines = Machines()
    host = machines.container(memory=50 * MIB)
    machines.start(host, ["sh", "-c", "sleep 3; tail /dev/zero; echo not"])
    machines.wait(10_000)
    assert ("first", 3_015, 137, "OOM") == machines.end_of("first")


def test_there_are_at_most_so_many_processes() -> None:
    """A fork bomb is bounded and the machine stays usable."""
    machines = Machines()
    done = machines.run("workstation", "f() { f | f & f; }; f", shell="bash")
    assert 2 == done.code
    assert "can't fork: Resource temporarily unavailable" in done.err
    machines.wait(5_000)
    assert "alive\n" == machines.run("workstation", "echo alive").out


def test_an_exec_takes_six_numbers() -> None:
    """Processes that enter a container from outside are 7, 13, 19 …, as on a real node."""
    machines = Machines()
    host = machines.container()
    machines.start(host, ["sleep", "1d"])
    machines.wait(10)
    assert ["7\n", "13\n"] == [machines.run(host, "echo $$").out for _ in range(2)]


def test_closing_a_host_ends_what_runs_there() -> None:
    """And its files are gone."""
    machines = Machines()
    host = machines.container()
    machines.start(host, ["sleep", "1d"])
    machines.wait(10)
    machines.linux.close_host(host)
    machines.wait(1)
    assert host not in machines.linux.state.hosts
    assert ("first", 10, 137, "KILL") == machines.end_of("first")


def test_hosts_with_one_pid_namespace_see_each_other() -> None:
    """shareProcessNamespace."""
    machines = Machines()
    for name in ("one", "two"):
        machines.linux.open_host(Host(f"container/{name}", "pod", image="busybox", pid_namespace="pod"))
        machines.start(f"container/{name}", ["sleep", "1d"], name)
    machines.wait(10)
    assert [1, 7] == [each.number for each in machines.linux.processes.visible("container/two")]
