"""The pages. Every one is told its words (`t`), its language and the theme that the browser remembers."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from podlab.learners import service as learners
from podlab.learners.models import Learner
from podlab.session import service as sessions
from podlab.web.presets import DEFAULT, OFFERED, offers
from podlab.web.texts import FALLBACK, texts

THEME_COOKIE = "podlab_theme"
THEMES = ("light", "dark")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Podlab is, the clusters that it opens, and the way back to the learner's newest one."""
    learner = _learner(request)
    mine = sessions.sessions_of(learner) if learner else []
    return _page(request, "home.html", {"presets": offers(_language(request)), "newest": mine[0] if mine else None, "default": DEFAULT})


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Open a cluster with the preset that was chosen, and go to it. A full house says so (429)."""
    preset = request.POST.get("preset", DEFAULT)
    if preset not in OFFERED:
        raise Http404(preset)
    try:
        session = sessions.create_session(learners.learner_of(request), preset)
    except sessions.TooMany:
        return _page(request, "full.html", {}, status=429)
    return redirect("lab", session=session.pk)


@require_safe
def lab(request: HttpRequest, session: UUID) -> HttpResponse:
    """The lab page of one of the learner's own sessions; anybody else's is not there."""
    found = sessions.own(str(session), _learner(request))
    if found is None:
        raise Http404(str(session))
    boot = {"session": str(found.pk), "preset": found.preset, "lesson": found.lesson, "socket": f"/ws/sessions/{found.pk}/"}
    return _page(request, "lab.html", {"session": found, "boot": boot | {"language": _language(request)}})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is at this address: says what may have happened, and the ways on."""
    return _page(request, "404.html", {"wanted": request.path}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Touches neither database nor cookie: either may be what failed."""
    return _page(request, "500.html", {}, status=500)


def _learner(request: HttpRequest) -> Learner | None:
    """Who it is, if she was here before: looking at a page makes nobody a learner."""
    return learners.find(request.session, request.user)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    language = _language(request)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    common = {"t": texts(language), "lang": language, "theme": theme if theme in THEMES else ""}
    return render(request, template, common | context, status=status)


def _language(request: HttpRequest) -> str:
    code: str = getattr(request, "LANGUAGE_CODE", FALLBACK)
    return code.split("-")[0]
