"""`manage.py test`: with arguments pytest alone; without, everything that must be true of the house."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from podlab.cli import browser, postgres
from podlab.cli.frontend import MODULES, node
from podlab.home import ROOT
from podlab.lifeline import die_with_parent

PYTEST_WITHIN_S = 1800


@dataclass(frozen=True)
class Check:
    """One check of the house: its name, its command, and whether it passed."""

    name: str
    command: list[str]

    def run(self, environment: dict[str, str]) -> tuple[bool, str, float]:
        """Passed or not, what it printed, seconds."""
        start = time.monotonic()
        done = subprocess.run(
            self.command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
        return done.returncode == 0, done.stdout, time.monotonic() - start


def parse(arguments: list[str]) -> list[str]:
    """Every argument is pytest's."""
    return arguments


def main(arguments: list[str]) -> int:
    """Run the tests in a home of their own; the exit code."""
    with tempfile.TemporaryDirectory(prefix="podlab-test-") as home:
        told = Path(home) / "told.json"
        found = {"PODLAB_CHROMIUM": str(browser.ensure()), "PODLAB_POSTGRES": str(postgres.ensure())}
        environment = {**os.environ, **found, "PODLAB_HOME": home, "PODLAB_TOLD": str(told)}
        if arguments:
            return _pytest(arguments, environment)
        failed = list(_failed(_checks(), environment))
        print("\npytest", flush=True)
        if _pytest(["-n", "2", "--dist", "loadgroup", "-q"], environment) != 0:
            failed.append("pytest")
        print(f"Failed: {', '.join(failed)}." if failed else "Everything passed.")
        _tell(told)
    return 1 if failed else 0


def _checks() -> list[Check]:
    """All but pytest; each is told by the name of its tool."""
    python = [sys.executable, "-m"]
    script = [str(node())]
    return [
        Check("ruff check", [*python, "ruff", "check", "."]),
        Check("ruff format", [*python, "ruff", "format", "--check", "."]),
        Check("import-linter", [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]),
        Check("deptry", [*python, "deptry", "."]),
        Check("makemigrations --check", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("mypy --strict", [*python, "mypy"]),
        Check("tsc --strict", [*script, str(MODULES / "typescript" / "bin" / "tsc")]),
        Check("eslint", [*script, str(MODULES / "eslint" / "bin" / "eslint.js"), "--max-warnings", "0", "static/src"]),
        Check("vitest", [*script, str(MODULES / "vitest" / "vitest.mjs"), "run"]),
        Check("knip", [*script, str(MODULES / "knip" / "bin" / "knip.js"), "--no-progress"]),
    ]


def _failed(checks: list[Check], environment: dict[str, str]) -> Iterator[str]:
    """The names of those that fail. Two run at a time; each has its line, and its output when it fails."""
    with ThreadPoolExecutor(2) as pool:
        for check, (passed, output, seconds) in zip(checks, pool.map(lambda c: c.run(environment), checks), strict=True):
            print(f"{check.name:<24}{'ok' if passed else 'FAILED'}  {seconds:.1f} s", flush=True)
            if not passed:
                print(output, flush=True)
                yield check.name


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    """The exit code of pytest, which ends (and tidies up) when this process does."""
    command, parent = [sys.executable, "-m", "pytest", *arguments], os.getpid()
    with subprocess.Popen(command, cwd=ROOT, env=environment, preexec_fn=lambda: die_with_parent(parent, signal.SIGINT)) as process:
        try:
            return process.wait(PYTEST_WITHIN_S)
        except subprocess.TimeoutExpired:
            print(f"pytest is ended: it did not finish within {PYTEST_WITHIN_S // 60} minutes.")
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()
    return 1


def _tell(told: Path) -> None:
    """Print which tests had a second try, and what was not tested on this machine, as `tests/conftest.py` has written it down."""
    for heading, entries in json.loads(told.read_text("utf-8") if told.exists() else "{}").items():
        print(f"{heading}: {'; '.join(entries) or 'nothing'}.")
