"""The lab's own programs, each in a Pod of a cluster: what lessons rely on."""

from __future__ import annotations

from typing import Any

import pytest

from podlab.sim.changes import MemorySeen, Obj
from podlab.sim.cluster import Cluster
from tests.sim.story import ZERO_MS, booted

MIB = 1024**2


def cluster() -> Cluster:
    """A fresh cluster of one worker."""
    return Cluster.start(booted("solo"), 1, ZERO_MS)


def run(into: Cluster, name: str, image: str, env: dict[str, str] | None = None, **more: Any) -> None:
    """Create a Pod of one container; `container`: more of it, `labels`, and fields of the spec."""
    container: Obj = {"name": "app", "image": image, "env": [{"name": key, "value": value} for key, value in (env or {}).items()]}
    container |= more.pop("container", {})
    meta = {"name": name, "namespace": "default", "labels": more.pop("labels", {})}
    into.api.create(
        "pods", {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [container], **more}}, by="learner"
    )


def pod(into: Cluster, name: str) -> Obj:
    """The Pod as it stands."""
    return into.api.get("pods", name, "default")


def state(into: Cluster, name: str) -> Obj:
    """The state of its first container."""
    found: Obj = pod(into, name)["status"]["containerStatuses"][0]
    return found


def sh(into: Cluster, line: str) -> str:
    """What a line prints on the workstation."""
    return into.finish(into.script(line)).both


def ask(into: Cluster, name: str, path: str, **headers: str) -> int | str:
    """The status, or the error, that the node gets from a Pod."""
    answer = into.network.http("node/node-1", pod(into, name)["status"]["podIP"], 8080, path, headers, 1000)
    return answer.error or answer.status


def test_web_answers_500_in_its_bad_window_and_slowly_in_the_other() -> None:
    """Ages count from the container's start, about half a second after the Pod's creation."""
    lab = cluster()
    run(lab, "web", "podlab/web", {"ERRORS": "10-20", "SLOW": "30-", "SLOW_SECONDS": "1.5"})
    seen = []
    for at in (5_000, 15_000, 25_000, 35_000):
        lab.advance(at)
        seen.append(ask(lab, "web", "/healthz"))
    assert [200, 500, 200, "timeout"] == seen


def test_web_can_be_spoilt_by_hand_and_mended() -> None:
    """/status500, /hang, /ok; /private wants a header; unknown paths are not found."""
    lab = cluster()
    run(lab, "web", "podlab/web")
    lab.advance(3_000)
    seen = [ask(lab, "web", path) for path in ("/ready", "/nope", "/private", "/status500", "/ready", "/ok", "/ready", "/hang", "/ready")]
    assert [200, 404, 403, 200, 500, 200, 200, 200, "timeout"] == seen
    ask(lab, "web", "/ok")
    assert 200 == ask(lab, "web", "/private", **{"X-Probe": "yes"})


def test_web_refuses_flags_that_it_does_not_know() -> None:
    """The crash loop of `break-and-fix/01`."""
    lab = cluster()
    run(lab, "web", "podlab/web", container={"args": ["--prot=8080"]}, restartPolicy="Never")
    lab.advance(5_000)
    assert (2, "Error") == tuple(state(lab, "web")["state"]["terminated"][key] for key in ("exitCode", "reason"))
    assert "unknown flag: --prot\n" == sh(lab, "kubectl logs web")


@pytest.mark.parametrize(("limit", "started"), [(None, 12), ("500m", 24)])
def test_slow_start_boots_longer_where_its_cpu_is_throttled(limit: str | None, started: int) -> None:
    """Half a CPU makes the boot take twice as long."""
    lab = cluster()
    resources: Obj = {"resources": {"limits": {"cpu": limit}}} if limit else {}
    run(lab, "slow", "podlab/slow-start", {"BOOT": "12"}, container=resources)
    lab.advance(60_000)
    assert f"started in {started} seconds" in sh(lab, "kubectl logs slow")


