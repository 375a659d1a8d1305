"""What a pack is, as typed data: its files as the author writes them (docs/packs.md), and the pack that the reader makes of them.

`PackFile`, `LessonFile`, `ClusterSpec`, `Term` and `ImageFile` are the YAML files, word for word; `Pack` and `Lesson` add what lies around them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from podlab.checks.spec import Guard, Hint, Prediction, Task, Words, Wrong, duration

__all__ = ["ClusterSpec", "Guard", "Hint", "Lesson", "LessonFile", "Pack", "PackFile", "Prediction", "Section", "Task", "Words", "Wrong"]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")
LIVE = re.compile(r"\{live\}`([^`\n]+)`")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


class Section(Struct, forbid_unknown_fields=True):
    """A part of the pack: the folders of its lessons, in the order in which they are meant."""

    title: Words
    """Its heading."""
    lessons: list[str]
    """Folders, in order."""


class PackFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """`pack.yaml`: what the pack is called, and its lessons in order."""

    id: str
    """Small letters, digits and hyphens; it never changes, learners' progress hangs on it."""
    version: str
    """Three numbers; raise it with every change that is published."""
    title: Words
    """What the pack is called."""
    summary: Words
    """What it is about, in one sentence."""
    languages: list[str]
    """Codes such as en, ko; every text of the pack is there in each of them."""
    licence: str
    """Under which it may be passed on, such as CC-BY-4.0."""
    sections: list[Section]
    """Its parts, in order."""
    document: str | None = None
    """The study note that the pack mirrors, such as D4."""

    def __post_init__(self) -> None:
        if SLUG.fullmatch(self.id) is None or len(self.id) > 60:
            raise ValueError(f"`id`: {self.id!r}; at most 60 of small letters and digits, words joined by hyphens, such as `pod-hands-on`")
        if VERSION.fullmatch(self.version) is None:
            raise ValueError(f"`version`: {self.version!r}; three numbers, such as 1.0.0")
        if not self.languages:
            raise ValueError("`languages` is empty; name at least one, such as [en, ko]")
        for each in self.languages:
            if LANGUAGE.fullmatch(each) is None:
                raise ValueError(f"`languages`: {each!r} is no language; write codes such as en or ko")


class NodeSpec(Struct, forbid_unknown_fields=True):
    """A worker of a cluster of one's own: labels, taints (`key=value:Effect`), size."""

    name: str
    """Its name, such as node-1."""
    labels: dict[str, str] = field(default_factory=dict)
    """Its labels."""
    taints: list[str] = field(default_factory=list)
    """Each as `key=value:Effect`."""
    cpu: str = "2"
    """How much CPU it has."""
    memory: str = "2Gi"
    """How much memory it has."""


class FaultSpec(Struct, forbid_unknown_fields=True):
    """A fault of the fault menu: its name, the node or the Pod that it befalls, its numbers."""

    name: str
    """One of the fault menu's, such as isolate."""
    node: str = ""
    """The node that it befalls."""
    args: dict[str, str] = field(default_factory=dict)
    """Its numbers and targets."""


