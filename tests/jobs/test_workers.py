"""What workers do beside their tasks."""

import os
import signal
import subprocess
import sys

from podlab.home import ROOT

HANGS = """
import time, django
django.setup()
from podlab.jobs import workers
workers._warm()
workers._watch()
{done}
def endless():
    while time.monotonic() < {end}:
        pass
endless()
"""


def _worker(done: str) -> subprocess.CompletedProcess[str]:
    code = HANGS.format(done=done, end="time.monotonic() - 1" if done else "float('inf')")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "podlab.settings", "PODLAB_TASK_LIMIT_S": "0.3"}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_a_task_that_hangs_ends_its_worker_and_says_where() -> None:
    """An endless loop cannot be interrupted otherwise; the supervisor starts the worker anew."""
    ended = _worker("")
    assert -signal.SIGALRM == ended.returncode
    assert "in endless" in ended.stderr


def test_a_task_that_ends_in_time_does_not() -> None:
    """The watch ends with the task."""
    assert 0 == _worker("workers._watch_no_more(); time.sleep(0.5)").returncode
