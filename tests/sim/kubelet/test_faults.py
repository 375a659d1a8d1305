"""What happens to Pods when their node is in trouble, and afterwards."""

from __future__ import annotations

import pytest

from podlab.sim.errors import StatusError
from tests.sim.kubelet.rig import Rig


def running(policy: str = "Always") -> Rig:
    rig = Rig()
    rig.pod({"containers": [{"name": "app"}], "restartPolicy": policy})
    rig.run(15)
    return rig


def renewed(rig: Rig) -> str | None:
    lease = rig.api.find("leases", "node-1", "kube-node-lease")
    return None if lease is None else lease["spec"].get("renewTime")


def test_a_stopped_kubelet_notices_afterwards_what_was_deleted_meanwhile() -> None:
    """The container goes on; the Pod is stopped when the kubelet is back."""
    rig = running()
    rig.kubelet.faults.apply("stop-kubelet", "node-1")
    rig.api.delete("pods", "p", "default", by="learner")
    rig.run(60)
    assert rig.get() is not None
    assert "2026-01-05T00:00:07.000000Z" == renewed(rig)
    rig.kubelet.faults.apply("start-kubelet", "node-1")
    rig.run(70)
    assert rig.get() is None
    assert renewed(rig) is None


@pytest.mark.parametrize(("policy", "phase", "restarts"), [("Always", "Running", 1), ("OnFailure", "Running", 1), ("Never", "Failed", 0)])
def test_a_power_cut_ends_containers_with_255_and_the_policy_decides(policy: str, phase: str, restarts: int) -> None:
    """RB-3: reason Unknown, exit code 255, SandboxChanged, a new address."""
    rig = running(policy)
    rig.kubelet.faults.apply("poweroff", "node-1")
    rig.run(80)
    rig.kubelet.faults.apply("poweron", "node-1")
    rig.run(110)
    status = rig.status()
    container = status["containerStatuses"][0]
    ended = container["lastState" if restarts else "state"]["terminated"]
    assert (phase, restarts) == (status["phase"], container["restartCount"])
    assert ("Unknown", 255) == (ended["reason"], ended["exitCode"])
    assert ("SandboxChanged" in [reason for _, reason, _, _ in rig.events()]) == bool(restarts)


def test_a_node_that_was_cut_off_writes_first_and_hears_later() -> None:
    """CL-5: a Pod force-deleted meanwhile is stopped, and its Killing Event still comes."""
    rig = running()
    rig.kubelet.faults.apply("isolate", "node-1")
    rig.api.delete("pods", "p", "default", by="learner", grace=0)
    rig.run(60)
    assert "Killing" not in [reason for _, reason, _, _ in rig.events()]
    rig.kubelet.faults.apply("heal", "node-1")
    rig.run(100)
    assert "Killing" in [reason for _, reason, _, _ in rig.events()]
    assert {} == rig.kubelet.core.state.workers


def test_a_restarted_kubelet_changes_nothing_in_healthy_pods() -> None:
    """CO-15: not even readiness."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "readinessProbe": {"tcpSocket": {"port": 80}}}]})
    rig.run(30)
    before = rig.get()
    rig.kubelet.faults.apply("stop-kubelet", "node-1")
    rig.kubelet.faults.apply("start-kubelet", "node-1")
    rig.run(90)
    assert before == rig.get()


def test_an_unknown_fault_is_refused_by_name() -> None:
    """The words name what there is."""
    with pytest.raises(StatusError, match="not supported in this lab: the fault 'meteor'"):
        Rig().kubelet.faults.apply("meteor", "node-1")


def test_after_a_power_cut_containers_wait_for_their_init_containers_again() -> None:
    """RB-3, RB-13: what ran in the old sandbox does not count; a sidecar starts in its turn, the application last."""
    rig = Rig()
    inits = [{"name": "prep", "command": ["run", "4", "0"]}, {"name": "side", "command": ["run", "-"], "restartPolicy": "Always"}]
    rig.pod({"initContainers": inits, "containers": [{"name": "app"}]})
    rig.run(15)
    rig.kubelet.faults.apply("poweroff", "node-1")
    rig.run(20)
    rig.kubelet.faults.apply("poweron", "node-1")
    rig.run(24)
    states = {each["name"]: set(each["state"]) for key in ("initContainerStatuses", "containerStatuses") for each in rig.status()[key]}
    assert {"prep": {"running"}, "side": {"terminated"}, "app": {"terminated"}} == states
    assert "Pending" == rig.status()["phase"]
    rig.run(35)
    assert {"terminated": True, "running": True} == {key: True for each in rig.status()["initContainerStatuses"] for key in each["state"]}
    assert (1, "Running") == (rig.status()["containerStatuses"][0]["restartCount"], rig.status()["phase"])
