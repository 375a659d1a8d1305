"""Connections: addresses, Services, names, faults."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.changes import Obj, Request
from podlab.sim.linux.types import Host
from tests.sim.linux.machines import Machines

RESOLV = "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"


class Net:
    """Two nodes, CoreDNS on the first, and whatever a test adds."""

    def __init__(self) -> None:
        self.machines = Machines()
        self.network = self.machines.network
        self.put(
            "nodes",
            "",
            "node-1",
            spec={"podCIDR": "10.244.1.0/24"},
            status={"addresses": [{"type": "InternalIP", "address": "172.18.0.3"}]},
        )
        self.put(
            "nodes",
            "",
            "node-2",
            spec={"podCIDR": "10.244.2.0/24"},
            status={"addresses": [{"type": "InternalIP", "address": "172.18.0.4"}]},
        )
        self.machines.linux.open_host(Host("node/node-2", "node-2", image="podlab.invalid/node", node="node-2", network="node/node-2"))
        dns = self.pod("dns", image="registry.k8s.io/coredns/coredns:v1.13.1")
        self.service("kube-dns", "10.96.0.10", [{"port": 53, "protocol": "UDP", "targetPort": 53}], [dns], namespace="kube-system", port=53)
        self.machines.wait(10)

    def put(self, resource: str, namespace: str, name: str, **fields: Any) -> None:
        """Store an object as it is."""
        labels = fields.pop("labels", {})
        meta: Obj = {"name": name, "uid": f"uid-{name}", "labels": labels} | ({"namespace": namespace} if namespace else {})
        self.machines.api.store.put(resource, {"metadata": meta, **fields}, None)

    def pod(self, name: str, *, node: str = "node-1", image: str = "kubetm/app", argv: list[str] | None = None) -> str:
        """A Pod with one container that runs; its address."""
        self.put("pods", "default", name)
        address = self.network.pod_address(node, f"uid-{name}")
        host = Host(
            f"container/{name}",
            name,
            image=image,
            node=node,
            address=address,
            network=f"sandbox-{name}",
            files={"/etc/resolv.conf": RESOLV},
        )
        self.machines.linux.open_host(host)
        log = f"log:uid-{name}/app/0"
        command = argv or self.machines.image_of(host.name)
        self.machines.linux.spawn(host.name, command, env={}, cwd="/", fds={0: "null", 1: log, 2: log}, owner=f"test {name}")
        return address

    def service(
        self,
        name: str,
        address: str,
        ports: list[Obj],
        backends: list[str],
        *,
        namespace: str = "default",
        port: int = 8080,
        ready: bool = True,
        kind: str = "ClusterIP",
    ) -> None:
        """A Service with its slice."""
        self.put("services", namespace, name, spec={"clusterIP": address, "clusterIPs": [address], "ports": ports, "type": kind})
        endpoints = [{"addresses": [each], "conditions": {"ready": ready, "serving": ready, "terminating": False}} for each in backends]
        slice_ports = [{"name": ports[0].get("name", ""), "port": port, "protocol": ports[0].get("protocol", "TCP")}]
        self.put(
            "endpointslices", namespace, f"{name}-x", labels={"kubernetes.io/service-name": name}, endpoints=endpoints, ports=slice_ports
        )

    def get(self, source: str, address: str, port: int = 8080, path: str = "/hostname") -> tuple[int, str]:
        """Status and error of one request."""
        result = self.network.http(source, address, port, path, {}, 5_000)
        return result.status, result.error


def test_pods_get_addresses_of_their_nodes_range() -> None:
    """From .2 on, one after another, none twice; a released one is used again only after a turn."""
    net = Net()
    assert ["10.244.2.2", "10.244.2.3"] == [net.network.pod_address("node-2", uid) for uid in ("a", "b")]
    net.network.release("a")
    assert "10.244.2.4" == net.network.pod_address("node-2", "c")


@pytest.mark.parametrize(
    ("source", "address", "port", "expected"),
    [
        ("node/node-1", "10.244.1.3", 8080, (200, "")),
        ("node/node-2", "10.244.1.3", 8080, (200, "")),
        ("kubelet/node-2", "10.244.1.3", 8080, (200, "")),
        ("workstation", "10.244.1.3", 8080, (0, "timeout")),
        ("workstation", "10.96.0.10", 53, (0, "timeout")),
        ("workstation", "172.18.0.3", 80, (0, "refused")),
        ("node/node-1", "10.244.1.3", 80, (0, "refused")),
        ("node/node-1", "10.244.1.99", 80, (0, "unreachable")),
        ("node/node-1", "8.8.8.8", 80, (0, "timeout")),
        ("node/node-1", "no.such.name", 80, (0, "dns")),
        ("node/node-1", "127.0.0.1", 8080, (0, "refused")),
    ],
)
def test_who_reaches_whom(source: str, address: str, port: int, expected: tuple[int, str]) -> None:
    """The workstation is outside; nodes reach all Pods; nobody else does."""
    net = Net()
    net.pod("web")
    net.machines.wait(10)
    assert expected == net.get(source, address, port)


def test_containers_of_a_pod_share_localhost() -> None:
    """One network, one set of ports."""
    net = Net()
    net.pod("web")
    net.machines.linux.open_host(Host("container/side", "web", image="busybox", node="node-1", address="10.244.1.3", network="sandbox-web"))
    net.machines.wait(10)
    assert "web\n" == net.machines.run("container/side", "wget -qO- localhost:8080/hostname").out
    assert 1 == net.machines.run("container/side", "nc -l -p 8080").code


def test_a_service_spreads_connections_over_its_endpoints() -> None:
    """A new draw each time; the Request says whom it went to."""
    net = Net()
    net.service("app", "10.96.1.1", [{"port": 80, "targetPort": 8080}], [net.pod("one"), net.pod("two", node="node-2")])
    net.pod("client", image="busybox", argv=["sleep", "1d"])
    net.machines.wait(10)
    net.machines.told()
    done = net.machines.run("container/client", "for i in $(seq 20); do wget -qO- app/hostname; done | sort | uniq -c | wc -l")
    assert "2\n" == done.out
    requests = [change for change in net.machines.told() if isinstance(change, Request)]
    assert {("pod/default/client/app", "app", "default/app", "TCP", "/hostname", 200)} == {
        (each.source, each.host, each.service, each.proto, each.path, each.code) for each in requests
    }
    assert {"default/one", "default/two"} == {each.pod for each in requests}


def test_a_service_without_endpoints_refuses() -> None:
    """REJECT; an unknown port of it is a time-out."""
    net = Net()
    net.service("app", "10.96.1.1", [{"port": 80, "targetPort": 8080}], [net.pod("one")], ready=False)
    net.machines.wait(10)
    assert (0, "refused") == net.get("node/node-1", "10.96.1.1", 80)
    assert (0, "timeout") == net.get("node/node-1", "10.96.1.1", 81)


def test_a_node_port_is_open_on_every_node_and_from_outside() -> None:
    """NodePort."""
    net = Net()
    net.service("app", "10.96.1.1", [{"port": 80, "targetPort": 8080, "nodePort": 30080}], [net.pod("one")], kind="NodePort")
    net.machines.wait(10)
    assert [(200, ""), (200, "")] == [net.get("workstation", address, 30080) for address in ("172.18.0.3", "172.18.0.4")]


def test_an_isolated_node_reaches_and_is_reached_by_nobody() -> None:
    """But what is on it goes on among itself."""
    net = Net()
    net.pod("here")
    net.machines.wait(10)
    net.network.isolate("node-1", cut=True)
    assert [(0, "timeout"), (200, "")] == [net.get(source, "10.244.1.3") for source in ("node/node-2", "node/node-1")]
    net.network.isolate("node-1", cut=False)
    assert (200, "") == net.get("node/node-2", "10.244.1.3")


@pytest.mark.parametrize(
    ("name", "addresses", "error"),
    [
        ("app.default.svc.cluster.local", ["10.96.1.1"], ""),
        ("APP.default.svc.cluster.local.", ["10.96.1.1"], ""),
        ("app.other.svc.cluster.local", [], "NXDOMAIN"),
        ("peers.default.svc.cluster.local", ["10.244.1.3", "10.244.1.4"], ""),
        ("10-244-1-3.peers.default.svc.cluster.local", ["10.244.1.3"], ""),
        ("nobody.default.svc.cluster.local", [], "NXDOMAIN"),
        ("svc.cluster.local", [], "NOERROR"),
        ("example.com", [], "NXDOMAIN"),
    ],
)
def test_the_clusters_names(name: str, addresses: list[str], error: str) -> None:
    """Rule X24: Services have their cluster address, headless ones their endpoints'."""
    net = Net()
    backends = [net.pod("one"), net.pod("two")]
    net.service("app", "10.96.1.1", [{"port": 80}], backends)
    net.service("peers", "None", [{"port": 80}], backends)
    net.service("nobody", "None", [{"port": 80}], [])
    answer = net.network.dns.ask(name)
    assert (addresses, error) == (answer.addresses, answer.error)


