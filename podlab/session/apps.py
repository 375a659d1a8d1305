"""The app of the sessions."""

from django.apps import AppConfig


class SessionConfig(AppConfig):
    name = "podlab.session"
