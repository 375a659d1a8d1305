"""The two owners of an error inside the simulation.

Upstream: staging/src/k8s.io/apimachinery/pkg/api/errors (the Status object). Left out: retryAfterSeconds but for the verbs that use it.
"""

from __future__ import annotations

from typing import Any

CODES = {
    "BadRequest": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "NotAcceptable": 406,
    "AlreadyExists": 409,
    "Conflict": 409,
    "Gone": 410,
    "Expired": 410,
    "UnsupportedMediaType": 415,
    "Invalid": 422,
    "TooManyRequests": 429,
    "InternalError": 500,
    "Timeout": 504,
}


class StatusError(Exception):
    """The learner's error: what the API server answers, in Kubernetes' own words.

    `reason` is a metav1.StatusReason, `details` the Status' details (kind, name, causes …). `code` is the HTTP code.
    """

    def __init__(self, reason: str, message: str, *, code: int | None = None, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.code = CODES.get(reason, 500) if code is None else code
        self.details = details


class SimulationBug(Exception):
    """Ours: the simulation contradicts itself. Nothing is published, the last checkpoint stands, the log says how to replay it."""
