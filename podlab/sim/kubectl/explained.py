"""What the published schema says beyond types: the values of fields with a fixed set, and what scalars with a name are.

Upstream: `+enum` types in staging/src/k8s.io/api, as the OpenAPI documents show them. Left out: kinds that the lab does not know.
"""

from __future__ import annotations

import functools
from importlib import resources

import msgspec
from msgspec import Struct


class Enum(Struct):
    """The fields (`core/v1.PodSpec.dnsPolicy`) that take these values, each with what it means."""

    fields: list[str]
    values: dict[str, str]


class Explained(Struct):
    """The data file."""

    types: dict[str, str]
    enums: list[Enum]


@functools.cache
def _held() -> Explained:
    return msgspec.yaml.decode(resources.files("podlab.sim.kubectl").joinpath("explained.yaml").read_bytes(), type=Explained)


@functools.cache
def _by_field() -> dict[str, dict[str, str]]:
    return {field: each.values for each in _held().enums for field in each.fields}


def values(type_: str, name: str) -> dict[str, str]:
    """The values of a field in their order; none when any value will do."""
    return _by_field().get(f"{type_}.{name}", {})


def scalar(type_: str) -> str:
    """What a scalar type of the schema is; empty for the plain ones."""
    return _held().types.get(type_, "")
