"""The tables of budgets, quotas, autoscalers, volumes, ingresses, network policies and role bindings.

Upstream: pkg/printers/internalversion/printers.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, name, number, or_none, selector
from podlab.sim.changes import Obj
from podlab.sim.world import World

_MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


def _budget(world: World, obj: Obj) -> list[str]:
    spec = obj["spec"]
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    allowed = number((obj.get("status") or {}).get("disruptionsAllowed"))
    return [name(obj), "N/A" if least is None else str(least), "N/A" if most is None else str(most), allowed, age(world, obj)]


def _quota(world: World, obj: Obj) -> list[str]:
    status = obj.get("status") or {}
    hard, used = status.get("hard") or {}, status.get("used") or {}
    texts: dict[bool, list[str]] = {True: [], False: []}
    for each in sorted(hard):
        texts[each.startswith("limits.")].append(f"{each}: {used.get(each, '0')}/{hard[each]}")
    return [name(obj), ", ".join(texts[False]), ", ".join(texts[True]), age(world, obj)]


def _storage_class(world: World, obj: Obj) -> list[str]:
    marked = name(obj) + (
        " (default)" if (obj["metadata"].get("annotations") or {}).get("storageclass.kubernetes.io/is-default-class") == "true" else ""
    )
    grows = "true" if obj.get("allowVolumeExpansion") else "false"
    return [
        marked,
        obj.get("provisioner", ""),
        obj.get("reclaimPolicy") or "Delete",
        obj.get("volumeBindingMode") or "<unset>",
        grows,
        age(world, obj),
    ]


def modes(held: list[str] | None) -> str:
    """`RWO,ROX`."""
    return ",".join(_MODES.get(each, each) for each in held or [])


def _volume(world: World, obj: Obj) -> list[str]:
    spec, status = obj["spec"], obj.get("status") or {}
    claim = spec.get("claimRef")
    phase = "Terminating" if obj["metadata"].get("deletionTimestamp") else status.get("phase") or ""
    return [
        *(
            name(obj),
            (spec.get("capacity") or {}).get("storage", ""),
            modes(spec.get("accessModes")),
            spec.get("persistentVolumeReclaimPolicy", ""),
            phase,
        ),
        f"{claim['namespace']}/{claim['name']}" if claim else "",
        *(spec.get("storageClassName") or "", spec.get("volumeAttributesClassName") or "<unset>", status.get("reason") or ""),
        *(age(world, obj), spec.get("volumeMode") or "<unset>"),
    ]


def _claim(world: World, obj: Obj) -> list[str]:
    spec, status = obj["spec"], obj.get("status") or {}
    bound = bool(spec.get("volumeName"))
    phase = "Terminating" if obj["metadata"].get("deletionTimestamp") else status.get("phase") or ""
    return [
        *(name(obj), phase, spec.get("volumeName") or ""),
        (status.get("capacity") or {}).get("storage", "") if bound else "",
        modes(status.get("accessModes")) if bound else "",
        *(spec.get("storageClassName") or "", spec.get("volumeAttributesClassName") or "<unset>"),
        *(age(world, obj), spec.get("volumeMode") or "<unset>"),
    ]


def _metric(metric: Obj) -> str:
    resource = metric.get("resource") or {}
    target = resource.get("target") or {}
    wanted = (
        f"{target['averageUtilization']}%"
        if target.get("averageUtilization") is not None
        else str(target.get("averageValue") or target.get("value") or "")
    )
    return f"{resource.get('name', '')}: <unknown>/{wanted}"


def _autoscaler(world: World, obj: Obj) -> list[str]:
    spec, status = obj["spec"], obj.get("status") or {}
    target = spec["scaleTargetRef"]
    least = spec.get("minReplicas")
    return [
        *(name(obj), f"{target['kind']}/{target['name']}", ", ".join(_metric(each) for each in spec.get("metrics") or []) or "<none>"),
        *("<unset>" if least is None else str(least), str(spec["maxReplicas"]), number(status.get("currentReplicas")), age(world, obj)),
    ]


def _ingress(world: World, obj: Obj) -> list[str]:
    spec = obj["spec"]
    hosts = [each["host"] for each in spec.get("rules") or [] if each.get("host")]
    shown = ",".join(hosts[:3]) + (f" + {len(hosts) - 3} more..." if len(hosts) > 3 else "") if hosts else "*"
    ingress = ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    address = ",".join(each.get("ip") or each.get("hostname") or "" for each in ingress)
    return [name(obj), or_none(spec.get("ingressClassName")), shown, address, "80, 443" if spec.get("tls") else "80", age(world, obj)]


def _ingress_class(world: World, obj: Obj) -> list[str]:
    held = obj["spec"].get("parameters")
    kind = f"{held['kind']}.{held['apiGroup']}" if held and held.get("apiGroup") else (held or {}).get("kind", "")
    return [name(obj), obj["spec"].get("controller", ""), f"{kind}/{held['name']}" if held else "<none>", age(world, obj)]


def _binding(world: World, obj: Obj) -> list[str]:
    subjects = obj.get("subjects") or []
    users, groups = (", ".join(each["name"] for each in subjects if each["kind"] == kind) for kind in ("User", "Group"))
    accounts = ", ".join(f"{each.get('namespace', '')}/{each['name']}" for each in subjects if each["kind"] == "ServiceAccount")
    return [name(obj), f"{obj['roleRef']['kind']}/{obj['roleRef']['name']}", age(world, obj), users, groups, accounts]


def _network_policy(world: World, obj: Obj) -> list[str]:
    return [name(obj), selector(obj["spec"].get("podSelector")), age(world, obj)]


BUDGETS = Printer("NAME|MIN AVAILABLE|MAX UNAVAILABLE|ALLOWED DISRUPTIONS|AGE", _budget)
QUOTAS = Printer("NAME|REQUEST|LIMIT|AGE", _quota)
STORAGE_CLASSES = Printer("NAME|PROVISIONER|RECLAIMPOLICY|VOLUMEBINDINGMODE|ALLOWVOLUMEEXPANSION|AGE", _storage_class)
VOLUMES = Printer(
    "NAME|CAPACITY|ACCESS MODES|RECLAIM POLICY|STATUS|CLAIM|STORAGECLASS|VOLUMEATTRIBUTESCLASS|REASON|AGE|+VOLUMEMODE", _volume
)
CLAIMS = Printer("NAME|STATUS|VOLUME|CAPACITY|ACCESS MODES|STORAGECLASS|VOLUMEATTRIBUTESCLASS|AGE|+VOLUMEMODE", _claim)
AUTOSCALERS = Printer("NAME|REFERENCE|TARGETS|MINPODS|MAXPODS|REPLICAS|AGE", _autoscaler)
INGRESSES = Printer("NAME|CLASS|HOSTS|ADDRESS|PORTS|AGE", _ingress)
NETWORK_POLICIES = Printer("NAME|POD-SELECTOR|AGE", _network_policy)
INGRESS_CLASSES = Printer("NAME|CONTROLLER|PARAMETERS|AGE", _ingress_class)
BINDINGS = Printer("NAME|ROLE|AGE|+USERS|+GROUPS|+SERVICEACCOUNTS", _binding)
