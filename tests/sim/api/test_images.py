"""Image names."""

from __future__ import annotations

import pytest

from podlab.sim.api import images


@pytest.mark.parametrize(
    ("image", "tag"),
    [
        ("nginx", "latest"),
        ("nginx:1.27", "1.27"),
        ("r.example.com:5000/nginx", "latest"),
        ("nginx@sha256:" + "0" * 64, ""),
        ("ng inx", ""),
        ("Nginx", ""),
    ],
)
def test_the_tag_decides_on_the_pull_policy(image: str, tag: str) -> None:
    """No tag means latest; what is no name has none."""
    assert tag == images.tag_of(image)
