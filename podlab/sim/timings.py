"""Delays as data: `timings.yaml`, which a pack may override.

Upstream: none; the numbers are those of the recordings. Left out: jitter (1.0 everywhere).
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec

Timings = dict[str, int]
"""Name → milliseconds."""


def load() -> Timings:
    """The lab's own timings, in ms; the caller's own copy."""
    return dict(_read())


@cache
def _read() -> Timings:
    text = resources.files("podlab.sim").joinpath("timings.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, int])
