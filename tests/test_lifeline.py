"""No orphans."""

import subprocess
import sys
import time
from pathlib import Path

from podlab.home import ROOT

PARENT = """
import os, subprocess, sys, time
from podlab.lifeline import die_with_parent
parent = os.getpid()
child = subprocess.Popen(["sleep", "60"], preexec_fn=lambda: die_with_parent(parent))
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_ends_when_its_parent_is_killed() -> None:
    """Also one that knows nothing of it, as it asked before it became another program."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = Path("/proc") / parent.stdout.readline().strip()
    assert child.exists()
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while child.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not child.exists()
