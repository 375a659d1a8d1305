"""Why a Pod is on its node, and what would have to change for one that is on none, as a person finds out."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import complaints, part, pod, type_line
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser


def opened(page: Page, nodes: str) -> None:
    """A cluster of these nodes."""
    page.goto("/own/")
    page.locator("textarea").fill(nodes)
    page.locator("form .btn").click()
    expect(page.locator("pod-cluster svg")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_learner_does_what_the_table_says_until_the_pod_fits(open_page: OpenPage, width: int, theme: str) -> None:
    """Nodes of her own, one of them tainted; the line that would let the Pod in is run by a click; axe finds nothing."""
    page = open_page(width=width, height=844, locale="en-US", theme="dark" if theme == "dark" else "light")
    opened(page, "node-1\ngpu-1 gpu=true:NoSchedule cpu:4")
    type_line(page, """kubectl run web --image=nginx --overrides='{"spec":{"nodeSelector":{"kubernetes.io/hostname":"gpu-1"}}}'""")
    part(page, "cluster")
    expect(page.locator("pod-cluster [data-place='unschedulable']")).to_be_visible(timeout=15_000)
    part(page, "why")
    change = page.locator("pod-scheduling [data-run='kubectl taint nodes gpu-1 gpu=true:NoSchedule-']")
    expect(change).to_be_visible(timeout=15_000)
    assert [] == complaints(page)
    change.click()
    part(page, "why")
    expect(page.locator("pod-inspector header")).to_contain_text("gpu-1", timeout=15_000)


def test_the_points_of_a_placed_pod_add_up_to_its_node(open_page: OpenPage) -> None:
    """The bigger node wins, by the numbers shown; axe finds nothing in the table."""
    page = open_page(width=1440, height=900, locale="ko-KR", theme="light")
    opened(page, "small\nbig cpu:8 memory:16Gi")
    type_line(page, """kubectl run web --image=nginx --overrides='{"spec":{"terminationGracePeriodSeconds":1}}'""")
    pod(page, "web").first.click(timeout=15_000)
    page.locator("pod-scheduling summary").click()
    sums = page.locator("pod-scheduling tfoot td")
    expect(sums).to_have_count(2, timeout=10_000)
    first, second = map(int, sums.all_inner_texts())
    assert first > second
    assert "big" == page.locator("pod-scheduling thead th").nth(1).inner_text()
    assert [] == complaints(page)
