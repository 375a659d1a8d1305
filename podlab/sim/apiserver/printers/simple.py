"""The tables of kinds with a handful of fields.

Upstream: pkg/printers/internalversion/printers.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import Printer, age, containers, labels, name, number, or_none
from podlab.sim.changes import Obj
from podlab.sim.world import World


def _plain(world: World, obj: Obj) -> list[str]:
    return [name(obj), age(world, obj)]


def _configmap(world: World, obj: Obj) -> list[str]:
    return [name(obj), str(len(obj.get("data") or {}) + len(obj.get("binaryData") or {})), age(world, obj)]


def _secret(world: World, obj: Obj) -> list[str]:
    return [name(obj), obj.get("type", ""), str(len(obj.get("data") or {})), age(world, obj)]


def _namespace(world: World, obj: Obj) -> list[str]:
    return [name(obj), (obj.get("status") or {}).get("phase") or "", age(world, obj)]


def _lease(world: World, obj: Obj) -> list[str]:
    return [name(obj), str((obj.get("spec") or {}).get("holderIdentity") or ""), age(world, obj)]


def _priority_class(world: World, obj: Obj) -> list[str]:
    default = "true" if obj.get("globalDefault") else "false"
    return [name(obj), number(obj.get("value")), default, age(world, obj), obj.get("preemptionPolicy") or "PreemptLowerPriority"]


def _created(world: World, obj: Obj) -> list[str]:
    return [name(obj), obj["metadata"].get("creationTimestamp") or ""]


def _revision(world: World, obj: Obj) -> list[str]:
    owner = next((each for each in obj["metadata"].get("ownerReferences") or [] if each.get("controller")), None)
    return [name(obj), or_none(None) if owner is None else _owner(owner), number(obj.get("revision")), age(world, obj)]


def _owner(owner: Obj) -> str:
    group = owner["apiVersion"].rpartition("/")[0]
    return f"{owner['kind'].lower()}.{group}/{owner['name']}" if group else f"{owner['kind'].lower()}/{owner['name']}"


def _pod_template(world: World, obj: Obj) -> list[str]:
    return [name(obj), *containers(obj["template"]), labels((obj["template"].get("metadata") or {}).get("labels"))]


def _runtime_class(world: World, obj: Obj) -> list[str]:
    return [name(obj), obj.get("handler", ""), age(world, obj)]


PLAIN = Printer("NAME|AGE", _plain)
CONFIGMAPS = Printer("NAME|DATA|AGE", _configmap)
SECRETS = Printer("NAME|TYPE|DATA|AGE", _secret)
NAMESPACES = Printer("NAME|STATUS|AGE", _namespace)
LEASES = Printer("NAME|HOLDER|AGE", _lease)
PRIORITY_CLASSES = Printer("NAME|VALUE|GLOBAL-DEFAULT|AGE|PREEMPTIONPOLICY", _priority_class)
CREATED = Printer("NAME|CREATED AT", _created)
POD_TEMPLATES = Printer("NAME|CONTAINERS|IMAGES|POD LABELS", _pod_template)
REVISIONS = Printer("NAME|CONTROLLER|REVISION|AGE", _revision)
RUNTIME_CLASSES = Printer("NAME|HANDLER|AGE", _runtime_class)
