"""How an image of the lab's own is described: a small BusyBox userland and one program.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.images.types import Image
from podlab.sim.images.userland import BUSYBOX_LACKS, ETC, PATH

TAGS = ("latest", "v1", "v2", "v3", "1", "1.0", "1.1", "2.0")
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
