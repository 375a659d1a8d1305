"""The Leases of nodes, as kubectl shows them."""

from __future__ import annotations

from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault

BOOT = Cluster.boot("trio")


def started(seconds: int = 35) -> Cluster:
    """A cluster of some seconds."""
    cluster = Cluster.start(BOOT, 1, 1_767_571_200_000)
    cluster.advance(1000 * seconds)
    return cluster


def told(cluster: Cluster, line: str) -> str:
    """What a command prints."""
    return cluster.finish(cluster.script(line)).out


def test_each_node_has_a_lease() -> None:
    """Name, holder and age; the holder is the node."""
    lines = [each.split() for each in told(started(), "kubectl get leases -n kube-node-lease").splitlines()]
    assert ["NAME", "HOLDER", "AGE"] == lines[0]
    assert all(name == holder for name, holder, _ in lines[1:])
    assert {"node-1", "node-2"} < {name for name, _, _ in lines[1:]}


def test_a_healthy_nodes_lease_is_renewed_each_ten_seconds() -> None:
    """The same in `get`, in a list and in the node's description."""
    cluster = started()
    assert "2026-01-05T00:00:27.000000Z" in told(cluster, "kubectl get lease node-1 -n kube-node-lease -o yaml")
    assert "2026-01-05T00:00:27.000000Z" in told(cluster, "kubectl get leases -n kube-node-lease -o yaml")
    assert "RenewTime:       Mon, 05 Jan 2026 00:00:27 +0000" in told(cluster, "kubectl describe node node-1")
    cluster.advance(48_000)
    assert "2026-01-05T00:00:47.000000Z" in told(cluster, "kubectl get lease node-1 -n kube-node-lease -o yaml")


def test_a_silent_nodes_lease_stands_still() -> None:
    """Until its kubelet is heard again."""
    cluster = started()
    cluster.apply(Fault("isolate", "node-1"))
    cluster.advance(100_000)
    assert "2026-01-05T00:00:27.000000Z" in told(cluster, "kubectl get lease node-1 -n kube-node-lease -o yaml")
    cluster.apply(Fault("heal", "node-1"))
    cluster.advance(130_000)
    assert "2026-01-05T00:02:07.000000Z" in told(cluster, "kubectl get lease node-1 -n kube-node-lease -o yaml")


def test_a_deleted_lease_is_made_again_and_a_changed_one_set_right() -> None:
    """With the next heartbeat; its node is never taken for lost."""
    cluster = started()
    told(cluster, "kubectl delete lease node-1 -n kube-node-lease")
    told(cluster, "kubectl annotate lease node-2 -n kube-node-lease a=b")
    told(cluster, 'kubectl patch lease node-2 -n kube-node-lease --type merge -p \'{"spec":{"renewTime":"2026-01-01T00:00:00.000000Z"}}\'')
    cluster.advance(200_000)
    for node in ("node-1", "node-2"):
        assert "2026-01-05T00:03:17.000000Z" in told(cluster, f"kubectl get lease {node} -n kube-node-lease -o yaml")
        ready = {each["type"]: each["status"] for each in cluster.api.get("nodes", node)["status"]["conditions"]}["Ready"]
        assert "True" == ready


def test_a_lease_goes_with_its_node() -> None:
    """Its owner is the Node."""
    cluster = started()
    cluster.apply(Fault("poweroff", "node-1"))
    told(cluster, "kubectl delete node node-1")
    cluster.advance(60_000)
    assert cluster.api.find("leases", "node-1", "kube-node-lease") is None
