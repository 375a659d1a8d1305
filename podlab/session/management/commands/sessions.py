"""`python manage.py sessions list|show|replay`: what an operator asks about sessions."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from podlab.session import store
from podlab.session.models import Branch, Checkpoint, HistoryChunk, JournalRow, Session
from podlab.session.replay import replay


class Command(BaseCommand):
    """Lists sessions, shows one, or runs one again from its beginning and compares the bytes."""

    help = "list: the sessions used last; show ID: one of them; replay ID: run it again offline and compare bytes."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("list").add_argument("--limit", type=int, default=20)
        for name in ("show", "replay"):
            commands.add_parser(name).add_argument("id")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["command"] == "list":
            self._list(options["limit"])
            return
        session = Session.objects.filter(pk=options["id"]).first()
        if session is None:
            raise CommandError(f"there is no session {options['id']}; `sessions list` shows those there are")
        if options["command"] == "show":
            self._show(session)
        else:
            self._replay(session)

    def _list(self, limit: int) -> None:
        self.stdout.write(f"{'ID':38}{'LEARNER':>8}  {'PRESET':10}{'STATE':8}{'COMMANDS':>8}  LAST USED")
        for each in Session.objects.order_by("-last_used")[:limit]:
            commands = JournalRow.objects.filter(branch__session=each).count()
            used = each.last_used.strftime("%Y-%m-%d %H:%M:%S")
            self.stdout.write(f"{each.id!s:38}{each.learner_id:>8}  {each.preset:10}{each.state:8}{commands:>8}  {used}")

    def _show(self, session: Session) -> None:
        for name in ("id", "learner_id", "preset", "lesson", "seed", "engine", "zero_ms", "state", "reason", "created", "last_used"):
            self.stdout.write(f"{name:12} {getattr(session, name)}")
        for branch in Branch.objects.filter(session=session).order_by("number"):
            counts = [model.objects.filter(branch=branch).count() for model in (JournalRow, HistoryChunk, Checkpoint)]
            self.stdout.write(f"branch {branch.number}     {counts[0]} commands, {counts[1]} chunks of history, {counts[2]} checkpoints")
            for row in JournalRow.objects.filter(branch=branch).order_by("seq"):
                self.stdout.write(f"  {row.seq:>5}  {row.t_ms / 1000:>10.3f} s  {row.command}")
        live = store.look(str(session.pk))
        if live is None:
            self.stdout.write("live         not in Redis")
        else:
            self.stdout.write(
                f"live         now {live.now} ms, told until {live.until} ms, {len(live.queue)} waiting, parked {live.parked}"
            )

    def _replay(self, session: Session) -> None:
        result = replay(session)
        for line in result.lines:
            self.stdout.write(line)
        if result.differences:
            raise CommandError(f"{result.differences} of {result.compared} differ")
        self.stdout.write(f"{result.commands} commands again, {result.compared} checkpoints and chunks of history: the same bytes")
