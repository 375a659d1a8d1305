"""The reference run: every vector, trace and transcript, a table at the end."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.reference.folder import reference_folder

sys.path.insert(0, str(Path(__file__).parents[2]))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all`: ignore known.yaml, run everything, report."""
    parser.addoption("--all", action="store_true", default=False, help="ignore tests/reference/known.yaml and report every case")


def pytest_configure(config: pytest.Config) -> None:
    """With --all the table is what is wanted, not a thousand tracebacks."""
    if config.getoption("--all", default=False):
        config.option.tbstyle = "no"
        config.option.reportchars = ""
        config.option.no_summary = True


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the table of areas, last of all."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for reports in reporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "reference" and report.when == "call":
                    area, good, of = value
                    total[area] += of
                    passed[area] += good
    if total:
        width = max(map(len, total))
        for area in sorted(total):
            print(f"{area:<{width}}  {passed[area]} of {total[area]}")
        print(f"reference: {sum(passed.values())} of {sum(total.values())}")
    elif reference_folder() is None:
        print("reference: skipped, there is no folder at PODLAB_REFERENCE (default ../shared/kubernetes)")
