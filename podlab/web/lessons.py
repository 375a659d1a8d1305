"""The pages about lessons: a pack, a lesson to read and to begin, what has been seen of the claims, the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe
from msgspec import Struct

from podlab.learners import service as learners
from podlab.packs import library, text
from podlab.packs.model import Lesson, Pack
from podlab.session import service as sessions
from podlab.web import catalogue
from podlab.web.page import language_of, learner_of, page
from podlab.web.progress import Standing, Standings, standings


@require_safe
def pack(request: HttpRequest, pack: str) -> HttpResponse:
    """A pack: its sections and lessons, and what the learner has done of them."""
    found = _pack(pack)
    shelf = catalogue.shelf(found, language_of(request), standings(learner_of(request)))
    return page(request, "pack.html", {"shelf": shelf, "pack": found, "has_glossary": bool(found.glossary)})


@require_safe
def lesson(request: HttpRequest, pack: str, slug: str) -> HttpResponse:
    """A lesson's text, readable without script; the way into its cluster, and the runs that the learner has of it."""
    found = _lesson(pack, slug)
    known = standings(learner_of(request))
    return page(request, "lesson.html", words_of(found, language_of(request), known) | {"standing": known.get(found.id, Standing())})


@require_POST
def start(request: HttpRequest, pack: str, slug: str) -> HttpResponse:
    """Go on with the newest run of the lesson; begin one where there is none, or where `again` is asked for (older ones are kept)."""
    found = _lesson(pack, slug)
    learner = learners.learner_of(request)
    runs = standings(learner).get(found.id, Standing()).runs
    if runs and "again" not in request.POST:
        return redirect("lab", session=runs[0].pk)
    try:
        session = sessions.create_session(learner, found.cluster.preset or "", lesson=found.id)
    except sessions.TooMany:
        return page(request, "full.html", {}, status=429)
    return redirect("lab", session=session.pk)


class Claim(Struct):
    """A claim of a study note: what it says, what the cluster does, and whether the learner has seen it."""

    id: str
    document: str
    cluster: str
    title: str
    pack: str
    slug: str
    seen: bool


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """What the learner has seen happen: every claim of the documents, by document, with the lesson in which it comes alive."""
    language, known = language_of(request), standings(learner_of(request))
    found = sorted(_claims(language, known), key=lambda each: _number(each.id))
    documents: dict[str, list[Claim]] = {}
    for each in found:
        documents.setdefault(each.id.partition(".")[0], []).append(each)
    titles = {shelf.document: shelf.title for shelf in catalogue.shelves(language, known)}
    rows = [(name, titles.get(name, ""), each) for name, each in documents.items()]
    return page(request, "claims.html", {"documents": rows, "seen": sum(each.seen for each in found), "all": len(found)})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of all packs, each once, in the reader's language."""
    language = language_of(request)
    terms = {catalogue.word(term.term, "en").lower(): term for pack in library.library() for term in pack.glossary}
    return page(request, "glossary.html", {"terms": catalogue.terms(list(terms.values()), language)})


def words_of(found: Lesson, language: str, known: Standings) -> dict[str, Any]:
    """What a page about a lesson shows of it: title, place in its pack, text as HTML in a language in which it is there."""
    spoken = catalogue.spoken(found, language)
    offered = library.lesson(found.id) is not None
    owner = _pack(found.pack, "" if offered else found.version)
    shelf = catalogue.shelf(owner, language, known)
    before, after = catalogue.neighbours(shelf.rows, found.slug) if found.slug in owner.lessons else (None, None)
    part = next((each.title for each in shelf.parts if any(row.slug == found.slug for row in each.rows)), "")
    return {
        "lesson": found,
        "offered": offered,
        "terms": catalogue.terms(found.glossary, language),
        "title": catalogue.word(found.title, language),
        "shelf": shelf,
        "part": part,
        "number": next((row.number for row in shelf.rows if row.slug == found.slug), 0),
        "before": before,
        "after": after,
        "spoken": spoken,
        "done": catalogue.word(found.done, language),
        "html": mark_safe(text.render(found, spoken)),
    }


def goals_of(found: Lesson, language: str) -> dict[str, Any]:
    """What the lab page's script is told of the lesson's goals: their titles in order, and the instants that it asks for."""
    return {
        "id": found.id,
        "tasks": [{"id": each.id, "title": catalogue.word(each.title, language), "optional": each.optional} for each in found.tasks],
        "guards": [{"id": each.id, "title": catalogue.word(each.title, language)} for each in found.guards],
        "instants": [{"id": each.id, "lane": each.lane or ""} for each in found.predictions if each.form == "instant"],
    }


def _pack(name: str, version: str = "") -> Pack:
    found = library.pack(name, version)
    if found is None:
        raise Http404(name)
    return found


def _lesson(pack: str, slug: str) -> Lesson:
    found = library.lesson(f"{pack}/{slug}")
    if found is None:
        raise Http404(f"{pack}/{slug}")
    return found


def _claims(language: str, known: Standings) -> Iterator[Claim]:
    for pack in library.library():
        for each in pack.lessons.values():
            spoken = catalogue.spoken(each, language)
            met = known.get(each.id, Standing()).met
            for block in text.parse("", each.texts[spoken]).blocks:
                if block.kind == "claim":
                    said = text.claim_rows(block)
                    proof = set(said.get("proof", "").split())
                    title = catalogue.word(each.title, language)
                    document, cluster = (mark_safe(text.inline(said.get(key, ""))) for key in ("document", "cluster"))
                    yield Claim(block.name, document, cluster, title, each.pack, each.slug, "" in met or (bool(proof) and proof <= met))


def _number(claim: str) -> tuple[str, int]:
    document, _, number = claim.partition(".")
    return document, int(number) if number.isdigit() else 0
