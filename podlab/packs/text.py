"""A lesson's text: Markdown with directives, cut into blocks, and made into safe HTML that reads well without script too.

Directives (docs/packs.md) are fences with a word (`run`, `output`, `manifest`) and `:::` containers. The page's script brings the elements
`pod-run`, `pod-manifest`, `pod-live`, `pod-task`, `pod-predict`, `pod-hint`, `pod-quiz`, `pod-object` to life; what they hold is readable as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import msgspec
import nh3
from markdown_it.token import Token
from msgspec import Struct, field

from podlab.packs.markdown import blocks, code, markdown
from podlab.packs.problems import Problem, meant

if TYPE_CHECKING:
    from podlab.packs.model import Lesson

CONTAINERS = ("task", "predict", "claim", "hint", "quiz", "object", "why")
NAMED = ("task", "predict", "claim", "hint", "quiz", "object")
FENCES = ("run", "output", "manifest")
_OPEN = re.compile(r":::\s*([a-z]+)(?:\s+(\S+))?\s*$")
_TERMINAL = re.compile(r"terminal=(\w{1,20})$")
_LIVE = re.compile(r"\{live\}`([^`\n]+)`")
_OPTION = re.compile(r"- \[([ x])\] (.+?)(?: — (.*))?$")
_CLAIM = re.compile(r"(document|cluster|proof):\s*(.*)$")
TAGS = set(nh3.ALLOWED_TAGS) | {
    "pod-run",
    "pod-manifest",
    "pod-live",
    "pod-task",
    "pod-predict",
    "pod-hint",
    "pod-quiz",
    "pod-object",
    "section",
}


class Block(Struct):
    """A piece of the text: `kind` is `text` or a container's word, `name` its argument, `body` its Markdown, `line` where it begins (from 1)."""

    kind: str
    name: str
    body: str
    line: int


class Fence(Struct):
    """A fence in a text: `kind` run, output or manifest, what stands after the word, the lines in it."""

    kind: str
    argument: str
    body: str
    line: int


class Parsed(Struct):
    """A text in blocks, with what is wrong with it."""

    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def fences(self) -> Iterator[Fence]:
        """Its fences with a word, in order."""
        for block in self.blocks:
            for token in blocks().parse(block.body):
                word, _, argument = token.info.strip().partition(" ")
                if token.type == "fence" and word in FENCES:
                    yield Fence(word, argument.strip(), token.content, block.line + (token.map or [0])[0])

    def placed(self) -> list[tuple[int, str, str]]:
        """What every language must have in the same order: line, kind of container or fence, what it is about."""
        found = [(each.line, each.kind, each.name) for each in self.blocks if each.kind != "text"]
        found += [(each.line, each.kind, f"{each.argument} {each.body.strip()}") for each in self.fences() if each.kind != "output"]
        return sorted(found)


def parse(name: str, text: str) -> Parsed:
    """The text in blocks; `name` is the file's, for its problems."""
    parsed, kind, argument, begun, fenced, opened_at = Parsed(), "text", "", 1, "", 0
    body: list[str] = []

    def close(number: int) -> None:
        if kind != "text" or "".join(body).strip():
            parsed.blocks.append(Block(kind, argument, "\n".join(body), begun))

    for number, line in enumerate(text.split("\n"), 1):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and (not fenced or mark == fenced):
            fenced, opened_at = ("", 0) if fenced else (mark, number)
        if fenced or not line.startswith(":::"):
            body.append(line)
            continue
        opened = _OPEN.match(line)
        if line.strip() == ":::" and kind != "text":
            close(number)
            body, kind, argument, begun = [], "text", "", number + 1
        elif opened and kind == "text":
            close(number)
            body, kind, argument, begun = [], opened[1], opened[2] or "", number
            body.append("")
            _check_container(parsed, name, number, kind, argument)
        else:
            parsed.problems.append(_misplaced(name, number, line, kind, begun))
    close(0)
    if kind != "text":
        parsed.problems.append(Problem(name, begun, 1, f"`::: {kind}` is not closed", "a line `:::` closes it"))
    if fenced:
        parsed.problems.append(Problem(name, opened_at, 1, f"a fence {fenced} is not closed", f"a line {fenced} closes it"))
    return parsed


