"""Selectors of the command line as predicates.

Upstream: apimachinery/pkg/labels, apimachinery/pkg/fields. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.api import fields as api_fields
from podlab.sim.api import labels as api_labels
from podlab.sim.api.resources import Resource
from podlab.sim.changes import Obj


def labels(text: str) -> Callable[[dict[str, str]], bool]:
    """A predicate over labels; ValueError in the server's words."""
    selector = api_labels.parse(text)
    return lambda held: api_labels.meets(selector, held)


def fields(resource: Resource, text: str) -> Callable[[Obj], bool]:
    """A predicate over objects; ValueError in the server's words."""
    selector = api_fields.parse(text)
    api_fields.check(resource, selector)
    return lambda obj: api_fields.meets(resource, selector, obj)
