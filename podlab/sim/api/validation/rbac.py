"""Validation of Roles, ClusterRoles and their bindings.

Upstream: pkg/apis/rbac/validation/validation.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.api.validation.affinity import validate_selector
from podlab.sim.api.validation.errors import FieldError, invalid, required, unsupported
from podlab.sim.changes import Obj

GROUP = "rbac.authorization.k8s.io"


def validate_role(role: Obj) -> list[FieldError]:
    """The rules of a Role: resources only."""
    return [error for number, rule in enumerate(role.get("rules") or ()) for error in _rule(rule, f"rules[{number}]", namespaced=True)]


def validate_cluster_role(role: Obj) -> list[FieldError]:
    """The rules of a ClusterRole and what it gathers from others."""
    errors = [error for number, rule in enumerate(role.get("rules") or ()) for error in _rule(rule, f"rules[{number}]", namespaced=False)]
    gathered = role.get("aggregationRule")
    if gathered is None:
        return errors
    path, chosen = "aggregationRule.clusterRoleSelectors", gathered.get("clusterRoleSelectors") or []
    if not chosen:
        errors.append(required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil"))
    for number, each in enumerate(chosen):
        errors += validate_selector(each, f"{path}[{number}]")
    return errors


def _rule(rule: Obj, path: str, *, namespaced: bool) -> list[FieldError]:
    errors: list[FieldError] = []
    if not rule.get("verbs"):
        errors.append(required(f"{path}.verbs", "verbs must contain at least one value"))
    urls = rule.get("nonResourceURLs") or []
    if urls:
        if namespaced:
            errors.append(invalid(f"{path}.nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs"))
        if any(rule.get(name) for name in ("apiGroups", "resources", "resourceNames")):
            errors.append(invalid(f"{path}.nonResourceURLs", urls, "rules cannot apply to both regular resources and non-resource URLs"))
        return errors
    if not rule.get("apiGroups"):
        errors.append(required(f"{path}.apiGroups", "resource rules must supply at least one api group"))
    if not rule.get("resources"):
        errors.append(required(f"{path}.resources", "resource rules must supply at least one resource"))
    return errors


def validate_role_binding(binding: Obj) -> list[FieldError]:
    """A RoleBinding: to a Role or a ClusterRole."""
    return _binding(binding, ["ClusterRole", "Role"])


def validate_cluster_role_binding(binding: Obj) -> list[FieldError]:
    """A ClusterRoleBinding: to a ClusterRole."""
    return _binding(binding, ["ClusterRole"])


def _binding(binding: Obj, kinds: list[str]) -> list[FieldError]:
    reference, errors = binding.get("roleRef") or {}, []
    if reference.get("apiGroup", "") != GROUP:
        errors.append(unsupported("roleRef.apiGroup", reference.get("apiGroup", ""), [GROUP]))
    if reference.get("kind", "") not in kinds:
        errors.append(unsupported("roleRef.kind", reference.get("kind", ""), kinds))
    if not reference.get("name"):
        errors.append(required("roleRef.name"))
    else:
        errors += [invalid("roleRef.name", reference["name"], each) for each in names.path_segment(reference["name"])]
    for number, each in enumerate(binding.get("subjects") or ()):
        errors += _subject(each, f"subjects[{number}]", namespaced="Role" in kinds)
    return errors


def _subject(subject: Obj, path: str, *, namespaced: bool) -> list[FieldError]:
    errors: list[FieldError] = [] if subject.get("name") else [required(f"{path}.name")]
    kind, group = subject.get("kind", ""), subject.get("apiGroup", "")
    if kind == "ServiceAccount":
        if subject.get("name"):
            errors += [invalid(f"{path}.name", subject["name"], each) for each in names.subdomain(subject["name"])]
        if group:
            errors.append(unsupported(f"{path}.apiGroup", group, [""]))
        if not subject.get("namespace"):
            errors.append(required(f"{path}.namespace"))
    elif kind in ("User", "Group"):
        if group != GROUP:
            errors.append(unsupported(f"{path}.apiGroup", group, [GROUP]))
    else:
        errors.append(unsupported(f"{path}.kind", kind, ["Group", "ServiceAccount", "User"]))
    return errors


def update_role_binding(new: Obj, old: Obj) -> list[FieldError]:
    """What it is bound to stays."""
    return validate_role_binding(new) + _same_role(new, old)


def update_cluster_role_binding(new: Obj, old: Obj) -> list[FieldError]:
    """What it is bound to stays."""
    return validate_cluster_role_binding(new) + _same_role(new, old)


def _same_role(new: Obj, old: Obj) -> list[FieldError]:
    same = new.get("roleRef") == old.get("roleRef")
    held = new.get("roleRef") or {}
    shown = {"APIGroup": held.get("apiGroup", ""), "Kind": held.get("kind", ""), "Name": held.get("name", "")}
    return [] if same else [invalid("roleRef", shown, "cannot change roleRef")]
