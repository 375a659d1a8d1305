"""Names: /etc/hosts, /etc/resolv.conf with its search domains, and what CoreDNS answers.

Upstream: CoreDNS' kubernetes plugin (cluster.local, no caching of it), resolv.conf(5). Left out: names of the outside world (there is none), SRV, PTR.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from podlab.sim.changes import Obj
from podlab.sim.network.proxy import Proxy
from podlab.sim.world import World

DOMAIN = "cluster.local"
ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


class Resolver(Struct):
    """What /etc/resolv.conf says."""

    servers: list[str] = field(default_factory=list)
    search: list[str] = field(default_factory=list)
    ndots: int = 1

    def candidates(self, name: str) -> list[str]:
        """The full names to try, in order."""
        if name.endswith("."):
            return [name.rstrip(".")]
        searched = [f"{name}.{domain}" for domain in self.search]
        return [*searched, name] if name.count(".") < self.ndots else [name, *searched]


class Answer(Struct):
    """`addresses` of the `name` under which it was found; `error`: NXDOMAIN, NOERROR (the name is there, without an address), timeout, refused."""

    name: str
    addresses: list[str] = field(default_factory=list)
    error: str = ""
    alias: str = ""


def read_resolv_conf(text: str) -> Resolver:
    """The resolver's settings."""
    resolver = Resolver()
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "nameserver":
            resolver.servers.append(rest.strip())
        elif word == "search":
            resolver.search = rest.split()
        elif word == "options":
            found = re.search(r"ndots:(\d+)", rest)
            resolver.ndots = int(found[1]) if found else resolver.ndots
    return resolver


def read_hosts(text: str, name: str) -> list[str]:
    """The addresses that /etc/hosts gives a name."""
    found = []
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if name in words[1:] and ADDRESS.fullmatch(words[0]):
            found.append(words[0])
    return found


class CoreDns:
    """What the cluster's name server answers."""

    def __init__(self, world: World, proxy: Proxy) -> None:
        self.world = world
        self.proxy = proxy

    def ask(self, name: str) -> Answer:
        """The A records of a full name."""
        name = name.rstrip(".").lower()
        if name != DOMAIN and not name.endswith("." + DOMAIN):
            return Answer(name, error="NXDOMAIN")
        labels = name.removesuffix("." + DOMAIN).split(".")
        if labels[-1] == "svc" and len(labels) in (3, 4):
            return self._service(name, labels[:-3][:1], labels[-3], labels[-2])
        if labels[-1] == "pod" and len(labels) == 3 and ADDRESS.fullmatch(labels[0].replace("-", ".")):
            return (
                Answer(name, [labels[0].replace("-", ".")])
                if self.world.api.find("namespaces", labels[1])
                else Answer(name, error="NXDOMAIN")
            )
        there = labels[-1] in ("svc", "pod") and (
            len(labels) == 1 or (len(labels) == 2 and self.world.api.find("namespaces", labels[0]) is not None)
        )
        return Answer(name, error="NOERROR" if there or name == DOMAIN else "NXDOMAIN")

    def _service(self, name: str, host: list[str], service_name: str, namespace: str) -> Answer:
        service = self.world.api.find("services", service_name, namespace)
        if service is None:
            return Answer(name, error="NXDOMAIN")
        spec = service["spec"]
        if spec.get("type") == "ExternalName":
            answer = self.ask(spec["externalName"]) if not host else Answer(name, error="NXDOMAIN")
            return Answer(name, answer.addresses, answer.error, spec["externalName"])
        if spec.get("clusterIP") != "None":
            return Answer(name, [spec["clusterIP"]]) if not host else Answer(name, error="NXDOMAIN")
        return self._headless(name, host, service)

    def _headless(self, name: str, host: list[str], service: Obj) -> Answer:
        endpoints = self.proxy.ready(service)
        if host:
            endpoints = [each for each in endpoints if host[0] in (each.hostname, each.address.replace(".", "-"))]
        if not endpoints:
            return Answer(name, error="NXDOMAIN")
        return Answer(name, [each.address for each in endpoints])
