"""No orphans: a process that calls `die_with_parent` ends when its parent does, even by kill -9."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None, how: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send `how` to this process when its parent dies; end at once where `parent` is already gone.

    Linux only (elsewhere it does nothing). The wish survives exec, not fork: each process asks for itself.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), how)
