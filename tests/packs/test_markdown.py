"""Markdown as Korean is written, and nothing that runs."""

import pytest

from podlab.packs.markdown import markdown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**굵게(bold)**을 씁니다", "<strong>굵게(bold)</strong>을 씁니다"),
        ("파드를 **“준비”**라고 합니다", "파드를 <strong>“준비”</strong>라고 합니다"),
        ("이것은**(중요)** 합니다", "이것은<strong>(중요)</strong> 합니다"),
        ("**축출(eviction)**과 **선점(preemption)**은", "<strong>축출(eviction)</strong>과 <strong>선점(preemption)</strong>은"),
        ("*기울임(italic)*을", "<em>기울임(italic)</em>을"),
        ("~~틀린(말)~~을", "<s>틀린(말)</s>을"),
        ("a **bold** b", "a <strong>bold</strong> b"),
        ("2 * 3 * 4 는 24", "2 * 3 * 4 는 24"),
        ("snake_case_(이름)_이다", "snake_case_(이름)_이다"),
    ],
)
def test_emphasis_ends_where_a_korean_word_does(text: str, expected: str) -> None:
    """And elsewhere as CommonMark says."""
    assert expected == markdown().renderInline(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`node-2`:", '<code class="whole">node-2</code>:'),
        ("`<b>`", '<code class="whole">&lt;b&gt;</code>'),
        ("`http://svc-liveness:8080/health`", "<code>http://svc-liveness:8080/health</code>"),
    ],
)
def test_a_short_piece_of_code_is_not_broken(text: str, expected: str) -> None:
    """Names have hyphens, at which a browser breaks lines; a long one has to be broken somewhere."""
    assert expected == markdown().renderInline(text)
