"""The pages: home, the lab, and what stands in for a page that is not there."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from msgspec import to_builtins

from podlab.learners import service as learners
from podlab.packs import library
from podlab.session import service as sessions
from podlab.session.models import Session
from podlab.sim.faults import CATALOGUE
from podlab.web import catalogue, lessons
from podlab.web.page import language_of, learner_of, page
from podlab.web.presets import DEFAULT, OFFERED, offers
from podlab.web.progress import standings


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Podlab is, the lessons by pack with what was done of each, the sandbox, and the way back to where the learner was."""
    learner, language = learner_of(request), language_of(request)
    mine = sessions.sessions_of(learner) if learner else []
    shelves = catalogue.shelves(language, standings(learner))
    newest = mine[0] if mine else None
    context = {
        "presets": offers(language),
        "default": DEFAULT,
        "newest": newest,
        "newest_title": _title(newest, language) if newest else "",
        "shelves": shelves,
        "following": _following(newest, shelves) if newest else None,
        "first": next((shelf.next for shelf in shelves if shelf.next), None),
        "broken": library.broken() if request.user.is_staff else [],
    }
    return page(request, "home.html", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Open a cluster with the preset that was chosen, and go to it. A full house says so (429)."""
    preset = request.POST.get("preset", DEFAULT)
    if preset not in OFFERED:
        raise Http404(preset)
    try:
        session = sessions.create_session(learners.learner_of(request), preset)
    except sessions.TooMany:
        return page(request, "full.html", {}, status=429)
    return redirect("lab", session=session.pk)


@require_safe
def lab(request: HttpRequest, session: UUID) -> HttpResponse:
    """The lab page of one of the learner's own sessions; anybody else's is not there."""
    found = sessions.own(str(session), learner_of(request))
    if found is None:
        raise Http404(str(session))
    language = language_of(request)
    boot = {
        "session": str(found.pk),
        "preset": found.preset,
        "lesson": found.lesson,
        "socket": f"/ws/sessions/{found.pk}/",
        "faults": to_builtins(CATALOGUE),
    }
    taught = library.lesson(found.lesson, found.pack) or library.lesson(found.lesson) if found.lesson else None
    words = lessons.words_of(taught, language, standings(learner_of(request))) if taught else {}
    goals = lessons.goals_of(taught, language) if taught else None
    return page(request, "lab.html", words | {"session": found, "boot": boot | {"language": language, "goals": goals}})


def _following(newest: Session, shelves: list[catalogue.Shelf]) -> catalogue.Row | None:
    """What comes after the lesson of the newest session, where that one is done: the next of its pack that is not, then of all packs."""
    own = newest.lesson.partition("/")[0]
    rows = [row for shelf in shelves for row in shelf.rows]
    if not any(row.id == newest.lesson and row.state == "done" for row in rows):
        return None
    left = [row for row in rows if row.state != "done"]
    return next((row for row in left if row.pack == own), left[0] if left else None)


def _title(session: Session, language: str) -> str:
    """What a session is about: its lesson, or its preset; "" where that lesson is no more."""
    if not session.lesson:
        return session.preset
    taught = library.lesson(session.lesson, session.pack) or library.lesson(session.lesson)
    return catalogue.word(taught.title, language) if taught else ""


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is at this address: says what may have happened, and the ways on."""
    return page(request, "404.html", {"wanted": request.path}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Touches neither database nor cookie: either may be what failed."""
    return page(request, "500.html", {"user": AnonymousUser()}, status=500)
