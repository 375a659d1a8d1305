"""A learner: anonymous by a signed cookie, or signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class Learner(models.Model):
    """Whoever owns sessions. `address` is where an anonymous one came from (for the cap), empty for signed-in ones."""

    user: models.OneToOneField[Any, Any] = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="learner"
    )
    address = models.CharField(max_length=64, blank=True, default="", db_index=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"learner {self.pk}"

    @property
    def anonymous(self) -> bool:
        return self.user_id is None


class Progress(models.Model):
    """A task of a lesson (`pack/slug`) that a learner has met, in which session of hers, at which virtual instant; task "": the whole lesson.

    The row outlives its session.
    """

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="progress")
    lesson = models.CharField(max_length=128)
    session = models.UUIDField()
    task = models.CharField(max_length=64, blank=True)
    at_ms = models.BigIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "task"], name="progress_of_task")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.task or 'done'} by learner {self.learner_id}"
