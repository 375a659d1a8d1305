"""Volumes in a description.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeVolumes). Left out: volumes of cloud providers.
"""

from __future__ import annotations

from collections.abc import Callable

from podlab.sim.apiserver.printers.policy import modes
from podlab.sim.changes import Obj
from podlab.sim.kubectl.describers.writer import Writer, boolean

Lines = list[str]


def volumes(out: Writer, held: list[Obj] | None, *, template: bool = False) -> None:
    """The section of volumes; a template's stands deeper."""
    level = 1 if template else 0
    if not held:
        out.line(level, "Volumes:\t<none>")
        return
    out.line(level, "Volumes:")
    for each in held:
        out.line(1, (" " if template else "") + f"{each['name']}:")
        for text in source(each):
            out.line(2, text)


def source(volume: Obj) -> Lines:
    """The lines of what a volume is made of."""
    for kind, lines in _KINDS.items():
        if volume.get(kind) is not None:
            return lines(volume[kind])
    return ["<unknown>"]


def _empty_dir(held: Obj) -> Lines:
    limit = held.get("sizeLimit")
    return [
        "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
        f"Medium:\t{held.get('medium') or ''}",
        f"SizeLimit:\t{limit or '<unset>'}",
    ]


def _host_path(held: Obj) -> Lines:
    return ["Type:\tHostPath (bare host directory volume)", f"Path:\t{held['path']}", f"HostPathType:\t{held.get('type') or ''}"]


def _config_map(held: Obj) -> Lines:
    return [
        "Type:\tConfigMap (a volume populated by a ConfigMap)",
        f"Name:\t{held.get('name', '')}",
        f"Optional:\t{boolean(held.get('optional'))}",
    ]


def _secret(held: Obj) -> Lines:
    return [
        "Type:\tSecret (a volume populated by a Secret)",
        f"SecretName:\t{held.get('secretName', '')}",
        f"Optional:\t{boolean(held.get('optional'))}",
    ]


def _claim(held: Obj) -> Lines:
    kind = "Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)"
    return [kind, f"ClaimName:\t{held['claimName']}", f"ReadOnly:\t{boolean(held.get('readOnly'))}"]


def _downward(held: Obj) -> Lines:
    items = [f"  {_where(each)} -> {each['path']}" for each in held.get("items") or []]
    return ["Type:\tDownwardAPI (a volume populated by information about the pod)", "Items:", *items]


def _where(item: Obj) -> str:
    if item.get("fieldRef"):
        return str(item["fieldRef"]["fieldPath"])
    return str((item.get("resourceFieldRef") or {}).get("resource", ""))


def _projected(held: Obj) -> Lines:
    lines = ["Type:\tProjected (a volume that contains injected data from multiple sources)"]
    for each in held.get("sources") or []:
        if each.get("secret"):
            lines += [f"SecretName:\t{each['secret'].get('name', '')}", f"Optional:\t{boolean(each['secret'].get('optional'))}"]
        elif each.get("downwardAPI"):
            lines.append("DownwardAPI:\ttrue")
        elif each.get("configMap"):
            lines += [f"ConfigMapName:\t{each['configMap'].get('name', '')}", f"Optional:\t{boolean(each['configMap'].get('optional'))}"]
        elif each.get("serviceAccountToken"):
            lines.append(f"TokenExpirationSeconds:\t{each['serviceAccountToken'].get('expirationSeconds', 0)}")
    return lines


def _nfs(held: Obj) -> Lines:
    kind = "Type:\tNFS (an NFS mount that lasts the lifetime of a pod)"
    return [kind, f"Server:\t{held['server']}", f"Path:\t{held['path']}", f"ReadOnly:\t{boolean(held.get('readOnly'))}"]


def _image(held: Obj) -> Lines:
    return [
        "Type:\tImage (a container image or OCI artifact)",
        f"Reference:\t{held.get('reference', '')}",
        f"PullPolicy:\t{held.get('pullPolicy', '')}",
    ]


def _csi(held: Obj) -> Lines:
    kind = "Type:\tCSI (a Container Storage Interface (CSI) volume source)"
    return [kind, f"Driver:\t{held['driver']}", f"FSType:\t{held.get('fsType') or ''}", f"ReadOnly:\t{boolean(held.get('readOnly'))}"]


def _ephemeral(held: Obj) -> Lines:
    spec = (held.get("volumeClaimTemplate") or {}).get("spec") or {}
    kind = "Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)"
    claim = [
        f"StorageClass:\t{spec.get('storageClassName') or ''}",
        f"Volume:\t{spec.get('volumeName') or ''}",
        "Labels:\t    <none>",
        "Annotations:\t    <none>",
    ]
    shown = modes(spec.get("accessModes")) if spec.get("volumeName") else ""
    return [kind, *claim, "Capacity:\t", f"Access Modes:\t{shown}", f"VolumeMode:\t{spec.get('volumeMode', 'Filesystem')}"]


_KINDS: dict[str, Callable[[Obj], Lines]] = {
    "hostPath": _host_path,
    "emptyDir": _empty_dir,
    "secret": _secret,
    "configMap": _config_map,
    "persistentVolumeClaim": _claim,
    "ephemeral": _ephemeral,
    "downwardAPI": _downward,
    "projected": _projected,
    "nfs": _nfs,
    "image": _image,
    "csi": _csi,
}
