"""busybox: `sh` and its applets.

Upstream: docker.io/library/busybox. Left out: applets that no lesson uses.
"""

from __future__ import annotations

from podlab.sim.images.types import Image
from podlab.sim.images.userland import BUSYBOX_LACKS, ETC, PATH

OLD = ("1.28", "1.28.0", "1.28.4")
"""Tags whose nslookup writes the old texts."""
TAGS = (
    *OLD,
    "1.29",
    "1.30",
    "1.31",
    "1.32",
    "1.33",
    "1.34",
    "1.34.1",
    "1.35",
    "1.35.0",
    "1.36",
    "1.36.1",
    "1.37",
    "1.37.0",
    "latest",
    "stable",
    "glibc",
    "musl",
    "uclibc",
)
FILES = ETC | {"/etc/network/": "", "/usr/sbin/": "", "/var/spool/": "", "/lib/": "", "/lib64/": ""}

IMAGES = (
    Image(
        "busybox",
        TAGS,
        command=("sh",),
        env={"PATH": PATH},
        size=2_222_658,
        userland="busybox",
        lacks=BUSYBOX_LACKS,
        files=FILES,
    ),
)
