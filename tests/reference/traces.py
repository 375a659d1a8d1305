"""Traces: run the scenario in a simulated cluster, let the folder's own compare.py judge."""

from __future__ import annotations

import functools
import importlib.util
import json
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from podlab.cli.trace import run_scenario
from podlab.sim.cluster import Cluster
from tests.reference.folder import ROOT, Verdict, load


@functools.cache
def judge_of(folder: Path) -> ModuleType:
    """The `compare.py` of a folder, loaded under a name of its own."""
    if not (folder / "compare.py").exists():  # cases alone: the judge is the usual folder's
        folder = ROOT.parent / "shared" / "kubernetes" / folder.name
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(f"compare_{folder.name}", folder / "compare.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def standard() -> bytes:
    """The booted standard cluster, once a process."""
    return Cluster.boot("standard")


def check(path: Path) -> Verdict:
    """Whether the simulation did the same, and the comparison's lines where it did not."""
    folder = next(parent for parent in path.parents if parent.name == "traces")
    scenario = load(path)
    lines = list(run_scenario(scenario, boot=standard()))
    if scenario.get("compare") is False:
        return Verdict(1, 1)
    report, good = judge(judge_of(folder), scenario, lines)
    return Verdict(int(good), 1, "" if good else report)


def judge(compare: Any, scenario: dict[str, Any], lines: list[dict[str, Any]]) -> tuple[str, bool]:
    """The comparison's text and whether every fact matched."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as observed:
        observed.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        observed.flush()
        result = compare.compare(scenario, *compare.read_observed(observed.name, scenario, "default"))
    text = "\n".join(f"{where}: {line}" for where, _, line in sorted(result.lines))
    return f"matched {result.good} of {result.total} facts\n{text}", result.good == result.total