def _check_container(parsed: Parsed, name: str, number: int, kind: str, argument: str) -> None:
    if kind not in CONTAINERS:
        parsed.problems.append(Problem(name, number, 5, f"there is no directive `::: {kind}`", meant(kind, CONTAINERS)))
    elif kind in NAMED and not argument:
        parsed.problems.append(Problem(name, number, 5, f"`::: {kind}` needs a name after it", f"write it like `::: {kind} a`"))


def _misplaced(name: str, number: int, line: str, kind: str, begun: int) -> Problem:
    if kind != "text" and line.strip() != ":::":
        return Problem(
            name, number, 1, f"{line.strip()[:60]!r} inside of `::: {kind}` of line {begun}", "close that one first, with a line `:::`"
        )
    if line.strip() == ":::":
        return Problem(name, number, 1, "`:::` closes nothing", "take it out")
    return Problem(name, number, 1, f"{line.strip()[:60]!r} is no directive", "write it like `::: task a`")


def lives(text: str) -> list[str]:
    """The expressions of live values."""
    return _LIVE.findall(text)


class Words(Struct):
    """The few words that the HTML itself needs, by language."""

    document: str
    cluster: str
    proof: str
    why: str
    hint: str


WORDS = {
    "en": Words("The document says", "The cluster does", "Prove it", "Why", "Hint"),
    "ko": Words("문서의 설명", "실제 클러스터", "직접 확인", "까닭", "힌트"),
}


def render(lesson: Lesson, language: str) -> str:
    """The lesson's text in a language, as safe HTML."""
    parsed = parse(f"text.{language}.md", lesson.texts[language])
    words = WORDS.get(language, WORDS["en"])
    html = "".join(_block(lesson, each, language, words) for each in parsed.blocks)
    return nh3.clean(
        html.replace("<pre", '<pre tabindex="0"').replace("<table", '<table tabindex="0"'),
        tags=TAGS,
        attributes={
            "a": {"href"},
            "code": {"class"},
            "section": {"class", "id"},
            "pod-task": {"id", "class"},
            "p": {"class"},
            "pre": {"class", "tabindex"},
            "table": {"tabindex"},
        },
        generic_attribute_prefixes={"data-"},
        url_schemes={"https"},
    )


def _block(lesson: Lesson, block: Block, language: str, words: Words) -> str:
    if block.kind == "claim":
        return _claim(lesson, block, language, words)
    inner = _rendered(lesson, block.body)
    name = escape(block.name)
    if block.kind == "task":
        title = lesson.titles.get(block.name, {}).get(language, "")
        return f'<pod-task id="task-{name}" data-task="{name}"><h3>{escape_code(title)}</h3>{inner}</pod-task>'
    if block.kind == "predict":
        return _prediction(lesson, block.name, language)
    if block.kind == "quiz":
        return f'<pod-quiz data-id="{name}">{_quiz(block)}</pod-quiz>'
    if block.kind == "hint":
        return f'<pod-hint data-id="{name}">{inner}</pod-hint>'
    if block.kind == "object":
        return f'<pod-object data-ref="{name}"><p><code>{name}</code></p></pod-object>'
    if block.kind == "why":
        return f'<section class="why"><h3>{words.why}</h3>{inner}</section>'
    return inner


def escape_code(text: str) -> str:
    """A title: plain, but for `code`."""
    return "".join(code(part) if i % 2 else escape(part) for i, part in enumerate(re.split(r"`([^`]+)`", text)))


