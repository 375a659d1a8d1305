"""Who reaches whom: connections from machines and containers to addresses, names and Services.

The workstation is outside the cluster: Pod and Service addresses time out from there, nodes answer.

Upstream: CNI bridge, kube-proxy, CoreDNS. Left out: network policies, host ports, bandwidth.
"""

from __future__ import annotations

from typing import cast

from podlab.sim.changes import Obj, Request
from podlab.sim.linux.linux import Linux
from podlab.sim.linux.types import Acceptor, Host, HttpRequest, HttpResponse, Process, Server
from podlab.sim.network.addresses import Addresses
from podlab.sim.network.dns import ADDRESS, Answer, CoreDns, Resolver, read_hosts, read_resolv_conf
from podlab.sim.network.proxy import Client, Dropped, Proxy
from podlab.sim.network.state import HttpResult, LineResult, NetworkState, Origin, Target, TcpResult
from podlab.sim.network.traffic import Traffic
from podlab.sim.world import World

OUTSIDE = "172.18.0.1"
"""The address of whoever is not in the cluster."""
CONNECT_MS = 1
UNREACHABLE_MS = 3000
DNS_MS = 2
DNS_TIMEOUT_MS = 10_000
NODE_PORTS = range(30000, 32768)


class Network:
    """The cluster's network. `linux.network` is set to it."""

    def __init__(self, world: World, state: NetworkState, linux: Linux) -> None:
        self.world = world
        self.state = state
        self.linux = linux
        self._asked: list[int] = []
        """Programs that are answering a line now: who asks itself, by however many others, waits in vain."""
        self.addresses = Addresses(world, state, linux)
        self.proxy = Proxy(world, state)
        self.dns = CoreDns(world, self.proxy)
        self.traffic = Traffic(self)
        linux.network = self

    # For the container runtime.

    def pod_address(self, node: str, uid: str) -> str:
        """A new address for a Pod's sandbox."""
        return self.addresses.give(node, uid)

    def release(self, uid: str) -> None:
        """The sandbox is gone."""
        self.state.addresses.pop(uid, None)

    # Faults.

    def isolate(self, node: str, *, cut: bool) -> None:
        """Cut a node's link, or mend it."""
        self.state.isolated = sorted({*self.state.isolated, node} if cut else {*self.state.isolated} - {node})

    def power(self, node: str, *, off: bool) -> None:
        """Note that a node is off, or on again."""
        self.state.off = sorted({*self.state.off, node} if off else {*self.state.off} - {node})

    def reachable(self, one: str, other: str) -> bool:
        """Whether two nodes reach each other ("": the outside)."""
        if one in self.state.off or other in self.state.off:
            return False
        return one == other or not (one in self.state.isolated or other in self.state.isolated)

    # Connections.

    def origin(self, source: str | Host) -> Origin:
        """Who asks: a host, or the label `workstation`, `node/N`, `kubelet/N`, `pod/NS/P/C`."""
        if isinstance(source, Host):
            return Origin(self._label(source), source)
        hosts = self.linux.state.hosts
        if source.startswith("kubelet/"):
            return Origin(source, hosts["node/" + source.partition("/")[2]])
        if source in hosts:
            return Origin(source, hosts[source])
        return next(Origin(source, host) for host in hosts.values() if self._label(host) == source)

    def _label(self, host: Host) -> str:
        if not host.name.startswith("container/"):
            return host.name
        return "pod/" + "/".join(self.addresses.pod_of(host))

    def connect(self, origin: Origin, address: str, port: int) -> Target:
        """Where a TCP connection (UDP: negative port) from there to that address ends."""
        own = origin.host
        if address.startswith("127.") or address in ("0.0.0.0", self.addresses.of_host(own)):
            return self._at_host(own, port)
        if own.name == "workstation":
            return self._from_outside(address, port)
        found = None if self.addresses.node_of_pod_address(address) else self.proxy.find(address, port)
        if found is not None:
            return self._through(origin, *found, Client(self.addresses.of_host(own), own.node))
        return self._direct(own.node, address, port, self.addresses.of_host(own))

    def _from_outside(self, address: str, port: int) -> Target:
        node = self.addresses.node_of_address(address)
        return Target(error="timeout") if node is None else self._direct("", address, port, OUTSIDE)

    def _through(self, origin: Origin, service: Obj, port: Obj | None, client: Client) -> Target:
        meta = service["metadata"]
        name = f"{meta['namespace']}/{meta['name']}"
        if port is None:
            return Target(error="timeout", service=name)
        try:
            endpoint = self.proxy.choose(service, port, client)
        except Dropped:
            return Target(error="timeout", service=name)
        if endpoint is None:
            return Target(error="refused", after_ms=CONNECT_MS, service=name)
        number = endpoint.port if port.get("protocol", "TCP") != "UDP" else -endpoint.port
        own = endpoint.address == self.addresses.of_host(origin.host)
        target = self._at_host(origin.host, number) if own else self._direct(origin.host.node, endpoint.address, number)
        target.service, target.pod = name, target.pod or endpoint.pod
        return target

    def _direct(self, node: str, address: str, port: int, asker: str = "") -> Target:
        """To a Pod's or a node's own address, from that node ("": from outside)."""
        machine = self.addresses.node_of_address(address)
        there = machine or self.addresses.node_of_pod_address(address)
        if there is None or not self.reachable(node, there):
            return Target(error="timeout")
        if machine is not None:
            return self._to_node(machine, port, Client(asker, machine, external=not node))
        host = self.addresses.host_at(address)
        if host is None:
            given = self.addresses.is_given(address)
            return Target(error="refused", after_ms=CONNECT_MS) if given else Target(error="unreachable", after_ms=UNREACHABLE_MS)
        return self._at_host(host, port)

    def _to_node(self, node: str, port: int, client: Client) -> Target:
        found = self.proxy.find_node_port(port) if abs(port) in NODE_PORTS else None
        host = self.linux.state.hosts[f"node/{node}"]
        return self._at_host(host, port) if found is None else self._through(Origin("", host), *found, client)

    def _at_host(self, host: Host, port: int) -> Target:
        process = self.linux.processes.listener(host.name, port)
        if process is None:
            namespace, pod, _ = self.addresses.pod_of(host)
            return Target(error="refused", after_ms=CONNECT_MS, pod=f"{namespace}/{pod}" if pod else "")
        where = self.linux.state.hosts[process.host]
        namespace, pod, _ = self.addresses.pod_of(where)
        return Target(where, port, after_ms=CONNECT_MS, pod=f"{namespace}/{pod}" if pod else "", process=process)

    def _tell(
        self,
        origin: Origin,
        host: str,
        port: int,
        target: Target,
        *,
        proto: str = "TCP",
        path: str = "",
        code: int = 0,
        err: str = "",
        verb: str = "",
    ) -> None:
        err = "timeout" if err == "unreachable" else err
        where = (host, abs(port), target.service, target.pod)
        self.world.tell(Request(self.world.now, self.world.number(), origin.label, *where, proto, path, code, err, verb))

    @staticmethod
    def _process(target: Target) -> Process:
        assert target.process is not None
        return target.process

    def tcp(self, source: str | Host, address: str, port: int, timeout_ms: int) -> TcpResult:
        """Open a TCP connection and close it again."""
        origin = self.origin(source)
        found = self.resolve(origin.host, address)
        if not found.addresses:
            self._tell(origin, address, port, Target(), err="dns")
            return TcpResult(DNS_MS, "dns")
        target = self.connect(origin, found.addresses[0], port)
        after, error = self._within(target.after_ms, target.error, timeout_ms)
        if not error:
            self._accepted(target)
        self._tell(origin, address, port, target, err=error)
        return TcpResult(after, error)

    def line(self, source: str | Host, address: str, port: int, text: str, proto: str, timeout_ms: int) -> LineResult:
        """Send a line to a program that answers lines; a Request of that `proto` is told ("": none)."""
        origin = self.origin(source)
        found = self.resolve(origin.host, address)
        target = self.connect(origin, found.addresses[0], port) if found.addresses else Target(error="dns", after_ms=DNS_MS)
        after, error = self._within(target.after_ms, target.error, timeout_ms)
        answer = ""
        if not error:
            answer, error = self._said(target, text)
        if proto:
            self._tell(
                origin, address, port, target, proto=proto, path=text if proto == "sql" else "", err=error, verb=text.partition(" ")[0]
            )
        return LineResult(answer, error, after)

    def _said(self, target: Target, text: str) -> tuple[str, str]:
        process = self._process(target)
        said = getattr(self.linux.processes.programs.code(process.program), "line", None)
        if process.held == "stop" or "hang" in self.linux.state.hosts[process.host].trouble or process.pid in self._asked:
            return "", "timeout"
        if said is None:
            self._accepted(target)
            return "", ""
        self._asked.append(process.pid)
        try:
            answer: tuple[str, str] = said(self.linux.processes.context(process), target.port, text)
        finally:
            self._asked.remove(process.pid)
        return answer

    def udp(self, source: str | Host, address: str, port: int, text: str) -> TcpResult:
        """Send a datagram; `answer` is what comes back ("": nothing)."""
        origin = self.origin(source)
        target = self.connect(origin, address, -port)
        self._tell(origin, address, port, target, proto="UDP", err=target.error)
        if target.host is None:
            return TcpResult(target.after_ms, target.error)
        process = self._process(target)
        program = self.linux.processes.programs.code(process.program)
        answer = getattr(program, "datagram", None)
        return TcpResult(CONNECT_MS, "", answer(self.linux.processes.context(process), port, text) if answer else "")

    @staticmethod
    def _within(after_ms: int, error: str, timeout_ms: int) -> tuple[int, str]:
        if error == "timeout" or after_ms >= timeout_ms:
            return timeout_ms, "timeout"
        return after_ms, error

    def _accepted(self, target: Target) -> None:
        process = self._process(target)
        program = self.linux.processes.programs.code(process.program)
        if hasattr(program, "accept"):
            cast(Acceptor, program).accept(self.linux.processes.context(process), target.port)

    def http(
        self,
        source: str | Host,
        address: str,
        port: int,
        path: str,
        headers: dict[str, str],
        timeout_ms: int,
        scheme: str = "http",
        method: str = "GET",
        body: str = "",
    ) -> HttpResult:
        """Ask by HTTP (`scheme` `https`, `grpc` likewise); `address` may be a name."""
        origin = self.origin(source)
        found = self.resolve(origin.host, address)
        if not found.addresses:
            self._tell(origin, address, port, Target(), path=path, err="dns", verb=method)
            return HttpResult(after_ms=DNS_MS if found.error != "timeout" else min(timeout_ms, DNS_TIMEOUT_MS), error="dns")
        target = self.connect(origin, found.addresses[0], port)
        after, error = self._within(target.after_ms, target.error, timeout_ms)
        if error:
            self._tell(origin, address, port, target, path=path, err=error, verb=method)
            return HttpResult(after_ms=after, error=error, address=found.addresses[0])
        host = headers.get("Host") or (address if port == 80 else f"{address}:{port}")
        request = HttpRequest(
            method,
            path or "/",
            host,
            self.addresses.of_host(origin.host),
            {key: value for key, value in headers.items() if key != "Host"},
            body,
        )
        result = self._answer(target, request, timeout_ms, scheme)
        result.address, result.connected, result.pod = found.addresses[0], True, target.pod
        known = result.error if result.error in ("", "refused", "timeout", "reset") else "reset"
        self._tell(origin, address, port, target, path=path, code=result.status, err=known, verb=method)
        return result

    def _answer(self, target: Target, request: HttpRequest, timeout_ms: int, scheme: str) -> HttpResult:
        process = self._process(target)
        program = self.linux.processes.programs.code(process.program)
        ctx = self.linux.processes.context(process)
        trouble = ctx.host.trouble
        if process.held == "stop" or "hang" in trouble:
            return HttpResult(after_ms=timeout_ms, error="timeout")
        health = getattr(program, "grpc_health", None)
        if scheme == "grpc" and health is not None and process.state.get("grpc") == target.port:
            return HttpResult(200, health(ctx, request.path.partition("service=")[2]), after_ms=CONNECT_MS)
        if "500" in trouble:
            response: HttpResponse | None = HttpResponse(500, "internal error\n")
        else:
            response = cast(Server, program).serve(ctx, target.port, request) if hasattr(program, "serve") else None
        if response is None or response.hang:
            return HttpResult(after_ms=timeout_ms, error="timeout")
        after = target.after_ms + response.after_ms + int(trouble.get("latency", "0"))
        if after >= timeout_ms:
            return HttpResult(after_ms=timeout_ms, error="timeout")
        if scheme == "https":
            return HttpResult(after_ms=after, error="http: server gave HTTP response to HTTPS client")
        return HttpResult(response.status, response.body, response.headers, after, "reset" if scheme == "grpc" else "")

    def pings(self, host: Host, address: str) -> bool:
        """Whether the machine at that address answers an echo request."""
        if address.startswith("127.") or address == self.addresses.of_host(host):
            return True
        machine = self.addresses.node_of_address(address)
        there = machine or self.addresses.node_of_pod_address(address)
        if there is None or (host.name == "workstation" and machine is None):
            return False
        return self.reachable(host.node, there) and (machine is not None or self.addresses.is_given(address))

    # Names.

    def resolver(self, host: Host) -> Resolver:
        """The host's /etc/resolv.conf."""
        return read_resolv_conf(self.linux.read_file(host.name, "/etc/resolv.conf") or "nameserver 172.18.0.1\n")

    def resolve(self, host: Host, name: str) -> Answer:
        """The addresses of a name as that host finds them; an address stands for itself."""
        if ADDRESS.fullmatch(name):
            return Answer(name, [name])
        known = read_hosts(self.linux.read_file(host.name, "/etc/hosts") or "127.0.0.1 localhost", name)
        if known or name == "localhost":
            return Answer(name, known or ["127.0.0.1"])
        resolver = self.resolver(host)
        answer = Answer(name, error="NXDOMAIN")
        for each in resolver.candidates(name):
            answer = self.ask(host, resolver, each)
            if answer.addresses or answer.error in ("timeout", "refused"):
                return answer
        return answer

    def ask(self, host: Host, resolver: Resolver, name: str) -> Answer:
        """What the first name server answers to a full name."""
        if not resolver.servers:
            return Answer(name, error="refused")
        server = resolver.servers[0]
        found = self.proxy.find(server, -53) if host.name != "workstation" else None
        if found is None:
            return self._node_name(name)
        target = self.connect(self.origin(host), server, -53)
        if self.state.dns_down or target.host is None:
            return Answer(name, error="refused" if target.error == "refused" else "timeout")
        return self.dns.ask(name)

    def _node_name(self, name: str) -> Answer:
        """Outside the cluster's names only nodes have one."""
        address = self.addresses.of_node(name)
        return Answer(name, [address]) if address else Answer(name, error="NXDOMAIN")
