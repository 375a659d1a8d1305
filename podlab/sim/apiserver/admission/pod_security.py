"""PodSecurity: a namespace's labels say what its Pods may do; what would break a level is warned of or refused.

Upstream: staging/src/k8s.io/pod-security-admission/admission/admission.go. Left out: exemptions, audit annotations, the limit of 3000 Pods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.api.resources import Resource
from podlab.sim.api.validation.errors import invalid_object
from podlab.sim.apiserver import answers
from podlab.sim.apiserver.podsecurity.evaluate import findings, told
from podlab.sim.apiserver.podsecurity.policy import LEVELS, LevelVersion, Policy, policy_of
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

Warnings = list[str] | None
_TEMPLATES = {
    "cronjobs": ("spec", "jobTemplate", "spec", "template"),
    "podtemplates": ("template",),
} | dict.fromkeys(("replicationcontrollers", "replicasets", "deployments", "daemonsets", "statefulsets", "jobs"), ("spec", "template"))


def check_create(api: ApiServer, row: Resource, new: Obj, warnings: Warnings) -> None:
    """Forbidden for a Pod that its namespace does not allow; Invalid for wrong labels of a namespace; warnings for the rest."""
    if row.plural == "namespaces":
        errors = policy_of(new["metadata"].get("labels") or {})[1]
        if errors:
            raise invalid_object(row.kind, row.group, new["metadata"]["name"], errors)
    else:
        _check(api, row, new, warnings)


def check_update(api: ApiServer, row: Resource, new: Obj, old: Obj, subresource: str, warnings: Warnings) -> None:
    """A Pod's other image or new ephemeral container, another template, or another level for the Pods that are there."""
    if row.plural == "namespaces" and not subresource:
        _check_labels(api, new, old, warnings)
        return
    image = row.plural == "pods" and subresource in ("", "ephemeralcontainers", "resize") and _images(new) != _images(old)
    if image or (row.plural in _TEMPLATES and not subresource):
        _check(api, row, new, warnings)


def _images(pod: Obj) -> list[tuple[str, str]]:
    groups = ("containers", "initContainers", "ephemeralContainers")
    return [(each["name"], each.get("image", "")) for group in groups for each in pod["spec"].get(group) or ()]


def _check(api: ApiServer, row: Resource, new: Obj, warnings: Warnings) -> None:
    template = _template(row, new)
    namespace = api.find("namespaces", new["metadata"].get("namespace", ""))
    labels = (namespace or {}).get("metadata", {}).get("labels") or {}
    if template is None or len(labels) < 2:  # its own name is the one that each has
        return
    policy, meta, spec = policy_of(labels)[0], template.get("metadata") or {}, template["spec"]
    refused = findings(policy.enforce, meta, spec) if row.plural == "pods" else []
    if refused:
        raise answers.forbidden("pods", new["metadata"]["name"], f'violates PodSecurity "{policy.enforce}": {told(refused)}')
    warned = findings(policy.warn, meta, spec)
    if warned and warnings is not None:
        warnings.append(f'would violate PodSecurity "{policy.warn}": {told(warned)}')


def _template(row: Resource, new: Obj) -> Obj | None:
    found: Obj | None = new if row.plural == "pods" else None
    if row.plural in _TEMPLATES:
        found = new
        for part in _TEMPLATES[row.plural]:
            found = (found or {}).get(part)
    return found


def _check_labels(api: ApiServer, new: Obj, old: Obj, warnings: Warnings) -> None:
    name = new["metadata"]["name"]
    policy, errors = policy_of(new["metadata"].get("labels") or {})
    before, held = policy_of(old["metadata"].get("labels") or {})
    if errors and errors != held:
        raise invalid_object("Namespace", "", name, errors)
    if warnings is not None and _stricter(policy, before):
        warnings += _violations(api, name, policy.enforce)


def _stricter(policy: Policy, before: Policy) -> bool:
    new, old = policy.enforce, before.enforce
    if new == old or new.level == "privileged":
        return False
    return new.minor != old.minor or LEVELS.index(new.level) > LEVELS.index(old.level)


def _violations(api: ApiServer, namespace: str, enforce: LevelVersion) -> list[str]:
    """What the Pods that are there would be refused for: one line a reason, named by the first Pod."""
    by_reason: dict[str, list[str]] = {}
    for pod in api.list("pods", namespace):
        found = findings(enforce, pod["metadata"], pod["spec"])
        if found:
            by_reason.setdefault(", ".join(reason for reason, _ in found), []).append(pod["metadata"]["name"])
    if not by_reason:
        return []
    head = f'existing pods in namespace "{namespace}" violate the new PodSecurity enforce level "{enforce}"'
    return [head, *sorted(f"{min(names)}{_others(len(names) - 1)}: {reason}" for reason, names in by_reason.items())]


def _others(count: int) -> str:
    return f" (and {count} other pod{'' if count == 1 else 's'})" if count else ""
