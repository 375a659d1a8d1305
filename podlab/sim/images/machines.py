"""What the workstation and the nodes have: not images that one can pull, but described like them.

Upstream: none. Left out: everything that no lesson uses.
"""

from __future__ import annotations

from podlab.sim.images.types import Image
from podlab.sim.images.userland import ETC, PATH

WORKSTATION = "podlab.invalid/workstation"
NODE = "podlab.invalid/node"

LEARNER = {"/etc/passwd": ETC["/etc/passwd"] + "learner:x:1000:1000::/home/learner:/bin/bash\n", "/home/learner/": ""}
IMAGES = (
    Image(
        WORKSTATION,
        ("latest",),
        env={"PATH": PATH},
        cwd="/home/learner",
        user="learner",
        programs=("kubectl",),
        lacks=("ash", "httpd", "crictl"),
        files=ETC | LEARNER,
    ),
    Image(
        NODE,
        ("latest",),
        env={"PATH": PATH},
        cwd="/root",
        programs=("hog",),
        lacks=("ash", "httpd", "help"),
        files=ETC | {"/etc/kubernetes/manifests/": "", "/var/log/": "", "/var/lib/kubelet/": ""},
    ),
)
