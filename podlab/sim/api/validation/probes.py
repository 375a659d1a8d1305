"""Validation of probes and hooks.

Upstream: pkg/apis/core/validation/validation.go (validateProbe, validateHandler, validateLifecycle). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.api.validation.errors import FieldError, forbidden, invalid, required, unsupported
from podlab.sim.changes import Obj

NUMBERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
NEGATIVE = "must be greater than or equal to 0"
HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")


def validate_probe(name: str, probe: Obj, grace: int, path: str) -> list[FieldError]:
    """A probe; `name` livenessProbe, readinessProbe or startupProbe."""
    errors = _handler({key: probe[key] for key in HANDLERS[:4] if key in probe}, grace, path)
    errors += [invalid(f"{path}.{each}", probe[each], NEGATIVE) for each in NUMBERS if probe.get(each, 0) < 0]
    seconds = probe.get("terminationGracePeriodSeconds")
    if seconds is not None and seconds <= 0:
        errors.append(invalid(f"{path}.terminationGracePeriodSeconds", seconds, "must be greater than 0"))
    if name == "readinessProbe":
        if seconds is not None:
            errors.append(invalid(f"{path}.terminationGracePeriodSeconds", seconds, "must not be set for readinessProbes"))
    elif probe.get("successThreshold", 0) != 1:
        errors.append(invalid(f"{path}.successThreshold", probe.get("successThreshold", 0), "must be 1"))
    return errors


def validate_lifecycle(lifecycle: Obj, grace: int, path: str) -> list[FieldError]:
    """Both hooks."""
    errors: list[FieldError] = []
    for name in ("postStart", "preStop"):
        if name in lifecycle:
            errors += _handler(lifecycle[name], grace, f"{path}.{name}")
    return errors


def _handler(handler: Obj, grace: int, path: str) -> list[FieldError]:
    """Exactly one of its kinds."""
    given = [each for each in HANDLERS if each in handler]
    if not given:
        return [required(path, "must specify a handler type")]
    errors = _check(given[0], handler[given[0]], grace, f"{path}.{given[0]}")
    return errors + [forbidden(f"{path}.{each}", "may not specify more than 1 handler type") for each in given[1:]]


def _check(kind: str, action: Obj, grace: int, path: str) -> list[FieldError]:
    if kind == "exec":
        return [] if action.get("command") else [required(f"{path}.command")]
    if kind == "httpGet":
        return _http(action, path)
    if kind == "sleep":
        seconds = action.get("seconds", 0)
        text = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
        return [invalid(path, seconds, text)] if seconds < 0 or seconds > grace else []
    return validate_port(action.get("port", 0), f"{path}.port")


def _http(action: Obj, path: str) -> list[FieldError]:
    errors = [] if action.get("path") else [required(f"{path}.path")]
    errors += validate_port(action.get("port", 0), f"{path}.port")
    if action.get("scheme") not in ("HTTP", "HTTPS"):
        errors.append(unsupported(f"{path}.scheme", action.get("scheme", ""), ["HTTP", "HTTPS"]))
    for header in action.get("httpHeaders", ()):
        errors += [invalid(f"{path}.httpHeaders", header.get("name", ""), each) for each in names.header_name(header.get("name", ""))]
    return errors


def validate_port(port: int | str, path: str) -> list[FieldError]:
    """A port by number or by name."""
    wrong = names.port_name(port) if isinstance(port, str) else names.port_number(port)
    return [invalid(path, port, each) for each in wrong]
