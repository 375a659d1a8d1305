"""Goals over a real cluster: what meets a task, what only comes close, hints, predictions, live values."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import yaml
from msgspec import Struct, field

from podlab.checks.goals import Goals
from podlab.checks.spec import Guard, Hint, Prediction, Task
from podlab.sim.changes import Verdict
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault, Predict

BOOT = Cluster.boot("trio")


class Lesson(Struct):
    tasks: list[Task]
    guards: list[Guard] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    predictions: list[Prediction] = field(default_factory=list)
    live: list[str] = field(default_factory=list)


class Play:
    """A cluster with goals, and what they told."""

    def __init__(self, text: str) -> None:
        data = yaml.safe_load(text)
        for each in data["tasks"] + data.get("guards", []):
            each.setdefault("title", {"en": each["id"]})
        for each in data.get("hints", []):
            each["text"] = {"en": each["text"]}
        for each in data.get("predictions", []):
            each["ask"] = {"en": "?"}
        self.cluster = Cluster.start(BOOT, 1, 1_767_571_200_000)
        self.goals = Goals(msgspec.convert(data, Lesson))
        self.goals.attach(self.cluster)
        self.told: dict[str, Any] = {}
        self.wait(0)

    def wait(self, ms: int) -> None:
        self.cluster.advance(self.cluster.now + ms)
        for each in self.cluster.take_changes():
            if isinstance(each, Verdict):
                self.told[f"{each.about} {each.name}"] = each.data

    def run(self, *lines: str, wait: int = 3000) -> None:
        for line in lines:
            self.cluster.finish(self.cluster.script(line))
        self.wait(wait)

    def state(self, task: str) -> str:
        return str(self.told[f"task {task}"]["state"])


@pytest.fixture
def play() -> Callable[[str], Play]:
    return Play


TASK = """
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
"""


def test_a_task_is_met_when_it_happens_and_stays_met(play: Callable[[str], Play]) -> None:
    """Deleting the Pod afterwards takes nothing back; the instant is kept."""
    made = play(TASK)
    assert "open" == made.state("a")
    made.run("kubectl run other --image=nginx")
    assert "open" == made.state("a")
    made.run("kubectl run web --image=busybox -- sleep 1d")
    assert "met" == made.state("a")
    at = made.told["task a"]["at"]
    made.run("kubectl delete pod web --now")
    assert {"state": "met", "at": at} == made.told["task a"]
    assert {"state": "met", "at": at} == made.told["task "]


def test_a_task_waits_for_those_before_it(play: Callable[[str], Play]) -> None:
    """What happens before its turn does not count."""
    made = play("""
tasks:
  - {id: a, check: {happened: Pod first, that: ready(new)}}
  - {id: b, after: [a], check: {happened: Pod second, that: ready(new)}}
""")
    assert "closed" == made.state("b")
    made.run("kubectl run second --image=busybox -- sleep 1d", "kubectl run first --image=busybox -- sleep 1d")
    assert ("met", "open") == (made.state("a"), made.state("b"))
    made.run("kubectl label pod second x=y")
    assert "met" == made.state("b")


def test_counting_says_how_far_it_is_and_events_count_as_often_as_they_happened(play: Callable[[str], Play]) -> None:
    """×3 over an Event that repeats; what is seen so far is told."""
    made = play("""
tasks:
  - {id: a, check: {happened: Event, that: 'e.reason == "BackOff"', times: 2}}
  - {id: b, check: {happened: Pod, distinct: new.metadata.name, that: "old == null", times: 2}}
""")
    made.run("kubectl run x --image=busybox --restart=Always -- false")
    made.wait(20_000)
    assert {"code": "count", "args": {"seen": 1, "of": 2}, "t": made.told["task b"]["seen"]["t"]} == made.told["task b"]["seen"]
    made.wait(120_000)
    assert "met" == made.state("a")
    made.run("kubectl run y --image=busybox -- sleep 1d")
    assert "met" == made.state("b")


def test_too_late_and_another_pod_are_said(play: Callable[[str], Play]) -> None:
    """`within` and `same: uid` say why they do not count."""
    made = play("""
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
  - {id: b, after: [a], check: {happened: Pod web, that: 'new.metadata.labels.x == "1"', same: uid}}
  - {id: c, after: [a], check: {happened: Pod web, that: 'new.metadata.labels.x == "1"', within: 5s of a}}
""")
    make = "kubectl run web --image=busybox -- sleep 1d"
    made.run(make)
    made.run("kubectl delete pod web --now", make, wait=10_000)
    made.run("kubectl label pod web x=1")
    assert "other-uid" == made.told["task b"]["seen"]["code"]
    assert ("late", 5000) == (made.told["task c"]["seen"]["code"], made.told["task c"]["seen"]["args"]["limit"])


def test_what_must_hold_for_a_time_is_met_at_its_end_and_begins_anew_when_it_breaks(play: Callable[[str], Play]) -> None:
    """`held for` without anything happening at its end; a break is told with how long it had held."""
    made = play("""
tasks:
  - {id: a, check: {held: 'ready(pod("web"))', for: 30s}}
""")
    make = "kubectl run web --image=busybox -- sleep 1d"
    made.run(make, wait=10_000)
    made.run("kubectl delete pod web --now")
    assert "broke" == made.told["task a"]["seen"]["code"]
    made.run(make, wait=0)
    made.wait(29_000)
    assert "open" == made.state("a")
    made.wait(3_000)
    assert "met" == made.state("a")


def test_a_guard_can_only_be_broken_and_then_the_lesson_is_not_done(play: Callable[[str], Play]) -> None:
    """`never … from`: before that task it may be."""
    made = play("""
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
guards:
  - {id: g, never: 'pod("other") != null', from: a}
