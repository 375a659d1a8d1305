"""`is`: what is true now."""

from tests.checks.play import Play

MAKE = "kubectl run web --image=busybox -- sleep 1d"


def test_it_is_met_by_what_was_there_already_and_stays_met() -> None:
    """True when its turn comes; that it ends later takes nothing back."""
    made = Play("""
tasks:
  - {id: a, check: {happened: Pod other, that: ready(new)}}
  - {id: b, after: [a], check: {is: 'ready(pod("web"))'}}
""")
    made.run(MAKE, wait=10_000)
    assert "closed" == made.state("b")
    made.run("kubectl run other --image=busybox -- sleep 1d", wait=10_000)
    assert "met" == made.state("b")
    made.run("kubectl delete pod web --now")
    assert "met" == made.state("b")


def test_it_counts_in_its_order_only_and_says_when_it_is_too_late() -> None:
    """`before` and `within` of another task."""
    text = """
tasks:
  - {id: a, check: {happened: Pod first, that: ready(new)}}
  - {id: early, check: {is: 'ready(pod("web"))', before: a}}
  - {id: soon, check: {is: 'ready(pod("web"))', within: 5s of a}}
"""
    made = Play(text)
    made.run("kubectl run first --image=busybox -- sleep 1d", wait=20_000)
    made.run(MAKE, wait=5000)
    assert ("open", "open") == (made.state("early"), made.state("soon"))
    assert "late" == made.told["task soon"]["seen"]["code"]
    again = Play(text)
    again.run(MAKE, wait=5000)
    assert "met" == again.state("early")
