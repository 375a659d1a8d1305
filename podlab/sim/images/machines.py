"""What the workstation and the nodes have: not images that one can pull, but described like them.

Upstream: none. Left out: everything that no lesson uses.
"""

from __future__ import annotations

from podlab.sim.images.types import Image
from podlab.sim.images.userland import ETC, PATH

WORKSTATION = "podlab.invalid/workstation"
NODE = "podlab.invalid/node"

KUBELET = """apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
evictionPressureTransitionPeriod: 0s
staticPodPath: /etc/kubernetes/manifests
"""
"""What kubeadm writes, as far as it matters here."""
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
        files=ETC | {"/etc/kubernetes/manifests/": "", "/var/log/": "", "/var/lib/kubelet/config.yaml": KUBELET},
    ),
)
