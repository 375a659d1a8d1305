"""Container statuses, out of what the runtime shows, what was written before, and why the last start failed.

Upstream: pkg/kubelet/kubelet_pods.go (convertToAPIContainerStatuses, convertStatusToAPIStatus). Left out: user, allocatedResourcesStatus.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.containerd.types import Container
from podlab.sim.kubelet.phase import RESTARTING_ALL
from podlab.sim.kubelet.restart import should_be_restarted
from podlab.sim.kubelet.specs import Spec, inits, is_sidecar, regular, restart_policy
from podlab.sim.kubelet.termination import LOST

LOST_BEFORE: Obj = {**LOST, "message": "The container could not be located when the pod was deleted.  The container used to be Running"}
NO_INIT_STATUS = "Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally"
REMOVED: Obj = {"exitCode": 137, "reason": RESTARTING_ALL, "message": "The container is removed because RestartAllContainers in place"}
Reasons = dict[str, tuple[str, str]]


class View(Struct):
    """What statuses are made of. `runtime`: instances, newest first; `reasons`: container → (reason, message) of its failed start."""

    pod: Obj
    runtime: list[Container]
    reasons: Reasons
    stamp: Callable[[int], str]
    deleted: bool = False
    restarting_all: bool = False

    def instances(self, name: str) -> list[Container]:
        """The instances of a container, newest first."""
        return [each for each in self.runtime if each.name == name]


def convert(view: View, containers: list[Spec], previous: list[Obj] | None) -> list[Obj]:
    """The statuses of `containers`, in their order; `previous` is what was written before (CS-1 to CS-7)."""
    old = {each["name"]: each for each in previous or ()}
    return [_status(view, each, old.get(each["name"])) for each in containers]


def _status(view: View, container: Spec, old: Obj | None) -> Obj:
    name = container["name"]
    instances = view.instances(name)
    status = _of_instances(view, container, instances, old) if instances else _without_instance(view, container, old)
    return _waiting_for_restart(view, container, instances, status)


def _is_regular_init(view: View, container: Spec) -> bool:
    return any(each is container for each in inits(view.pod["spec"])) and not is_sidecar(container)


def default_waiting(spec: Obj) -> str:
    """The reason of a container that has not been started (CS-1)."""
    return "PodInitializing" if inits(spec) else "ContainerCreating"


def _blank(container: Spec, state: Obj, old: Obj | None) -> Obj:
    old = old or {}
    return {
        "name": container["name"],
        "state": state,
        "lastState": old.get("lastState") or {},
        "ready": False,
        "restartCount": old.get("restartCount", 0),
        "image": container.get("image", ""),
        "imageID": "",
        "started": False,
    }


def _without_instance(view: View, container: Spec, old: Obj | None) -> Obj:
    """Nothing in the runtime: it is still to come, was lost, or was removed on purpose."""
    spec = view.pod["spec"]
    state = (old or {}).get("state") or {}
    waiting = _blank(container, {"waiting": {"reason": default_waiting(spec)}}, old)
    if view.restarting_all and old is not None:
        return _removed(container, state, old, waiting)
    if old is not None and "terminated" in state:
        return old
    if _is_regular_init(view, container) and any(view.instances(each["name"]) for each in regular(spec)):
        waiting["state"] = {
            "terminated": {"exitCode": 0, "reason": "Completed", "message": NO_INIT_STATUS, "startedAt": None, "finishedAt": None}
        }
    elif "running" in state and "terminated" not in waiting["lastState"]:
        waiting["lastState"] = {"terminated": dict(LOST_BEFORE)}
        waiting["restartCount"] += not view.deleted
    return waiting


def _removed(container: Spec, state: Obj, old: Obj, waiting: Obj) -> Obj:
    """CS-17: removed by RestartAllContainers."""
    if (state.get("waiting") or {}).get("reason") == RESTARTING_ALL or not ({"running", "terminated"} & set(state)):
        return old
    removed: Obj = {"reason": RESTARTING_ALL, "message": REMOVED["message"]}
    return {
        **waiting,
        "state": {"waiting": removed},
        "lastState": {"terminated": dict(REMOVED)},
        "restartCount": old.get("restartCount", 0) + 1,
    }


def _of_instances(view: View, container: Spec, instances: list[Container], old: Obj | None) -> Obj:
    """The newest gives `state`, the second newest `lastState` (CS-3)."""
    newest = instances[0]
    status = _blank(container, state_of(newest, view.stamp, old), None)
    status["restartCount"] = newest.restarts
    status["image"], status["imageID"] = newest.image or status["image"], newest.image_id
    if newest.id:
        status["containerID"] = f"containerd://{newest.id}"
    if (status["state"].get("terminated") or {}).get("reason") == LOST["reason"]:
        status["restartCount"] += 1
    last = ((old or {}).get("lastState") or {}).get("terminated") or {}
    if len(instances) > 1:
        status["lastState"] = state_of(instances[1], view.stamp, None)
    elif last.get("reason") == RESTARTING_ALL:
        status["lastState"], status["restartCount"] = {"terminated": last}, max(newest.restarts, (old or {})["restartCount"])
    status["resources"] = container.get("resources") or {}
    if (container.get("resources") or {}).get("requests"):
        status["allocatedResources"] = container["resources"]["requests"]
    if container.get("volumeMounts"):
        status["volumeMounts"] = [_mount(each) for each in container["volumeMounts"]]
    return status


def _mount(mount: Obj) -> Obj:
    out: Obj = {"name": mount["name"], "mountPath": mount["mountPath"]}
    return {**out, "readOnly": True, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else out


def state_of(instance: Container, stamp: Callable[[int], str], old: Obj | None) -> Obj:
    """A runtime state as the API shows it (CS-2)."""
    if instance.state == "running":
        return {"running": {"startedAt": stamp(instance.started_ms)}}
    if instance.state == "exited":
        ended: Obj = {"exitCode": instance.exit_code, "reason": instance.reason}
        if instance.message:
            ended["message"] = instance.message
        ended |= {"startedAt": stamp(instance.started_ms), "finishedAt": stamp(instance.finished_ms)}
        return {"terminated": {**ended, "containerID": f"containerd://{instance.id}"} if instance.id else ended}
    if instance.state == "unknown" and "running" in ((old or {}).get("state") or {}):
        return {"terminated": dict(LOST)}
    return {"waiting": {}}


def _waiting_for_restart(view: View, container: Spec, instances: list[Container], status: Obj) -> Obj:
    """CS-4: a start is due and the last one failed, so it waits."""
    newest = instances[0] if instances else None
    if container["name"] not in view.reasons:
        return status
    if newest is not None and newest.state == "exited" and newest.exit_code == 0 and _is_regular_init(view, container):
        return status
    if not should_be_restarted(container, restart_policy(view.pod["spec"]), newest, deleted=view.deleted):
        return status
    reason, message = view.reasons[container["name"]]
    waiting: Obj = {"reason": reason, "message": message} if message else {"reason": reason}
    if "terminated" in status["state"]:
        status = {**status, "lastState": status["state"]}
    return {**status, "state": {"waiting": waiting}}
