"""Lifecycle hooks: a command in the container, an HTTP request to it, a pause.

Upstream: pkg/kubelet/lifecycle/handlers.go. Left out: tcpSocket (accepted by the API server, never run by the kubelet).
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.containerd.types import Container
from podlab.sim.kubelet.core import Core
from podlab.sim.kubelet.probes.exec import refused
from podlab.sim.kubelet.probes.http import UnknownPort, dial, header_map, port_number
from podlab.sim.kubelet.specs import Spec, pod_name
from podlab.sim.kubelet.state import Worker

HTTP_TIMEOUT_MS = 30_000
Done = Callable[[Worker, Container, str], None]
"""Told how a hook ended: worker, container, error ("" when it went well)."""


class Begun(Struct):
    """A hook under way: a process (`pid`), or the end is known: after `ms`, with `error`."""

    pid: int = 0
    ms: int = 0
    error: str = ""


class Hooks:
    """The hooks of all containers; `on_done` says who is told of the end of those of a kind (`postStart`, `preStop`)."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._done: dict[str, Done] = {}
        core.linux.on_exit("kubelet.hook", self._exited)

    def on_done(self, kind: str, done: Done) -> None:
        """Be told of the end of command hooks of that kind."""
        self._done[kind] = done

    def begin(self, worker: Worker, container: Container, spec: Spec, kind: str) -> Begun:
        """Start the hook of that kind."""
        handler: Obj = spec["lifecycle"][kind]
        if "exec" in handler:
            return self._exec(worker, container, handler["exec"].get("command") or [], kind)
        if "httpGet" in handler:
            return self._http(worker, container, spec, handler["httpGet"])
        return Begun(ms=1000 * int((handler.get("sleep") or {}).get("seconds", 0)))

    def _exec(self, worker: Worker, container: Container, argv: list[str], kind: str) -> Begun:
        try:
            return Begun(
                pid=self.core.containerd.exec(container, argv, f"kubelet.hook {kind} {container.id}", f"hook {kind} {container.id}")
            )
        except OSError as error:
            return Begun(ms=20, error=self._failed(worker, "Exec", argv_text(argv), container, f'{refused(argv, error)}, message: ""'))

    def _http(self, worker: Worker, container: Container, spec: Spec, get: Obj) -> Begun:
        sandbox = next((each for each in self.core.containerd.sandboxes(worker.uid) if each.id == container.sandbox), None)
        address, path = get.get("host") or (sandbox.address if sandbox else ""), str(get.get("path") or "/")
        try:
            port = port_number(spec, get["port"])
        except UnknownPort as error:
            return Begun(ms=self.core.timing("hook"), error=self._failed(worker, "HTTP", path, container, str(error)))
        scheme = str(get.get("scheme") or "HTTP").lower()
        result = self.core.network.http(f"kubelet/{worker.node}", address, port, path, header_map(get), HTTP_TIMEOUT_MS, scheme)
        if not result.error:
            return Begun(ms=max(result.after_ms, self.core.timing("hook")))
        url = f"{scheme}://{address}:{port}{path if path.startswith('/') else '/' + path}"
        return Begun(
            ms=max(result.after_ms, self.core.timing("hook")),
            error=self._failed(worker, "HTTP", path, container, f'Get "{url}": {dial(address, port, result.error)}'),
        )

    def _failed(self, worker: Worker, kind: str, what: str, container: Container, error: str) -> str:
        what = f"[{what}]" if kind == "Exec" else what
        return f'{kind} lifecycle hook ({what}) for Container "{container.name}" in Pod "{pod_name(self.core.pod(worker))}" failed - error: {error}'

    def _exited(self, key: str, code: int, signal: str) -> None:
        kind, _, identity = key.partition(" ")
        container = self.core.containerd.get(identity)
        output = self.core.linux.take_buffer(f"hook {key}")
        worker = self.core.state.workers.get(container.pod) if container else None
        if container is None or worker is None:
            return
        error = ""
        if code:
            spec = next(
                each
                for key_ in ("containers", "initContainers")
                for each in self.core.pod(worker)["spec"].get(key_) or ()
                if each["name"] == container.name
            )
            argv = spec["lifecycle"][kind]["exec"].get("command") or []
            shown = output.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
            error = self._failed(
                worker, "Exec", argv_text(argv), container, f"command '{' '.join(argv)}' exited with {code}: , message: \"{shown}\""
            )
        self._done[kind](worker, container, error)


def argv_text(argv: list[str]) -> str:
    """A list of words as Go prints it, without its brackets."""
    return " ".join(argv)
