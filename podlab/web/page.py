"""What every page is told: its words (`t`), its language and the theme that the browser remembers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from podlab.learners import service as learners
from podlab.learners.models import Learner
from podlab.packs import library
from podlab.web.texts import FALLBACK, texts

THEME_COOKIE = "podlab_theme"
THEMES = ("light", "dark")


def learner_of(request: HttpRequest) -> Learner | None:
    """Who it is, if she was here before: looking at a page makes nobody a learner."""
    return learners.find(request.session, request.user)


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The template, in the reader's language."""
    language = language_of(request)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    common = {"t": texts(language), "lang": language, "theme": theme if theme in THEMES else "", "preview": preview_stamp()}
    return render(request, template, common | context, status=status)


def preview_stamp() -> str:
    """The stamp of the pack that an author is looking at; "" in any other lab."""
    folder = library.preview_folder()
    return library.stamp(folder) if folder else ""


def language_of(request: HttpRequest) -> str:
    """The language's code without its region."""
    code: str = getattr(request, "LANGUAGE_CODE", FALLBACK)
    return code.split("-")[0]
