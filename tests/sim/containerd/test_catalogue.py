"""Images that a lesson brings as data: another name, another environment, the lab's own program."""

from __future__ import annotations

import pytest

from podlab.sim.cluster import Cluster
from podlab.sim.containerd.types import OwnImage
from podlab.sim.scene import Scene, SceneError, play
from tests.sim.images.test_own import ask, pod, run, state
from tests.sim.story import ZERO_MS

OWN = {"shop/cart:v2": OwnImage("podlab/web", {"ERRORS": "5-15"})}


@pytest.fixture
def lab() -> Cluster:
    """A cluster whose registries have the lesson's image."""
    return Cluster.start(play(Scene("solo", images=OWN)), 1, ZERO_MS)


def test_it_runs_the_program_that_it_is_like_with_its_own_environment(lab: Cluster) -> None:
    """Ages count from the start."""
    run(lab, "cart", "shop/cart:v2")
    seen = []
    for at in (3_000, 10_000, 20_000):
        lab.advance(at)
        seen.append(ask(lab, "cart", "/healthz"))
    assert [200, 500, 200] == seen


def test_its_status_tells_its_own_name(lab: Cluster) -> None:
    """Not that of the image that it is like."""
    run(lab, "cart", "shop/cart:v2")
    lab.advance(3_000)
    status = pod(lab, "cart")["status"]["containerStatuses"][0]
    assert ("docker.io/shop/cart:v2", True) == (status["image"], status["imageID"].startswith("docker.io/shop/cart@sha256:"))


def test_another_tag_of_it_is_not_found(lab: Cluster) -> None:
    """The repository exists."""
    run(lab, "cart", "shop/cart:v9")
    lab.advance(5_000)
    assert state(lab, "cart")["state"]["waiting"]["message"].endswith('"docker.io/shop/cart:v9": docker.io/shop/cart:v9: not found')


def test_an_image_like_none_of_the_labs_is_refused() -> None:
    """Its author is told which."""
    with pytest.raises(SceneError, match="images: a:1 is like 'nothere', which the lab does not have"):
        play(Scene("solo", images={"a:1": OwnImage("nothere")}))
