"""What the page offers behind `kubectl`."""

from __future__ import annotations

from podlab.sim.kubectl import complete
from tests.sim.kubectl.kit import POD, Kit


def test_it_offers_commands_kinds_names_flags_and_containers() -> None:
    """Each where it may stand, and only what fits what is typed."""
    kit = Kit()
    kit.run("kubectl apply -f -", POD)
    assert complete(kit.world, ["de"]) == ["debug", "delete", "describe"]
    assert complete(kit.world, ["rollout", "re"]) == ["restart", "resume"]
    assert "pods" in complete(kit.world, ["get", "po"])
    assert complete(kit.world, ["get", "pods", ""]) == ["web"]
    assert complete(kit.world, ["get", "pod/"]) == ["pod/web"]
    assert complete(kit.world, ["-n", "default", "logs", "w"]) == ["web"]
    assert complete(kit.world, ["logs", "web", "-c", ""]) == ["web"]
    assert complete(kit.world, ["get", "--show"]) == ["--show-kind", "--show-labels", "--show-managed-fields"]
    assert complete(kit.world, ["get", "pods", "-n", "def"]) == ["default"]


def test_it_offers_nothing_of_another_namespace() -> None:
    """The namespace of the line counts, then the one that it is told."""
    kit = Kit()
    kit.run("kubectl apply -f -", POD)
    assert complete(kit.world, ["get", "pods", ""], "lab") == []
    assert complete(kit.world, ["get", "pods", "-n", "default", ""], "lab") == ["web"]
