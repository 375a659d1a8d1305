"""The fault menu: each fault happens, each is undone by the one that heals it."""

from __future__ import annotations

import pytest

from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault
from podlab.sim.errors import StatusError
from podlab.sim.faults import CATALOGUE, KINDS
from tests.sim.images.test_own import ask, pod, run, state
from tests.sim.story import ZERO_MS, booted


@pytest.fixture
def lab() -> Cluster:
    """A cluster with one web server that runs."""
    made = Cluster.start(booted("solo"), 1, ZERO_MS)
    run(made, "web", "podlab/web")
    made.advance(5_000)
    return made


def test_what_heals_a_fault_is_a_fault_too() -> None:
    """The menu can offer it."""
    assert [] == [each.name for each in CATALOGUE if each.healed_by and KINDS[each.healed_by].needs != each.needs]


@pytest.mark.parametrize(("name", "seen"), [("app-500", 500), ("app-hang", "timeout"), ("app-slow", "timeout")])
def test_an_application_is_spoilt_until_it_is_healed(lab: Cluster, name: str, seen: int | str) -> None:
    """500, silence, or an answer that comes too late."""
    lab.apply(Fault(name, args={"pod": "web"}))
    during = ask(lab, "web", "/healthz")
    lab.apply(Fault("app-heal", args={"pod": "web"}))
    assert [seen, 200] == [during, ask(lab, "web", "/healthz")]


def test_a_crash_ends_the_container_with_its_code(lab: Cluster) -> None:
    """The kubelet starts it again."""
    lab.apply(Fault("app-crash", args={"pod": "default/web", "code": "9"}))
    lab.advance(10_000)
    assert (1, 9) == (state(lab, "web")["restartCount"], state(lab, "web")["lastState"]["terminated"]["exitCode"])


def test_a_process_that_takes_the_nodes_memory_makes_the_kernel_choose(lab: Cluster) -> None:
    """The machine has 2Gi: the highest score goes, before the kubelet looks."""
    run(lab, "eater", "podlab/mem", {"MEM_START": "300Mi"}, restartPolicy="Never")
    lab.advance(8_000)
    lab.apply(Fault("memory-pressure", "node-1", {"memory": "1800Mi", "seconds": "1"}))
    lab.advance(12_000)
    assert "OOMKilled" == state(lab, "eater")["state"]["terminated"]["reason"]


def test_a_registry_that_is_down_refuses_until_it_is_up(lab: Cluster) -> None:
    """The retry after the back-off finds it."""
    lab.apply(Fault("registry-down"))
    run(lab, "late", "nginx", container={"imagePullPolicy": "Always"})
    lab.advance(60_000)
    assert "ContainerCreating" != state(lab, "late")["state"]["waiting"]["reason"]
    lab.apply(Fault("registry-up"))
    lab.advance(300_000)
    assert "Running" == pod(lab, "late")["status"]["phase"]


def _condition(lab: Cluster, kind: str) -> str:
    found: list[str] = [each["status"] for each in lab.api.get("nodes", "node-1")["status"]["conditions"] if each["type"] == kind]
    return found[0]


@pytest.mark.parametrize(("name", "kind"), [("memory-pressure", "MemoryPressure"), ("disk-pressure", "DiskPressure")])
def test_pressure_as_the_menu_offers_it_is_felt_and_passes_when_it_is_relieved(lab: Cluster, name: str, kind: str) -> None:
    """With the catalogue's own numbers the kubelet evicts the Pod (it ends well, so only the Event says so); five minutes after, all is well."""
    lab.apply(Fault(name, "node-1"))
    lab.advance(40_000)
    evicted = [each["involvedObject"]["name"] for each in lab.api.list("events", "default") if each["reason"] == "Evicted"]
    assert ("True", "Succeeded", ["web"]) == (_condition(lab, kind), pod(lab, "web")["status"]["phase"], evicted)
    lab.apply(Fault("relieve", "node-1"))
    lab.advance(400_000)
    assert "False" == _condition(lab, kind)


def test_a_process_of_the_machine_that_the_kernel_ends_is_told_on_the_node(lab: Cluster) -> None:
    """`SystemOOM`, for victims outside of containers only (R9)."""
    lab.apply(Fault("memory-pressure", "node-1", {"memory": "3Gi"}))
    lab.advance(20_000)
    told = [each["message"] for each in lab.api.list("events", "default") if each["reason"] == "SystemOOM"]
    assert 1 == len(told) and told[0].startswith("System OOM encountered, victim process: hog, pid: ")


@pytest.mark.parametrize(("faults", "phase"), [(["slow-pulls"], "Pending"), (["slow-pulls", "fast-pulls"], "Running")])
def test_an_image_is_pulled_slowly_until_pulls_are_fast_again(faults: list[str], phase: str) -> None:
    """`slow-pulls` adds its twenty seconds to the pull of an image that is on no node."""
    lab = Cluster.start(booted("trio"), 1, ZERO_MS)
    for name in faults:
        lab.apply(Fault(name))
    run(lab, "web", "nginx")
    lab.advance(15_000)
    assert phase == pod(lab, "web")["status"]["phase"]
    lab.advance(40_000)
    assert "Running" == pod(lab, "web")["status"]["phase"]


def test_a_leak_reaches_the_limit_unless_it_is_healed(lab: Cluster) -> None:
    """16Mi a second: 100Mi are full within ten seconds; the healed one goes on."""
    limit = {"resources": {"limits": {"memory": "100Mi"}}}
    for name in ("leaks", "healed"):
        run(lab, name, "podlab/web", container=limit, restartPolicy="Never")
    lab.advance(10_000)
    for name in ("leaks", "healed"):
        lab.apply(Fault("app-leak", args={"pod": name}))
    lab.advance(12_000)
    lab.apply(Fault("app-heal", args={"pod": "healed"}))
    lab.advance(30_000)
    assert "OOMKilled" == state(lab, "leaks")["state"]["terminated"]["reason"]
    assert "running" in state(lab, "healed")["state"]


def test_a_promoted_replica_takes_writes(lab: Cluster) -> None:
    """Refused before, taken after."""
    run(lab, "db", "podlab/db", {"ROLE": "replica"})
    lab.advance(8_000)
    address = pod(lab, "db")["status"]["podIP"]

    def write() -> str:
        return lab.network.line("node/node-1", address, 5432, "UPDATE orders SET n = 1", "sql", 1000).error

    before = write()
    lab.apply(Fault("promote", args={"pod": "db"}))
    assert ("readonly", "") == (before, write())


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("earthquake"), "not supported in this lab: the fault 'earthquake'"),
        (Fault("relieve", "node-9"), 'nodes "node-9" not found'),
        (Fault("app-500", args={"pod": "nobody"}), 'pods "nobody" not found'),
        (Fault("app-slow", args={"pod": "web", "seconds": "x"}), "seconds: not a whole number: 'x'"),
        (Fault("promote", args={"pod": "web"}), "only a podlab/db can be promoted"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_in_words(lab: Cluster, fault: Fault, words: str) -> None:
    """Nothing has happened then."""
    with pytest.raises(StatusError, match=words):
        lab.apply(fault)
