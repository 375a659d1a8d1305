"""The app of the people."""

from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "podlab.learners"
