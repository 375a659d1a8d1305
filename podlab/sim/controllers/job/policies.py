"""podFailurePolicy and successPolicy.

Upstream: pkg/controller/job/pod_failure_policy.go, success_policy.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.controllers.job.indexes import parse
from podlab.sim.controllers.pods import status_of

ACTIONS = ("Ignore", "FailJob", "Count", "FailIndex")


class Verdict(Struct, frozen=True):
    """What a failed Pod means: `message` for FailJob; `action` empty: no rule matched."""

    action: str = ""
    counts: bool = True
    message: str = ""


def judge(policy: Obj | None, pod: Obj) -> Verdict:
    """Rule X14: the first rule that matches."""
    for number, rule in enumerate((policy or {}).get("rules") or ()):
        why = _by_exit_code(rule["onExitCodes"], pod) if rule.get("onExitCodes") else _by_condition(rule.get("onPodConditions") or (), pod)
        action = rule["action"]
        if why and action in ACTIONS:
            text = f"{why} matching {action} rule at index {number}" if action == "FailJob" else ""
            return Verdict(action, action != "Ignore", text)
    return Verdict()


def _name(pod: Obj) -> str:
    return f"{pod['metadata'].get('namespace', '')}/{pod['metadata']['name']}"


def _by_exit_code(wanted: Obj, pod: Obj) -> str:
    status = status_of(pod)
    for each in [*(status.get("containerStatuses") or ()), *(status.get("initContainerStatuses") or ())]:
        ended = (each.get("state") or {}).get("terminated")
        if ended is None or wanted.get("containerName") not in (None, each["name"]):
            continue
        code = ended.get("exitCode", 0)
        if code and (code in wanted["values"]) == (wanted["operator"] == "In"):
            return f"Container {each['name']} for pod {_name(pod)} failed with exit code {code}"
    return ""


def _by_condition(patterns: Sequence[Obj], pod: Obj) -> str:
    for condition in status_of(pod).get("conditions") or ():
        for pattern in patterns:
            if condition["type"] == pattern["type"] and condition["status"] == pattern.get("status", "True"):
                return f"Pod {_name(pod)} has condition {condition['type']}"
    return ""


def success(policy: Obj | None, succeeded: Sequence[int], completions: int) -> str:
    """Rule X15: which rule of a successPolicy is met, as a message; empty: none."""
    for number, rule in enumerate((policy or {}).get("rules") or ()):
        listed, count = rule.get("succeededIndexes"), rule.get("succeededCount")
        if listed is not None:
            wanted = parse(listed, completions)
            met = len([each for each in wanted if each in succeeded])
            enough = bool(wanted) and met >= (count if count is not None else len(wanted))
        else:
            enough = count is not None and len(succeeded) >= count
        if enough:
            return f"Matched rules at index {number}"
    return ""
