"""The Celery application: `celery -A podlab.celery worker`. Tasks live in `podlab.jobs.tasks`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podlab.settings")

app = Celery("podlab")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["podlab.jobs"])
