"""The patch of apply."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from podlab.sim.api.resources import RESOURCES
from podlab.sim.kubectl.merge3 import three_way, two_way

PODS = RESOURCES["pods"]
LABELS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"), max_size=3)


def test_a_container_is_found_by_its_name() -> None:
    """Only what differs is sent, with the merge key and the order of the list."""
    old = {"spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]}}
    new = {"spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "z"}]}}
    assert two_way(PODS, old, new) == {
        "spec": {"$setElementOrder/containers": [{"name": "a"}, {"name": "b"}], "containers": [{"image": "z", "name": "b"}]}
    }


def test_a_container_that_is_gone_is_deleted_by_its_name() -> None:
    """With the directive of strategic merge."""
    old = {"spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]}}
    new = {"spec": {"containers": [{"name": "a", "image": "x"}]}}
    assert two_way(PODS, old, new) == {
        "spec": {"$setElementOrder/containers": [{"name": "a"}], "containers": [{"$patch": "delete", "name": "b"}]}
    }


@given(LABELS, LABELS, LABELS)
def test_three_ways_lead_to_the_manifest_and_keep_what_others_set(
    original: dict[str, str], modified: dict[str, str], current: dict[str, str]
) -> None:
    """Removed is what the last manifest had and this one has not."""
    patch = three_way(PODS, {"metadata": {"labels": original}}, {"metadata": {"labels": modified}}, {"metadata": {"labels": current}})
    sent = (patch.get("metadata") or {}).get("labels") or {}
    merged = {key: value for key, value in {**current, **sent}.items() if value is not None}
    assert merged == {**{key: value for key, value in current.items() if key not in original}, **modified}


@given(LABELS, LABELS)
def test_no_difference_is_no_patch(labels: dict[str, str], extra: dict[str, str]) -> None:
    """What others have set does not count."""
    held = {"metadata": {"labels": {**extra, **labels}}}
    assert three_way(PODS, {"metadata": {"labels": labels}}, {"metadata": {"labels": labels}}, held) == {}
