"""`pack preview`: the author's own lab. Its pages come again after each save; while the pack is broken they show what is wrong, at its line."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from podlab.packs import library
from podlab.packs.excerpt import excerpt
from podlab.web.page import page, preview_stamp

OTHERS = ("/preview/", "/static/", "/language/", "/readyz", "/healthz", "/metrics")
"""Addresses that answer whatever state the pack is in."""


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """What the page's script asks again and again: another `stamp` after each save."""
    stamp = preview_stamp()
    if not stamp:
        raise Http404
    return JsonResponse({"stamp": stamp})


class Preview:
    """Middleware of an author's lab: home is the pack's page, and a broken pack's problems stand for every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if library.preview_folder() is None:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = library.preview()
        if found is None or request.path.startswith(OTHERS):
            return self.get_response(request)
        if isinstance(found, library.Broken):
            problems = [(each, excerpt(found.folder, each)) for each in found.problems]
            return page(request, "preview.html", {"problems": problems, "name": found.folder.name})
        if request.path == "/":
            return redirect(reverse("pack", kwargs={"pack": found.id}))
        return self.get_response(request)
