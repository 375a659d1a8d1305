"""What the network remembers, and what a connection comes to.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.linux.types import Host, Process


class Flow(Struct):
    """Requests from `source` to `url`, one each `every_ms`; `answered`: Pod (or address) → how often; `failed`: error → how often.

    `refused` counts the answers of 400 and more among those answered.
    """

    source: str
    url: str
    every_ms: int
    answered: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    refused: int = 0


class Sticky(Struct):
    """Whom a client of a Service with session affinity was sent to, and how long that holds without a further connection."""

    address: str
    until_ms: int


class NetworkState(Struct):
    """`addresses`: Pod uid → address; `given`: node → the last number given; `isolated`, `off`: nodes that nobody reaches."""

    addresses: dict[str, str] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    isolated: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)
    dns_down: bool = False
    """A fault: the name server answers nobody."""
    flows: dict[str, Flow] = field(default_factory=dict)
    """Traffic that goes on, by `<source> <url>`."""
    sticky: dict[str, Sticky] = field(default_factory=dict)
    """`<node> <Service's uid> <port> <client>` → whom the node's proxy remembers."""


class HttpResult(Struct):
    """An answer, or `error`: refused, timeout, unreachable, dns, reset, or words of a client; known after `after_ms`."""

    status: int = 0
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    after_ms: int = 0
    error: str = ""
    address: str = ""
    """Whom the connection went to."""
    connected: bool = False
    pod: str = ""
    """Who was asked, `namespace/name`."""


class TcpResult(Struct):
    """A connection, or why there is none: refused, timeout, unreachable, dns."""

    after_ms: int = 0
    error: str = ""
    answer: str = ""


class LineResult(Struct):
    """What a program of one-line questions answered; `error`: refused, timeout, dns, or a word of its own."""

    answer: str = ""
    error: str = ""
    after_ms: int = 0


class Origin(Struct):
    """Who asks: how a Request names it, and from which host it asks."""

    label: str
    host: Host


class Target(Struct):
    """Where a connection ends: a host that somebody may listen on (None: nobody does), its port, and the Service and Pod it went through."""

    host: Host | None = None
    port: int = 0
    error: str = ""
    after_ms: int = 0
    service: str = ""
    pod: str = ""
    process: Process | None = None
    """Who listens there."""
