"""What a shell remembers between two steps: plain data.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

Part = tuple[str, str]
"""A piece of a word and its kind: `quoted`, `text`, `value` (of an expansion: will be split) or `break` (a new field begins)."""


class Frame(Struct):
    """What goes on inside: `loop`, `call` (a function, a sourced file, an eval, a trap) or `redirect`.

    loop: `first` and `last` are the instructions to continue and to leave at; call: those to return to (unit, pc).
    """

    kind: str
    first: int = 0
    last: int = 0
    items: list[str] = field(default_factory=list)
    status: int = 0
    turned: bool = False
    params: list[str] = field(default_factory=list)
    locals: dict[str, str | None] = field(default_factory=dict)
    fds: dict[int, str | None] = field(default_factory=dict)
    name: str = ""


class Job(Struct):
    """A pipeline in the background or stopped: the pids that still run, the last one's pid and code."""

    number: int
    group: int
    pids: list[int]
    text: str
    last: int
    shown: int = 0
    """The last one's pid as the learner sees it."""
    code: int = 0
    words: str = ""
    stopped: bool = False


class Shell(Struct):
    """A shell. `units`: the texts it runs, by number; `unit`, `pc`: where it is; `waiting`: what for."""

    name: str = "sh"
    units: dict[int, str] = field(default_factory=dict)
    next_unit: int = 0
    unit: int = 0
    pc: int = 0
    status: int = 0
    substituted: int | None = None
    """The status of the last command substitution in the current command."""
    variables: dict[str, str] = field(default_factory=dict)
    exported: list[str] = field(default_factory=list)
    functions: dict[str, tuple[int, int]] = field(default_factory=dict)
    params: list[str] = field(default_factory=list)
    args: list[str] = field(default_factory=list)
    words: list[list[Part]] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    assigns: list[tuple[str, str]] = field(default_factory=list)
    redirects: list[tuple[int, str, str]] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    waiting: str = ""
    pids: list[int] = field(default_factory=list)
    wanted: int = 0
    """The pid whose code becomes the status."""
    output: str = ""
    traps: dict[str, str] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    interactive: bool = False
    forked: bool = False
    command_line: bool = False
    """Started with -c: may become its last command."""
    trapping: bool = False
    last_background: int = 0
    lines: str = ""
    """What was typed of a command that is not whole yet."""
    history: list[str] = field(default_factory=list)
    warned: bool = False
    leaving: int | None = None
    """The code to leave with once the EXIT trap has run."""
