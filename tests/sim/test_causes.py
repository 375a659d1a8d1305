"""`docs/causes.md` is true: each row brings about its state, and *why* tells its rule."""

from __future__ import annotations

import json
import re

import pytest

from podlab.home import ROOT
from podlab.sim.changes import ObjectChange
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Fault

BOOT = Cluster.boot("trio")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "causes.md").read_text("utf-8").splitlines()
    if re.match(r"\| [A-Z]\w+ \| `", line)
]
TITLES = {
    rule: words["title"] for rule, words in json.loads((ROOT / "static" / "src" / "texts" / "causes.en.json").read_text("utf-8")).items()
}


def do(cluster: Cluster, line: str) -> None:
    """A fault of the menu, or a line of the shell."""
    if line.startswith("fault "):
        _, name, node = line.split()
        cluster.apply(Fault(name, node))
    else:
        cluster.finish(cluster.script(line))


def test_the_table_is_read() -> None:
    """All of its rows, and each a whole one."""
    assert {5} == {len(each) for each in ROWS}
    assert len(ROWS) == (ROOT / "docs" / "causes.md").read_text("utf-8").count("\n| ") - 1


@pytest.mark.parametrize("row", ROWS, ids=[f"{each[0]}-{each[3]}-{number}" for number, each in enumerate(ROWS)])
def test_a_row_does_what_it_says(row: list[str]) -> None:
    """The word is printed, the rule told, and its title is the one of the page."""
    word, lines, seconds, rule, title = row
    cluster = Cluster.start(BOOT, 1, 1_767_571_200_000)
    for line in re.findall(r"`([^`]+)`", lines):
        do(cluster, line)
    cluster.advance(cluster.now + 1000 * int(seconds))
    told = {each.cause.rule for each in cluster.take_changes() if isinstance(each, ObjectChange) and each.cause is not None}
    shown = cluster.finish(cluster.script("kubectl get pods; kubectl get nodes; kubectl describe nodes | grep -w True")).out
    assert (True, True) == (word in shown, rule in told), (shown, sorted(told))
    assert TITLES[rule] == title
