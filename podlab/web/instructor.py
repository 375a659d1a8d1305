"""Instructors' pages: the packs that there are, and the way of a new one: uploaded, checked, proved, published. Open to Django's staff."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from podlab.packs import drafts, library
from podlab.packs.model import Pack
from podlab.packs.problems import PackError, Problem
from podlab.web.catalogue import word
from podlab.web.page import language_of, page

REFRESH_S = 2
View = Callable[..., HttpResponse]


def instructors_only(view: View) -> View:
    """Who has not signed in is sent there; who is no instructor is told how one becomes one (403)."""

    @wraps(view)
    def guarded(request: HttpRequest, **address: str) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('sign_in')}?{urlencode({'next': reverse('instructor')})}")
        if not request.user.is_staff:
            return page(request, "instructor_no.html", {}, status=403)
        return view(request, **address)

    return guarded


@require_safe
@instructors_only
def packs(request: HttpRequest) -> HttpResponse:
    """All packs in all versions, the broken ones with what is wrong, drafts, and the form for a new one."""
    return _packs(request, [], 200)


@require_POST
@instructors_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a zip: it becomes a draft that is being proved, or all that is wrong with it is told (422)."""
    given = request.FILES.get("pack")
    if given is None or given.file is None:
        return _packs(request, [Problem("pack.zip", 0, 0, "no file was chosen")], 422)
    try:
        draft = drafts.receive(given.file, request.user.get_username(), time.time())
    except PackError as error:
        return _packs(request, error.problems, 422)
    return redirect("draft", name=draft.id)


def _packs(request: HttpRequest, problems: list[Problem], status: int) -> HttpResponse:
    language = language_of(request)
    context = {
        "problems": problems,
        "packs": [(each, word(each.title, language)) for each in reversed(library.versions())],
        "broken": library.broken(),
        "drafts": [(each, word(each.title, language)) for each in drafts.drafts()],
    }
    return page(request, "instructor.html", context, status=status)


@require_safe
@instructors_only
def draft(request: HttpRequest, name: str) -> HttpResponse:
    """A draft's proof as it goes on (the page asks again by itself), and the button that publishes it."""
    return _draft(request, _find(name), [], 200)


def _draft(request: HttpRequest, found: drafts.Draft, problems: list[Problem], status: int) -> HttpResponse:
    state, proof = found.state, found.proof
    context = {
        "draft": found,
        "title": word(found.title, language_of(request)),
        "state": state,
        "proof": proof,
        "problems": problems,
        "older": [each.version for each in library.versions() if each.id == found.pack],
        "refresh": REFRESH_S if state == "proving" else 0,
    }
    return page(request, "draft.html", context, status=status)


@require_POST
@instructors_only
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Install a proved draft: the catalogue shows it at once, and who is in the middle of an older version keeps that one."""
    found = _find(name)
    try:
        pack = drafts.publish(found)
    except PackError as error:
        return _draft(request, found, error.problems, 409)
    return redirect("pack", pack=pack.id)


@require_POST
@instructors_only
def again(request: HttpRequest, name: str) -> HttpResponse:
    """Begin a proof that was ended anew."""
    drafts.prove(_find(name))
    return redirect("draft", name=name)


@require_POST
@instructors_only
def discard(request: HttpRequest, name: str) -> HttpResponse:
    """Away with a draft."""
    drafts.discard(_find(name))
    return redirect("instructor")


@require_POST
@instructors_only
def withdraw(request: HttpRequest, pack: str, version: str) -> HttpResponse:
    """Take a published version back: learners in the middle of it keep it, nobody begins it any more."""
    library.withdraw(_installed(pack, version))
    return redirect("instructor")


@require_POST
@instructors_only
def offer(request: HttpRequest, pack: str, version: str) -> HttpResponse:
    """Publish a withdrawn version again."""
    library.offer(_installed(pack, version))
    return redirect("instructor")


def _installed(name: str, version: str) -> Pack:
    found = library.pack(name, version)
    if found is None or found.origin != "installed":
        raise Http404(f"{name} {version}")
    return found


def _find(name: str) -> drafts.Draft:
    found = drafts.find(name)
    if found is None:
        raise Http404(name)
    return found
