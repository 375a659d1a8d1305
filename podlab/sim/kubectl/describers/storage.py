"""kubectl describe persistentvolume, persistentvolumeclaim, storageclass and horizontalpodautoscaler.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go. Left out: nothing served.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.printers.policy import modes
from podlab.sim.changes import Obj
from podlab.sim.human import rfc1123
from podlab.sim.kubectl.describers.events import events
from podlab.sim.kubectl.describers.volumes import source
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, head, labels


def volume(scene: Scene, out: Writer, obj: Obj) -> None:
    """A PersistentVolume."""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    out.line(0, f"Name:\t{meta['name']}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    out.line(0, f"Finalizers:\t[{' '.join(meta.get('finalizers') or [])}]")
    out.line(0, f"StorageClass:\t{spec.get('storageClassName') or ''}")
    out.line(0, f"Status:\t{'Terminating (lasts <unknown>)' if meta.get('deletionTimestamp') else status.get('phase') or ''}")
    claim = spec.get("claimRef")
    out.line(0, f"Claim:\t{claim['namespace']}/{claim['name']}" if claim else "Claim:\t")
    out.line(0, f"Reclaim Policy:\t{spec.get('persistentVolumeReclaimPolicy') or ''}")
    out.line(0, f"Access Modes:\t{modes(spec.get('accessModes'))}")
    if spec.get("volumeMode"):
        out.line(0, f"VolumeMode:\t{spec['volumeMode']}")
    out.line(0, f"Capacity:\t{(spec.get('capacity') or {}).get('storage', '')}")
    _node_affinity(out, (spec.get("nodeAffinity") or {}).get("required"))
    out.line(0, f"Message:\t{status.get('message') or ''}")
    out.line(0, "Source:")
    for text in source(spec):
        out.line(2, text)
    events(scene, out, obj)


def _node_affinity(out: Writer, required: Obj | None) -> None:
    if required is None:
        out.line(0, "Node Affinity:\t<none>")
        return
    out.line(0, "Node Affinity:\t")
    terms = required.get("nodeSelectorTerms") or []
    out.line(1, "Required Terms:\t" + ("" if terms else "<none>"))
    for number, term in enumerate(terms):
        texts = [_expression(each) for each in term.get("matchExpressions") or []] or ["<none>"]
        out.line(2, f"Term {number}:\t{texts[0]}")
        for each in texts[1:]:
            out.line(2, f"\t{each}")


def _expression(expression: Obj) -> str:
    values = expression.get("values")
    return f"{expression['key']} {expression['operator'].lower()}" + (f" [{', '.join(values)}]" if values else "")


def claim_templates(out: Writer, templates: list[Obj]) -> None:
    """The claims that a StatefulSet makes for each of its Pods."""
    out.line(0, "Volume Claims:" if templates else "Volume Claims:\t<none>")
    for each in templates:
        meta, spec = each["metadata"], each["spec"]
        out.line(1, f"Name:\t{meta['name']}")
        out.line(1, f"StorageClass:\t{spec.get('storageClassName') or ''}")
        labels(out, "Labels", meta.get("labels"), level=1)
        labels(out, "Annotations", meta.get("annotations"), level=1)
        size = ((spec.get("resources") or {}).get("requests") or {}).get("storage", "<default>")
        out.line(1, f"Capacity:\t{size}")
        out.line(1, f"Access Modes:\t[{' '.join(spec.get('accessModes') or [])}]")


def claim(scene: Scene, out: Writer, obj: Obj) -> None:
    """A PersistentVolumeClaim and who uses it."""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    bound = bool(spec.get("volumeName"))
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    out.line(0, f"StorageClass:\t{spec.get('storageClassName') or ''}")
    out.line(0, f"Status:\t{status.get('phase') or ''}")
    out.line(0, f"Volume:\t{spec.get('volumeName') or ''}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    out.line(0, f"Finalizers:\t[{' '.join(meta.get('finalizers') or [])}]")
    out.line(0, f"Capacity:\t{(status.get('capacity') or {}).get('storage', '') if bound else ''}")
    out.line(0, f"Access Modes:\t{modes(status.get('accessModes')) if bound else ''}")
    if spec.get("volumeMode"):
        out.line(0, f"VolumeMode:\t{spec['volumeMode']}")
    users = [
        each["metadata"]["name"] for each in scene.client.list(RESOURCES["pods"], meta.get("namespace", "")) if _uses(each, meta["name"])
    ] or ["<none>"]
    out.line(0, f"Used By:\t{users[0]}")
    for each in users[1:]:
        out.line(0, f"\t{each}")
    events(scene, out, obj)


def _uses(pod: Obj, name: str) -> bool:
    return any((each.get("persistentVolumeClaim") or {}).get("claimName") == name for each in pod["spec"].get("volumes") or [])


def storage_class(scene: Scene, out: Writer, obj: Obj) -> None:
    """A StorageClass."""
    default = (obj["metadata"].get("annotations") or {}).get("storageclass.kubernetes.io/is-default-class") == "true"
    parameters = ",".join(f"{key}={value}" for key, value in sorted((obj.get("parameters") or {}).items()))
    grows = obj.get("allowVolumeExpansion")
    out.line(0, f"Name:\t{obj['metadata']['name']}")
    out.line(0, f"IsDefaultClass:\t{'Yes' if default else 'No'}")
    annotation_lines(out, obj["metadata"].get("annotations"))
    out.line(0, f"Provisioner:\t{obj.get('provisioner', '')}")
    out.line(0, f"Parameters:\t{parameters or '<none>'}")
    out.line(0, f"AllowVolumeExpansion:\t{'<unset>' if grows is None else 'True' if grows else 'False'}")
    out.line(0, "MountOptions:" if obj.get("mountOptions") else "MountOptions:\t<none>")
    for each in obj.get("mountOptions") or []:
        out.line(1, each)
    out.line(0, f"ReclaimPolicy:\t{obj.get('reclaimPolicy') or 'Delete'}")
    out.line(0, f"VolumeBindingMode:\t{obj.get('volumeBindingMode') or '<unset>'}")
    events(scene, out, obj)


def autoscaler(scene: Scene, out: Writer, obj: Obj) -> None:
    """A HorizontalPodAutoscaler."""
    spec, status = obj["spec"], obj.get("status") or {}
    head(out, obj)
    out.line(0, f"CreationTimestamp:\t{rfc1123(obj['metadata'].get('creationTimestamp'))}")
    out.line(0, f"Reference:\t{spec['scaleTargetRef']['kind']}/{spec['scaleTargetRef']['name']}")
    out.line(0, "Metrics:\t( current / target )")
    for each in spec.get("metrics") or []:
        held = each.get("resource") or {}
        target = held.get("target") or {}
        if target.get("averageUtilization") is not None:
            out.line(1, f"resource {held.get('name')} on pods  (as a percentage of request):\t<unknown> / {target['averageUtilization']}%")
        else:
            out.line(1, f"resource {held.get('name')} on pods:\t<unknown> / {target.get('averageValue') or target.get('value')}")
    least = spec.get("minReplicas")
    out.line(0, f"Min replicas:\t{'<unset>' if least is None else least}")
    out.line(0, f"Max replicas:\t{spec['maxReplicas']}")
    out.line(
        0,
        f"{spec['scaleTargetRef']['kind']} pods:\t{status.get('currentReplicas') or 0} current / {status.get('desiredReplicas') or 0} desired",
    )
    events(scene, out, obj)
