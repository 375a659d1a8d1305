"""The downward API: fields of the Pod and resources of its containers, as texts.

Upstream: pkg/fieldpath, pkg/api/v1/resource/helpers.go. Left out: nothing.
"""

from __future__ import annotations

import re

from podlab.sim.api.quantities import parse
from podlab.sim.changes import Obj
from podlab.sim.kubelet.specs import Spec, container_named

_KEYED = re.compile(r"^metadata\.(labels|annotations)\['(.*)'\]$")


def field_value(pod: Obj, path: str, addresses: Obj) -> str:
    """The value of a field path; addresses: `podIP`, `hostIP` as known to the kubelet."""
    meta, spec = pod["metadata"], pod["spec"]
    keyed = _KEYED.match(path)
    if keyed:
        return str((meta.get(keyed[1]) or {}).get(keyed[2], ""))
    if path in ("metadata.labels", "metadata.annotations"):
        return format_map(meta.get(path.rpartition(".")[2]) or {})
    simple = {
        "metadata.name": meta["name"],
        "metadata.namespace": meta["namespace"],
        "metadata.uid": meta["uid"],
        "spec.nodeName": spec.get("nodeName", ""),
        "spec.serviceAccountName": spec.get("serviceAccountName", ""),
        "status.podIP": addresses.get("podIP", ""),
        "status.podIPs": addresses.get("podIP", ""),
        "status.hostIP": addresses.get("hostIP", ""),
        "status.hostIPs": addresses.get("hostIP", ""),
    }
    return str(simple.get(path, ""))


def format_map(values: dict[str, str]) -> str:
    """Labels or annotations as a downward API file shows them."""
    lines = []
    for key in sorted(values):
        quoted = values[key].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        lines.append(f'{key}="{quoted}"')
    return "\n".join(lines)


def resource_value(pod: Obj, container: Spec, reference: Obj, node: Obj | None) -> str:
    """A container's limit or request, divided and rounded up; without a limit: the node's allocatable."""
    target = container_named(pod["spec"], reference.get("containerName") or container["name"]) or container
    kind, _, resource = reference["resource"].partition(".")
    held = ((target.get("resources") or {}).get(kind) or {}).get(resource)
    if held is None and kind == "limits":
        held = ((node or {}).get("status") or {}).get("allocatable", {}).get(resource)
    amount = parse(str(held or "0"))
    divisor = parse(str(reference.get("divisor") or "1"))
    divisor = divisor if divisor else parse("1")
    return str(int(-(-amount // divisor)))
