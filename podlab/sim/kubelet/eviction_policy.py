"""When a node is under pressure, and which Pod must go: pure arithmetic.

Upstream: pkg/kubelet/eviction/helpers.go. Left out: a separate image file system.
"""

from __future__ import annotations

import re
import struct
from fractions import Fraction

from msgspec import Struct, field

from podlab.sim.api.quantities import canonical, parse, render, whole
from podlab.sim.changes import Obj
from podlab.sim.kubelet.specs import Spec, inits, is_sidecar, regular

SIGNALS = {
    "memory.available": ("MemoryPressure", "memory"),
    "allocatableMemory.available": ("MemoryPressure", "memory"),
    "nodefs.available": ("DiskPressure", "ephemeral-storage"),
    "nodefs.inodesFree": ("DiskPressure", "inodes"),
    "imagefs.available": ("DiskPressure", "ephemeral-storage"),
    "imagefs.inodesFree": ("DiskPressure", "inodes"),
    "containerfs.available": ("DiskPressure", "ephemeral-storage"),
    "containerfs.inodesFree": ("DiskPressure", "inodes"),
    "pid.available": ("PIDPressure", "pids"),
}
DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$")
CRITICAL = 2_000_000_000
PERIOD_MS = 10_000


class Threshold(Struct, frozen=True):
    """`value`, `reclaim`: a quantity or a percentage of the capacity; `grace_ms` > 0: a soft one."""

    signal: str
    value: str
    grace_ms: int = 0
    reclaim: str = ""


DEFAULTS = (
    Threshold("memory.available", "100Mi"),
    Threshold("nodefs.available", "10%"),
    Threshold("imagefs.available", "15%"),
    Threshold("nodefs.inodesFree", "5%"),
)


class Observation(Struct):
    """What there is of a signal's resource, and how much in all."""

    available: Fraction
    capacity: Fraction = Fraction(0)


