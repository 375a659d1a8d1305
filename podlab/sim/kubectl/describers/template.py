"""The Pod template of a workload in its description.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (DescribePodTemplate). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubectl.describers.containers import containers
from podlab.sim.kubectl.describers.pod import spread
from podlab.sim.kubectl.describers.volumes import volumes
from podlab.sim.kubectl.describers.writer import Writer, annotation_lines, labels, tolerations


def template(out: Writer, held: Obj) -> None:
    """What the Pods will be made of."""
    meta, spec = held.get("metadata") or {}, held.get("spec") or {}
    out.line(0, "Pod Template:")
    labels(out, "Labels", meta.get("labels"), level=1)
    if meta.get("annotations"):
        annotation_lines(out, meta["annotations"], level=1)
    if spec.get("serviceAccountName"):
        out.line(1, f"Service Account:\t{spec['serviceAccountName']}")
    if spec.get("initContainers"):
        containers(out, "Init Containers", spec["initContainers"], None)
    containers(out, "Containers", spec.get("containers") or [], None)
    volumes(out, spec.get("volumes"), template=True)
    spread(out, spec.get("topologySpreadConstraints"), level=1)
    if spec.get("priorityClassName"):
        out.line(1, f"Priority Class Name:\t{spec['priorityClassName']}")
    labels(out, "Node-Selectors", spec.get("nodeSelector"), level=1)
    tolerations(out, spec.get("tolerations"), level=1)
