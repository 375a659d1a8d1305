"""Children that die come back at once, then ever later, but within five seconds; who keeps dying is told of."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from podlab.cli import children
from podlab.cli.children import Child, Family


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Clock:
    """Time stands still unless it is moved; logs go to a home of their own."""
    monkeypatch.setenv("PODLAB_HOME", str(tmp_path))
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock.monotonic)
    return clock


@pytest.fixture
def said() -> list[str]:
    """What the supervisor said."""
    return []


@pytest.fixture
def family(clock: Clock, said: list[str]) -> Iterator[Family]:
    """A family whose words are kept."""
    family = Family(said.append, lambda pids: None)
    yield family
    family.end()


def _add(family: Family, source: str) -> Child:
    return family.add(Child("child", [sys.executable, "-c", source], {}))


def _die(child: Child) -> None:
    assert child.process is not None
    child.process.wait(20)


def test_the_pause_grows_and_stays_below_five_seconds(family: Family, clock: Clock) -> None:
    """At once after the first death; a child that never lives must not eat the machine."""
    child, pauses = _add(family, "raise SystemExit(3)"), []
    for _ in range(8):
        _die(child)
        family.tend()
        pauses.append(round(max(0.0, child.due - clock.now), 1))
        clock.now = max(clock.now, child.due)
        family.tend()
    assert pauses == [0.0, 0.4, 0.8, 1.6, 3.2, 4.0, 4.0, 4.0]


def test_a_long_life_is_forgiven(family: Family, clock: Clock) -> None:
    """A death after steady work counts as the first."""
    child = _add(family, "import time; time.sleep(60)")
    child.deaths = 7
    clock.now += children.STEADY_S + 1
    child.signal(signal.SIGKILL)
    _die(child)
    family.tend()
    assert child.deaths == 1
    assert child.alive()


def test_who_keeps_dying_is_told_of_with_its_last_words(family: Family, clock: Clock, said: list[str]) -> None:
    """Once, at the third death."""
    child = _add(family, "raise SystemExit('no such luck')")
    for _ in range(3):
        _die(child)
        family.tend()
        clock.now = child.due
        family.tend()
    assert [line for line in said if "keeps ending" in line] == [said[-1]]
    assert "    no such luck" in said[-1]


def test_who_does_not_listen_is_killed_in_the_end(family: Family, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the patience is over, with all that it started."""
    monkeypatch.undo()
    source = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = _add(family, source)
    while not child.log.exists() or "deaf" not in child.log.read_text("utf-8"):
        time.sleep(0.02)
    family.end(patience_s=0.1)
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL
