"""What an image is: its start command, its files, and the programs that it brings.

Upstream: OCI image config. Left out: layers.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class Image(Struct, frozen=True):
    """`repository` without tag (`nginx`, `kubetm/app`, `registry.k8s.io/e2e-test-images/agnhost`); sizes in bytes.

    `programs`: names that exist on its PATH, or whole paths (`/docker-entrypoint.sh`), looked up in the program registry; `shell`: whether
    `sh` and its tools are there, and `userland` whose words they speak; `lacks`: tools that it has not.
    """

    repository: str
    tags: tuple[str, ...]
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    cwd: str = "/"
    user: str = ""
    size: int = 0
    programs: tuple[str, ...] = ()
    shell: bool = True
    userland: Literal["busybox", "debian"] = "debian"
    lacks: tuple[str, ...] = ()
    stop_signal: str = "TERM"
    files: dict[str, str] = field(default_factory=dict)
