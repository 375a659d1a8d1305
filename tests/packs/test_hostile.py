"""A pack is data of somebody else's: nothing in it runs, and nothing in it stops the lab."""

import re
from pathlib import Path

import msgspec
import pytest

from podlab.packs import library, text
from podlab.packs.folder import Files, of_folder
from podlab.packs.problems import PackError
from podlab.packs.reader import of_files
from podlab.packs.starter import begin

ALLOWED = text.TAGS
ATTRIBUTES = re.compile(r"(?:data-[a-z]+|class|id|href|rel|tabindex|align|start|title|lang)$")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The files of a good pack."""
    begin(tmp_path / "good")
    return of_folder(tmp_path / "good")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<script>alert(1)</script>", r"text.en.md:3:1: '<script>': HTML is not supported"),
        ("<img src=x onerror=alert(1)>", r"text.en.md:3:1: '<img src=x onerror=alert\(1\)>': HTML is not supported"),
        ("![x](https://example.org/x.png)", r"text.en.md:3:1: pictures are not supported"),
        ("[x](javascript:alert(1))", r"text.en.md:3:1: a link with such an address is not supported"),
        ("[x](//example.org)", r"text.en.md:3:1: the link to '//example.org' leads nowhere"),
    ],
)
def test_what_is_no_markdown_of_ours_is_refused(files: Files, line: str, expected: str) -> None:
    """With its place."""
    files["01-first/text.en.md"] = f"A question?\n\n{line}\n\n" + files["01-first/text.en.md"]
    with pytest.raises(PackError) as error:
        of_files(files, Path("pack"))
    assert any(re.search(expected, str(each)) for each in error.value.problems), error.value.problems


def test_code_may_look_like_html(files: Files) -> None:
    """Within marks, and in what is run and printed."""
    more = "Look at `<none>` and a<b.\n\n```\n<script>\n```\n\n"
    for language in ("en", "ko"):
        files[f"01-first/text.{language}.md"] = more + files[f"01-first/text.{language}.md"]
    assert "good" == of_files(files, Path("pack")).id


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<b onclick=alert(1) style='position:fixed'>x</b>",
        "[x](javascript:alert(1)) ![x](data:text/html,x) <javascript:alert(1)>",
        '::: object "><script>alert(1)</script>\n:::',
        '::: hint "onclick=alert(1)\n:::',
        '{live}`"<script>alert(1)</script>"`',
        '```run terminal="><script>\n<script>\n```',
        '```manifest "><script>\n```',
        "```output\n<script>\n```",
        '::: quiz a\n- [x] <script> — " onclick=alert(1)\n:::',
        '::: claim D1.1\ndocument: <script>\nproof: "><script>\n:::',
    ],
)
def test_what_a_page_is_given_holds_nothing_that_runs(markdown: str) -> None:
    """Even if nobody had checked the pack: elements and attributes are those of docs/packs.md."""
    lesson = library.lesson("pod/04-init-in-order")
    assert lesson is not None
    html = text.render(msgspec.structs.replace(lesson, texts={"en": markdown}), "en")
    for tag, attributes in re.findall(r"<([a-z0-9-]+)((?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)\s*/?>", html):
        assert tag in ALLOWED
        assert [] == [name for name in re.findall(r"([a-z-]+)=\"", attributes) if not ATTRIBUTES.match(name)]
    assert html.count("<") == len(re.findall(r"</?[a-z0-9-]+(?:\s+[a-z-]+(?:=\"[^\"]*\")?)*\s*/?>", html))
    assert "<script" not in html


@pytest.mark.parametrize(
    "yaml",
    [
        "[" * 100_000,
        "{a: " * 5_000,
        "- " * 5_000 + "x",
        "a: &x [*x]",
        "a: !!python/object:os.system x",
        "a: " + "9" * 5_000,
        "[" + "1," * 30_000 + "]",
    ],
)
def test_yaml_that_is_a_trap_is_told(files: Files, yaml: str) -> None:
    """Depth, aliases, tags, numbers without an end, too many parts."""
    files["01-first/lesson.yaml"] = yaml
    with pytest.raises(PackError, match=r"lesson\.yaml:\d+:\d+: "):
        of_files(files, Path("pack"))


@pytest.mark.parametrize("expression", ["(" * 2_000 + "1", "1 + " * 5_000 + "1", "[1].all(a, " * 40 + "true" + ")" * 40, "x" * 20_000])
def test_an_expression_that_is_a_trap_is_told(files: Files, expression: str) -> None:
    """Nesting, length, loops in loops."""
    files["01-first/lesson.yaml"] = files["01-first/lesson.yaml"].replace("ready(new)", f"'{expression}'")
    with pytest.raises(PackError, match=r"lesson\.yaml:7:\d+: in the expression"):
        of_files(files, Path("pack"))
