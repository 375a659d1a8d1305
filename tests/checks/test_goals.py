"""Goals over a real cluster: what meets a task, hints, predictions, live values, what wakes them."""

import pytest

from podlab.sim.commands import Predict
from tests.checks.play import TASK, Play


def test_a_task_is_met_when_it_happens_and_stays_met() -> None:
    """Deleting the Pod afterwards takes nothing back; the instant is kept."""
    made = Play(TASK)
    assert "open" == made.state("a")
    made.run("kubectl run other --image=nginx")
    assert "open" == made.state("a")
    made.run("kubectl run web --image=busybox -- sleep 1d")
    assert "met" == made.state("a")
    at = made.told["task a"]["at"]
    made.run("kubectl delete pod web --now")
    assert {"state": "met", "at": at} == made.told["task a"]
    assert {"state": "met", "at": at} == made.told["task "]


def test_a_task_waits_for_those_before_it() -> None:
    """What happens before its turn does not count."""
    made = Play("""
tasks:
  - {id: a, check: {happened: Pod first, that: ready(new)}}
  - {id: b, after: [a], check: {happened: Pod second, that: ready(new)}}
""")
    assert "closed" == made.state("b")
    made.run("kubectl run second --image=busybox -- sleep 1d", "kubectl run first --image=busybox -- sleep 1d")
    assert ("met", "open") == (made.state("a"), made.state("b"))
    made.run("kubectl label pod second x=y")
    assert "met" == made.state("b")


def test_hints_come_by_state_and_by_patience_and_go_when_the_task_is_met() -> None:
    """A state's hint with its values put in; a step of the ladder after its time."""
    made = Play("""
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
hints:
  - {id: name, task: a, when: {is: 'pods().exists(p, p.metadata.name != "web")'}, text: 'There is {{pods().map(p, p.metadata.name).join(", ")}}.'}
  - {id: later, task: a, idle: 60s, text: "kubectl run web"}
""")
    made.run("kubectl run wbe --image=busybox -- sleep 1d")
    assert {"task": "a", "on": True, "text": {"en": "There is wbe."}} == made.told["hint name"]
    assert "hint later" not in made.told
    made.wait(60_000)
    assert made.told["hint later"]["on"]
    made.run("kubectl run web --image=busybox -- sleep 1d")
    assert (False, False) == (made.told["hint name"]["on"], made.told["hint later"]["on"])


def test_live_values_are_told_when_they_change() -> None:
    """`…` while there is nothing."""
    again = Play(TASK + "live: ['on(pod(\"web\"))']\n")
    assert "…" == again.told['value on(pod("web"))']["value"]
    again.run("kubectl run web --image=busybox -- sleep 1d")
    assert again.told['value on(pod("web"))']["value"].startswith("node-")


def test_the_checker_may_act_once_a_task_is_met() -> None:
    """`act` is a line of the learner's shell, part of the same history."""
    made = Play("""
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}, act: kubectl delete pod web --now}
  - {id: b, after: [a], check: {happened: Pod web, that: "new == null"}}
""")
    made.run("kubectl run web --image=busybox -- sleep 1d", wait=40_000)
    assert "met" == made.state("b")


def test_nothing_is_looked_at_when_nothing_that_concerns_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of another kind wakes no check of Pods."""
    made = Play("""
tasks:
  - {id: a, check: {is: 'ready(pod("web"))'}}
  - {id: b, check: {is: 'service("x") != null'}}
""")
    looked: list[str] = []
    monkeypatch.setattr(made.goals, "_look_at", lambda item: looked.append(item.id))
    made.run("kubectl create configmap c --from-literal=a=b")
    assert [] == looked
    made.run("kubectl create service clusterip x --tcp=80:80")
    assert {"b"} == set(looked[:1])


def test_what_no_check_is_about_does_not_even_wake_the_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests and what is printed cost nothing in a lesson about Pods; in one about requests they are looked at."""
    plain = Play(TASK)
    asked = Play("tasks: [{id: a, check: {happened: Request, that: r.code == 200}}]")
    for made in (plain, asked):
        made.run("kubectl run other --image=nginx", wait=8000)
    woken: list[int] = []
    monkeypatch.setattr(plain.cluster, "wake", lambda t, key: woken.append(t))
    curl = "ssh node-1 curl -s $(kubectl get pod other -o jsonpath='{.status.podIP}')"
    plain.run(curl)
    assert [] == woken
    asked.run(curl)
    assert "met" == asked.state("a")


def test_predictions_are_compared_with_what_comes_and_come_too_late_once_it_has() -> None:
    """An instant counted from the Pod's making, and a number."""
    text = """
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
predictions:
  - {id: at, form: instant, task: a, since: {happened: Pod web, that: "old == null"}, answer: {happened: Pod web, that: ready(new)}, tolerance: 1s}
  - {id: many, form: number, task: a, answer: {value: size(pods())}}
"""
    made = Play(text)
    made.cluster.apply(Predict("at", 700))
    made.cluster.apply(Predict("many", 2))
    made.run("kubectl run web --image=busybox -- sleep 1d")
    assert (True, False) == (made.told["prediction at"]["right"], made.told["prediction many"]["right"])
    assert 1 == made.told["prediction many"]["answer"]
    late = Play(text)
    late.run("kubectl run web --image=busybox -- sleep 1d")
    late.cluster.apply(Predict("many", 1))
    late.wait(0)
    assert "value" not in late.told["prediction many"]
