"""The traffic generator: requests from a Pod, a node or the workstation to a URL at a steady rate, and who answered how often.

One request at a time: a slow answer delays the next. A Pod that does not run asks nothing, until one of its name runs again.
Timer: `network.traffic <source> <url>`.

Upstream: none (a loop of curl in a Pod). Left out: several connections at once, bodies, TLS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from podlab.sim.errors import StatusError
from podlab.sim.linux.types import Host
from podlab.sim.network.state import Flow, HttpResult

if TYPE_CHECKING:
    from podlab.sim.network.network import Network

TIMEOUT_MS = 1000
FASTEST_MS = 100
MOST_FLOWS = 20


class Traffic:
    """All flows of a cluster; they lie in `NetworkState.flows`, by `<source> <url>`."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._kernel = network.world.kernel
        self._kernel.handle("network.traffic", self._ask)

    def start(self, source: str, url: str, every_ms: int) -> None:
        """Let requests flow from now on; StatusError where that cannot be. `source`: `workstation`, a node's name, `pod` or `namespace/pod`."""
        flows = self._network.state.flows
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise StatusError(
                "BadRequest", f"not supported in this lab: traffic to {url!r}; a target looks like http://web/ or http://web:8080/path"
            )
        if every_ms < FASTEST_MS:
            raise StatusError("BadRequest", f"not supported in this lab: a request every {every_ms} ms; at most one every {FASTEST_MS} ms")
        key = f"{source} {url}"
        if key not in flows and len(flows) >= MOST_FLOWS:
            raise StatusError("BadRequest", f"not supported in this lab: more than {MOST_FLOWS} flows of traffic")
        if not self._exists(source):
            raise StatusError("NotFound", f"traffic from {source!r}: there is no Pod, node or workstation of that name")
        flows[key] = Flow(source, url, every_ms)
        self._kernel.at(self._kernel.now, "network.traffic", key)

    def stop(self, source: str, url: str = "") -> None:
        """Stop the flows from there ("": from anywhere) to that URL ("": to any)."""
        flows = self._network.state.flows
        for key, flow in list(flows.items()):
            if source in ("", flow.source) and url in ("", flow.url):
                del flows[key]
                self._kernel.cancel("network.traffic", key)

    def _ask(self, key: str) -> None:
        flow = self._network.state.flows[key]
        host = self._host(flow.source)
        after = 0
        if host is not None:
            result = self._http(host, flow.url)
            after = result.after_ms
            counter, who = (flow.failed, result.error) if result.error else (flow.answered, result.pod or result.address)
            counter[who] = counter.get(who, 0) + 1
            if result.status >= 400:
                flow.refused += 1
        self._kernel.after(max(after, flow.every_ms), "network.traffic", key)

    def _http(self, host: Host, url: str) -> HttpResult:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return self._network.http(host, parts.hostname or "", parts.port or 80, path, {"User-Agent": "traffic"}, TIMEOUT_MS)

    def _exists(self, source: str) -> bool:
        if source == "workstation" or f"node/{source}" in self._network.linux.state.hosts:
            return True
        namespace, _, name = source.rpartition("/")
        return self._network.world.api.find("pods", name, namespace or "default") is not None

    def _host(self, source: str) -> Host | None:
        """From where it asks now; None: its Pod does not run."""
        hosts = self._network.linux.state.hosts
        known = hosts.get(source) if source == "workstation" else hosts.get(f"node/{source}")
        if known is not None:
            return None if known.node in self._network.state.off else known
        namespace, _, name = source.rpartition("/")
        pod = self._network.world.api.find("pods", name, namespace or "default")
        if pod is None:
            return None
        address = self._network.state.addresses.get(pod["metadata"]["uid"], "")
        host = self._network.addresses.host_at(address) if address else self._on_node(namespace or "default", name)
        return None if host is None or host.node in self._network.state.off else host

    def _on_node(self, namespace: str, name: str) -> Host | None:
        """The first container of a Pod in its node's network."""
        containers = (each for each in self._network.linux.state.hosts.values() if each.name.startswith("container/"))
        return next((each for each in containers if self._network.addresses.pod_of(each)[:2] == (namespace, name)), None)
