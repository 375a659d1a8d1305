"""What is told of probes, for those who look on."""

from __future__ import annotations

from podlab.sim.changes import ProbeSeen
from tests.sim.kubelet.rig import Answer, Rig

Told = tuple[str, int, int, int, int]


def told(rig: Rig) -> list[Told]:
    """Outcome, how many alike, of how many, when the next one comes and the period of those that are not told."""
    seen = [each for each in rig.world.changes if isinstance(each, ProbeSeen)]
    return [(each.outcome, each.count, each.threshold, each.next // 1000, each.period) for each in seen]


def test_each_try_is_told_with_its_count_until_the_probe_rests() -> None:
    """The first try is planned after the delay; then failures, successes up to their threshold, and silence."""
    rig = Rig()
    rig.network.answer = lambda now: Answer(500 if now < 20_000 else 200)
    probe = {"httpGet": {"port": 80}, "initialDelaySeconds": 5, "periodSeconds": 5, "successThreshold": 2}
    rig.pod({"containers": [{"name": "app", "readinessProbe": probe}]})
    rig.run(120)
    tries = [each for each in told(rig) if each[0]]
    assert "" == told(rig)[0][0] and tries[0][3] - 5 == [each for each in told(rig) if not each[0]][-1][3]
    assert [("Failure", 1), ("Failure", 2), ("Failure", 3)] == [each[:2] for each in tries[:3]]
    assert [("Success", 1, 2, 0), ("Success", 2, 2, 5000)] == [(*each[:3], each[4]) for each in tries[-2:]]
    assert [tries[-1][:3]] == [(each.outcome, each.count, each.threshold) for each in rig.kubelet.prober.seen()]


def test_a_probe_that_waits_for_the_startup_probe_has_no_plan_yet() -> None:
    """The liveness probe is first told of when the startup probe is done, which has no next try then."""
    rig = Rig()
    rig.network.answer = lambda now: Answer(500 if now < 25_000 else 200)
    startup = {"httpGet": {"port": 1}, "failureThreshold": 30}
    rig.pod({"containers": [{"name": "app", "startupProbe": startup, "livenessProbe": {"httpGet": {"port": 2}}}]})
    rig.run(60)
    seen = [each for each in rig.world.changes if isinstance(each, ProbeSeen)]
    done = next(each for each in seen if each.probe == "startup" and each.outcome == "Success")
    assert 0 == done.next
    assert all(each.t >= done.t for each in seen if each.probe == "liveness")
