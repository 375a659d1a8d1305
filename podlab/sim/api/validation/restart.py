"""Validation of a container's own restart policy and its rules.

Upstream: pkg/apis/core/validation/validation.go (validateContainerRestartPolicy). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.validation.errors import FieldError, required, too_many, unsupported
from podlab.sim.changes import Obj

MOST_RULES = 20
MOST_CODES = 255


def validate_restart(container: Obj, path: str) -> list[FieldError]:
    """The policy where there is one; rules need one."""
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules", [])
    errors: list[FieldError] = []
    if policy is None and rules:
        errors.append(required(f"{path}.restartPolicy", "must specify restartPolicy when restart rules are used"))
    elif policy is not None and policy not in ("Always", "Never", "OnFailure"):
        errors.append(unsupported(f"{path}.restartPolicy", policy, ["Always", "Never", "OnFailure"]))
    if len(rules) > MOST_RULES:
        errors.append(too_many(f"{path}.restartPolicyRules", len(rules), MOST_RULES))
    for number, rule in enumerate(rules):
        errors += _rule(rule, f"{path}.restartPolicyRules[{number}]")
    return errors


def _rule(rule: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if rule.get("action") not in ("Restart", "RestartAllContainers"):
        errors.append(unsupported(f"{path}.action", rule.get("action", ""), ["Restart", "RestartAllContainers"]))
    codes = rule.get("exitCodes")
    if codes is None:
        return [*errors, required(f"{path}.exitCodes", "must be specified")]
    if codes.get("operator") not in ("In", "NotIn"):
        errors.append(unsupported(f"{path}.exitCodes.operator", codes.get("operator", ""), ["In", "NotIn"]))
    if len(codes.get("values", ())) > MOST_CODES:
        errors.append(too_many(f"{path}.exitCodes.values", len(codes["values"]), MOST_CODES))
    return errors
