"""`held` and `never`: what stays as it is, and what must not come."""

from tests.checks.play import Play


def test_what_must_hold_for_a_time_is_met_at_its_end_and_begins_anew_when_it_breaks() -> None:
    """`held for` without anything happening at its end; a break is told with how long it had held."""
    made = Play("""
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


def test_a_guard_can_only_be_broken_and_then_the_lesson_is_not_done() -> None:
    """`never … from`: before that task it may be."""
    made = Play("""
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
guards:
  - {id: g, never: 'pod("other") != null', from: a}
""")
    made.run("kubectl run other --image=busybox -- sleep 1d", "kubectl delete pod other --now")
    assert "open" == made.state("g")
    made.run("kubectl run web --image=busybox -- sleep 1d")
    assert ("met", "met") == (made.state("a"), made.state("g"))
    again = Play("""
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
  - {id: b, after: [a], check: {happened: Pod last, that: ready(new)}}
guards:
  - {id: g, never: 'pod("other") != null', from: a}
""")
    again.run(*(f"kubectl run {name} --image=busybox -- sleep 1d" for name in ("web", "other", "last")))
    assert ("met", "broken") == (again.state("b"), again.state("g"))
    assert "task " not in again.told
