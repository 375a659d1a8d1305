"""How every state looks, at both widths and in both themes, against the references in `looks/`; fonts may differ.

After a wanted change of the looks: `PODLAB_LOOKS=renew` with this file's tests, then look at the pictures and commit them.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from podlab.home import ROOT
from tests.browser.person import complaints, part
from tests.browser.playing import Scene, notice, of_every_state, quiet, recorded, show
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser
LOOKS = ROOT / "tests" / "browser" / "looks"
PICTURES: dict[str, Callable[[], Scene]] = {
    "states": lambda: Scene(of_every_state(), 30_000),
    "probes": lambda: Scene(recorded("readiness"), 67_000),
}
"""What only the cluster's picture shows."""
PAGES: dict[str, tuple[Callable[[], Scene], str]] = {
    "empty": (lambda: Scene(quiet(), 30_000), "No Pods here yet."),
    "offline": (lambda: Scene(of_every_state(), 30_000, broken=True), "Offline since 09:00:3"),
    "catching-up": (lambda: Scene(of_every_state(), 130_000, runs=True), "catching up to 09:0"),
    "slowed": (
        lambda: Scene(of_every_state(), 30_000, notice("slowed", speed=23, wanted=60)),
        "Running at ×23: this cluster is too busy for ×60.",
    ),
    "budget": (
        lambda: Scene(of_every_state(), 30_000, notice("budget", message="2,000 objects of one kind.")),
        "a limit of this lab is reached",
    ),
    "livelock": (lambda: Scene(of_every_state(), 30_000, notice("livelock", t=30_000, parties="a and b")), "Go back to before"),
}
"""What the whole page shows, and the words by which it does."""
WIDTHS = {1440: 900, 390: 844}
SAME = """async ([one, other]) => {
  const drawn = async (data) => {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + data)).blob());
    const blurred = new OffscreenCanvas(60, 60).getContext("2d");
    blurred.imageSmoothingQuality = "high";
    blurred.drawImage(image, 0, 0, 60, 60);
    const whole = new OffscreenCanvas(image.width, image.height).getContext("2d");
    whole.drawImage(image, 0, 0);
    const pixels = whole.getImageData(0, 0, image.width, image.height).data;
    const shares = new Map();
    for (let i = 0; i < pixels.length; i += 4) {
      const colour = [0, 1, 2].map((each) => pixels[i + each] >> 2).join();
      shares.set(colour, (shares.get(colour) ?? 0) + 4 / pixels.length);
    }
    return { width: image.width, height: image.height, shares, blurred: blurred.getImageData(0, 0, 60, 60).data };
  };
  const [a, b] = [await drawn(one), await drawn(other)];
  const wrong = [];
  if (a.width !== b.width || Math.abs(a.height - b.height) > a.height * 0.04) wrong.push(`size ${a.width}x${a.height} ${b.width}x${b.height}`);
  const apart = a.blurred.reduce((sum, each, i) => sum + Math.abs(each - b.blurred[i]), 0) / a.blurred.length;
  if (apart > 4) wrong.push(`layout apart by ${apart.toFixed(1)}`);
  for (const [colour, share] of a.shares)
    if (share > 0.004 && Math.abs((b.shares.get(colour) ?? 0) - share) > 0.002 + share * 0.25) wrong.push(`colour ${colour}: ${share.toFixed(4)} ${(b.shares.get(colour) ?? 0).toFixed(4)}`);
  return wrong;
}"""
"""Size, layout (blurred beyond letters) and how much of the picture each colour that is an area fills."""


def differences(page: Page, one: bytes, other: bytes) -> list[str]:
    """What a person would see as different; empty: alike."""
    blank = page.context.new_page()
    blank.goto("about:blank")
    found: list[str] = blank.evaluate(SAME, [base64.b64encode(each).decode() for each in (one, other)])
    blank.close()
    return found


def kept(page: Page, name: str, seen: bytes) -> list[str]:
    """How it differs from its reference."""
    path = LOOKS / f"{name}.png"
    if os.environ.get("PODLAB_LOOKS") == "renew":
        path.write_bytes(seen)
    return [f"{name}: {each}" for each in differences(page, path.read_bytes(), seen)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", list(PICTURES))
def test_every_state_looks_as_it_did(open_page: OpenPage, name: str, theme: str) -> None:
    """The picture is its reference, as a person sees it, on a desk and on a phone."""
    page = open_page(width=1440, height=1500, theme=theme)
    show(page, PICTURES[name]())
    found = []
    for width in WIDTHS:
        found += kept(page, f"{name}-{width}-{theme}", picture(page, width))
    assert [] == found


def picture(page: Page, width: int) -> bytes:
    """The cluster's picture at that width, once it is drawn for it."""
    page.set_viewport_size({"width": width, "height": 1500})
    part(page, "cluster")
    page.locator("pod-cluster [data-pod]").first.wait_for()
    page.wait_for_timeout(200)
    return page.locator("pod-cluster").screenshot(animations="disabled")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", list(PAGES))
def test_every_standing_of_the_page_looks_as_it_did_and_is_for_everybody(open_page: OpenPage, name: str, theme: str) -> None:
    """Empty, offline, catching up, slowed, paused: said in words, the page is its reference, and axe finds nothing."""
    page = open_page(theme=theme)
    scene, words = PAGES[name]
    show(page, scene())
    found = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        part(page, "cluster")
        expect(page.locator("body")).to_contain_text(words)
        page.wait_for_timeout(200)
        found += kept(page, f"{name}-{width}-{theme}", page.screenshot(animations="disabled"))
    assert [] == found + complaints(page)


def test_a_state_that_changed_its_colour_is_noticed(open_page: OpenPage) -> None:
    """The tolerance is for fonts, not for states: the tint of one Pod of ten is enough."""
    page = open_page(height=1500)
    show(page, PICTURES["states"]())
    before = picture(page, 1440)
    page.evaluate("document.documentElement.style.setProperty('--ready-t', '#fdf0d2')")
    assert [] != differences(page, before, page.locator("pod-cluster").screenshot(animations="disabled"))
