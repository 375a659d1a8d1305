"""Probes on their grids, and the rest of those that would go on succeeding."""

from __future__ import annotations

import pytest

from tests.sim.kubelet.rig import Answer, Rig

FLAPPING = "touch /tmp/ok; sleep {up}; rm /tmp/ok; sleep {down}; touch /tmp/ok; sleep 1000"


def observable(rig: Rig) -> list[tuple[int, str, object]]:
    """Every object change with its instant, uids and names of Events aside."""
    pods = [(each.t, each.type, each.new["status"]) for each in rig.changes()]
    events = [(each.t, each.new["reason"], (each.new["message"], each.new["count"])) for each in rig.changes("events")]
    return [*pods, *events]


@pytest.mark.parametrize("kind", ["liveness", "readiness", "startup"])
@pytest.mark.parametrize(
    ("up", "down", "period", "threshold"), [(5, 3, 1, 1), (7, 9, 3, 2), (12, 20, 5, 3), (11, 4, 10, 1), (30, 30, 7, 2)]
)
def test_a_probe_that_rests_changes_nothing_that_is_seen(kind: str, up: int, down: int, period: int, threshold: int) -> None:
    """quiescent == eager, for commands that look at files."""
    probe = {"exec": {"command": ["cat", "/tmp/ok"]}, "periodSeconds": period, "failureThreshold": threshold}
    seen = []
    for eager in (True, False):
        rig = Rig(eager=eager)
        rig.pod(
            {
                "containers": [{"name": "app", "command": ["sh", "-c", FLAPPING.format(up=up, down=down)], f"{kind}Probe": probe}],
                "terminationGracePeriodSeconds": 3,
            }
        )
        rig.run(120)
        seen.append(observable(rig))
    assert seen[0] == seen[1]


def test_a_steady_probe_leaves_no_timer() -> None:
    """A success that lasts costs no event."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "readinessProbe": {"tcpSocket": {"port": 80}}, "livenessProbe": {"httpGet": {"port": 80}}}]})
    rig.run(60)
    assert [] == rig.timers()
    assert rig.status()["containerStatuses"][0]["ready"]


def test_readiness_only_changes_flags_and_conditions() -> None:
    """PR-9, CO-3: not ready after failureThreshold failures, no restart, and each failure has its Event."""
    rig = Rig(eager=True)
    rig.network.answer = lambda now: Answer(500 if now >= 20_000 else 200)
    rig.pod({"containers": [{"name": "app", "readinessProbe": {"httpGet": {"port": 80}, "periodSeconds": 5}}]})
    rig.run(60)
    ready = next(each for each in rig.status()["conditions"] if each["type"] == "Ready")
    assert ("False", "ContainersNotReady") == (ready["status"], ready["reason"])
    assert 0 == rig.status()["containerStatuses"][0]["restartCount"]
    assert "Readiness probe failed: HTTP probe failed with statuscode: 500" in [message for _, _, message, _ in rig.events()]


def test_liveness_restarts_the_container_in_place() -> None:
    """CL-1, RB-9: same Pod, same address, one restart; the Event says why."""
    rig = Rig(eager=True)
    rig.network.answer = lambda now: Answer(500 if now < 31_000 else 200)
    rig.pod({"containers": [{"name": "app", "livenessProbe": {"httpGet": {"port": 80}}}]})
    rig.run(60)
    assert 1 == rig.status()["containerStatuses"][0]["restartCount"]
    assert "10.244.1.1" == rig.status()["podIP"]
    assert "Container app failed liveness probe, will be restarted" in [message for _, _, message, _ in rig.events()]


def test_startup_gates_the_other_probes() -> None:
    """PR-7: liveness does not run until the startup probe has succeeded."""
    rig = Rig(eager=True)
    rig.network.answer = lambda now: Answer(500 if now < 25_000 else 200)
    rig.pod(
        {
            "containers": [
                {"name": "app", "startupProbe": {"httpGet": {"port": 1}, "failureThreshold": 30}, "livenessProbe": {"httpGet": {"port": 2}}}
            ]
        }
    )
    rig.run(25)
    assert not rig.status()["containerStatuses"][0]["started"]
    rig.run(60)
    assert rig.status()["containerStatuses"][0]["started"]
    assert 0 == rig.status()["containerStatuses"][0]["restartCount"]


def test_an_unknown_port_name_errs_and_counts_nothing() -> None:
    """PR-14."""
    rig = Rig(eager=True)
    rig.pod({"containers": [{"name": "app", "readinessProbe": {"httpGet": {"port": "admin"}, "periodSeconds": 2}}]})
    rig.run(20)
    assert 'Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "admin": invalid syntax' in [
        message for _, _, message, _ in rig.events()
    ]


def test_a_command_that_is_too_slow_never_counts_later() -> None:
    """PR-12: each try is counted once, as too slow, though the next one (the poke of PR-4) begins when the one before is killed."""
    rig = Rig()
    probe = {"exec": {"command": ["sh", "-c", "sleep 20"]}, "periodSeconds": 5, "timeoutSeconds": 1}
    rig.pod({"containers": [{"name": "app", "command": ["sleep", "1000"], "readinessProbe": probe}]})
    rig.run(60)
    told = {message for _, reason, message, _ in rig.events() if reason == "Unhealthy"}
    assert {'Readiness probe failed: command timed out: "sh -c sleep 20" timed out after 1s'} == told
    assert not any(each["ready"] for change in rig.changes() for each in change.new["status"].get("containerStatuses") or ())


@pytest.mark.parametrize(
    ("program", "why"), [("/nope", "stat /nope: no such file or directory"), ("nope", "executable file not found in $PATH")]
)
def test_a_command_that_does_not_exist_is_no_verdict(program: str, why: str) -> None:
    """PR-12: the runtime's error is told, and counts neither way."""
    rig = Rig()
    rig.pod({"containers": [{"name": "app", "command": ["sleep", "1000"], "livenessProbe": {"exec": {"command": [program]}}}]})
    rig.run(60)
    words = f'OCI runtime exec failed: exec failed: unable to start container process: exec: "{program}": {why}: unknown'
    told = {message for _, reason, message, _ in rig.events() if reason == "Unhealthy"}
    assert [True] == [each.endswith(words) and each.startswith("Liveness probe errored and resulted in unknown state: ") for each in told]
    assert 0 == rig.status()["containerStatuses"][0]["restartCount"]
