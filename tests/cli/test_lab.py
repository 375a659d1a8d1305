"""The supervisor: who dies comes back, nobody stays behind, and trouble is said in one sentence."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from podlab.cli import lab
from podlab.cli.running import Lab
from podlab.home import ROOT

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def own_lab(start_lab: Callable[[str], Lab]) -> Iterator[Lab]:
    """A lab that these tests may harm."""
    running = start_lab("harmed")
    yield running
    running.process.kill()


@pytest.mark.parametrize("child", ["sweeper", "worker-1", "server", "valkey"])
def test_a_child_that_is_killed_comes_back(own_lab: Lab, child: str) -> None:
    """Under another process number, and the lab is ready again."""
    killed = own_lab.pid(child)
    own_lab.kill(child)
    assert _eventually(lambda: own_lab.pid(child) != killed)
    own_lab.wait_until_ready()


def test_a_second_lab_says_that_one_runs_and_where(own_lab: Lab) -> None:
    """Its address and its process, and that is all it does."""
    code, said = _manage(own_lab.home, "lab", "--port", "0")
    assert code == 1
    assert f"A lab already runs at {own_lab.address} (process {own_lab.process.pid}" in said


def test_a_port_that_is_taken_is_told_with_the_way_out(tmp_path: Path) -> None:
    """Before anything is set up."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = _manage(tmp_path, "lab", "--port", str(port))
    assert code == 1
    assert re.search(rf"Port {port} on 127\.0\.0\.1 cannot be had \(.*\): choose another, .* lab --port \d+", said)
    assert "Traceback" not in said


def test_valkey_listens_on_no_port_and_its_socket_is_private(own_lab: Lab) -> None:
    """Only the owner may open it, wherever the socket had to go."""
    assert _tcp_sockets(own_lab.pid("valkey")) == set()
    assert [oct(path.stat().st_mode & 0o777) for path in own_lab.home.glob("run/valkey.sock")] == ["0o700"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_no_process_stays_behind(start_lab: Callable[[str], Lab], how: signal.Signals) -> None:
    """However the parent ends: asked, Ctrl-C, a closed terminal, kill -9."""
    doomed = start_lab(f"ends-by-{how.name}")
    processes = {*_processes_of(doomed.home), *doomed.state()["children"].values()}
    assert len(processes) >= 6
    doomed.process.send_signal(how)
    doomed.process.wait(20)
    assert _eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes))
    assert _processes_of(doomed.home) == []


def test_every_shard_has_exactly_one_worker() -> None:
    """All 64 queues, each named once, for any number of workers."""
    for count in (1, 2, 3):
        queues = [queue for number in range(count) for queue in _queues(lab.worker_command(number, count))]
        assert sorted(queues) == [f"sim.{shard:02d}" for shard in range(64)]


def _queues(command: list[str]) -> list[str]:
    return command[command.index("-Q") + 1].split(",")


def _manage(home: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of `manage.py` in that home."""
    environment = {**os.environ, "PODLAB_HOME": str(home)}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def _processes_of(home: Path) -> list[int]:
    """Every living process that was given this home (Valkey writes over its environment and is not among them)."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _has_home(entry, home)]


def _tcp_sockets(pid: int) -> set[str]:
    """The inodes of the TCP sockets that a process holds."""
    held = {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    table = [line.split() for kind in ("tcp", "tcp6") for line in Path(f"/proc/{pid}/net/{kind}").read_text("ascii").splitlines()[1:]]
    return {row[9] for row in table if f"socket:[{row[9]}]" in held}


def _has_home(process: Path, home: Path) -> bool:
    try:
        return f"PODLAB_HOME={home}\0".encode() in (process / "environ").read_bytes()
    except OSError:
        return False


def _eventually(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it becomes true; how soon is not tested."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False
