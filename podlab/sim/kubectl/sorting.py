"""`--sort-by`: objects in the order of a field, quantities by their value.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/get/sorter.go (isLess). Left out: fields that cannot be sorted (maps).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from podlab.sim.api import quantities
from podlab.sim.changes import Obj
from podlab.sim.gosort import go_sort
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.jsonpath import JsonPathError, relaxed
from podlab.sim.kubectl.jsonpath_eval import find

T = TypeVar("T")


class Unsortable(Failure):
    """No object has the field by which they are to be sorted."""


def nobody(expression: str) -> Unsortable:
    """Says so."""
    return Unsortable(f'couldn\'t find any field with path "{relaxed(expression)}" in the list of objects')


def sort_by(expression: str, items: list[T], obj: Callable[[T], Obj]) -> list[T]:
    """Items in the order of a field of their objects; those without it first; Unsortable when none has it."""
    try:
        template = relaxed(expression)
        keyed = [(find(template, obj(each)), each) for each in items]
    except JsonPathError as error:
        raise Failure(str(error)) from None
    if items and not any(found for found, _ in keyed):
        raise nobody(expression)
    return [each for _, each in go_sort(keyed, lambda one, other: _less(one[0], other[0]))]


def _less(one: list[Any], other: list[Any]) -> bool:
    """What is missing comes first, before its like too: so upstream turns these round."""
    if not one or one[0] is None:
        return True
    if not other or other[0] is None:
        return False
    left, right = one[0], other[0]
    if isinstance(left, str) and isinstance(right, str):
        return _less_text(left, right)
    return type(left) is type(right) and isinstance(left, (int, float)) and left < right


def _less_text(one: str, other: str) -> bool:
    try:
        return quantities.parse(one) < quantities.parse(other)
    except ValueError:
        return one < other
