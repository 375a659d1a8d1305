"""`any` and `all`: checks of which one must be met, or each."""

from tests.checks.play import Play

TEXT = """
tasks:
  - id: a
    check:
      %s:
        - {happened: Pod one, that: ready(new)}
        - {is: 'ready(pod("two"))'}
"""


def test_one_of_any_is_enough_and_all_need_not_be_at_once() -> None:
    """Each part is met once for all: a Pod that is gone again counts."""
    either, each = Play(TEXT % "any"), Play(TEXT % "all")
    for made in (either, each):
        made.run("kubectl run one --image=busybox -- sleep 1d", wait=10_000)
        made.run("kubectl delete pod one --now", wait=10_000)
    assert ("met", "open") == (either.state("a"), each.state("a"))
    each.run("kubectl run two --image=busybox -- sleep 1d", wait=10_000)
    assert "met" == each.state("a")