def test_slow_start_draws_its_boot_between_two_bounds() -> None:
    """The same seed draws the same."""
    lab = cluster()
    run(lab, "slow", "podlab/slow-start", {"BOOT_MIN": "5", "BOOT_MAX": "9", "HANG_AT": "20"})
    lab.advance(15_000)
    assert 200 == ask(lab, "slow", "/healthz")
    lab.advance(25_000)
    assert "timeout" == ask(lab, "slow", "/healthz")


def test_crasher_ends_on_order_and_by_itself() -> None:
    """`/exit?code=N`, and AFTER with CODE."""
    lab = cluster()
    run(lab, "order", "podlab/crasher", restartPolicy="Never")
    run(lab, "clock", "podlab/crasher", {"AFTER": "3", "CODE": "7"}, restartPolicy="Never")
    lab.advance(2_000)
    assert 200 == ask(lab, "order", "/exit?code=3")
    lab.advance(8_000)
    assert [3, 7] == [state(lab, name)["state"]["terminated"]["exitCode"] for name in ("order", "clock")]


def test_mem_grows_without_a_single_event_until_its_limit() -> None:
    """32Mi and 16Mi a second more cross 128Mi at the seventh second: OOMKilled, and nothing happened in between."""
    lab = cluster()
    env = {"MEM_START": "32Mi", "MEM_RATE": "16Mi", "MEM_MAX": "1Gi"}
    run(lab, "tight", "podlab/mem", env, container={"resources": {"limits": {"memory": "128Mi"}}}, restartPolicy="Never")
    lab.advance(4_000)
    before = lab.world.kernel.state.steps
    lab.advance(6_500)
    assert before == lab.world.kernel.state.steps
    lab.advance(20_000)
    ended = state(lab, "tight")["state"]["terminated"]
    assert ("OOMKilled", 137) == (ended["reason"], ended["exitCode"])
    assert 7 == (lab.world.instant(ended["finishedAt"]) - lab.world.instant(ended["startedAt"])) // 1000


def test_what_a_program_holds_is_told_once_and_stays_true() -> None:
    """A curve is told when it begins, not as it goes; at any instant it gives what the kernel counts."""
    lab = cluster()
    run(lab, "leak", "podlab/mem", {"MEM_START": "32Mi", "MEM_RATE": "16Mi", "MEM_MAX": "1Gi"})
    lab.advance(3_000)
    host = f"container/{state(lab, 'leak')['containerID'].rpartition('/')[2]}"
    told = [each for each in lab.take_changes() if isinstance(each, MemorySeen) and each.host == host]
    lab.advance(30_000)
    assert not [each for each in lab.take_changes() if isinstance(each, MemorySeen)]
    held = told[-1].holds[0]
    assert lab.linux.memory.of_host(host) == held.base + (lab.now - held.since) // held.period * held.step
    assert [host] == [each.host for each in lab.snapshot().seen if isinstance(each, MemorySeen)]


def test_mem_that_is_loaded_peaks_and_rests() -> None:
    """/load takes MEM_PEAK for PEAK_SECONDS."""
    lab = cluster()
    run(lab, "cart", "podlab/mem", {"PORT": "8080", "MEM_START": "40Mi", "MEM_PEAK": "90Mi", "PEAK_SECONDS": "5"})
    lab.advance(3_000)
    ask(lab, "cart", "/load")
    host = f"container/{state(lab, 'cart')['containerID'].rpartition('/')[2]}"
    during = lab.linux.memory.of_host(host)
    lab.advance(10_000)
    assert (90 * MIB, 40 * MIB) == (during, lab.linux.memory.of_host(host))