OLD_FOUND = "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\nName:      app\nAddress 1: 10.96.1.1 app.default.svc.cluster.local\n"
NEW_FOUND = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tapp.default.svc.cluster.local\nAddress: 10.96.1.1\n\n\n"


@pytest.mark.parametrize(
    ("image", "name", "code", "out"),
    [
        ("busybox:1.28", "app", 0, OLD_FOUND),
        ("busybox:1.28", "nope", 1, OLD_FOUND.partition("Name:")[0]),
        ("busybox:1.36", "app.default.svc.cluster.local.", 0, NEW_FOUND),
        ("busybox:1.36", "app.default.svc.cluster.local", 1, None),
        ("busybox:1.36", "nope", 1, None),
    ],
)
def test_nslookup_by_version(image: str, name: str, code: int, out: str | None) -> None:
    """1.28 asks as the C library does; newer ones ask each full name, and one that is not there is a failure."""
    net = Net()
    net.service("app", "10.96.1.1", [{"port": 80}], [net.pod("one")])
    net.pod("client", image=image, argv=["sleep", "1d"])
    net.machines.wait(10)
    done = net.machines.run("container/client", f"nslookup {name}")
    assert code == done.code
    assert out in (None, done.out)


def test_no_name_server_is_a_time_out() -> None:
    """CoreDNS gone: nslookup waits, wget knows no address."""
    net = Net()
    net.pod("client", image="busybox:1.36", argv=["sleep", "1d"])
    net.machines.linux.close_host("container/dns")
    net.network.release("uid-dns")
    net.machines.wait(10)
    assert ";; connection timed out; no servers could be reached\n\n" == net.machines.run("container/client", "nslookup app").out
    assert "wget: bad address 'app'\n" == net.machines.run("container/client", "wget -qO- app").err
