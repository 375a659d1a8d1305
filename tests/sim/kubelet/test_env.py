"""Environment variables: sources, expansion, refusals."""

from __future__ import annotations

import pytest

from podlab.sim.changes import Obj
from podlab.sim.kubelet.env import expand
from tests.sim.kubelet.rig import Rig


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(A)", "1"),
        ("$$(A)", "$(A)"),
        ("$(B)", "$(B)"),
        ("$A", "$A"),
        ("a$(A)b$(A)", "a1b1"),
        ("$(A", "$(A"),
        ("$", "$"),
        ("$$$(A)", "$1"),
        ("$$", "$"),
    ],
)
def test_references_are_expanded_as_the_kubelet_does(text: str, expected: str) -> None:
    """Unknown names stay, `$$` is one `$`."""
    assert expected == expand(text, {"A": "1"})


def environment(rig: Rig, container: Obj) -> dict[str, str]:
    """The variables of the container's first process."""
    pod = rig.pod({"containers": [{"name": "app", **container}]})
    rig.run(3)
    instance = rig.containerd.containers(pod["metadata"]["uid"])[0]
    return rig.linux.state.processes[instance.pid].env


def test_variables_come_from_values_fields_and_config() -> None:
    """Later ones may refer to earlier ones; the Pod's address is known by then."""
    rig = Rig()
    rig.api.create(
        "configmaps",
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm", "namespace": "default"}, "data": {"k": "v"}},
        by="learner",
    )
    env = environment(
        rig,
        {
            "envFrom": [{"prefix": "X_", "configMapRef": {"name": "cm"}}],
            "env": [
                {"name": "A", "value": "1"},
                {"name": "B", "value": "$(A)2$(X_k)"},
                {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
            ],
        },
    )
    assert {"X_k": "v", "A": "1", "B": "12v", "IP": "10.244.1.1"} == {key: env[key] for key in ("X_k", "A", "B", "IP")}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"configMapKeyRef": {"name": "cm", "key": "k"}}, 'configmap "cm" not found'),
        ({"secretKeyRef": {"name": "s", "key": "k"}}, 'secret "s" not found'),
    ],
)
def test_what_is_missing_keeps_the_container_waiting(source: Obj, message: str) -> None:
    """CS-15, RB-17: CreateContainerConfigError, visible one sync after the failed start."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "env": [{"name": "A", "valueFrom": source}]}]})
    rig.run(5)
    waiting = rig.status()["containerStatuses"][0]["state"]["waiting"]
    assert {"reason": "CreateContainerConfigError", "message": message} == waiting
    assert f"Error: {message}" in [text for _, _, text, _ in rig.events()]
