"""Go's sort: equal items stand where a real kubectl showed them."""

from hypothesis import given
from hypothesis import strategies as st

from podlab.sim.gosort import go_sort

SHOWN = "39 3 9 11 12 8 14 15 6 17 18 5 2 20 21 38 23 24 45 26 27 44 30 29 42 41 32 33 0 35 36 22 37 34 4 40 31 43 1 28 25 19 16 7 13 10"
"""ConfigMaps `m-0` to `m-45` by `--sort-by=.data.a`, which is (7i² + i) mod 3."""


@given(st.lists(st.integers(0, 40), max_size=300))
def test_it_sorts(numbers: list[int]) -> None:
    """Whatever becomes of equal ones: of numbers nobody can tell."""
    assert go_sort(numbers, lambda one, other: one < other) == sorted(numbers)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers()), max_size=12))
def test_up_to_twelve_items_keep_their_order(items: list[tuple[int, int]]) -> None:
    """They are inserted."""
    assert go_sort(items, lambda one, other: one[0] < other[0]) == sorted(items, key=lambda each: each[0])


def test_equal_items_stand_as_a_real_kubectl_shows_them() -> None:
    """More than twelve, so not in the order in which they were listed."""
    listed = sorted(((7 * number * number + number) % 3, f"m-{number}") for number in range(46))
    listed.sort(key=lambda each: each[1])
    found = go_sort(listed, lambda one, other: one[0] < other[0])
    assert SHOWN.split() == [name.removeprefix("m-") for _, name in found]
