"""The texts: directives that are meant exist, live values can be understood, and every language has the same in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from podlab.packs import text
from podlab.packs.lint.expressions import FIX, wrong
from podlab.packs.markdown import markdown
from podlab.packs.model import LIVE, Lesson
from podlab.packs.problems import Problem, meant
from podlab.packs.text import Parsed

HTML = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
LINKS = "links begin with https:// or are #task- and the task's id"
SCHEME = re.compile(r"\]\(\s*\w+:")


def problems(lesson: Lesson, languages: list[str]) -> Iterator[Problem]:
    """What is wrong with them."""
    parsed = {language: text.parse(f"{lesson.slug}/text.{language}.md", found) for language, found in lesson.texts.items()}
    first = next((each for each in languages if each in parsed), "")
    for language, found in parsed.items():
        file = f"{lesson.slug}/text.{language}.md"
        if language not in languages:
            yield Problem(file, 1, 1, f"{language!r} is no language of the pack", "name it in pack.yaml's `languages`")
        yield from found.problems
        yield from _named(lesson, file, found)
        yield from _lives(file, lesson.texts[language])
        yield from _hostile(lesson, file, found)
        if language != first:
            yield from _differ(file, found, f"text.{first}.md", parsed[first])


def _named(lesson: Lesson, file: str, parsed: Parsed) -> Iterator[Problem]:
    known = {
        "task": list(lesson.titles),
        "predict": [each.id for each in lesson.predictions],
        "hint": [each.id for each in lesson.hints],
        "claim": lesson.claims,
    }
    for block in parsed.blocks:
        if block.kind in known and block.name and block.name not in known[block.kind]:
            message = f"`::: {block.kind} {block.name}`: lesson.yaml has none of that name"
            yield Problem(
                file, block.line, 6 + len(block.kind), message, meant(block.name, known[block.kind]) or "lesson.yaml has none at all"
            )
    for fence in parsed.fences():
        if fence.kind == "manifest" and fence.argument not in lesson.home:
            message = f"there is no manifests/{fence.argument} in the learner's home"
            yield Problem(file, fence.line, 1, message, meant(fence.argument, lesson.home) or "put it into manifests/")


def _lives(file: str, source: str) -> Iterator[Problem]:
    for number, line in enumerate(source.split("\n"), 1):
        for match in LIVE.finditer(line):
            problem = wrong(match[1])
            if problem is not None:
                yield Problem(file, number, match.start(1) + problem.column, f"in the live value {match[1]!r}: {problem.why}", FIX)


def _hostile(lesson: Lesson, file: str, parsed: Parsed) -> Iterator[Problem]:
    """What is no Markdown of ours: it would be taken out, so its author is told."""
    for block in parsed.blocks:
        for token in markdown().parse(block.body):
            for child in token.children or []:
                for message, fix in _refused(child, lesson):
                    yield Problem(file, block.line + (token.map or [0])[0], 1, message, fix)


def _refused(token: Token, lesson: Lesson) -> Iterator[tuple[str, str]]:
    if token.type == "image":
        yield "pictures are not supported in texts", "write `::: object pod/web` for the picture of an object"
    elif token.type == "text" and (match := HTML.search(token.content)):
        yield f"{match[0][:40]!r}: HTML is not supported in texts", "write Markdown; what is meant as code stands in `…`"
    elif token.type == "link_open":
        yield from _dead(str(token.attrs.get("href", "")), lesson)
    elif token.type == "text" and SCHEME.search(token.content):
        yield "a link with such an address is not supported", LINKS


def _dead(link: str, lesson: Lesson) -> Iterator[tuple[str, str]]:
    """A link that leads neither to another site nor to a task of the lesson."""
    task = link.removeprefix("#task-")
    if link.startswith("https://") or (link != task and task in lesson.titles):
        return
    yield f"the link to {link[:80]!r} leads nowhere", (meant(task, lesson.titles) if link != task else "") or LINKS


def _differ(file: str, mine: Parsed, other: str, theirs: Parsed) -> Iterator[Problem]:
    """The first directive that is not the same."""
    ours, wanted = mine.placed(), [(kind, name) for _, kind, name in theirs.placed()]
    for index, (line, kind, name) in enumerate(ours):
        if index >= len(wanted) or (kind, name) != wanted[index]:
            there = _said(*wanted[index]) if index < len(wanted) else "nothing more"
            yield Problem(
                file,
                line,
                1,
                f"directive {index + 1} is {_said(kind, name)}, in {other} {there}",
                "each language has the same, in the same order",
            )
            return
    if len(wanted) > len(ours):
        line = ours[-1][0] if ours else 1
        yield Problem(file, line, 1, f"after this {other} has {_said(*wanted[len(ours)])}", "each language has the same, in the same order")


def _said(kind: str, name: str) -> str:
    return repr(f"{kind} {name}".strip()[:80])
