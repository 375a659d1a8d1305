"""Signing up, in and out. Whatever an anonymous learner did comes along; an address that keeps guessing has to wait."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from podlab.learners import service as learners
from podlab.web.page import learner_of, page

GUESSES = 10
WAIT_S = 300


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """A name and a password, and the learner is kept for good."""
    form: BaseUserCreationForm[User] = BaseUserCreationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _enter(request, form.save())
    return _form(request, "sign_up", form)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Back to one's own clusters, from anywhere. After ten wrong guesses an address waits five minutes (429)."""
    key = f"guesses/{learners.address_of(request.META)}"
    if request.method == "POST" and cache.get(key, 0) >= GUESSES:
        return _form(request, "sign_in", AuthenticationForm(request), status=429)
    form = AuthenticationForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        cache.delete(key)
        return _enter(request, form.get_user())
    if request.method == "POST":
        cache.set(key, cache.get(key, 0) + 1, WAIT_S)
    return _form(request, "sign_in", form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who it is, in this browser only."""
    logout(request)
    return redirect("home")


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    before = learner_of(request)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    learners.signed_in(request, before)
    return redirect(_next(request) or "home")


def _next(request: HttpRequest) -> str:
    """Where she came from, if that is a page of ours."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else ""


def _form(request: HttpRequest, action: str, form: forms.BaseForm, status: int = 200) -> HttpResponse:
    words = {"action": action, "form": form, "next": _next(request), "wait": status == 429}
    return page(request, "account.html", words, status=status)
