"""Reading a Pod's spec: its containers by kind and name, the hash that decides whether one must be replaced.

Upstream: pkg/api/v1/pod/util.go, pkg/kubelet/container/helpers.go (HashContainer). Left out: nothing.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from podlab.sim.changes import Obj

Spec = dict[str, Any]


def regular(spec: Obj) -> list[Spec]:
    """The regular containers."""
    return spec.get("containers") or []


def inits(spec: Obj) -> list[Spec]:
    """All init containers, sidecars too."""
    return spec.get("initContainers") or []


def ephemeral(spec: Obj) -> list[Spec]:
    """The ephemeral containers."""
    return spec.get("ephemeralContainers") or []


def is_sidecar(container: Spec) -> bool:
    """Whether an init container is restartable."""
    return bool(container.get("restartPolicy") == "Always")


def sidecars(spec: Obj) -> list[Spec]:
    """The restartable init containers."""
    return [each for each in inits(spec) if is_sidecar(each)]


def container_named(spec: Obj, name: str) -> Spec | None:
    """The container of that name, of whatever kind."""
    for containers in (spec.get("containers"), spec.get("initContainers"), spec.get("ephemeralContainers")):
        for each in containers or ():
            if each["name"] == name:
                return each  # type: ignore[no-any-return]
    return None


def field_path(spec: Obj, name: str) -> str:
    """What Events about a container point at (EV-1)."""
    for key, containers in (("initContainers", inits(spec)), ("ephemeralContainers", ephemeral(spec))):
        if any(each["name"] == name for each in containers):
            return f"spec.{key}{{{name}}}"
    return f"spec.containers{{{name}}}"


def restart_policy(spec: Obj) -> str:
    """The Pod's restart policy."""
    return spec.get("restartPolicy") or "Always"


def has_restart_all_rule(spec: Obj) -> bool:
    """Whether some container may restart all of them (PH-7)."""
    return any(
        rule.get("action") == "RestartAllContainers"
        for each in (*regular(spec), *inits(spec))
        for rule in each.get("restartPolicyRules") or ()
    )


def hash_container(container: Spec) -> str:
    """The hash over name and image; only these two replace a running container (RB-6)."""
    return _hash(container.get("image", ""), container["name"])


@lru_cache(1024)
def _hash(image: str, name: str) -> str:
    text = json.dumps({"image": image, "name": name}, separators=(",", ":"), sort_keys=True)
    value = 0x811C9DC5
    for byte in f"([]uint8){list(text.encode())}".replace(",", "").encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f"{value:#x}"


def pod_name(pod: Obj) -> str:
    """`NAME_NAMESPACE(UID)`, as messages name a Pod."""
    meta = pod["metadata"]
    return f"{meta['name']}_{meta.get('namespace', '')}({meta['uid']})"
