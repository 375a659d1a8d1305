"""The app of the wire: it has a command, no models."""

from django.apps import AppConfig


class WireConfig(AppConfig):
    name = "podlab.wire"
