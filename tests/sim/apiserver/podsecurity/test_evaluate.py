"""What each level finds, and what becomes of it: refused, warned of, or checked when the level changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from podlab.sim.apiserver.podsecurity.evaluate import findings, told
from podlab.sim.apiserver.podsecurity.policy import LATEST, LevelVersion, policy_of
from podlab.sim.errors import StatusError
from tests.sim.apiserver.rig import bare, deployment, pod

CASES = yaml.safe_load(Path(__file__).with_name("levels.yaml").read_text("utf-8"))
LABEL = "pod-security.kubernetes.io/"


@pytest.mark.parametrize(("wanted", "spec", "text"), CASES, ids=[f"{number}-{each[0]}" for number, each in enumerate(CASES)])
def test_a_level_tells_what_it_does_not_allow(wanted: str, spec: dict[str, Any], text: str) -> None:
    """In upstream's words and order."""
    level, _, version = wanted.partition(":")
    asked = LevelVersion(level, LATEST if version == "latest" else int(version.removeprefix("v1.")))
    assert str(asked) == wanted
    assert told(findings(asked, {}, {"containers": [{"name": "c", "image": "i"}], **spec})) == text


def test_what_is_enforced_is_warned_of_unless_another_level_is_said() -> None:
    """Of what has a template, which is not refused itself."""
    assert str(policy_of({f"{LABEL}enforce": "baseline", f"{LABEL}enforce-version": "v1.30"})[0].warn) == "baseline:v1.30"
    assert str(policy_of({f"{LABEL}enforce": "restricted", f"{LABEL}warn": "privileged"})[0].warn) == "privileged:latest"
    policy, errors = policy_of({f"{LABEL}enforce": "nope"})
    assert ("restricted", "privileged", 1) == (policy.enforce.level, policy.warn.level, len(errors))


def test_a_namespace_refuses_pods_and_warns_of_templates() -> None:
    """Forbidden for the Pod, 201 with a warning for the Deployment."""
    api = bare()
    api.create("namespaces", {"metadata": {"name": "sec", "labels": {f"{LABEL}enforce": "baseline"}}}, by="learner")
    api.create("serviceaccounts", {"metadata": {"name": "default", "namespace": "sec"}}, by="learner")
    with pytest.raises(StatusError, match='pods "p" is forbidden: violates PodSecurity "baseline:latest"'):
        api.create("pods", pod(namespace="sec", hostNetwork=True), by="learner")
    web = deployment()
    warnings: list[str] = []
    web["metadata"]["namespace"] = "sec"
    web["spec"]["template"]["spec"]["hostPID"] = True
    api.create("deployments", web, by="learner", warnings=warnings)
    assert warnings == ['would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)']


def test_a_stricter_level_tells_which_pods_would_break_it() -> None:
    """One line a reason, named by the first Pod."""
    api = bare()
    for name in ("a", "b"):
        api.create("pods", pod(name), by="learner")
    warnings: list[str] = []
    labels = {"metadata": {"labels": {f"{LABEL}enforce": "restricted"}}}
    api.patch("namespaces", "default", "", labels, "merge", by="learner", warnings=warnings)
    assert warnings == [
        'existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:latest"',
        "a (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile",
    ]
