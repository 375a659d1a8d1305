"""The app of the jobs: it has a command and tasks, no models."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "podlab.jobs"

    def ready(self) -> None:
        """Make Podlab's Celery application the current one in every process, so that tasks find the broker; workers tell that they live."""
        import_module("podlab.celery")
        import_module("podlab.jobs.workers")
