"""Running a probe's handler: exec, httpGet, tcpSocket, grpc.

Upstream: pkg/kubelet/prober/prober.go (runProbe). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.containerd.types import Container
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.probe_worker import setting
from podlab.sim.kubelet.probes import exec as exec_probe
from podlab.sim.kubelet.probes import grpc, http, tcp
from podlab.sim.kubelet.probes.verdict import Verdict
from podlab.sim.kubelet.specs import Spec, pod_name
from podlab.sim.kubelet.state import Worker


class Handlers:
    """The ways in which a container can be asked how it does."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def probe(self, worker: Worker, container: Spec, instance: Container, spec: Obj, key: str) -> Verdict:
        """Start one attempt; a command reports its end under `key`."""
        try:
            if "exec" in spec:
                return self._exec(instance, spec["exec"].get("command") or [], key)
            timeout_ms = 1000 * setting(spec, "timeoutSeconds")
            if "httpGet" in spec:
                return self._http(worker, container, spec["httpGet"], timeout_ms)
            if "tcpSocket" in spec:
                return self._tcp(worker, container, spec["tcpSocket"], timeout_ms)
            if "grpc" in spec:
                return self._grpc(worker, spec["grpc"], timeout_ms)
            return Verdict("Unknown", f"missing probe handler for {pod_name(self.core.pod(worker))}:{container['name']}")
        except http.UnknownPort as error:
            return Verdict("Unknown", str(error))

    def address(self, worker: Worker) -> str:
        """The Pod's address; its node's, when it has none of its own."""
        sandbox = next((each for each in self.core.containerd.sandboxes(worker.uid) if each.ready), None)
        if sandbox is not None and sandbox.address:
            return sandbox.address
        return self.core.host_ip(worker.node)

    def _exec(self, instance: Container, argv: list[str], key: str) -> Verdict:
        try:
            return Verdict(pid=self.core.containerd.exec(instance, argv, f"kubelet.probe {key}", f"probe {key}"))
        except OSError as error:
            return exec_probe.not_started(argv, error)

    def _http(self, worker: Worker, container: Spec, get: Obj, timeout_ms: int) -> Verdict:
        def ask(scheme: str, address: str, port: int, path: str, headers: dict[str, str]) -> http.Answer:
            return self.core.network.http(f"kubelet/{worker.node}", address, port, path, headers, timeout_ms, scheme)

        scheme, address = str(get.get("scheme") or "HTTP").lower(), get.get("host") or self.address(worker)
        return http.probe(
            ask, scheme, address, http.port_number(container, get["port"]), str(get.get("path") or "/"), http.header_map(get), timeout_ms
        )

    def _tcp(self, worker: Worker, container: Spec, socket: Obj, timeout_ms: int) -> Verdict:
        address, port = socket.get("host") or self.address(worker), http.port_number(container, socket["port"])
        result = self.core.network.tcp(f"kubelet/{worker.node}", address, port, timeout_ms)
        return tcp.judge(address, port, result.error, min(result.after_ms, timeout_ms))

    def _grpc(self, worker: Worker, spec: Obj, timeout_ms: int) -> Verdict:
        address, port = self.address(worker), int(spec["port"])
        path = f"/grpc.health.v1.Health/Check?service={spec.get('service') or ''}"
        result = self.core.network.http(
            f"kubelet/{worker.node}", address, port, path, {"Content-Type": "application/grpc"}, timeout_ms, "grpc"
        )
        return grpc.judge(address, port, timeout_ms // 1000, result.error, result.body, result.after_ms)
