"""Where a container's configuration comes from: ConfigMaps and Secrets, or the reason why it cannot.

Upstream: pkg/kubelet/configmap, pkg/kubelet/secret. Left out: caching (reads are always fresh).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable

from podlab.sim.changes import Obj
from podlab.sim.world import World


class ConfigError(Exception):
    """A container cannot be made; `reason` is its waiting reason."""

    def __init__(self, message: str, reason: str = "CreateContainerConfigError") -> None:
        super().__init__(message)
        self.reason = reason


Data = dict[str, str]
Find = Callable[..., Data | None]


def config_map(world: World, namespace: str, name: str, *, optional: bool = False) -> Data | None:
    """The data of a ConfigMap; None: an optional one is not there."""
    found = world.api.find("configmaps", name, namespace)
    if found is None and not optional:
        raise ConfigError(f'configmap "{name}" not found')
    if found is None:
        return None
    return dict(found.get("data") or {}) | {key: _decoded(value) for key, value in (found.get("binaryData") or {}).items()}


def secret(world: World, namespace: str, name: str, *, optional: bool = False) -> Data | None:
    """The data of a Secret, decoded; None: an optional one is not there."""
    found = world.api.find("secrets", name, namespace)
    if found is None and not optional:
        raise ConfigError(f'secret "{name}" not found')
    return None if found is None else {key: _decoded(value) for key, value in (found.get("data") or {}).items()}


def _decoded(value: str) -> str:
    return b64decode(value).decode("utf-8", "replace")


def keyed(world: World, namespace: str, reference: Obj, find: Find, kind: str) -> str | None:
    """One key's value; None: optional and not there."""
    optional = bool(reference.get("optional"))
    data = find(world, namespace, reference["name"], optional=optional)
    if data is None or reference["key"] not in data:
        if optional:
            return None
        raise ConfigError(f"couldn't find key {reference['key']} in {kind} {namespace}/{reference['name']}")
    return data[reference["key"]]
