"""What is kept of a session. The journal is the truth; all else can be computed from it, or says what was seen."""

from __future__ import annotations

import uuid

from django.db import models

from podlab.learners.models import Learner


class Session(models.Model):
    """One learner's cluster. `zero_ms`: wall time of virtual zero (ms since 1970); `engine`: the revision that runs it."""

    class State(models.TextChoices):
        OPEN = "open"
        PAUSED = "paused"
        """By a budget; `reason` says which."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="sessions")
    preset = models.CharField(max_length=64)
    nodes = models.TextField(blank=True, default="")
    """Where the learner chose them herself (`preset` is `own`): her lines, as `podlab.sim.presets.own` reads them."""
    lesson = models.CharField(max_length=128, blank=True, default="")
    pack = models.CharField(max_length=64, blank=True, default="")
    seed = models.BigIntegerField()
    engine = models.CharField(max_length=64)
    zero_ms = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=400, blank=True, default="")
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def shard(self) -> int:
        """The logical shard, 0 to 63: the queue that its work goes through."""
        return self.id.int % 64


class Branch(models.Model):
    """A line of a session's story; a fork starts from a prefix of its parent's journal."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="branches")
    number = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    parent_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="branch_number")]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.number}"


class JournalRow(models.Model):
    """An acknowledged command. `(branch, seq)` is the compare-and-set, `(branch, client)` makes a command sent twice one."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="journal")
    seq = models.PositiveIntegerField()
    client = models.CharField(max_length=64)
    t_ms = models.BigIntegerField()
    command = models.TextField()
    reading = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "seq"], name="journal_seq"),
            models.UniqueConstraint(fields=["branch", "client"], name="journal_client"),
        ]

    def __str__(self) -> str:
        return f"{self.branch_id}:{self.seq} at {self.t_ms}"


class HistoryChunk(models.Model):
    """Released changes as they crossed the wire: zlib of their JSON list, after `from_t` up to `until`; numbers after `from_n` up to `last_n`."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="history")
    from_t = models.BigIntegerField()
    until = models.BigIntegerField()
    from_n = models.BigIntegerField()
    last_n = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "from_n"], name="history_from")]

    def __str__(self) -> str:
        return f"{self.branch_id}: {self.from_t} to {self.until}"


class AnchorChange(models.Model):
    """The clock was set: `virtual = virtual_ms + (wall - wall_ms) * speed`, or stands at `virtual_ms`."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="anchors")
    wall_ms = models.BigIntegerField()
    virtual_ms = models.BigIntegerField()
    speed = models.FloatField(default=1)
    paused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.virtual_ms} at {self.wall_ms}"


class Checkpoint(models.Model):
    """The cluster at `t_ms` with every command up to `seq`: zlib of its dump by `engine`. `base`: where a new revision began."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="checkpoints")
    t_ms = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    last_n = models.BigIntegerField(default=0)
    engine = models.CharField(max_length=64)
    base = models.BooleanField(default=False)
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "t_ms", "seq", "engine"], name="checkpoint_place")]

    def __str__(self) -> str:
        return f"{self.branch_id}: {self.t_ms}"


class BootCheckpoint(models.Model):
    """A preset's first ten minutes, run once an engine revision."""

    preset = models.CharField(max_length=64)
    engine = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["preset", "engine"], name="boot_of_preset")]

    def __str__(self) -> str:
        return f"{self.preset}, engine {self.engine}"
