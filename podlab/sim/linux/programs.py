"""Which code runs for which command on which host.

Upstream: execve(2), PATH. Left out: interpreters other than sh and bash.
"""

from __future__ import annotations

import errno
import posixpath
from typing import TYPE_CHECKING

from podlab.sim.errors import SimulationBug
from podlab.sim.images import find_image
from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Host, Program

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux

DIRECTORIES = ("/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")


class Programs:
    """The registry, and the rules by which a command finds its program."""

    def __init__(self, linux: Linux, programs: dict[str, Program]) -> None:
        self._linux = linux
        self._programs = programs
        self._known: dict[str, tuple[str, ...]] = {}
        self._tools = tuple(name for name, code in programs.items() if isinstance(code, Tool))

    def code(self, name: str) -> Program:
        """The program of that registered name; SimulationBug when there is none."""
        if name not in self._programs:
            raise SimulationBug(f"there is no program {name!r}")
        return self._programs[name]

    def names(self, host: Host) -> tuple[str, ...]:
        """The commands on the host's PATH, sorted."""
        if host.image not in self._known:
            self._known[host.image] = self._names(host)
        return self._known[host.image]

    def _names(self, host: Host) -> tuple[str, ...]:
        image = find_image(host.image)
        from_shell = self._tools if image.shell else ()
        return tuple(sorted({name for name in (*image.programs, *from_shell) if "/" not in name and name not in image.lacks}))

    def find(self, host: Host, argv: list[str], cwd: str, path: str) -> tuple[str, list[str]]:
        """The registered name and the argv to run it with; FileNotFoundError, PermissionError."""
        name = argv[0]
        if "/" not in name:
            if name in self.names(host) and name in self._programs:
                return name, argv
            raise FileNotFoundError(errno.ENOENT, "executable file not found in $PATH", name)
        whole = posixpath.normpath(posixpath.join(cwd, name))
        image = find_image(host.image)
        if whole in image.programs:
            return whole if whole in self._programs else posixpath.basename(whole), argv
        folder, base = posixpath.split(whole)
        if folder in DIRECTORIES and base in self.names(host) and base in self._programs:
            return base, argv
        return self._script(host, whole, argv)

    def _script(self, host: Host, whole: str, argv: list[str]) -> tuple[str, list[str]]:
        files = self._linux.files(host.name)
        if not files.exists(whole):
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", argv[0])
        if files.is_dir(whole) or whole not in host.executable:
            raise PermissionError(errno.EACCES, "Permission denied", argv[0])
        first = files.read(whole).partition("\n")[0]
        shell = "bash" if "bash" in first else "sh"
        return self.find(host, [shell, whole, *argv[1:]], "/", "")
