"""kubectl describe role, clusterrole, rolebinding and clusterrolebinding.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.authorizer.rules import rows
from podlab.sim.changes import Obj
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, labels


def _head(out: Writer, obj: Obj) -> None:
    meta = obj["metadata"]
    out.line(0, f"Name:\t{meta['name']}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))


def role(scene: Scene, out: Writer, obj: Obj) -> None:
    """A Role or ClusterRole: one line a resource or path."""
    _head(out, obj)
    out.line(0, "PolicyRule:")
    out.line(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs")
    out.line(1, "---------\t-----------------\t--------------\t-----")
    for row in rows(obj.get("rules") or []):
        out.line(1, "\t".join(row))


def binding(scene: Scene, out: Writer, obj: Obj) -> None:
    """A RoleBinding or ClusterRoleBinding: the role, and who has it."""
    _head(out, obj)
    out.line(0, "Role:")
    out.line(1, f"Kind:\t{obj['roleRef']['kind']}")
    out.line(1, f"Name:\t{obj['roleRef']['name']}")
    out.line(0, "Subjects:")
    out.line(1, "Kind\tName\tNamespace")
    out.line(1, "----\t----\t---------")
    for each in obj.get("subjects") or []:
        out.line(1, f"{each['kind']}\t{each['name']}\t{each.get('namespace', '')}")
