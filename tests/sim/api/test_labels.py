"""Label selectors: text, objects, matching."""

from __future__ import annotations

import pytest

from podlab.sim.api import labels


@pytest.mark.parametrize(
    ("text", "held", "meets"),
    [
        ("a=b", {"a": "b"}, True),
        ("a==b,c", {"a": "b", "c": ""}, True),
        ("a!=b", {}, True),
        ("a in (b, c)", {"a": "c"}, True),
        ("a notin (b)", {"a": "b"}, False),
        ("!a", {"a": ""}, False),
        ("n>3", {"n": "4"}, True),
        ("n<3", {"n": "x"}, False),
        ("", {}, True),
        ("a=", {"a": ""}, True),
    ],
)
def test_a_selector_matches_as_it_says(text: str, held: dict[str, str], meets: bool) -> None:
    """Equality, sets, existence, numbers."""
    assert meets == labels.meets(labels.parse(text), held)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("n gt 3", "unable to parse requirement: found 'gt', expected: in, notin, =, ==, !=, gt, lt"),
        ("a=b,", "found '', expected: identifier after ','"),
    ],
)
def test_a_broken_selector_is_refused_in_the_servers_words(text: str, message: str) -> None:
    """The word `gt` is offered, but not taken."""
    with pytest.raises(ValueError) as raised:
        labels.parse(text)
    assert message == str(raised.value)


def test_a_selector_object_matches_like_its_text() -> None:
    """matchLabels and matchExpressions together; no selector matches nothing, an empty one everything."""
    selector = {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "c", "operator": "In", "values": ["e", "d"]}]}
    assert "a=b,c in (d,e)" == labels.render(labels.of(selector))
    assert (True, False, True) == (labels.matches(selector, {"a": "b", "c": "d"}), labels.matches(None, {}), labels.matches({}, {}))