""")
    made.run("kubectl run other --image=busybox -- sleep 1d", "kubectl delete pod other --now")
    assert "open" == made.state("g")
    made.run("kubectl run web --image=busybox -- sleep 1d")
    assert ("met", "met") == (made.state("a"), made.state("g"))
    again = play("""
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
  - {id: b, after: [a], check: {happened: Pod last, that: ready(new)}}
guards:
  - {id: g, never: 'pod("other") != null', from: a}
""")
    again.run(*(f"kubectl run {name} --image=busybox -- sleep 1d" for name in ("web", "other", "last")))
    assert ("met", "broken") == (again.state("b"), again.state("g"))
    assert "task " not in again.told


def test_other_sources_are_requests_lines_files_faults_and_denials(play: Callable[[str], Play]) -> None:
    """Each with its own names."""
    made = play("""
tasks:
  - {id: r, check: {happened: Request, that: 'r.pod == "web" && r.code == 200 && r.from == "node/node-1"'}}
  - {id: l, check: {happened: Line, that: 'l.pod == "talker" && l.container == "talker" && l.text == "hello"'}}
  - {id: f, check: {happened: File, that: 'f.host == "pod/talker/talker" && f.path == "/tmp/x" && f.verb == "write"'}}
  - {id: x, check: {happened: Fault, that: 'x.name == "isolate" && x.node == "node-2"'}}
  - {id: q, check: {happened: Denied, that: 'q.code == 422 && q.message.contains("Forbidden")'}}
""")
    made.run(
        "kubectl run web --image=nginx", "kubectl run talker --image=busybox -- sh -c 'echo hello; echo 1 > /tmp/x; sleep 1d'", wait=8000
    )
    made.run("ssh node-1 curl -s $(kubectl get pod web -o jsonpath='{.status.podIP}')")
    made.cluster.apply(Fault("isolate", "node-2"))
    made.run("""kubectl patch pod web -p '{"spec":{"nodeName":"node-1"}}'; kubectl patch pod web -p '{"spec":{"dnsPolicy":"None"}}'""")
    assert {"r": "met", "l": "met", "f": "met", "x": "met", "q": "met"} == {each: made.state(each) for each in "rlfxq"}


def test_hints_come_by_state_and_by_patience_and_go_when_the_task_is_met(play: Callable[[str], Play]) -> None:
    """A state's hint with its values put in; a step of the ladder after its time."""
    made = play("""
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


def test_predictions_are_compared_with_what_comes_and_come_too_late_once_it_has(play: Callable[[str], Play]) -> None:
    """An instant counted from the Pod's making, and a number."""
    text = """
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
predictions:
  - {id: at, form: instant, task: a, since: {happened: Pod web, that: "old == null"}, answer: {happened: Pod web, that: ready(new)}, tolerance: 1s}
  - {id: many, form: number, task: a, answer: {value: size(pods())}}
"""
    made = play(text)
    made.cluster.apply(Predict("at", 700))
    made.cluster.apply(Predict("many", 2))
    made.run("kubectl run web --image=busybox -- sleep 1d")
    assert (True, False) == (made.told["prediction at"]["right"], made.told["prediction many"]["right"])
    assert 1 == made.told["prediction many"]["answer"]
    late = play(text)
    late.run("kubectl run web --image=busybox -- sleep 1d")
    late.cluster.apply(Predict("many", 1))
    late.wait(0)
    assert "value" not in late.told["prediction many"]


def test_live_values_are_told_when_they_change(play: Callable[[str], Play]) -> None:
    """`…` while there is nothing."""
    again = play(TASK + "live: ['on(pod(\"web\"))']\n")
    assert "…" == again.told['value on(pod("web"))']["value"]
    again.run("kubectl run web --image=busybox -- sleep 1d")
    assert again.told['value on(pod("web"))']["value"].startswith("node-")


def test_the_checker_may_act_once_a_task_is_met(play: Callable[[str], Play]) -> None:
    """`act` is a line of the learner's shell, part of the same history."""
    made = play("""
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}, act: kubectl delete pod web --now}
  - {id: b, after: [a], check: {happened: Pod web, that: "new == null"}}
""")
    made.run("kubectl run web --image=busybox -- sleep 1d", wait=40_000)
    assert "met" == made.state("b")


def test_nothing_is_looked_at_when_nothing_that_concerns_it_changes(play: Callable[[str], Play], monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of another kind wakes no check of Pods."""
    made = play("""
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


def test_what_no_check_is_about_does_not_even_wake_the_goals(play: Callable[[str], Play], monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests and what is printed cost nothing in a lesson about Pods; in one about requests they are looked at."""
    plain = play(TASK)
    asked = play("tasks: [{id: a, check: {happened: Request, that: r.code == 200}}]")
    for made in (plain, asked):
        made.run("kubectl run other --image=nginx", wait=8000)
    woken: list[int] = []
    monkeypatch.setattr(plain.cluster, "wake", lambda t, key: woken.append(t))
    curl = "ssh node-1 curl -s $(kubectl get pod other -o jsonpath='{.status.podIP}')"
    plain.run(curl)
    assert [] == woken
    asked.run(curl)
    assert "met" == asked.state("a")
