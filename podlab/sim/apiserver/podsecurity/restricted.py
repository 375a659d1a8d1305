"""The checks of the level restricted.

Upstream: staging/src/k8s.io/pod-security-admission/policy/check_*.go (level restricted). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.podsecurity.baseline import seccomp as seccomp_baseline
from podlab.sim.apiserver.podsecurity.common import Finding, containers, context, counted, quoted, setters, users_of_host
from podlab.sim.changes import Obj

_VOLUMES = ("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret")


def _windows(spec: Obj) -> bool:
    return (spec.get("os") or {}).get("name") == "windows"


def allow_privilege_escalation(meta: Obj, spec: Obj, minor: int) -> Finding:
    """It must be said that there is none."""
    bad = [each["name"] for each in containers(spec) if context(each).get("allowPrivilegeEscalation") is not False]
    if not bad or (minor >= 25 and _windows(spec)):
        return None
    return "allowPrivilegeEscalation != false", f"{counted('container', bad)} must set securityContext.allowPrivilegeEscalation=false"


def capabilities(meta: Obj, spec: Obj, minor: int) -> Finding:
    """All dropped, and none but NET_BIND_SERVICE added."""
    if minor >= 25 and _windows(spec):
        return None
    held = {each["name"]: context(each).get("capabilities") or {} for each in containers(spec)}
    keeping = [name for name, each in held.items() if "ALL" not in (each.get("drop") or ())]
    added = {name: [one for one in each.get("add") or () if one != "NET_BIND_SERVICE"] for name, each in held.items()}
    adding, names = [name for name, found in added.items() if found], sorted({one for found in added.values() for one in found})
    told = [f'{counted("container", keeping)} must set securityContext.capabilities.drop=["ALL"]'] if keeping else []
    told += [f"{counted('container', adding)} must not include {quoted(names)} in securityContext.capabilities.add"] if adding else []
    return ("unrestricted capabilities", "; ".join(told)) if told else None


def volumes(meta: Obj, spec: Obj, minor: int) -> Finding:
    """Only kinds that lead to no other place."""
    held = {each["name"]: next((kind for kind in each if kind != "name"), "unknown") for each in spec.get("volumes") or ()}
    bad = [name for name, kind in held.items() if kind not in _VOLUMES]
    kinds = sorted({held[name] for name in bad})
    verb = "uses" if len(bad) == 1 else "use"
    return ("restricted volume types", f"{counted('volume', bad)} {verb} {counted('restricted volume type', kinds)}") if bad else None


def run_as_non_root(meta: Obj, spec: Obj, minor: int) -> Finding:
    """It must be said, by the Pod or by each container."""
    if minor >= 35 and not users_of_host(spec):
        return None
    reason = "runAsNonRoot != true"
    who = setters(spec, lambda held: held.get("runAsNonRoot") is False)
    if who:
        return reason, f"{' and '.join(who)} must not set securityContext.runAsNonRoot=false"
    silent = [each["name"] for each in containers(spec) if "runAsNonRoot" not in context(each)]
    if not silent or context(spec).get("runAsNonRoot"):
        return None
    return reason, f"pod or {counted('container', silent)} must set securityContext.runAsNonRoot=true"


def run_as_user(meta: Obj, spec: Obj, minor: int) -> Finding:
    """Not 0, unless the Pod has user ids of its own."""
    if minor >= 35 and not users_of_host(spec):
        return None
    who = setters(spec, lambda held: held.get("runAsUser") == 0)
    return ("runAsUser=0", f"{' and '.join(who)} must not set runAsUser=0") if who else None


def seccomp(meta: Obj, spec: Obj, minor: int) -> Finding:
    """It must be said, by the Pod or by each container, and not be unconfined."""
    if minor >= 25 and _windows(spec):
        return None
    found = seccomp_baseline(meta, spec, minor)
    silent = [each["name"] for each in containers(spec) if not context(each).get("seccompProfile")]
    if found or not silent or context(spec).get("seccompProfile"):
        return found
    where = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
    return "seccompProfile", f"pod or {counted('container', silent)} {where}"
