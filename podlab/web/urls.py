"""The pages' addresses."""

from django.urls import path
from django.views.i18n import set_language

from podlab.web import accounts, views

urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("lab/<uuid:session>/", views.lab, name="lab"),
    path("sign-up/", accounts.sign_up, name="sign_up"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("language/", set_language, name="language"),
]
