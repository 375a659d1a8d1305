"""What may change of a Pod.

Upstream: pkg/apis/core/validation/validation.go. Left out: being written.
"""
from __future__ import annotations
from podlab.sim.api.validation.errors import FieldError
from podlab.sim.changes import Obj


def validate_status(new: Obj, old: Obj) -> list[FieldError]:
    return []


def validate_ephemeral(new: Obj, old: Obj) -> list[FieldError]:
    return []


def validate_resize(new: Obj, old: Obj) -> list[FieldError]:
    return []
