"""What the lab's own images share: a small BusyBox userland and one program, and the words for a connection that came to nothing.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.images.types import Image
from podlab.sim.images.userland import BUSYBOX_LACKS, ETC, PATH
from podlab.sim.linux.types import Program

TAGS = ("latest", "v1", "v2", "v3", "1", "1.0", "1.1", "2.0")
UNREACHED = {"refused": "connection refused", "timeout": "timed out", "reset": "connection reset", "dns": "no such host"}
LACKS = tuple(name for name in BUSYBOX_LACKS if name != "curl")


def image(repository: str, program: str, size: int, env: dict[str, str] | None = None) -> Image:
    """An image whose first process is `/program`."""
    path = f"/{program}"
    return Image(
        repository,
        TAGS,
        entrypoint=(path,),
        env={"PATH": PATH} | (env or {}),
        size=size,
        programs=(program, path),
        userland="busybox",
        lacks=LACKS,
        files=ETC,
    )


def programs(**codes: Program) -> dict[str, Program]:
    """The programs by name (`_` is a dash) and by path."""
    named = {name.replace("_", "-"): code for name, code in codes.items()}
    return named | {f"/{name}": code for name, code in named.items()}
