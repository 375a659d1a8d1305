"""A container's environment in a description.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeContainerEnvVars), util/fieldpath, util/resource. Left out: fileKeyRef.
"""

from __future__ import annotations

from podlab.sim.api.quantities import milli
from podlab.sim.changes import Obj
from podlab.sim.kubectl.describers.writer import Writer, boolean


def environment(out: Writer, container: Obj, pod: Obj | None) -> None:
    """Variables from elsewhere, then single ones."""
    sources = container.get("envFrom") or []
    if sources:
        out.line(2, "Environment Variables from:")
    for each in sources:
        kind = "ConfigMap" if each.get("configMapRef") else "Secret"
        ref = each.get("configMapRef") or each.get("secretRef") or {}
        prefix = f" with prefix '{each['prefix']}'" if each.get("prefix") else ""
        out.line(3, f"{ref.get('name', '')}\t{kind}{prefix}\tOptional: {boolean(ref.get('optional'))}")
    held = container.get("env") or []
    out.line(2, "Environment:" if held else "Environment:\t<none>")
    for each in held:
        _variable(out, each, container, pod)


def _variable(out: Writer, variable: Obj, container: Obj, pod: Obj | None) -> None:
    name, source = variable["name"], variable.get("valueFrom")
    if source is None:
        first, *rest = (variable.get("value") or "").split("\n")
        out.line(3, f"{name}:\t{first}")
        for each in rest:
            out.line(3, f"\t{each}")
    elif source.get("fieldRef"):
        ref = source["fieldRef"]
        out.line(3, f"{name}:\t{_field(pod, ref['fieldPath'])} ({ref.get('apiVersion', 'v1')}:{ref['fieldPath']})")
    elif source.get("resourceFieldRef"):
        resource = source["resourceFieldRef"]["resource"]
        out.line(3, f"{name}:\t{_amount(container, source['resourceFieldRef'])} ({resource})")
    elif source.get("secretKeyRef"):
        ref = source["secretKeyRef"]
        out.line(3, f"{name}:\t<set to the key '{ref['key']}' in secret '{ref.get('name', '')}'>\tOptional: {boolean(ref.get('optional'))}")
    elif source.get("configMapKeyRef"):
        ref = source["configMapKeyRef"]
        out.line(
            3, f"{name}:\t<set to the key '{ref['key']}' of config map '{ref.get('name', '')}'>\tOptional: {boolean(ref.get('optional'))}"
        )


def _field(pod: Obj | None, path: str) -> str:
    """Only what stands in the metadata is filled in."""
    if pod is None or not path.startswith("metadata."):
        return ""
    meta, key = pod["metadata"], path.removeprefix("metadata.")
    if key in ("name", "namespace", "uid"):
        return str(meta.get(key) or "")
    for group in ("labels", "annotations"):
        if key.startswith(f"{group}['"):
            return str((meta.get(group) or {}).get(key[len(group) + 2 : -2], ""))
    return ""


def _amount(container: Obj, ref: Obj) -> str:
    kind, _, name = ref["resource"].partition(".")
    held = ((container.get("resources") or {}).get(kind) or {}).get(name)
    if held is None:
        return "node allocatable" if kind == "limits" and name in ("cpu", "memory") else "0"
    divisor = milli(ref.get("divisor") or "0") or 1000
    return str(-(-milli(held) // divisor))
