"""The packs and lessons as the pages show them: in the reader's language, with what the learner has done of each."""

from __future__ import annotations

from django.utils.safestring import mark_safe
from msgspec import Struct

from podlab.packs import library
from podlab.packs.model import Lesson, Pack, Term, Words
from podlab.packs.text import inline
from podlab.session.models import Session
from podlab.web.progress import Standing, Standings, State


class Row(Struct):
    """A lesson in a list; `run`: the session to go on with."""

    id: str
    pack: str
    slug: str
    number: int
    title: str
    minutes: int
    claims: list[str]
    state: State
    run: Session | None


class Part(Struct):
    """A section of a pack."""

    title: str
    rows: list[Row]


class Shelf(Struct):
    """A pack. `next`: the lesson to go on with (the first that is not done; the first of all where every one is)."""

    id: str
    title: str
    summary: str
    document: str
    parts: list[Part]
    rows: list[Row]
    next: Row | None

    @property
    def done(self) -> int:
        """How many of its lessons are done."""
        return sum(each.state == "done" for each in self.rows)

    @property
    def claims(self) -> int:
        """How many claims of the document come alive in it."""
        return len({claim for each in self.rows for claim in each.claims})

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(each.minutes for each in self.rows)

    @property
    def state(self) -> State:
        """What became of all its lessons together."""
        if self.rows and self.done == len(self.rows):
            return "done"
        return "begun" if any(each.state != "new" for each in self.rows) else "new"


def word(words: Words, language: str) -> str:
    """The text in a language; in English, or in whatever there is, where it was not written in that one."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


class Meaning(Struct):
    """A word of a glossary in the reader's language, in the other ones, and what it means (safe HTML)."""

    word: str
    others: str
    text: str


def terms(found: list[Term], language: str) -> list[Meaning]:
    """Words with what they mean, by the alphabet."""
    rows = []
    for each in found:
        own = word(each.term, language)
        others = ", ".join(other for other in each.term.values() if other != own and f"({other})" not in own)
        rows.append(Meaning(own, others, mark_safe(inline(word(each.text, language)))))
    return sorted(rows, key=lambda each: each.word.casefold())


def spoken(lesson: Lesson, language: str) -> str:
    """The language in which a lesson's text is there: the reader's, English, or the author's own."""
    return next((each for each in (language, "en") if each in lesson.texts), next(iter(lesson.texts), language))


def shelves(language: str, known: Standings) -> list[Shelf]:
    """All packs, each in its newest version."""
    return [shelf(pack, language, known) for pack in library.library()]


def shelf(pack: Pack, language: str, known: Standings) -> Shelf:
    """A pack with its lessons, numbered through."""
    numbers = {slug: number for number, slug in enumerate((slug for part in pack.sections for slug in part.lessons), 1)}
    parts = [
        Part(word(part.title, language), [_row(pack.lessons[slug], numbers[slug], language, known) for slug in part.lessons])
        for part in pack.sections
    ]
    rows = [row for part in parts for row in part.rows]
    following = next((each for each in rows if each.state != "done"), rows[0] if rows else None)
    return Shelf(pack.id, word(pack.title, language), word(pack.summary, language), pack.document or "", parts, rows, following)


def neighbours(rows: list[Row], slug: str) -> tuple[Row | None, Row | None]:
    """The lessons before and after one, in the pack's order."""
    place = next(index for index, each in enumerate(rows) if each.slug == slug)
    return rows[place - 1] if place else None, rows[place + 1] if place + 1 < len(rows) else None


def _row(lesson: Lesson, number: int, language: str, known: Standings) -> Row:
    standing = known.get(lesson.id, Standing())
    run = standing.runs[0] if standing.runs else None
    title = word(lesson.title, language)
    return Row(lesson.id, lesson.pack, lesson.slug, number, title, lesson.minutes, lesson.claims, standing.state, run)
