"""Containers in a description, those of a Pod with their status and those of a template without.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeContainers). Left out: devices.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.human import rfc1123
from podlab.sim.kubectl.describers.environment import environment
from podlab.sim.kubectl.describers.writer import Writer, capital


def containers(out: Writer, title: str, held: list[Obj], statuses: list[Obj] | None, *, pod: Obj | None = None) -> None:
    """A section of containers; `statuses` None: a template's, which stand deeper."""
    template = statuses is None
    by_name = {each["name"]: each for each in statuses or []}
    out.line(1 if template else 0, f"{title}:" + ("" if held else " <none>"))
    for each in held:
        status = by_name.get(each["name"])
        out.line(1, (" " if template else "") + f"{each['name']}:")
        _basics(out, each, status)
        _words(out, "Command", each.get("command"))
        _words(out, "Args", each.get("args"))
        if status is not None:
            _status(out, status)
        resources(out, each.get("resources") or {}, 2)
        _probes(out, each)
        environment(out, each, pod)
        _mounts(out, each)


def _basics(out: Writer, container: Obj, status: Obj | None) -> None:
    if status is not None:
        out.line(2, f"Container ID:\t{status.get('containerID') or ''}")
    out.line(2, f"Image:\t{container.get('image', '')}")
    if status is not None:
        out.line(2, f"Image ID:\t{status.get('imageID') or ''}")
    for title, key in (("Port", "containerPort"), ("Host Port", "hostPort")):
        text = ", ".join(_port(each, key) for each in container.get("ports") or [])
        out.line(2, f"{title}s:\t{text}" if "," in text else f"{title}:\t{text or '<none>'}")
    profile = (container.get("securityContext") or {}).get("seccompProfile")
    if profile:
        out.line(2, f"SeccompProfile:\t{profile['type']}")


def _port(port: Obj, key: str) -> str:
    name = f" ({port['name']})" if port.get("name") else ""
    return f"{port.get(key) or 0}/{port.get('protocol', 'TCP')}{name}"


def _words(out: Writer, title: str, held: list[str] | None) -> None:
    if not held:
        return
    out.line(2, f"{title}:")
    for each in held:
        for part in each.split("\n"):
            out.line(3, part)


def _status(out: Writer, status: Obj) -> None:
    _state(out, "State", status.get("state") or {})
    if (status.get("lastState") or {}).get("terminated"):
        _state(out, "Last State", status["lastState"])
    out.line(2, f"Ready:\t{capital(status.get('ready'))}")
    out.line(2, f"Restart Count:\t{status.get('restartCount') or 0}")


def _state(out: Writer, title: str, state: Obj) -> None:
    if state.get("running") is not None:
        out.line(2, f"{title}:\tRunning")
        out.line(3, f"Started:\t{rfc1123(state['running'].get('startedAt'))}")
    elif state.get("terminated") is not None:
        out.line(2, f"{title}:\tTerminated")
        _terminated(out, state["terminated"])
    else:
        out.line(2, f"{title}:\tWaiting")
        reason = (state.get("waiting") or {}).get("reason")
        if reason:
            out.line(3, f"Reason:\t{reason}")


def _terminated(out: Writer, ended: Obj) -> None:
    if ended.get("reason"):
        out.line(3, f"Reason:\t{ended['reason']}")
    if ended.get("message"):
        out.line(3, f"Message:\t{ended['message']}")
    out.line(3, f"Exit Code:\t{ended.get('exitCode', 0)}")
    if ended.get("signal"):
        out.line(3, f"Signal:\t{ended['signal']}")
    out.line(3, f"Started:\t{rfc1123(ended.get('startedAt'))}")
    out.line(3, f"Finished:\t{rfc1123(ended.get('finishedAt'))}")


def resources(out: Writer, held: Obj, level: int) -> None:
    """Limits and requests, each by name."""
    for title, key in (("Limits", "limits"), ("Requests", "requests")):
        amounts = held.get(key)
        if amounts:
            out.line(level, f"{title}:")
            for name in sorted(amounts):
                out.line(level + 1, f"{name}:\t{amounts[name]}")


def _probes(out: Writer, container: Obj) -> None:
    for title, key in (("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")):
        if container.get(key):
            out.line(2, f"{title}:\t{probe(container[key])}")


def probe(held: Obj) -> str:
    """`http-get http://:80/ delay=5s timeout=1s period=10s #success=1 #failure=3`."""
    numbers = (
        f"delay={held.get('initialDelaySeconds') or 0}s timeout={held.get('timeoutSeconds') or 0}s period={held.get('periodSeconds') or 0}s "
        f"#success={held.get('successThreshold') or 0} #failure={held.get('failureThreshold') or 0}"
    )
    if held.get("exec") is not None:
        return f"exec [{' '.join(held['exec'].get('command') or [])}] {numbers}"
    if held.get("httpGet") is not None:
        return f"http-get {_url(held['httpGet'])} {numbers}"
    if held.get("tcpSocket") is not None:
        return f"tcp-socket {held['tcpSocket'].get('host') or ''}:{held['tcpSocket']['port']} {numbers}"
    if held.get("grpc") is not None:
        return f"grpc <pod>:{held['grpc']['port']} {held['grpc'].get('service') or ''} {numbers}"
    return f"unknown {numbers}"


def _url(get: dict[str, Any]) -> str:
    path = get.get("path") or ""
    path = path if not path or path.startswith("/") else f"/{path}"
    return f"{str(get.get('scheme') or 'HTTP').lower()}://{get.get('host') or ''}:{get['port']}{path}"


def _mounts(out: Writer, container: Obj) -> None:
    held = sorted(container.get("volumeMounts") or [], key=lambda each: each["mountPath"])
    out.line(2, "Mounts:" if held else "Mounts:\t<none>")
    for each in held:
        path = f',path="{each["subPath"]}"' if each.get("subPath") else ""
        out.line(3, f"{each['mountPath']} from {each['name']} ({'ro' if each.get('readOnly') else 'rw'}{path})")
