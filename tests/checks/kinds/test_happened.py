"""`happened`: what counts, what only comes close, and over what it may happen."""

from podlab.sim.commands import Fault
from tests.checks.play import Play


def test_counting_says_how_far_it_is_and_events_count_as_often_as_they_happened() -> None:
    """×3 over an Event that repeats; what is seen so far is told."""
    made = Play("""
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


def test_too_late_and_another_pod_are_said() -> None:
    """`within` and `same: uid` say why they do not count."""
    made = Play("""
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


def test_other_sources_are_requests_lines_files_faults_and_denials() -> None:
    """Each with its own names."""
    made = Play("""
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
