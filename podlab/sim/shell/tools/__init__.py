"""The tools, one file each; this is the table of them.

Upstream: BusyBox applets, GNU coreutils. Left out: what is not in the table.
"""

from __future__ import annotations

from podlab.sim.linux.types import Program
from podlab.sim.shell.tools import cat, date, sleep

PROGRAMS: dict[str, Program] = {
    "cat": cat.Cat(),
    "date": date.Date(),
    "sleep": sleep.Sleep_(),
}
