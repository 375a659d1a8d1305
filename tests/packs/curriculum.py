"""`../shared/curriculum.md` and `documents.md`, taken apart: what the lessons are to be, and the claims that they bring to life."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CLAIM = re.compile(r"D[1-5]\.\d{1,2}")
_HEADING = re.compile(
    r"^#### (?P<pack>[a-z0-9-]+)/(?P<number>\d\d)-(?P<name>[a-z0-9-]+) · (?P<ko>[^·]+) · (?P<en>.+?) · (?P<minutes>\d+) min(?P<also>.*)$"
)
_TASK = re.compile(r"(?:^|· |: )(?:guard |optional )?`([a-z]\d?)(?: < ([a-z0-9, ]+))?`")
_NAMED = re.compile(r"([a-z0-9-]+/\d\d) ([a-z][a-z0-9,–]*)")


class Lesson(NamedTuple):
    """A block of section 3: `tasks`: letter → letters that come before it."""

    pack: str
    number: str
    slug: str
    titles: dict[str, str]
    minutes: int
    claims: list[str]
    tasks: dict[str, list[str]]
    twice: list[str]
    text: str

    @property
    def short(self) -> str:
        """`pod/01`."""
        return f"{self.pack}/{self.number}"

    def named(self, letters: str) -> list[str]:
        """The tasks that `a,c–e` means: a range is each letter that the lesson has between its ends."""
        found: list[str] = []
        for part in letters.split(","):
            first, _, last = part.partition("–")
            found += [each for each in self.tasks if first <= each <= last] if last else [first]
        return found


class Curriculum:
    """The file in its sections."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text("utf-8")
        self.sections = {part[0]: part for part in re.split(r"^## ", self.text, flags=re.M)[1:]}
        blocks = re.split(r"^(?=#{3,4} )", self.sections["3"], flags=re.M)
        self.lessons = {lesson.short: lesson for block in blocks if block.startswith("#### ") for lesson in [_lesson(block)]}

    def counts(self) -> dict[str, int]:
        """Pack → how many lessons section 2 says that it has."""
        rows = re.findall(r"^\| \d \| `([a-z0-9-]+)` \|.*\| (\d+) \|$", self.sections["2"], flags=re.M)
        return {name: int(count) for name, count in rows}

    def coverage(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """The table of section 4: claim, and (lesson, letters) of where it is seen."""
        for row in re.findall(r"^\| D.*\|$", self.sections["4"], flags=re.M):
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            for claim, seen in zip(cells[::2], cells[1::2], strict=True):
                if claim:
                    yield claim, _NAMED.findall(seen)

    def proved(self) -> dict[str, tuple[str, str]]:
        """The second list of section 4: claims with a wrong part → (lesson, letters) of where the learner proves it."""
        text = self.sections["4"].partition("**Claims marked")[2]
        return {
            claim: (lesson, letters)
            for claim, lesson, letters in re.findall(rf"({CLAIM.pattern}) ([a-z0-9-]+/\d\d) ([a-z][a-z0-9,–]*)", text)
        }

    def traces(self) -> set[str]:
        """Those that are named in brackets."""
        inside = [part.strip() for found in re.findall(r"\[([^\]\n]+)\]", self.text) for part in found.split(",")]
        return {part for part in inside if re.fullmatch(r"[a-z]+/[a-z0-9-]+", part)}


def _lesson(block: str) -> Lesson:
    head = _HEADING.match(block.split("\n")[0])
    assert head is not None, block.split("\n")[0]
    claims = CLAIM.findall(head["also"]) or CLAIM.findall((re.search(r"^Claims: ([^·\n]*)", block, flags=re.M) or ["", ""])[1])
    said = re.split(r"\*\*Wrong\*\*", block.partition("**Tasks**")[2])[0].replace("\n", " ")
    found = _TASK.findall(said)
    letters = [letter for letter, _ in found]
    return Lesson(
        head["pack"],
        head["number"],
        f"{head['number']}-{head['name']}",
        {"ko": head["ko"], "en": head["en"]},
        int(head["minutes"]),
        claims,
        {letter: re.findall(r"[a-z]\d?", before) for letter, before in found},
        sorted({each for each in letters if letters.count(each) > 1}),
        block,
    )


def claims(path: Path) -> dict[str, str]:
    """`documents.md`: claim → what it says, with its mark."""
    text = path.read_text("utf-8").partition("\n---\n")[2]
    places = list(re.finditer(rf"(?:^- |(?<=[.);:] ))({CLAIM.pattern})(?= |:)", text, flags=re.M))
    ends = [match.start() for match in places[1:]] + [len(text)]
    return {match[1]: text[match.start() : end] for match, end in zip(places, ends, strict=True)}
