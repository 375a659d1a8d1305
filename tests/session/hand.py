"""A session moved by hand: commands accepted, time passed, served, all in the test's own process."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from podlab.jobs import tasks
from podlab.learners.models import Learner
from podlab.session import picture, service, store
from podlab.session import redis as r
from podlab.session.models import Session


class Hand:
    """One session of a new learner."""

    def __init__(self) -> None:
        self.model: Session = service.create_session(Learner.objects.create(), "solo")
        self.id = str(self.model.pk)
        service.touch(self.id)
        tasks.run(self.id)

    def line(self, text: str, name: str | None = None) -> str:
        """Accept a line; its id."""
        return self.command({"kind": "line", "terminal": "t", "text": text}, name)

    def command(self, command: dict[str, Any], name: str | None = None) -> str:
        name = name or str(uuid4())
        accepted = service.accept(self.id, name, json.dumps(command).encode())
        assert accepted.status in ("ok", "known")
        return name

    def serve(self) -> None:
        """What a worker does."""
        r.client().delete(r.lock(r.shard_of(self.id)))
        tasks.run(self.id)

    def run(self, text: str) -> dict[str, Any]:
        """Accept a line and serve; its answer."""
        name = self.line(text)
        self.serve()
        return self.answer(name)

    def answer(self, name: str) -> dict[str, Any]:
        """The newest answer to a command."""
        return [each for each in self.frames() if each.get("id") == name][-1]

    def frames(self, kind: str = "") -> list[dict[str, Any]]:
        """The stream's frames."""
        found = [json.loads(fields[b"f"]) for _, fields in r.client().xrange(r.key(self.id, "stream"))]
        return [each for each in found if kind in ("", each["kind"])]

    def pass_time(self, ms: int) -> None:
        r.client().hincrby(r.key(self.id, "meta"), "virtual", ms)

    def leave(self) -> None:
        """As if the last page had left two minutes ago: the clock ran for one more minute and stands."""
        for name in ("wall", "seen"):
            r.client().hincrby(r.key(self.id, "meta"), name, -120_000)

    @property
    def live(self) -> store.Live:
        found = store.look(self.id)
        assert found is not None
        return found

    def objects(self) -> dict[str, str]:
        """Values of the objects in a new page's picture."""
        made = picture.picture(self.id)
        assert made is not None
        snapshot = json.loads(made.frames[0])
        return {each["metadata"]["name"]: each["spec"]["value"] for each in snapshot["objects"]}

    def refresh(self) -> Session:
        self.model.refresh_from_db()
        return self.model
