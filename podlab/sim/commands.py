"""What a learner can do to her cluster: the only thing that changes it besides time.

Upstream: none. Left out: nothing; every door (terminal, editor, fault menu) ends in one of these.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class OpenTerminal(Struct, tag_field="kind", tag="open", forbid_unknown_fields=True):
    """A new terminal with a shell on the workstation."""

    terminal: str
    columns: int = 80
    rows: int = 24


class CloseTerminal(Struct, tag_field="kind", tag="close", forbid_unknown_fields=True):
    """The terminal hangs up: its processes get SIGHUP."""

    terminal: str


class TypeLine(Struct, tag_field="kind", tag="line", forbid_unknown_fields=True):
    """A finished line (without its newline) typed into a terminal."""

    terminal: str
    text: str


class Signal(Struct, tag_field="kind", tag="signal", forbid_unknown_fields=True):
    """Ctrl-C and its kin, for the terminal's foreground."""

    terminal: str
    name: Literal["INT", "TSTP", "QUIT"] = "INT"


class EndOfFile(Struct, tag_field="kind", tag="eof", forbid_unknown_fields=True):
    """Ctrl-D on an empty line."""

    terminal: str


class Resize(Struct, tag_field="kind", tag="resize", forbid_unknown_fields=True):
    """The terminal's window changed its size."""

    terminal: str
    columns: int
    rows: int


class SaveFile(Struct, tag_field="kind", tag="file", forbid_unknown_fields=True):
    """The editor saves a file into the workstation's home."""

    path: str
    text: str


class Fault(Struct, tag_field="kind", tag="fault", forbid_unknown_fields=True):
    """A fault or its healing: stop-kubelet, start-kubelet, isolate, heal, poweroff, poweron … of `node`."""

    name: str
    node: str = ""
    args: dict[str, str] = {}


class Predict(Struct, tag_field="kind", tag="predict", forbid_unknown_fields=True):
    """What the learner expects, before she sees it: an answer to a lesson's prediction `id`. It changes nothing in the cluster."""

    id: str
    value: int | float | str | list[int | float | str | bool] | bool


Command = OpenTerminal | CloseTerminal | TypeLine | Signal | EndOfFile | Resize | SaveFile | Fault | Predict
