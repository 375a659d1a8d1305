"""The HTTP probe: 200 ≤ status < 400, redirects to the same host followed.

Upstream: pkg/probe/http/http.go, pkg/kubelet/prober/prober.go. Left out: bodies of requests, TLS verification (upstream does none either).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from podlab.sim.changes import Obj
from podlab.sim.kubelet.probes.verdict import MAX_OUTPUT, Verdict
from podlab.sim.kubelet.specs import Spec

REDIRECTS = 10
USER_AGENT = "kube-probe/1.36"


class Answer(Protocol):
    """What a request came to: an HTTP answer, or `error` (refused, timeout, reset, or the client's own words)."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def after_ms(self) -> int: ...
    @property
    def error(self) -> str: ...


Ask = Callable[[str, str, int, str, dict[str, str]], Answer]
"""(scheme, address, port, path with query, headers)."""


class UnknownPort(ValueError):
    """A port's name that the container lacks (PR-14); its text is the event's."""


def port_number(container: Spec, port: int | str) -> int:
    """A port's number, by name or as it is."""
    if isinstance(port, int):
        return port
    for each in container.get("ports") or ():
        if each.get("name") == port:
            return int(each["containerPort"])
    if port.isdigit():
        return int(port)
    raise UnknownPort(f'strconv.Atoi: parsing "{port}": invalid syntax')


def header_map(get: Obj) -> dict[str, str]:
    """The headers of a request, the kubelet's own where the spec has none."""
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*"}
    for each in get.get("httpHeaders") or ():
        name = "-".join(part.capitalize() for part in each["name"].split("-"))
        if name in ("User-Agent", "Accept") and each["value"] == "":
            headers.pop(name, None)
        else:
            headers[name] = each["value"]
    return headers


def probe(
    ask: Ask, scheme: str, address: str, port: int, path: str, headers: dict[str, str], timeout_ms: int, *, follow_all: bool = False
) -> Verdict:
    """Ask, follow redirects, judge. `follow_all`: to other hosts too (the kubelet does not)."""
    first, spent, target = address.lower(), 0, path if path.startswith("/") else f"/{path}"
    url = f"{scheme}://{address}:{port}{target}"
    for _ in range(REDIRECTS):
        answer = ask(scheme, address, port, target.partition("#")[0], headers)
        spent += answer.after_ms
        if answer.error or spent >= timeout_ms:
            error = answer.error if answer.error and spent < timeout_ms else "timeout"
            return Verdict("Failure", f'Get "{url}": {client_error(address, port, error)}', min(spent, timeout_ms))
        location = answer.headers.get("Location") or answer.headers.get("location")
        if answer.status not in (301, 302, 303, 307, 308) or not location:
            return judge(answer.status, answer.body, spent)
        url = urljoin(url, location)
        scheme, address, port, target = _parts(url)
        if address != first and not follow_all:
            return judge(answer.status, answer.body, spent)
    return Verdict("Failure", f'Get "{url}": stopped after {REDIRECTS} redirects', spent)


def _parts(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path with query."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, parts.hostname or "", port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def judge(status: int, body: str, ms: int = 0) -> Verdict:
    """PR-10."""
    if 200 <= status < 300:
        return Verdict("Success", body[:MAX_OUTPUT], ms)
    if 300 <= status < 400:
        return Verdict("Warning", f"Probe terminated redirects, Response body: {body[:MAX_OUTPUT]}", ms)
    return Verdict("Failure", f"HTTP probe failed with statuscode: {status}", ms)


def dial(address: str, port: int, error: str) -> str:
    """A failed connection in Go's words."""
    known = {"refused": "connect: connection refused", "timeout": "i/o timeout", "unreachable": "connect: no route to host"}
    if error == "dns":
        return f"dial tcp: lookup {address}: no such host"
    if error == "reset":
        return "EOF"
    return f"dial tcp {address}:{port}: {known[error]}" if error in known else error


def client_error(address: str, port: int, error: str) -> str:
    """A failed request in Go's words: a time-out is the client's."""
    return (
        "context deadline exceeded (Client.Timeout exceeded while awaiting headers)" if error == "timeout" else dial(address, port, error)
    )
