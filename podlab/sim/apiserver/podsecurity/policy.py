"""Which level and version a namespace's labels ask for.

Upstream: staging/src/k8s.io/pod-security-admission/api/helpers.go. Left out: the audit level (there is no audit log), configured defaults.
"""

from __future__ import annotations

import re

from msgspec import Struct

from podlab.sim.api.validation.errors import FieldError, invalid

PREFIX = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")
LATEST = 1_000_000
_VERSION = re.compile(r"v1\.(0|[1-9][0-9]*)")


class LevelVersion(Struct, frozen=True):
    """`minor`: the version 1.minor of the standards; LATEST: the newest."""

    level: str = "privileged"
    minor: int = LATEST

    def __str__(self) -> str:
        return f"{self.level}:{'latest' if self.minor == LATEST else f'v1.{self.minor}'}"


class Policy(Struct, frozen=True):
    """What is refused and what is warned of."""

    enforce: LevelVersion = LevelVersion()
    warn: LevelVersion = LevelVersion()


def policy_of(labels: dict[str, str]) -> tuple[Policy, list[FieldError]]:
    """The policy of a namespace's labels, and what is wrong with them; a wrong level is refused as restricted, never warned of."""
    errors: list[FieldError] = []
    enforce = LevelVersion(_level(labels, "enforce", "restricted", errors), _minor(labels, "enforce", errors))
    wrong = any(each.field.endswith("/enforce]") for each in errors)
    _level(labels, "audit", "privileged", errors)
    _minor(labels, "audit", errors)
    warn = LevelVersion(_level(labels, "warn", "privileged", errors), _minor(labels, "warn", errors))
    if f"{PREFIX}warn" not in labels and f"{PREFIX}enforce" in labels and not wrong and enforce.level != "privileged":
        warn = LevelVersion(enforce.level, warn.minor if f"{PREFIX}warn-version" in labels else enforce.minor)
    return Policy(enforce, warn), errors


def _level(labels: dict[str, str], mode: str, otherwise: str, errors: list[FieldError]) -> str:
    text = labels.get(f"{PREFIX}{mode}")
    if text is None or text in LEVELS:
        return text or "privileged"
    errors.append(invalid(f"metadata.labels[{PREFIX}{mode}]", text, f"must be one of {', '.join(LEVELS)}"))
    return otherwise


def _minor(labels: dict[str, str], mode: str, errors: list[FieldError]) -> int:
    text = labels.get(f"{PREFIX}{mode}-version", "latest")
    found = _VERSION.fullmatch(text)
    if text != "latest" and found is None:
        errors.append(invalid(f"metadata.labels[{PREFIX}{mode}-version]", text, 'must be "latest" or "v1.x"'))
    return int(found[1]) if found else LATEST
