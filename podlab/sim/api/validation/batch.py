"""Validation of Jobs and CronJobs.

Upstream: pkg/apis/batch/validation/validation.go. Left out: the fine print of success policies; time zones beyond their form.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.api.cron import CronError, parse
from podlab.sim.api.validation.errors import FieldError, invalid, required, too_many, unsupported
from podlab.sim.api.validation.pod import validate_template
from podlab.sim.changes import Obj

NEGATIVE = "must be greater than or equal to 0"
NUMBERS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
MOST_RULES = 20
ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")


def validate_job(job: Obj) -> list[FieldError]:
    """A new Job."""
    return job_spec(job["spec"], "spec")


def job_spec(spec: Obj, path: str) -> list[FieldError]:
    """A Job's spec, also in a CronJob's template."""
    errors = [invalid(f"{path}.{name}", spec[name], NEGATIVE) for name in NUMBERS if (spec.get(name) or 0) < 0]
    if spec.get("completionMode") == "Indexed":
        if spec.get("completions") is None:
            errors.append(required(f"{path}.completions", "when completion mode is Indexed"))
    elif spec.get("backoffLimitPerIndex") is not None:
        errors.append(invalid(f"{path}.backoffLimitPerIndex", spec["backoffLimitPerIndex"], "requires indexed completion mode"))
    errors += _policy(spec, f"{path}.podFailurePolicy")
    errors += validate_template(spec["template"], f"{path}.template")
    return errors + _restart(spec, f"{path}.template.spec.restartPolicy")


def _restart(spec: Obj, path: str) -> list[FieldError]:
    policy = spec["template"]["spec"].get("restartPolicy", "")
    if policy in ("", "Always"):
        return [required(path, 'valid values: "OnFailure", "Never"')]
    if policy not in ("OnFailure", "Never"):
        return [unsupported(path, policy, ["OnFailure", "Never"])]
    if spec.get("podFailurePolicy") and policy != "Never":
        return [invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    return []


def _policy(spec: Obj, path: str) -> list[FieldError]:
    rules: Sequence[Obj] = (spec.get("podFailurePolicy") or {}).get("rules") or ()
    errors = [too_many(f"{path}.rules", len(rules), MOST_RULES)] if len(rules) > MOST_RULES else []
    for number, rule in enumerate(rules):
        where = f"{path}.rules[{number}]"
        if rule.get("action") not in ACTIONS:
            errors.append(unsupported(f"{where}.action", rule.get("action", ""), ACTIONS))
        if rule.get("onExitCodes") and rule.get("onPodConditions"):
            errors.append(invalid(f"{where}", rule, "specifying both OnExitCodes and OnPodConditions is not supported"))
        elif not rule.get("onExitCodes") and not rule.get("onPodConditions"):
            errors.append(invalid(f"{where}", rule, "specifying one of OnExitCodes and OnPodConditions is required"))
        if rule.get("onExitCodes", {}).get("operator") == "In" and 0 in rule["onExitCodes"].get("values", ()):
            errors.append(
                invalid(f"{where}.onExitCodes.values[{rule['onExitCodes']['values'].index(0)}]", 0, "must not be 0 for the In operator")
            )
    return errors


def update_job(new: Obj, old: Obj) -> list[FieldError]:
    """Completions, selector, mode and (unless it is suspended) template stay."""
    errors = validate_job(new)
    fixed = ["selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "successPolicy"]
    if new["spec"].get("completionMode") != "Indexed":
        fixed.insert(0, "completions")
    if not old["spec"].get("suspend"):
        fixed.append("template")
    return errors + [
        invalid(f"spec.{name}", new["spec"].get(name), "field is immutable")
        for name in fixed
        if new["spec"].get(name) != old["spec"].get(name)
    ]


def validate_cron_job(cron_job: Obj) -> list[FieldError]:
    """A CronJob, new or changed."""
    spec, errors = cron_job["spec"], []
    if not spec.get("schedule"):
        errors.append(required("spec.schedule"))
    else:
        errors += _schedule(spec["schedule"])
    for name in ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        if (spec.get(name) or 0) < 0:
            errors.append(invalid(f"spec.{name}", spec[name], NEGATIVE))
    if spec.get("concurrencyPolicy") not in ("Allow", "Forbid", "Replace"):
        errors.append(unsupported("spec.concurrencyPolicy", spec.get("concurrencyPolicy", ""), ["Allow", "Forbid", "Replace"]))
    if len(cron_job["metadata"].get("name", "")) > 52:
        errors.append(invalid("metadata.name", cron_job["metadata"]["name"], "must be no more than 52 characters"))
    if spec["jobTemplate"]["spec"].get("manualSelector"):
        errors.append(unsupported("spec.jobTemplate.spec.manualSelector", True, ["nil", "false"]))
    return errors + job_spec(spec["jobTemplate"]["spec"], "spec.jobTemplate.spec")


def _schedule(text: str) -> list[FieldError]:
    if "TZ" in text:
        return [invalid("spec.schedule", text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
    try:
        parse(text)
    except CronError as error:
        return [invalid("spec.schedule", text, str(error))]
    return []
