"""A kubelet's configuration, as its machine's file `/var/lib/kubelet/config.yaml` has it: read when the kubelet starts.

Upstream: pkg/kubelet/apis/config (types.go, validation), cmd/kubelet/app/server.go. Left out: every setting but those of eviction,
the limit of process numbers and the shutdown of the node; flags; drop-in files.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import yaml
from msgspec import Struct, field

from podlab.sim.kubelet.eviction_policy import DEFAULTS, Threshold, amount, duration_ms, parse_config

PATH = "/var/lib/kubelet/config.yaml"
KIND = "kubelet.config.k8s.io/v1beta1, Kind=KubeletConfiguration"
TRANSITION_MS = 300_000
MAPS = ("evictionHard", "evictionSoft", "evictionSoftGracePeriod", "evictionMinimumReclaim")
DURATIONS = ("evictionPressureTransitionPeriod", "shutdownGracePeriod", "shutdownGracePeriodCriticalPods")
NUMBERS = ("evictionMaxPodGracePeriod", "podPidsLimit")
HEAD = {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration"}


class Config(Struct, omit_defaults=True):
    """What a kubelet was told: thresholds (hard ones first), how long conditions outlast them, the longest grace of a soft eviction (s).

    `pids`: processes that a Pod may have (0: no limit). `shutdown_ms`, `critical_ms`: how long a machine's shutdown waits for all
    Pods, and how much of that is kept for critical ones.
    """

    thresholds: list[Threshold] = field(default_factory=lambda: list(DEFAULTS))
    transition_ms: int = TRANSITION_MS
    longest_s: int = 0
    pids: int = 0
    shutdown_ms: int = 0
    critical_ms: int = 0

    def hard(self, signal: str) -> Threshold | None:
        """The hard threshold of a signal, or None."""
        return next((each for each in self.thresholds if each.signal == signal and not each.grace_ms), None)

    def kept(self, signal: str, capacity: Fraction) -> int:
        """How much of a machine the hard threshold of a signal keeps from Pods (SM-9)."""
        threshold = self.hard(signal)
        return int(amount(threshold.value, capacity)) if threshold is not None else 0


def read(text: str) -> Config:
    """The configuration in a file's text; ValueError says what the kubelet would say before it ends."""
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"failed to load kubelet config file: {str(error).splitlines()[0]}") from None
    if not isinstance(given, dict) or {key: given.get(key) for key in HEAD} != HEAD:
        raise ValueError(f"failed to load kubelet config file: it must be a {KIND}")
    times = {key: duration_ms(_text(given, key) or "0s") for key in DURATIONS}
    longest, pids = (_number(given, key) for key in NUMBERS)
    if pids == 0 or pids < -1:
        raise ValueError(f"invalid configuration: podPidsLimit {pids} must be greater than 0, or -1")
    _check_shutdown(times["shutdownGracePeriod"], times["shutdownGracePeriodCriticalPods"])
    return Config(
        _thresholds(given),
        times["evictionPressureTransitionPeriod"] or TRANSITION_MS,
        longest,
        max(pids, 0),
        times["shutdownGracePeriod"],
        times["shutdownGracePeriodCriticalPods"],
    )


def _check_shutdown(whole_ms: int, critical_ms: int) -> None:
    if critical_ms > whole_ms:
        raise ValueError("invalid configuration: shutdownGracePeriodCriticalPods must be <= shutdownGracePeriod")


def _thresholds(given: dict[str, Any]) -> list[Threshold]:
    """Hard ones replace the defaults together (E1), or are put over them where the file says so."""
    hard, soft, grace, reclaim = (_map(given, key) for key in MAPS)
    defaults = {each.signal: each.value for each in DEFAULTS}
    if not hard:
        hard = defaults
    elif given.get("mergeDefaultEvictionSettings"):
        hard = defaults | hard
    return parse_config(hard, soft, grace, reclaim)


def _map(given: dict[str, Any], key: str) -> dict[str, str]:
    value = given.get(key) or {}
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in (*value, *value.values())):
        raise ValueError(f"failed to load kubelet config file: {key} must be a map of texts")
    return value


def _text(given: dict[str, Any], key: str) -> str:
    value = given.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"failed to load kubelet config file: {key} must be a duration like 30s")
    return value


def _number(given: dict[str, Any], key: str) -> int:
    value = given.get(key, -1 if key == "podPidsLimit" else 0)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"failed to load kubelet config file: {key} must be a number")
    return value


def written(args: dict[str, str]) -> str:
    """A file's text out of settings as the kubelet's flags spell them (`memory.available<100Mi,pid.available<10%`); ValueError."""
    given: dict[str, Any] = dict(HEAD)
    for key in MAPS:
        pairs = [each.strip() for each in args.get(key, "").split(",") if each.strip()]
        sign = "<" if key in ("evictionHard", "evictionSoft") else "="
        wrong = [each for each in pairs if sign not in each]
        if wrong:
            raise ValueError(f"{key}: {wrong[0]!r} is not like memory.available{sign}…")
        if pairs:
            given[key] = {name.strip(): value.strip() for name, _, value in (each.partition(sign) for each in pairs)}
    for key in DURATIONS:
        if args.get(key):
            given[key] = args[key]
    for key in NUMBERS:
        if args.get(key):
            given[key] = _whole(key, args[key])
    return yaml.safe_dump(given, sort_keys=False)


def _whole(key: str, text: str) -> int:
    if not text.removeprefix("-").isdecimal() or len(text) > 9:
        raise ValueError(f"{key}: not a whole number: {text!r}")
    return int(text)
