"""The Celery application: `celery -A podlab.celery worker`. Tasks live in `podlab.jobs.tasks`."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from podlab.lifeline import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podlab.settings")

app = Celery("podlab")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["podlab.jobs"])


@worker_process_init.connect
def _end_with_the_worker(**_: Any) -> None:
    """A pool process whose worker is killed would otherwise stay behind, busy or waiting."""
    die_with_parent()
