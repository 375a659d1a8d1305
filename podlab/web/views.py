"""The pages: home, the lab, and what stands in for a page that is not there."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from msgspec import to_builtins

from podlab.learners import service as learners
from podlab.session import service as sessions
from podlab.sim.faults import CATALOGUE
from podlab.web.page import language_of, learner_of, page
from podlab.web.presets import DEFAULT, OFFERED, offers


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Podlab is, the clusters that it opens, and the way back to the learner's newest one."""
    learner = learner_of(request)
    mine = sessions.sessions_of(learner) if learner else []
    return page(request, "home.html", {"presets": offers(language_of(request)), "newest": mine[0] if mine else None, "default": DEFAULT})


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
    boot = {
        "session": str(found.pk),
        "preset": found.preset,
        "lesson": found.lesson,
        "socket": f"/ws/sessions/{found.pk}/",
        "faults": to_builtins(CATALOGUE),
    }
    return page(request, "lab.html", {"session": found, "boot": boot | {"language": language_of(request)}})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is at this address: says what may have happened, and the ways on."""
    return page(request, "404.html", {"wanted": request.path}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Touches neither database nor cookie: either may be what failed."""
    return page(request, "500.html", {"user": AnonymousUser()}, status=500)