def test_orders_flushes_when_it_is_told_to_end() -> None:
    """`flushing` at SIGTERM, `flushed` six seconds later, exit 0."""
    lab = cluster()
    run(lab, "orders", "podlab/orders")
    lab.advance(3_000)
    ask(lab, "orders", "/")
    uid = pod(lab, "orders")["metadata"]["uid"]
    lab.script("kubectl delete pod orders")
    lab.advance(8_000)
    lines = [text for _, text in lab.linux.log(uid, "app", 0)]
    assert ["listening on port 8080\n", "flushing 1 orders\n"] == lines
    assert 503 == ask(lab, "orders", "/")
    lab.advance(12_000)
    assert lab.api.find("pods", "orders", "default") is None


def test_a_collector_reads_what_an_adapter_translates() -> None:
    """Two formats, no port; with adapters both are read; a wrong FORMAT is named."""
    lab = cluster()
    volume = {"volumes": [{"name": "logs", "emptyDir": {}}], "labels": {"logs": "yes"}}
    mount = {"volumeMounts": [{"name": "logs", "mountPath": "/var/log/app"}]}
    for name, writes, reads in (("shop", "pipe", "pipe"), ("till", "json", "pipe")):
        adapter = {"name": "adapter", "image": "podlab/log-adapter", "env": [{"name": "FORMAT", "value": reads}], "restartPolicy": "Always"}
        run(lab, name, "podlab/log-writer", {"FORMAT": writes}, container=mount, initContainers=[adapter | mount], **volume)
    run(lab, "bare", "podlab/log-writer", labels={"logs": "yes"})
    run(lab, "collector", "podlab/collector")
    lab.advance(12_000)
    lines = sh(lab, "kubectl logs collector --tail=3").splitlines()
    assert "cannot read bare: connection refused" == lines[0]
    assert lines[1].startswith("parsed ") and lines[1].endswith(" lines from shop")
    assert "cannot read till: not pipe" == lines[2]


def test_an_ambassador_sends_each_statement_where_it_belongs() -> None:
    """Reads to the replica, writes to the primary; a write at the replica is refused."""
    lab = cluster()
    run(lab, "db-primary", "podlab/db", labels={"db": "primary"})
    run(lab, "db-replica", "podlab/db", {"ROLE": "replica"}, labels={"db": "replica"})
    for name in ("db-primary", "db-replica"):
        spec = {"selector": {"db": name.removeprefix("db-")}, "ports": [{"port": 5432}]}
        meta = {"name": name, "namespace": "default"}
        lab.api.create("services", {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}, by="learner")
    lab.advance(4_000)
    run(lab, "direct", "podlab/sql-client", {"DB": "db-replica:5432"})
    sidecar: dict[str, Any] = {"initContainers": [{"name": "ambassador", "image": "podlab/db-ambassador", "restartPolicy": "Always"}]}
    run(lab, "orders", "podlab/sql-client", **sidecar)
    lab.advance(8_000)
    assert "UPDATE: ERROR:  cannot execute UPDATE in a read-only transaction" in sh(lab, "kubectl logs direct")
    assert "UPDATE: UPDATE 1" in sh(lab, "kubectl logs orders -c app")
    assert "UPDATE -> db-primary:5432 (primary): UPDATE 1" in sh(lab, "kubectl logs orders -c ambassador")


def test_an_ambassador_that_points_at_itself_waits_in_vain() -> None:
    """A circle of questions ends in a time-out, not in an endless call."""
    lab = cluster()
    run(lab, "circle", "podlab/db-ambassador", {"PRIMARY": "localhost:5432", "REPLICA": "localhost:5432"})
    lab.advance(4_000)
    for text in ("SELECT n FROM orders", "UPDATE orders SET n = 1"):
        assert "timeout" == lab.network.line("node/node-1", pod(lab, "circle")["status"]["podIP"], 5432, text, "sql", 1000).error


def test_hog_without_arguments_says_how_it_is_used() -> None:
    """A learner on a node may try it."""
    assert "usage: hog memory BYTES" in sh(cluster(), "ssh node-1 hog")
