"""A cluster's bytes: nothing is lost, and what comes again costs little."""

import json

import msgspec
import pytest

from podlab.sim import checkpoint
from podlab.sim.cluster import Cluster

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
    assert (text, {}) == checkpoint.unpack(checkpoint.pack(text, {}))


@pytest.mark.parametrize("text", TEXTS)
def test_an_object_comes_back_as_it_was(text: str) -> None:
    """Through its form and words, and through the bytes, at its place."""
    shelves = {"pods": {"default/b": checkpoint.fold(text), "default/a": checkpoint.fold("{}")}, "nodes": {}}
    _, again = checkpoint.unpack(checkpoint.pack("{}", shelves))
    assert shelves == again
    assert ["default/b", "default/a"] == list(again["pods"])
    assert text == checkpoint.unfold(again["pods"]["default/b"])


def test_objects_of_one_template_have_one_form() -> None:
    """Only what is an object's own stands there for each; what comes twice in it, once."""
    first, second = checkpoint.fold(POD % (1, 1, 1)), checkpoint.fold(POD % (2, 2, 2))
    assert first.form == second.form
    assert ["web-2", "5f0c-2", "nginx:1.27", "80", "443", "10.244.1.2"] == second.words.split("\n")


def test_a_pod_like_others_costs_only_what_is_its_own() -> None:
    """Fifty Pods of one template weigh less than half of their text."""
    assert 2 * len(checkpoint.pack(TEXTS[-1], {})) < len(TEXTS[-1])


@pytest.mark.parametrize("known", [checkpoint.KNOWN_SHAPES, checkpoint.KNOWN_WORDS], ids=["shapes", "words"])
def test_what_is_known_stands_there_once(known: list[str]) -> None:
    """A line that came twice would number all after it wrongly."""
    assert len(set(known)) == len(known)


def test_what_was_looked_at_is_dumped_as_what_was_not() -> None:
    """Opening an object is no change: reading a cluster leaves its bytes as they are."""
    boot = Cluster.boot("trio")
    looked, other = Cluster.load(boot), Cluster.load(boot)
    assert looked.snapshot().objects
    assert other.dump() == looked.dump() == boot


def test_a_change_after_a_dump_is_in_the_next_one() -> None:
    """What an object was folded into is used again only as long as neither it nor its owners have changed."""
    cluster = Cluster.start(Cluster.boot("trio"), 1, 1_777_000_000_000)
    cluster.dump()
    cluster.finish(cluster.script("kubectl label node node-1 disk=ssd && kubectl apply --server-side -f my-nginx-pod.yaml"))
    again = Cluster.load(cluster.dump())
    assert cluster.snapshot().objects == again.snapshot().objects
    for node in again.api.list("nodes"):
        assert cluster.api.managed_fields(cluster.api.get("nodes", node["metadata"]["name"])) == again.api.managed_fields(node)


def test_a_checkpoint_with_its_objects_in_the_text_is_read() -> None:
    """As they were before objects lay beside it."""
    cluster = Cluster.start(Cluster.boot("trio"), 1, 1_777_000_000_000)
    cluster.snapshot()
    known, shapes, words, rows, fill, order, *_ = msgspec.msgpack.decode(checkpoint.pack(msgspec.json.encode(cluster.state).decode(), {}))
    older = msgspec.msgpack.encode([known, shapes, words, rows, fill, order])
    assert cluster.dump() == Cluster.load(older).dump()
