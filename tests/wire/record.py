"""Records the sessions in `tests/fixtures/wire` that tests of the page play: `python -m tests.wire.record`.

`one_pod.json` is what a browser once was sent, frame by frame; these come from a cluster alone: a picture of the beginning, one
window with everything up to the end, and the picture there.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from podlab.home import ROOT
from podlab.sim.cluster import Cluster, Snapshot
from podlab.sim.commands import Command, Fault, OpenTerminal, SaveFile, TypeLine
from podlab.wire.changes import to_wire
from podlab.wire.frames import Anchor, SnapshotFrame, Terminal, Welcome, Window, encode
from tests.sim.story import ZERO_MS, booted

FIXTURES = ROOT / "tests/fixtures/wire"
READINESS = "lessons/pod-hands-on/08-readiness-hands-on/manifests"
EVICTION = "lessons/kubernetes-5/07-who-is-evicted-first/manifests"


class Story(Struct):
    """`manifests` are applied after a second as one file; then the commands, each at its instant; recorded up to `end`."""

    manifests: list[str]
    commands: list[tuple[int, Command]]
    end: int


STORIES = {
    "readiness": Story(
        [f"{READINESS}/svc-readiness.yaml", f"{READINESS}/pod1.yaml", f"{READINESS}/pod-readiness-exec1.yaml"],
        [
            (20_000, TypeLine("1", "ssh node-1")),
            (21_000, TypeLine("1", "while true; do curl -s 10.96.80.8:8080/hostname; sleep 5; done")),
            (52_000, TypeLine("2", "for node in node-1 node-2; do ssh $node touch /tmp/readiness/ready.txt; done")),
        ],
        95_000,
    ),
    "eviction": Story(
        [f"{EVICTION}/important.yaml", f"{EVICTION}/load.yaml"],
        [(500, Fault("memory-pressure", "node-1", {"memory": "238Mi"}))],
        110_000,
    ),
}


def main() -> None:
    """Write them all."""
    for name, story in STORIES.items():
        (FIXTURES / f"{name}.json").write_bytes(b"[" + b",\n".join(record(story)) + b"]\n")


def record(story: Story) -> list[bytes]:
    """The frames of a story."""
    cluster = Cluster.start(booted(), 1, ZERO_MS)
    first = _picture(cluster.snapshot())
    text = "---\n".join((ROOT / each).read_text("utf-8") for each in story.manifests)
    begin: list[tuple[int, Command]] = [(0, OpenTerminal("1")), (0, OpenTerminal("2")), (0, SaveFile("all.yaml", text))]
    apply: list[tuple[int, Command]] = [(1_000, TypeLine("1", "kubectl apply -f all.yaml"))]
    for t, command in sorted([*begin, *apply, *story.commands], key=lambda each: each[0]):
        cluster.advance(t)
        cluster.apply(command)
    cluster.advance(story.end)
    told = [to_wire(each) for each in cluster.take_changes()]
    return [
        encode(Welcome("s", "trio", "", ZERO_MS, ZERO_MS, 0, Anchor(ZERO_MS, 0, 1, True), "1", "open")),
        encode(first),
        encode(Window(2, 1, 0, story.end, told)),
        encode(_picture(cluster.snapshot())),
    ]


def _picture(seen: Snapshot) -> SnapshotFrame:
    terminals = [Terminal(each.id, each.columns, each.scrollback, each.prompt, each.busy) for each in seen.terminals]
    return SnapshotFrame(1, seen.t, msgspec.to_builtins(seen.objects), terminals, seen=seen.seen)


if __name__ == "__main__":
    main()
