"""A cluster with goals that look on, for tests: what is told of each task, hint and prediction."""

from typing import Any

import msgspec
import yaml
from msgspec import Struct, field

from podlab.checks.goals import Goals
from podlab.checks.spec import Guard, Hint, Prediction, Task
from podlab.sim.changes import Verdict
from podlab.sim.cluster import Cluster

BOOT = Cluster.boot("trio")


class Lesson(Struct):
    tasks: list[Task]
    guards: list[Guard] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    predictions: list[Prediction] = field(default_factory=list)
    live: list[str] = field(default_factory=list)


class Play:
    """A cluster with goals, and what they told."""

    def __init__(self, text: str) -> None:
        data = yaml.safe_load(text)
        for each in data["tasks"] + data.get("guards", []):
            each.setdefault("title", {"en": each["id"]})
        for each in data.get("hints", []):
            each["text"] = {"en": each["text"]}
        for each in data.get("predictions", []):
            each["ask"] = {"en": "?"}
        self.cluster = Cluster.start(BOOT, 1, 1_767_571_200_000)
        self.goals = Goals(msgspec.convert(data, Lesson))
        self.goals.attach(self.cluster)
        self.told: dict[str, Any] = {}
        self.wait(0)

    def wait(self, ms: int) -> None:
        self.cluster.advance(self.cluster.now + ms)
        for each in self.cluster.take_changes():
            if isinstance(each, Verdict):
                self.told[f"{each.about} {each.name}"] = each.data

    def run(self, *lines: str, wait: int = 3000) -> None:
        for line in lines:
            self.cluster.finish(self.cluster.script(line))
        self.wait(wait)

    def state(self, task: str) -> str:
        return str(self.told[f"task {task}"]["state"])


TASK = """
tasks:
  - {id: a, check: {happened: Pod web, that: ready(new)}}
"""
