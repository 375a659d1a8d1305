"""May a container be started again? The Pod's policy, the container's own, and its rules.

Upstream: pkg/api/v1/pod/util.go (ContainerShouldRestart), pkg/kubelet/container/helpers.go (ShouldContainerBeRestarted). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.containerd.types import Container
from podlab.sim.kubelet.specs import Spec


def matching_rule(container: Spec, code: int) -> str:
    """The action of the first restart rule that matches an exit code; "" when none does."""
    for rule in container.get("restartPolicyRules") or ():
        wanted = rule.get("exitCodes") or {}
        inside = code in (wanted.get("values") or ())
        if inside == (wanted.get("operator") == "In"):
            return str(rule["action"])
    return ""


def exit_code_restarts(container: Spec, pod_policy: str, code: int) -> bool:
    """Whether a container that ended with that code may run again (PH-6, PH-7)."""
    own = container.get("restartPolicy")
    if own and matching_rule(container, code):
        return True
    policy = own or pod_policy
    return policy == "Always" or (policy == "OnFailure" and code != 0)


def policy_restarts(container: Spec, pod_policy: str) -> bool:
    """Whether a container that is killed while it runs is started again (RB-5: rules are not asked)."""
    return (container.get("restartPolicy") or pod_policy) != "Never"


def should_be_restarted(container: Spec, pod_policy: str, newest: Container | None, *, deleted: bool = False) -> bool:
    """Whether a start is due, given the newest instance the runtime has (RB-4)."""
    if deleted:
        return False
    if newest is None or newest.state in ("unknown", "created"):
        return True
    return newest.state == "exited" and exit_code_restarts(container, pod_policy, newest.exit_code)


def restarts_all(container: Spec, newest: Container | None) -> bool:
    """Whether this container's end makes all containers start again (RB-23)."""
    return newest is not None and newest.state == "exited" and matching_rule(container, newest.exit_code) == "RestartAllContainers"
