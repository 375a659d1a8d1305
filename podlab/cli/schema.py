"""`python3 -m podlab.cli.schema FOLDER`: make the sim's schema out of Kubernetes' published JSON schema.

`FOLDER` is the `kubernetes-json-schema/v1.36.0-local` of the Python package kubernetes-validate (a throw-away environment has it).
Writes `podlab/sim/api/schema.json` (types) and `podlab/sim/api/descriptions.json` (for `kubectl explain`), pruned to the kinds
that the simulation serves or will serve.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

API = Path(__file__).parents[1] / "sim" / "api"
ROOTS = {
    "core.v1": (
        "Pod Node Service Endpoints ConfigMap Secret Namespace ServiceAccount Event PersistentVolume PersistentVolumeClaim LimitRange"
        " ResourceQuota ReplicationController PodTemplate Binding"
    ),
    "apps.v1": "Deployment ReplicaSet DaemonSet StatefulSet ControllerRevision",
    "batch.v1": "Job CronJob",
    "discovery.v1": "EndpointSlice",
    "coordination.v1": "Lease",
    "policy.v1": "PodDisruptionBudget Eviction",
    "scheduling.v1": "PriorityClass",
    "storage.v1": "StorageClass",
    "node.v1": "RuntimeClass",
    "networking.v1": "NetworkPolicy Ingress IngressClass",
    "autoscaling.v1": "Scale",
    "autoscaling.v2": "HorizontalPodAutoscaler",
    "events.v1": "Event",
    "rbac.v1": "Role RoleBinding ClusterRole ClusterRoleBinding",
    "authentication.v1": "TokenRequest",
    "apimachinery.pkg.apis.meta.v1": "DeleteOptions",
}
SCALARS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intOrString",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "microTime",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
}
_PREFIX = re.compile(r"^io\.k8s\.(?:api|apimachinery\.pkg\.apis)\.(\w+)\.(\w+)\.(\w+)$")


def short(name: str) -> str:
    """`io.k8s.api.core.v1.Pod` → `core/v1.Pod`."""
    found = _PREFIX.match(name)
    if found is None:
        raise ValueError(f"{name}: a type outside of the API groups")
    return f"{found[1]}/{found[2]}.{found[3]}"


def plain_type(schema: dict[str, Any]) -> str:
    """The one JSON type of a schema (null aside)."""
    found = schema.get("type")
    return next(each for each in found if each != "null") if isinstance(found, list) else str(found)


def field_of(schema: dict[str, Any], todo: list[str]) -> dict[str, Any]:
    """The type of one field, without what it is for in lists."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in SCALARS:
            return {"type": SCALARS[name]}
        todo.append(name)
        return {"ref": short(name)}
    kind = plain_type(schema)
    if kind == "array":
        return {**field_of(schema["items"], todo), "form": "list"}
    if kind == "object":
        if "additionalProperties" in schema:
            return {**field_of(schema["additionalProperties"], todo), "form": "map"}
        return {"type": "any"}
    names = {"boolean": "bool", "number": "float", "integer": schema.get("format", "int64")}
    return {"type": names.get(kind, "bytes" if schema.get("format") == "byte" else "string")}


def described(schema: dict[str, Any], todo: list[str]) -> dict[str, Any]:
    """One field with what patches and apply need to know of it."""
    field = field_of(schema, todo)
    extras = {
        "key": schema.get("x-kubernetes-patch-merge-key"),
        "strategy": schema.get("x-kubernetes-patch-strategy"),
        "list_type": schema.get("x-kubernetes-list-type"),
        "list_keys": schema.get("x-kubernetes-list-map-keys"),
        "atomic": schema.get("x-kubernetes-map-type") == "atomic" or None,
        "enum": schema.get("enum"),
    }
    return field | {name: value for name, value in extras.items() if value}


def build(definitions: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The types and the descriptions that the roots reach."""
    todo = [
        f"io.k8s.{'' if group.startswith('apimachinery') else 'api.'}{group}.{kind}"
        for group, kinds in ROOTS.items()
        for kind in kinds.split()
    ]
    types: dict[str, Any] = {}
    texts: dict[str, Any] = {}
    while todo:
        name = todo.pop()
        if short(name) in types:
            continue
        schema = definitions[name]
        fields = {each: described(sub, todo) for each, sub in sorted(schema.get("properties", {}).items())}
        for each in schema.get("required", ()):
            fields[each]["required"] = True
        types[short(name)] = {"fields": fields} | ({"atomic": True} if schema.get("x-kubernetes-map-type") == "atomic" else {})
        texts[short(name)] = {"": schema.get("description", "")} | {
            each: sub.get("description", "") for each, sub in schema.get("properties", {}).items()
        }
    return dict(sorted(types.items())), dict(sorted(texts.items()))


def main() -> None:
    """Write both files."""
    definitions = json.loads((Path(sys.argv[1]) / "_definitions.json").read_text("utf-8"))["$defs"]
    types, texts = build(definitions)
    lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(each, separators=(',', ':'))}" for name, each in types.items())
    (API / "schema.json").write_text("{\n" + lines + "\n}\n", "utf-8")
    lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(each, separators=(',', ':'), ensure_ascii=False)}" for name, each in texts.items())
    (API / "descriptions.json").write_text("{\n" + lines + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