def _prediction(lesson: Lesson, name: str, language: str) -> str:
    found = next((each for each in lesson.predictions if each.id == name), None)
    if found is None:
        return ""
    data = {
        "form": found.form,
        "lane": found.lane,
        "tolerance": found.tolerance,
        "options": [each if isinstance(each, str) else each.get(language, "") for each in found.options],
        "rows": [each if isinstance(each, str) else each.get(language, "") for each in found.rows],
        "why": (found.why or {}).get(language, ""),
    }
    text = escape(msgspec.json.encode(data).decode())
    return f'<pod-predict data-id="{escape(name)}" data-spec="{text}"><p>{escape_code(found.ask.get(language, ""))}</p></pod-predict>'


def claim_rows(block: Block) -> dict[str, str]:
    """A claim's lines: what the document says, what the cluster does, which tasks prove it."""
    rows: dict[str, str] = {}
    last = ""
    for line in block.body.split("\n"):
        match = _CLAIM.match(line)
        if match:
            last = match[1]
            rows[last] = match[2]
        elif last and line.strip():
            rows[last] += " " + line.strip()
    return rows


def _claim(lesson: Lesson, block: Block, language: str, words: Words) -> str:
    rows = claim_rows(block)
    titles = {each: lesson.titles.get(each, {}).get(language, each) for each in rows.get("proof", "").split()}
    tasks = " ".join(f'<a href="#task-{escape(each)}">{escape_code(title)}</a>' for each, title in titles.items())
    parts = [
        f'<p class="document" data-says="{words.document}">{inline(rows.get("document", ""))}</p>',
        f'<p class="cluster" data-says="{words.cluster}">{inline(rows.get("cluster", ""))}</p>',
        f'<p class="proof" data-says="{words.proof}">{tasks}</p>' if tasks else "",
    ]
    return f'<section class="claim" id="claim-{escape(block.name)}" data-claim="{escape(block.name)}">{"".join(parts)}</section>'


def _quiz(block: Block) -> str:
    rows = []
    for line in block.body.split("\n"):
        match = _OPTION.match(line.strip())
        if match:
            right = "true" if match[1] == "x" else "false"
            rows.append(f'<li data-right="{right}" data-reason="{escape(match[3] or "")}">{inline(match[2])}</li>')
        elif line.strip():
            rows.append(f"</ul><p>{inline(line.strip())}</p><ul>")
    return f"<ul>{''.join(rows)}</ul>".replace("<ul></ul>", "")


def inline(text: str) -> str:
    """Markdown of one line as safe HTML."""
    html: str = markdown().renderInline(text)
    return nh3.clean(html, url_schemes={"https"}, allowed_classes={"code": {"whole"}})


def _rendered(lesson: Lesson, body: str) -> str:
    holes: list[str] = []

    def hole(match: re.Match[str]) -> str:
        holes.append(match[1])
        return f"\ue000{len(holes) - 1}\ue001"

    parser = markdown()
    tokens = parser.parse(_LIVE.sub(hole, body))
    html = "".join(_fenced(lesson, each) if _is_ours(each) else parser.renderer.render([each], parser.options, {}) for each in tokens)
    return re.sub("\ue000(\\d+)\ue001", lambda match: _live(holes[int(match[1])]), html)


def _live(expression: str) -> str:
    return f'<pod-live data-expr="{escape(expression)}">…</pod-live>'


def _is_ours(token: Token) -> bool:
    return token.type == "fence" and token.info.strip().partition(" ")[0] in FENCES


def _fenced(lesson: Lesson, token: Token) -> str:
    word, _, argument = token.info.strip().partition(" ")
    if word == "manifest":
        name = argument.strip()
        text, mine = lesson.manifests.get(name, ""), "true" if name in lesson.home else ""
        return f'<pod-manifest data-file="{escape(name)}" data-home="{mine}"><pre><code>{escape(text)}</code></pre></pod-manifest>'
    code = f"<pre><code>{escape(token.content)}</code></pre>"
    if word == "output":
        return code.replace("<pre>", '<pre class="output">', 1)
    terminal = _TERMINAL.search(argument)
    return f'<pod-run data-terminal="{terminal[1] if terminal else ""}">{code}</pod-run>'
