"""Shell lines and what they write, on a busybox container, an nginx (Debian) one, and the workstation. The tables: `cases/*.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from podlab.sim import shell
from tests.sim.linux.machines import Machines

FOLDER = Path(__file__).parent / "cases"
CASES = [
    pytest.param(case, id=f"{path.stem}-{number}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for number, case in enumerate(yaml.safe_load(path.read_text("utf-8")))
]


@pytest.mark.parametrize("case", CASES)
def test_a_line_writes_what_the_table_says(case: dict[str, Any]) -> None:
    """Output, errors and exit code of each line."""
    machines = Machines()
    hosts = {"box": machines.container("box"), "web": machines.container("web", "nginx:1.27"), "work": "workstation", "node": "node/node-1"}
    machines.wait(1_000)
    on_workstation = case["on"] == "work"
    done = machines.run(
        hosts[case["on"]],
        case["run"],
        shell="bash" if case["on"] in ("work", "node") else "sh",
        home="/home/learner" if on_workstation else "/root",
    )
    assert (case.get("out", ""), case.get("err", ""), case.get("code", 0)) == (done.out, done.err, done.code)


@pytest.mark.parametrize("case", CASES)
def test_a_line_leaves_nothing_behind(case: dict[str, Any]) -> None:
    """No pipe and no open file outlives the processes."""
    machines = Machines()
    machines.run(machines.container(), case["run"])
    machines.wait(200_000)
    runs = bool(machines.linux.state.processes)
    assert runs or ({}, {}) == (machines.linux.state.pipes, machines.linux.state.opened)


def test_every_tool_is_in_a_table() -> None:
    """A new tool needs a case."""
    words = " ".join(case.values[0]["run"] for case in CASES).replace(";", " ").replace("|", " ").replace("/", " ").split()  # type: ignore[index]
    assert [] == sorted(name for name in shell.PROGRAMS if name not in words)
