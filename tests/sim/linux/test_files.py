"""Files: image, overlay, mounts, touches."""

from __future__ import annotations

import pytest

from podlab.sim.linux.types import Mount
from tests.sim.linux.machines import Machines


def test_a_write_covers_the_image_and_a_removal_hides_it() -> None:
    """The layers of a container."""
    machines = Machines()
    host = machines.container()
    files = machines.linux.files(host)
    assert files.read("/etc/passwd").startswith("root:x:0:0")
    files.write("/etc/passwd", "new")
    assert "new" == files.read("/etc/passwd")
    files.remove("/etc/passwd")
    assert not files.exists("/etc/passwd")


def test_a_directory_stays_when_its_last_file_goes() -> None:
    """As directories do."""
    machines = Machines()
    files = machines.linux.files(machines.container())
    files.mkdir("/data/deep", parents=True)
    files.write("/data/deep/a", "x")
    files.remove("/data/deep/a")
    assert [] == files.list("/data/deep")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/nope/a", "No such file or directory"),
        ("/etc", "Is a directory"),
        ("/etc/passwd/x", "Not a directory"),
        ("/proc/1/comm", "Read-only file system"),
        ("/locked/a", "Read-only file system"),
    ],
)
def test_a_write_that_cannot_be_is_refused(path: str, error: str) -> None:
    """In POSIX' words."""
    machines = Machines()
    files = machines.linux.files(machines.container(mounts=[Mount("/locked", "v", read_only=True)]))
    with pytest.raises(OSError, match=error):
        files.write(path, "x")


def test_a_volume_is_shared_and_its_writes_touch_all_that_mount_it() -> None:
    """emptyDir."""
    machines = Machines()
    machines.linux.set_volume("emptydir/u/data", {})
    one = machines.container("one", mounts=[Mount("/a", "emptydir/u/data")])
    two = machines.container("two", mounts=[Mount("/b/c", "emptydir/u/data")])
    other = machines.container("other")
    before = {host: machines.linux.epoch(host) for host in (one, two, other)}
    machines.linux.files(one).write("/a/x", "hello")
    assert "hello" == machines.linux.files(two).read("/b/c/x")
    assert ["c"] == machines.linux.files(two).list("/b")
    assert [1, 1, 0] == [machines.linux.epoch(host) - before[host] for host in (one, two, other)]


def test_a_host_path_is_the_nodes_own_file() -> None:
    """Written on the node, seen in the container, and touched there."""
    machines = Machines()
    host = machines.container(mounts=[Mount("/readiness", "node/node-1:/tmp/ready")])
    seen: list[str] = []
    machines.linux.on_touch(seen.append)
    machines.linux.write_file("node/node-1", "/tmp/ready/ready.txt", "ok")
    assert "ok" == machines.linux.read_file(host, "/readiness/ready.txt")
    assert host in seen


def test_a_file_of_a_volume_is_mounted_by_sub_path() -> None:
    """subPath, and a mount over a file."""
    machines = Machines()
    machines.linux.set_volume("configmap/u/c", {"app.conf": "a=1", "other": "b"})
    files = machines.linux.files(machines.container(mounts=[Mount("/etc/app.conf", "configmap/u/c", sub_path="app.conf")]))
    assert "a=1" == files.read("/etc/app.conf")
    assert files.exists("/etc/passwd")


def test_a_large_file_costs_nothing() -> None:
    """Zeros are kept as their number."""
    machines = Machines()
    host = machines.container()
    assert 0 == machines.run(host, "dd if=/dev/zero of=/big bs=1M count=20").code
    assert 20 * 1024 * 1024 == machines.linux.usage(host)
    assert len(machines.linux.state.hosts[host].files["big"]) < 20


def test_proc_tells_of_processes_and_namespaces() -> None:
    """What lessons read there."""
    machines = Machines()
    host = machines.container()
    machines.linux.state.hosts[host].oom_score_adj = 1000
    machines.start(host, ["sleep", "1d"])
    machines.wait(10)
    assert "1000\n" == machines.run(host, "cat /proc/1/oom_score_adj").out
    assert "sleep\0" == machines.run(host, "cat /proc/1/cmdline").out[:6]
    assert "1\n" == machines.run(host, "[ -d /proc/1 ] && ls /proc | grep -c '^1$'").out


def test_a_volume_in_memory_has_a_size() -> None:
    """medium: Memory with sizeLimit."""
    machines = Machines()
    host = machines.container(mounts=[Mount("/v", "emptydir/u/m", limit=1024)])
    said = machines.run(host, "dd if=/dev/zero of=/v/f bs=1K count=2").err
    assert said.startswith("dd: error writing '/v/f': No space left on device\n2+0 records in\n1+0 records out\n1024 bytes ")
    assert "1024\n" == machines.run(host, "cat /v/f | wc -c").out
    assert 0 == machines.run(host, "dd if=/dev/zero of=/v/f bs=1K count=1").code


def test_tail_follows_without_looking_again_and_again() -> None:
    """It goes on when the file changes; between that nothing is due."""
    machines = Machines()
    host = machines.container()
    machines.start(host, ["sh", "-c", "echo a > /log; tail -f /log > /seen"])
    machines.wait(1_000)
    assert None is machines.world.kernel.peek()
    machines.linux.files(host).write("/log", "b\n", append=True)
    machines.wait(1)
    assert "a\nb\n" == machines.linux.read_file(host, "/seen")