class Past(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Something that happened before the learner came: `at` (negative), and one of `apply` (a manifest), `run` (a line), `fault`."""

    at: str
    """When, from -9m59s to 0s."""
    apply: str | None = None
    """A file of `manifests/`."""
    run: str | None = None
    """A line of the learner's shell."""
    fault: FaultSpec | None = None
    """A fault."""

    def __post_init__(self) -> None:
        if not -600_000 < duration(self.at) <= 0:
            raise ValueError(f"`at`: {self.at}; from -9m59s to 0s: the cluster is ten minutes old when the learner comes")
        if sum(each is not None for each in (self.apply, self.run, self.fault)) != 1:
            raise ValueError("what happened is exactly one of `apply`, `run`, `fault`")


class Traffic(Struct, forbid_unknown_fields=True):
    """Requests that go on all the time: from a Pod (`from`) or the workstation, to an address, one `every` so long."""

    to: str
    """The address, such as http://web/."""
    from_: str = field(default="workstation", name="from")
    """A Pod's name, or workstation."""
    every: str = "1s"
    """How often."""

    def __post_init__(self) -> None:
        if duration(self.every) < 50:
            raise ValueError(f"`every`: {self.every}; at least 50ms")


class ClusterSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """`cluster.yaml`: what the learner finds. Either a `preset` (default: trio) or `nodes` of one's own."""

    preset: str | None = None
    """A cluster of the lab: solo, trio, quad, zones, docs, big."""
    nodes: list[NodeSpec] = field(default_factory=list)
    """Workers of one's own, instead of a preset."""
    pulls: dict[str, str] = field(default_factory=dict)
    """Image → how long its pull takes; it is on no node."""
    boots: dict[str, str] = field(default_factory=dict)
    """Image → how long its application takes to start."""
    timings: dict[str, str] = field(default_factory=dict)
    """Delays of the lab that differ here, by their key in timings.yaml."""
    objects: list[str] = field(default_factory=list)
    """Files of `manifests/`, applied at −9 min."""
    history: list[Past] = field(default_factory=list)
    """What happened before the learner came, oldest first."""
    traffic: list[Traffic] = field(default_factory=list)
    """Requests that go on all the time."""

    def __post_init__(self) -> None:
        if self.preset is not None and self.nodes:
            raise ValueError("`nodes` does not go with `preset`: a cluster is one or the other")
        for word, table in (("pulls", self.pulls), ("boots", self.boots), ("timings", self.timings)):
            for key, value in table.items():
                if duration(value) < 0:
                    raise ValueError(f"`{word}`: {key}: {value} is negative")
        if [duration(each.at) for each in self.history] != sorted(duration(each.at) for each in self.history):
            raise ValueError("`history` goes from the oldest to the newest")


class Term(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A word of `glossary.yaml`. Lessons in whose texts it stands show it; the page of all words shows it too."""

    term: Words
    """The word."""
    text: Words
    """What it means."""
    also: dict[str, list[str]] = field(default_factory=dict)
    """By language: other forms in which it stands in texts."""


class ImageFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """An image of `images.yaml`: the program of the lab (`like`) that it runs, with its own environment; never code."""

    image: str
    """The name under which manifests ask for it."""
    like: str
    """The image of the lab whose program it runs."""
    env: dict[str, str] = field(default_factory=dict)
    """Environment variables that it has of its own."""
    tags: list[str] = field(default_factory=lambda: ["latest"])
    """The tags that there are."""


class LessonFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """`lesson.yaml`: the goals of a lesson."""

    title: Words
    """What the lesson is called."""
    minutes: int
    """How long it takes, 1 to 60."""
    tasks: list[Task]
    """What is to be reached."""
    claims: list[str] = field(default_factory=list)
    """The claims of the study notes that it brings to life, such as D4.18."""
    guards: list[Guard] = field(default_factory=list)
    """What must not break; they count once all tasks are met."""
    hints: list[Hint] = field(default_factory=list)
    """What helps, by what is there."""
    predictions: list[Prediction] = field(default_factory=list)
    """What is asked before it is seen."""
    wrong: list[Wrong] = field(default_factory=list)
    """Wrong answers, each of which must fail."""
    steps: dict[str, str] = field(default_factory=dict)
    """Numbers of solution lines that may be left out, each with the reason why the lesson is met all the same."""
    done: Words = field(default_factory=dict)
    """The sentence of cause at the end; `{{expression}}` is put in."""
    notes: str = ""
    """For the next author; no learner sees it."""

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= 60:
            raise ValueError("`minutes` is a number from 1 to 60")
        if not self.tasks:
            raise ValueError("`tasks` is empty; a lesson has at least one")


class Lesson(LessonFile, kw_only=True):
    """A lesson as it was read: its file, its folder's other files, and where it stands."""

    pack: str
    version: str
    slug: str
    cluster: ClusterSpec
    texts: dict[str, str] = field(default_factory=dict)
    """Language → Markdown."""
    manifests: dict[str, str] = field(default_factory=dict)
    """Name → text, of `manifests/`."""
    solution: str = ""
    scripts: dict[str, str] = field(default_factory=dict)
    """`wrong/….sh` → text."""
    answers: dict[str, str] = field(default_factory=dict)
    """`answers/…` → text: files that the scripts apply, and no learner sees."""
    images: list[ImageFile] = field(default_factory=list)
    """Those of the pack."""
    glossary: list[Term] = field(default_factory=list)
    """The words of the pack that stand in its texts."""

    @property
    def id(self) -> str:
        """`pack/slug`, as sessions name it."""
        return f"{self.pack}/{self.slug}"

    @property
    def titles(self) -> dict[str, Words]:
        """The titles of tasks and guards."""
        return {each.id: each.title for each in self.tasks} | {each.id: each.title for each in self.guards}

    @property
    def live(self) -> list[str]:
        """The expressions of the text's live values, each once."""
        return list(dict.fromkeys(found for text in self.texts.values() for found in LIVE.findall(text)))

    @property
    def home(self) -> dict[str, str]:
        """The files in the learner's home at the start: the manifests that the cluster does not apply."""
        applied = {*self.cluster.objects, *(each.apply for each in self.cluster.history)}
        return {name: text for name, text in self.manifests.items() if name not in applied}


Origin = Literal["house", "installed", "preview"]


class Pack(PackFile, kw_only=True):
    """A pack as it was read."""

    folder: Path
    lessons: dict[str, Lesson] = field(default_factory=dict)
    """By folder, in the order of the sections."""
    glossary: list[Term] = field(default_factory=list)
    images: list[ImageFile] = field(default_factory=list)
    origin: Origin = "house"
    """`house`: came with the lab; `installed`: from `PODLAB_PACKS`; `preview`: its author is looking at it."""
    withdrawn: bool = False
    """Taken back: offered to nobody any more, but there for those who are in the middle of it."""
