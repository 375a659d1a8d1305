"""Spans of time as kubectl writes them.

Upstream: staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go. Left out: nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from podlab.sim.world import World

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 365 * 86400
_UNITS = {"ns": 0.000001, "us": 0.001, "µs": 0.001, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}


def human_duration(ms: int) -> str:
    """A span of milliseconds with at most two units: `90s`, `3m10s`, `2d1h`; `<invalid>` from −2 s down (rule KC-8)."""
    if ms <= -2000:
        return "<invalid>"
    seconds = max(ms, 0) // 1000
    if seconds < 2 * _MINUTE:
        return f"{seconds}s"
    if seconds < 10 * _MINUTE:
        return _two(seconds // _MINUTE, "m", seconds % _MINUTE, "s")
    if seconds < 3 * _HOUR:
        return f"{seconds // _MINUTE}m"
    if seconds < 8 * _HOUR:
        return _two(seconds // _HOUR, "h", seconds // _MINUTE % 60, "m")
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR}h"
    return _long(seconds)


def _long(seconds: int) -> str:
    if seconds < 8 * _DAY:
        return _two(seconds // _DAY, "d", seconds // _HOUR % 24, "h")
    if seconds < 2 * _YEAR:
        return f"{seconds // _DAY}d"
    if seconds < 8 * _YEAR:
        return _two(seconds // _YEAR, "y", seconds // _DAY % 365, "d")
    return f"{seconds // _YEAR}y"


def _two(first: int, first_unit: str, second: int, second_unit: str) -> str:
    return f"{first}{first_unit}" + (f"{second}{second_unit}" if second else "")


def since(world: World, stamp: str | None) -> str:
    """How long ago an API timestamp was; `<unknown>` without one."""
    if not stamp:
        return "<unknown>"
    return human_duration(world.now - instant(world, stamp))


def instant(world: World, stamp: str) -> int:
    """The virtual instant of an API timestamp, with its fraction."""
    whole = world.instant(stamp)
    fraction = re.search(r"\.(\d{1,3})", stamp)
    return whole + (int(fraction[1].ljust(3, "0")) if fraction else 0)


def rfc1123(stamp: str | None) -> str:
    """`Fri, 02 Jan 2026 03:04:05 +0000` out of an API timestamp."""
    if not stamp:
        return "Mon, 01 Jan 0001 00:00:00 +0000"
    when = datetime.fromisoformat(stamp.replace("Z", "+00:00")).astimezone(UTC)
    return when.strftime("%a, %d %b %Y %H:%M:%S +0000")


def parse_go_duration(text: str) -> int:
    """Milliseconds of a Go duration (`1m30s`, `-1s`, `0`); ValueError in Go's words."""
    body = text.lstrip("+-") if text[:1] in "+-" else text
    if body == "0":
        return 0
    parts = re.findall(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)", body)
    if not body or "".join(number + unit for number, unit in parts) != body:
        if re.fullmatch(r"\d+(\.\d*)?", body):
            raise ValueError(f'time: missing unit in duration "{text}"')
        raise ValueError(f'time: invalid duration "{text}"')
    total = sum(_milliseconds(number, unit) for number, unit in parts)
    return -total if text.startswith("-") else total


def _milliseconds(number: str, unit: str) -> int:
    if unit in ("ns", "us", "µs"):
        return 0
    whole, _, fraction = number.partition(".")
    scale = int(_UNITS[unit])
    return int(whole or "0") * scale + (int(fraction) * scale // 10 ** len(fraction) if fraction else 0)


def go_duration(ms: int) -> str:
    """A span as Go prints it: `1m0s`, `5s`, `1h0m0s`, `300ms`, `0s`."""
    if ms < 0:
        return "-" + go_duration(-ms)
    if ms < 1000:
        return "0s" if ms == 0 else f"{ms}ms"
    seconds, rest = divmod(ms, 1000)
    tail = f"{seconds % 60}" + (f".{rest:03d}".rstrip("0") if rest else "") + "s"
    if seconds < 60:
        return tail
    if seconds < 3600:
        return f"{seconds // 60}m{tail}"
    return f"{seconds // 3600}h{seconds // 60 % 60}m{tail}"


def klog(world: World, file: str, line: int, text: str, level: str = "W") -> str:
    """A line of kubectl's own log."""
    when = datetime.fromtimestamp((world.state.zero_ms + world.now) // 1000, UTC)
    return f"{level}{when:%m%d %H:%M:%S}.{(world.state.zero_ms + world.now) % 1000:03d}000    4242 {file}:{line}] {text}\n"


def go_stamp(stamp: str | None) -> str:
    """`2026-01-02 03:04:05 +0000 UTC`, as Go prints a time by itself."""
    return (stamp or "0001-01-01T00:00:00Z").replace("T", " ").removesuffix("Z") + " +0000 UTC"
