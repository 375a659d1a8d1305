"""What the checks share: the containers of a Pod and the words of a refusal.

Upstream: staging/src/k8s.io/pod-security-admission/policy (helpers.go, visitor.go). Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from podlab.sim.changes import Obj

Finding = tuple[str, str] | None
"""Why a Pod is not allowed: the reason and its detail."""
Check = Callable[[Obj, Obj], Finding]
"""Of a Pod's metadata and spec."""


def containers(spec: Obj) -> list[Obj]:
    """Init, ordinary and ephemeral ones, in this order."""
    return [each for group in ("initContainers", "containers", "ephemeralContainers") for each in spec.get(group) or ()]


def context(holder: Obj) -> Obj:
    """The security context of a Pod's spec or of a container."""
    found: Obj = holder.get("securityContext") or {}
    return found


def quoted(items: Iterable[str]) -> str:
    """`"a", "b"`."""
    return ", ".join(f'"{each}"' for each in items)


def counted(word: str, items: list[str]) -> str:
    """`container "a"`, `containers "a", "b"`."""
    return f"{word if len(items) == 1 else word + 's'} {quoted(items)}"


def setters(spec: Obj, bad: Callable[[Obj], bool]) -> list[str]:
    """Who sets something bad in its security context: `pod`, `container "a"`."""
    held = ["pod"] if bad(context(spec)) else []
    named = [each["name"] for each in containers(spec) if bad(context(each))]
    return held + ([counted("container", named)] if named else [])


def users_of_host(spec: Obj) -> bool:
    """False: the Pod has user ids of its own, which relaxes some checks."""
    return spec.get("hostUsers") is not False
