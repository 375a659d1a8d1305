"""Signals: their numbers, their words, and what they do to a process that does not care.

Upstream: signal(7). Left out: real-time signals, core dumps.
"""

from __future__ import annotations

NUMBERS = {
    "HUP": 1,
    "INT": 2,
    "QUIT": 3,
    "ABRT": 6,
    "KILL": 9,
    "USR1": 10,
    "SEGV": 11,
    "USR2": 12,
    "PIPE": 13,
    "ALRM": 14,
    "TERM": 15,
    "CHLD": 17,
    "CONT": 18,
    "STOP": 19,
    "TSTP": 20,
    "TTIN": 21,
    "TTOU": 22,
    "WINCH": 28,
}
NAMES = {number: name for name, number in NUMBERS.items()}
HARMLESS = frozenset({"CHLD", "WINCH", "CONT"})
STOPPING = frozenset({"STOP", "TSTP", "TTIN", "TTOU"})
WORDS = {
    "HUP": "Hangup",
    "INT": "Interrupt",
    "QUIT": "Quit",
    "KILL": "Killed",
    "SEGV": "Segmentation fault",
    "PIPE": "Broken pipe",
    "TERM": "Terminated",
    "ABRT": "Aborted",
}
"""What a shell says of a process that a signal ended."""


def name_of(text: str) -> str | None:
    """The signal's name out of `15`, `TERM`, `term` or `SIGTERM`; None: there is no such signal. `0` is "0"."""
    if text.isdecimal():
        return "0" if int(text) == 0 else NAMES.get(int(text))
    name = text.upper().removeprefix("SIG")
    return name if name in NUMBERS else None


def exit_code(signal: str) -> int:
    """How a shell and a container runtime count a process that this signal ended."""
    return 128 + NUMBERS[signal]