def next_look(now: int) -> int:
    """When the manager looks next after an instant."""
    return (now // PERIOD_MS + 1) * PERIOD_MS


def duration_ms(text: str) -> int:
    """`1m30s` → ms; ValueError."""
    match = DURATION.match(text)
    if not text or match is None:
        raise ValueError(f"time: invalid duration {text!r}")
    hours, minutes, seconds = (int(each or 0) for each in match.groups())
    return 1000 * (3600 * hours + 60 * minutes + seconds)


def parse_config(
    hard: dict[str, str], soft: dict[str, str], grace: dict[str, str], reclaim: dict[str, str], *, allocatable: bool = False
) -> list[Threshold]:
    """The thresholds of a kubelet's configuration (E1), hard ones first; ValueError when it is wrong."""
    for key, value in reclaim.items():
        _check(key, value, reclaim=True)
    out = []
    for key, value in hard.items():
        if _check(key, value):
            out.append(Threshold(key, value, 0, reclaim.get(key, "")))
    if allocatable:
        out = [
            Threshold("allocatableMemory.available", each.value, 0, each.reclaim) for each in out if each.signal == "memory.available"
        ] + out
    for key, value in soft.items():
        if not _check(key, value):
            continue
        if key not in grace:
            raise ValueError(f"grace period must be specified for the soft eviction threshold {key}")
        out.append(Threshold(key, value, duration_ms(grace[key]), reclaim.get(key, "")))
    return out


def _check(key: str, value: str, *, reclaim: bool = False) -> bool:
    """Whether a threshold counts: 0 % and 100 % switch it off."""
    if key not in SIGNALS:
        raise ValueError(f"unknown eviction signal {key}")
    if value.endswith("%"):
        percent = Fraction(value[:-1])
        if not 0 <= percent <= 100:
            raise ValueError(f"eviction percentage {key} must be between 0% and 100%: {value}")
        return reclaim or 0 < percent < 100
    if not value or parse(value) < 0 or (parse(value) == 0 and not reclaim):
        raise ValueError(f"eviction threshold {key} must be positive: {value}")
    return True


def amount(value: str, capacity: Fraction) -> Fraction:
    """A threshold's quantity; percentages are rounded to single precision, as upstream does, and cut to whole units."""
    if not value:
        return Fraction(0)
    return Fraction(int(capacity * _share(value))) if value.endswith("%") else parse(value)


def _share(percent: str) -> Fraction:
    hundredths = Fraction(percent[:-1]) / 100
    return Fraction(struct.unpack("f", struct.pack("f", hundredths))[0])


def met(thresholds: list[Threshold], observations: dict[str, Observation], *, enforce_reclaim: bool) -> list[Threshold]:
    """Those with less than their value left; with `enforce_reclaim`: less than value and reclaim (E2)."""
    out = []
    for each in thresholds:
        seen = observations.get(each.signal)
        if seen is not None:
            wanted = amount(each.value, seen.capacity) + (amount(each.reclaim, seen.capacity) if enforce_reclaim else 0)
            if seen.available < wanted:
                out.append(each)
    return out


def ripe(first_met: dict[Threshold, int], now: int) -> list[Threshold]:
    """Those that were met without a break for their grace (E4)."""
    return [each for each, since in first_met.items() if now - since >= each.grace_ms]


def conditions_of(thresholds: list[Threshold]) -> list[str]:
    """The node conditions that they mean."""
    return list(dict.fromkeys(SIGNALS[each.signal][0] for each in thresholds))


def still_held(last_met: dict[str, int], period_ms: int, now: int) -> list[str]:
    """Conditions that were met within the transition period (E3)."""
    return [each for each, since in last_met.items() if now - since < period_ms]


def in_order(thresholds: list[Threshold]) -> list[Threshold]:
    """Memory first, then those that a Pod's end helps, the others last (E5)."""
    return sorted(thresholds, key=lambda each: SIGNALS[each.signal][1] != "memory")


class Pressure(Struct):
    """What a node's manager remembers: thresholds that are met, since when each, and when a condition's were met last."""

    met: list[Threshold] = field(default_factory=list)
    first_met: list[tuple[Threshold, int]] = field(default_factory=list)
    last_met: dict[str, int] = field(default_factory=dict)


def look(pressure: Pressure, thresholds: list[Threshold], observations: dict[str, Observation], now: int) -> Threshold | None:
    """One look of the manager: note what is met (E2 to E5); the threshold to act on, if there is one."""
    found = met(thresholds, observations, enforce_reclaim=False)
    found += [each for each in met(pressure.met, observations, enforce_reclaim=True) if each not in found]
    before = dict(pressure.first_met)
    first = {each: before.get(each, now) for each in found}
    pressure.first_met = list(first.items())
    for each in conditions_of(found):
        pressure.last_met[each] = now
    pressure.met = ripe(first, now)
    return next(iter(in_order(pressure.met)), None)


class Candidate(Struct):
    """A Pod that may go: what its containers use of the resource (name → amount); `measured`: there are statistics of it."""

    name: str
    pod: Obj
    usage: dict[str, int] = field(default_factory=dict)
    measured: bool = True

    def used(self) -> int:
        """All that it uses."""
        return sum(self.usage.values())

    def requested(self, resource: str) -> int:
        """All that it asks for."""
        spec = self.pod["spec"]
        own = own_request(spec, resource)
        return (
            own
            if own is not None
            else sum(request(each, resource) for each in (*regular(spec), *(each for each in inits(spec) if is_sidecar(each))))
        )


def own_request(spec: Obj, resource: str) -> int | None:
    """What the Pod itself asks for, besides its containers; None: nothing."""
    own = ((spec.get("resources") or {}).get("requests") or {}).get(resource)
    return None if own is None else whole(own)


def request(container: Spec, resource: str) -> int:
    """A container's request."""
    return whole(((container.get("resources") or {}).get("requests") or {}).get(resource, 0))


def rank(candidates: list[Candidate], resource: str) -> list[Candidate]:
    """Who goes first (E7): unmeasured, over its request, lower priority, further over."""

    def key(each: Candidate) -> tuple[bool, bool, int, int]:
        over = each.used() - (0 if resource == "pids" else each.requested(resource))
        return (each.measured, over <= 0 and resource != "pids", int(each.pod["spec"].get("priority") or 0), -over)

    return sorted(candidates, key=key)


def arithmetic(ranking: list[Candidate], resource: str) -> str:
    """The ranking with its numbers: `name used requested priority`, in lines."""
    return "\n".join(
        f"{each.pod['metadata']['name']} {each.used()} {each.requested(resource)} {int(each.pod['spec'].get('priority') or 0)}"
        for each in ranking
    )


def is_critical(pod: Obj) -> bool:
    """Static, mirror and critical Pods are passed over (E8)."""
    notes = pod["metadata"].get("annotations") or {}
    return (
        int(pod["spec"].get("priority") or 0) >= CRITICAL
        or "kubernetes.io/config.mirror" in notes
        or notes.get("kubernetes.io/config.source") in ("file", "http")
    )


def quantity(value: int) -> str:
    """Bytes as messages print them; 0 is `0`."""
    return render(Fraction(value), "binary") if value else "0"


def message(
    resource: str, threshold: str, available: str, offenders: list[tuple[str, str, str]], pod: tuple[str, str, str] | None = None
) -> str:
    """The sentences of an eviction (EV-3, E10), each with its blank; offenders: (container, usage, request)."""
    text = f"The node was low on resource: {resource}. "
    if threshold:
        text += f"Threshold quantity: {threshold}, available: {available}. "
    if pod is not None:
        text += f"Pod {pod[0]} was using {pod[1]}, request is {pod[2]}, has larger consumption of {resource}. "
    for name, usage, wanted in offenders:
        text += f"Container {name} was using {usage}, request is {wanted}, has larger consumption of {resource}. "
    return text


def verdict(threshold: Threshold, seen: Observation, candidate: Candidate) -> str:
    """What is said of the Pod that goes."""
    resource = SIGNALS[threshold.signal][1]
    named = [(name, quantity(used), quantity(asked)) for name, used, asked in offenders(candidate, resource)] if resource != "pids" else []
    own = own_request(candidate.pod["spec"], resource) if resource == "memory" else None
    whole_pod = None if own is None else (candidate.pod["metadata"]["name"], quantity(candidate.used()), quantity(own))
    if own is not None and candidate.used() <= own:
        whole_pod = None
    return message(resource, said(threshold.value, seen.capacity), left(seen.available, resource), named, whole_pod)


def said(value: str, capacity: Fraction) -> str:
    """A threshold as messages print it: a quantity as it was written, a percentage as what it comes to."""
    return quantity(int(amount(value, capacity))) if value.endswith("%") else canonical(value)


def left(available: Fraction, resource: str) -> str:
    """What is left of a resource as messages print it: processes are counted in tens, bytes in twos."""
    return render(available, "decimal") if resource == "pids" and available else quantity(int(available))


def grace_seconds(threshold: Threshold, longest_s: int, own_s: int) -> int:
    """How long the Pod may take (E9)."""
    return 1 if not threshold.grace_ms else min(longest_s, own_s)


def offenders(candidate: Candidate, resource: str) -> list[tuple[str, int, int]]:
    """The containers that use more than they asked for, sidecars first: (name, usage, request)."""
    spec = candidate.pod["spec"]
    out = []
    for each in (*(each for each in inits(spec) if is_sidecar(each)), *regular(spec)):
        used, wanted = candidate.usage.get(each["name"], 0), request(each, resource)
        if used > wanted:
            out.append((each["name"], used, wanted))
    return out
