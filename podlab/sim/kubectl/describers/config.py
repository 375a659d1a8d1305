"""kubectl describe configmap, secret, serviceaccount, namespace, resourcequota, limitrange, priorityclass and poddisruptionbudget.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go. Left out: tokens of service accounts.
"""

from __future__ import annotations

import base64

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.printers.common import selector
from podlab.sim.changes import Obj
from podlab.sim.kubectl.describers.events import events
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, boolean, head

_LIMIT_HEAD = "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio"
_LIMIT_RULE = "----\t--------\t---\t---\t---------------\t-------------\t-----------------------"


def config_map(scene: Scene, out: Writer, obj: Obj) -> None:
    """A ConfigMap with all its data."""
    head(out, obj)
    out.line(0, "\nData\n====")
    for key, value in sorted((obj.get("data") or {}).items()):
        out.line(0, f"{key}:\n----\n{value}\n")
    out.line(0, "\nBinaryData\n====")
    for key, value in sorted((obj.get("binaryData") or {}).items()):
        out.line(0, f"{key}: {len(base64.b64decode(value))} bytes")
    out.line(0, "")
    events(scene, out, obj)


def secret(scene: Scene, out: Writer, obj: Obj) -> None:
    """A Secret: only how long its values are."""
    head(out, obj)
    out.line(0, f"\nType:\t{obj.get('type', '')}")
    out.line(0, "\nData\n====")
    for key, value in sorted((obj.get("data") or {}).items()):
        out.line(0, f"{key}:\t{len(base64.b64decode(value or ''))} bytes")


def service_account(scene: Scene, out: Writer, obj: Obj) -> None:
    """A ServiceAccount."""
    head(out, obj)
    held = [each["name"] for each in obj.get("imagePullSecrets") or []] or ["<none>"]
    out.line(0, f"Image pull secrets:\t{held[0]}")
    for each in held[1:]:
        out.line(0, f"\t{each}")
    events(scene, out, obj)


def namespace(scene: Scene, out: Writer, obj: Obj) -> None:
    """A Namespace with its quotas and limits."""
    head(out, obj, namespaced=False)
    out.line(0, f"Status:\t{(obj.get('status') or {}).get('phase') or ''}")
    name = obj["metadata"]["name"]
    quotas = scene.client.list(RESOURCES["resourcequotas"], name) if "resourcequotas" in RESOURCES else []
    if quotas:
        out.line(0, "\nResource Quotas")
        for each in quotas:
            out.line(1, f"Name:\t{each['metadata']['name']}")
            _quota_rows(out, each, 1, "--------\t---\t---")
    else:
        out.line(0, "\nNo resource quota.")
    ranges = scene.client.list(RESOURCES["limitranges"], name) if "limitranges" in RESOURCES else []
    if ranges:
        out.line(0, f"\nResource Limits\n {_LIMIT_HEAD}\n {_LIMIT_RULE}")
        for each in ranges:
            _limits(out, each, " ")
    else:
        out.line(0, "\nNo LimitRange resource.")


def _quota_rows(out: Writer, obj: Obj, level: int, rule: str) -> None:
    status = obj.get("status") or {}
    hard, used = status.get("hard") or {}, status.get("used") or {}
    out.line(level, "Resource\tUsed\tHard")
    out.line(level, rule)
    for each in sorted(hard):
        out.line(level, f"{each}\t{used.get(each, '0')}\t{hard[each]}")


def quota(scene: Scene, out: Writer, obj: Obj) -> None:
    """A ResourceQuota: used and hard."""
    out.line(0, f"Name:\t{obj['metadata']['name']}")
    out.line(0, f"Namespace:\t{obj['metadata'].get('namespace', '')}")
    if obj["spec"].get("scopes"):
        out.line(0, f"Scopes:\t{', '.join(sorted(obj['spec']['scopes']))}")
    _quota_rows(out, obj, 0, "--------\t----\t----")


def limit_range(scene: Scene, out: Writer, obj: Obj) -> None:
    """A LimitRange."""
    out.line(0, f"Name:\t{obj['metadata']['name']}")
    out.line(0, f"Namespace:\t{obj['metadata'].get('namespace', '')}")
    out.line(0, f"{_LIMIT_HEAD}\n{_LIMIT_RULE}")
    _limits(out, obj, "")


def _limits(out: Writer, obj: Obj, pad: str) -> None:
    keys = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")
    for item in obj["spec"].get("limits") or []:
        for name in sorted({name for key in keys for name in item.get(key) or {}}):
            cells = "\t".join((item.get(key) or {}).get(name, "-") for key in keys)
            out.line(0, f"{pad}{item['type']}\t{name}\t{cells}")


def priority_class(scene: Scene, out: Writer, obj: Obj) -> None:
    """A PriorityClass."""
    out.line(0, f"Name:\t{obj['metadata']['name']}")
    out.line(0, f"Value:\t{obj.get('value') or 0}")
    out.line(0, f"GlobalDefault:\t{boolean(obj.get('globalDefault'))}")
    out.line(0, f"PreemptionPolicy:\t{obj.get('preemptionPolicy') or 'PreemptLowerPriority'}")
    out.line(0, f"Description:\t{obj.get('description') or ''}")
    annotation_lines(out, obj["metadata"].get("annotations"))
    events(scene, out, obj)


def budget(scene: Scene, out: Writer, obj: Obj) -> None:
    """A PodDisruptionBudget."""
    spec, status = obj["spec"], obj.get("status") or {}
    out.line(0, f"Name:\t{obj['metadata']['name']}")
    out.line(0, f"Namespace:\t{obj['metadata'].get('namespace', '')}")
    if spec.get("minAvailable") is not None:
        out.line(0, f"Min available:\t{spec['minAvailable']}")
    elif spec.get("maxUnavailable") is not None:
        out.line(0, f"Max unavailable:\t{spec['maxUnavailable']}")
    out.line(0, f"Selector:\t{selector(spec.get('selector')) if spec.get('selector') else '<unset>'}")
    out.line(0, "Status:")
    for title, key in (
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ):
        out.line(2, f"{title}:\t{status.get(key) or 0}")
    events(scene, out, obj)
