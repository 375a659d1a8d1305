"""Which checks a level and version have, and what they find.

Upstream: staging/src/k8s.io/pod-security-admission/policy (registry.go, checks.go). Left out: versions before 1.19 of the checks of seccomp.
"""

from __future__ import annotations

from podlab.sim.apiserver.podsecurity import baseline, restricted
from podlab.sim.apiserver.podsecurity.policy import LevelVersion
from podlab.sim.changes import Obj

_BASELINE = (
    (0, baseline.app_armor),
    (0, baseline.capabilities),
    (0, baseline.host_namespaces),
    (0, baseline.host_paths),
    (0, baseline.host_ports),
    (34, baseline.host_probes),
    (0, baseline.privileged),
    (0, baseline.proc_mount),
    (0, baseline.selinux),
    (0, baseline.seccomp),
    (0, baseline.sysctls),
)
_RESTRICTED = (
    (8, restricted.allow_privilege_escalation),
    (22, restricted.capabilities),
    (0, restricted.volumes),
    (0, restricted.run_as_non_root),
    (23, restricted.run_as_user),
    (19, restricted.seccomp),
)
"""Since which minor version; each level in the order of upstream's names."""
_OVERRIDDEN = {baseline.capabilities: 22, baseline.host_paths: 0, baseline.seccomp: 19}
"""Checks of baseline that a stricter one stands for, since which version."""


def findings(wanted: LevelVersion, meta: Obj, spec: Obj) -> list[tuple[str, str]]:
    """The reasons, with their details, why a level does not allow a Pod."""
    if wanted.level == "privileged":
        return []
    checks = [check for since, check in _BASELINE if wanted.minor >= since]
    if wanted.level == "restricted":
        checks = [each for each in checks if each not in _OVERRIDDEN or wanted.minor < _OVERRIDDEN[each]]
        checks += [check for since, check in _RESTRICTED if wanted.minor >= since]
    return [found for check in checks if (found := check(meta, spec, wanted.minor)) is not None]


def told(found: list[tuple[str, str]]) -> str:
    """`reason (detail), reason (detail)`."""
    return ", ".join(f"{reason} ({detail})" if detail else reason for reason, detail in found)
