"""Validation of Jobs and CronJobs.

Upstream: pkg/apis/batch/validation/validation.go. Left out: the fine print of success policies.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from podlab.sim.api import labels, names
from podlab.sim.api.cron import CronError, parse
from podlab.sim.api.validation.affinity import validate_selector
from podlab.sim.api.validation.errors import FieldError, invalid, required, too_long, too_many, unsupported
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
MOST_PARALLEL = 100_000
MANAGED_BY = 63
LIMITS = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")


def validate_job(job: Obj) -> list[FieldError]:
    """A new Job."""
    return _generated(job) + _whole_spec(job["spec"])


def _generated(job: Obj) -> list[FieldError]:
    """The selector is the server's own, unless it is made by hand."""
    spec, meta = job["spec"], job["metadata"]
    selector = spec.get("selector")
    if spec.get("manualSelector") or selector is None or validate_selector(selector, ""):
        return []
    uid, name = meta.get("uid", ""), meta.get("name", "")
    own = {"controller-uid": uid, "job-name": name, "batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name}
    return [] if labels.matches(selector, own) else [invalid("spec.selector", _sorted(selector), "`selector` not auto-generated")]


def _sorted(selector: Obj) -> Obj:
    """As Go shows it: the labels are a map."""
    held = selector.get("matchLabels")
    return {**selector, "matchLabels": dict(sorted(held.items()))} if held else selector


def _whole_spec(spec: Obj) -> list[FieldError]:
    """The spec with its selector, which must match the Pods that will be made."""
    errors, selector = job_spec(spec, "spec"), spec.get("selector")
    wrong = validate_selector(selector, "spec.selector") if selector is not None else [required("spec.selector")]
    held = spec["template"].get("metadata", {}).get("labels", {})
    if not wrong and not labels.matches(selector, held):
        wrong.append(invalid("spec.template.metadata.labels", held or None, "`selector` does not match template `labels`"))
    return errors + wrong


def job_spec(spec: Obj, path: str) -> list[FieldError]:
    """A Job's spec, also in a CronJob's template."""
    errors = [invalid(f"{path}.{name}", spec[name], NEGATIVE) for name in NUMBERS if (spec.get(name) or 0) < 0]
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        errors.append(required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified"))
    errors += _managed(spec.get("managedBy"), f"{path}.managedBy") + _indexed(spec, path)
    errors += _policy(spec, f"{path}.podFailurePolicy")
    if spec.get("successPolicy") is not None and spec.get("completionMode") != "Indexed":
        errors.append(invalid(f"{path}.successPolicy", spec["successPolicy"], "requires indexed completion mode"))
    errors += _replacement(spec, f"{path}.podReplacementPolicy")
    errors += validate_template(spec["template"], f"{path}.template")
    return errors + _restart(spec, f"{path}.template.spec.restartPolicy")


def _managed(name: str | None, path: str) -> list[FieldError]:
    """A controller of another house: a name with a domain before it."""
    if name is None:
        return []
    if not name:
        return [required(path)]
    host, _, rest = name.partition("/")
    if not host or not rest:
        return [invalid(path, name, 'must be a domain-prefixed path (such as "acme.io/foo")')]
    errors = [invalid(path, host, told) for told in names.subdomain(host)]
    return [*errors, too_long(path, MANAGED_BY)] if len(name) > MANAGED_BY else errors


def _indexed(spec: Obj, path: str) -> list[FieldError]:
    """What only Jobs with indexes may say, and how many those may be."""
    mode, completions, most = spec.get("completionMode", "NonIndexed"), spec.get("completions"), spec.get("maxFailedIndexes")
    if mode not in ("NonIndexed", "Indexed"):
        return [unsupported(f"{path}.completionMode", mode, ["NonIndexed", "Indexed"])]
    if mode == "NonIndexed":
        given = [each for each in ("backoffLimitPerIndex", "maxFailedIndexes") if spec.get(each) is not None]
        return [invalid(f"{path}.{each}", spec[each], "requires indexed completion mode") for each in given]
    errors = [] if completions is not None else [required(f"{path}.completions", "when completion mode is Indexed")]
    if (spec.get("parallelism") or 0) > MOST_PARALLEL:
        told = f"must be less than or equal to {MOST_PARALLEL} when completion mode is Indexed"
        errors.append(invalid(f"{path}.parallelism", spec["parallelism"], told))
    if most is not None and completions is not None and most > completions:
        errors.append(invalid(f"{path}.maxFailedIndexes", most, "must be less than or equal to completions"))
    if most is not None and most > MOST_PARALLEL:
        errors.append(invalid(f"{path}.maxFailedIndexes", most, f"must be less than or equal to {MOST_PARALLEL}"))
    return errors


def _replacement(spec: Obj, path: str) -> list[FieldError]:
    policy = spec.get("podReplacementPolicy")
    allowed = ["Failed"] if spec.get("podFailurePolicy") else ["Failed", "TerminatingOrFailed"]
    return [] if policy is None or policy in allowed else [unsupported(path, policy, allowed)]


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
    errors = validate_job(new) + _whole_spec(new["spec"])
    fixed = ["selector", "template", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"]
    if new["spec"].get("completionMode") != "Indexed":
        fixed.insert(0, "completions")
    if old["spec"].get("suspend"):
        fixed.remove("template")
    return errors + [
        invalid(f"spec.{name}", _sorted(new["spec"]["selector"]) if name == "selector" else new["spec"].get(name), "field is immutable")
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
    errors += [invalid(f"spec.{name}", spec[name], NEGATIVE) for name in LIMITS if (spec.get(name) or 0) < 0]
    errors += _time_zone(spec.get("timeZone"))
    if spec.get("concurrencyPolicy") not in ("Allow", "Forbid", "Replace"):
        errors.append(unsupported("spec.concurrencyPolicy", spec.get("concurrencyPolicy", ""), ["Allow", "Forbid", "Replace"]))
    if len(cron_job["metadata"].get("name", "")) > 52:
        errors.append(invalid("metadata.name", cron_job["metadata"]["name"], "must be no more than 52 characters"))
    if spec["jobTemplate"]["spec"].get("manualSelector"):
        errors.append(unsupported("spec.jobTemplate.spec.manualSelector", True, ["nil", "false"]))
    return errors + job_spec(spec["jobTemplate"]["spec"], "spec.jobTemplate.spec")


def _time_zone(zone: str | None) -> list[FieldError]:
    """A name of the time zone database."""
    path = "spec.timeZone"
    if zone is None:
        return []
    if not zone:
        return [invalid(path, zone, "timeZone must be nil or non-empty string")]
    if zone.lower() == "local":
        return [invalid(path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")]
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return [invalid(path, zone, f"unknown time zone {zone}")]
    return []


def _schedule(text: str) -> list[FieldError]:
    if "TZ" in text:
        return [invalid("spec.schedule", text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
    try:
        parse(text)
    except CronError as error:
        return [invalid("spec.schedule", text, str(error))]
    return []
