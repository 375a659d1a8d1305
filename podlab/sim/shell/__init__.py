"""The shell and its tools, as programs.

Upstream: ash, dash, bash, BusyBox, GNU coreutils. Left out: what `help` does not list.
"""

from __future__ import annotations

from podlab.sim.shell import sh, tools

PROGRAMS = sh.PROGRAMS | tools.PROGRAMS
