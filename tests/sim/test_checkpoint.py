"""A cluster's bytes: nothing is lost, and what comes again costs little."""

import json

import pytest

from podlab.sim import checkpoint

POD = '{"kind":"Pod","name":"web-%d","uid":"5f0c-%d","spec":{"image":"nginx:1.27","ports":[80,443]},"status":{"podIP":"10.244.1.%d"}}'
TEXTS = [
    "{}",
    '{"a":{"b":[1,2,{"c":-3}]},"d":"100 % of %s and %d"}',
    json.dumps({"text": 'line 1\nline "2"\\ % {0}\t\0', "ä": "ü 1 %"}, separators=(",", ":"), ensure_ascii=False),
    "[" + ",".join(POD % (n, n, n) for n in range(50)) + "]",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    """Whatever is in it: quotes, percent signs, braces, numbers."""
    assert text == checkpoint.unpack(checkpoint.pack(text))


def test_a_pod_like_others_costs_only_what_is_its_own() -> None:
    """Fifty Pods of one template weigh less than half of their text."""
    assert 2 * len(checkpoint.pack(TEXTS[-1])) < len(TEXTS[-1])


@pytest.mark.parametrize("known", [checkpoint.KNOWN_SHAPES, checkpoint.KNOWN_WORDS], ids=["shapes", "words"])
def test_what_is_known_stands_there_once(known: list[str]) -> None:
    """A line that came twice would number all after it wrongly."""
    assert len(set(known)) == len(known)
