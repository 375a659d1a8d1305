"""What a kubelet tells of its machine's disk and processes, for whoever looks at the node."""

from __future__ import annotations

from podlab.sim.changes import NodeSeen
from podlab.sim.cluster import Cluster

BOOT = Cluster.boot("trio")


def started() -> Cluster:
    """A new cluster, five seconds old."""
    cluster = Cluster.start(BOOT, 1, 1_767_571_200_000)
    cluster.advance(5_000)
    cluster.take_changes()
    return cluster


def ran(cluster: Cluster, line: str, until_s: int) -> list[NodeSeen]:
    """What is told of node-1 after a command."""
    cluster.script(line)
    cluster.advance(1000 * until_s)
    return [each for each in cluster.take_changes() if isinstance(each, NodeSeen) and each.node == "node-1"]


POD = 'kubectl run w --image=busybox:1.36 --overrides=\'{"spec":{"nodeName":"node-1"}}\' -- sh -c '


def test_a_snapshot_tells_of_each_machine() -> None:
    """With what must stay free: a tenth of the disk; of process numbers nothing, unless the kubelet's file says so."""
    told = {each.node: each for each in started().kubelet.eviction.seen()}
    assert {"node-1", "node-2"} < set(told)
    assert (24_349_785_984, 0, 1024) == (told["node-1"].disk_kept, told["node-1"].pids_kept, told["node-1"].pids_most)


def test_what_is_written_is_told_with_the_next_look() -> None:
    """Once, not each ten seconds."""
    cluster = started()
    before = next(each.disk for each in cluster.kubelet.eviction.seen() if each.node == "node-1")
    told = ran(cluster, POD + "'sleep 2; dd if=/dev/zero of=/x bs=1M count=50; sleep 1d'", 60)
    assert before + 50 * 2**20 <= told[-1].disk
    assert len(told) <= 2


def test_a_fork_bomb_shows_in_the_numbers() -> None:
    """Though nothing is written and no threshold is set."""
    told = ran(started(), POD + "'while true; do sleep 1d & done'", 60)
    assert max(each.pids for each in told) > 900


def test_a_quiet_node_tells_nothing() -> None:
    """Not even with a Pod that goes on."""
    cluster = started()
    ran(cluster, POD + "'sleep 1d'", 30)
    cluster.advance(600_000)
    assert [] == [each for each in cluster.take_changes() if isinstance(each, NodeSeen)]
