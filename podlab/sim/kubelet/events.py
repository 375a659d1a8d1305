"""The kubelet's Events: type, reason and message of each (EV-2).

Upstream: pkg/kubelet/events/event.go and the places that record them. Left out: Events of the node's own start.
"""

from __future__ import annotations

from podlab.sim.kubelet.backoff import go_duration

Event = tuple[str, str, str]


def normal(reason: str, message: str) -> Event:
    """A Normal one."""
    return "Normal", reason, message


def warning(reason: str, message: str) -> Event:
    """A Warning."""
    return "Warning", reason, message


CREATED = normal("Created", "Container created")
STARTED = normal("Started", "Container started")
POST_START_FAILED = warning("FailedPostStartHook", "PostStartHook failed")
PRE_STOP_FAILED = warning("FailedPreStopHook", "PreStopHook failed")
SANDBOX_CHANGED = normal("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
DEADLINE = normal("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")
PREEMPTING = warning("Preempting", "Preempted in order to admit critical pod")


def system_oom(program: str, pid: int) -> Event:
    """The kernel has ended a process of the machine."""
    return warning("SystemOOM", f"System OOM encountered, victim process: {program}, pid: {pid}")


def no_pull_secrets(names: list[str]) -> Event:
    """Secrets that a Pod names for its pulls are not there."""
    what = f"Unable to retrieve some image pull secrets ({', '.join(names)}); attempting to pull the image may not succeed."
    return warning("FailedToRetrieveImagePullSecret", what)


def pulling(image: str) -> Event:
    """A pull begins."""
    return normal("Pulling", f'Pulling image "{image}"')


def pulled(image: str, took_ms: int, waited_ms: int, size: int) -> Event:
    """A pull succeeded."""
    return normal(
        "Pulled",
        f'Successfully pulled image "{image}" in {go_duration(took_ms)} ({go_duration(waited_ms)} including waiting). Image size: {size} bytes.',
    )


def present(image: str) -> Event:
    """No pull was needed."""
    return normal("Pulled", f'Container image "{image}" already present on machine and can be accessed by the pod')


def never_pull(image: str) -> Event:
    """It may not be pulled and is not there."""
    return warning("ErrImageNeverPull", f'Container image "{image}" is not present with pull policy of Never')


def inspect_failed(image: str, why: str) -> Event:
    """The image's name does not parse."""
    return warning("InspectFailed", f'Failed to apply default image tag "{image}": {why}')


def pull_failed(image: str, error: str) -> Event:
    """A pull failed."""
    return warning("Failed", f'Failed to pull image "{image}": {error}')


def pull_back_off(image: str) -> Event:
    """The next pull must wait."""
    return normal("BackOff", f'Back-off pulling image "{image}"')


def start_failed(error: str) -> Event:
    """A container was not started; `error` is the message or, without one, the reason."""
    return warning("Failed", f"Error: {error}")


def back_off(container: str, pod: str) -> Event:
    """A restart must wait; `pod` as `NAME_NAMESPACE(UID)`."""
    return warning("BackOff", f"Back-off restarting failed container {container} in pod {pod}")


def back_off_message(delay_ms: int, container: str, pod: str) -> str:
    """The waiting message that goes with it."""
    return f"back-off {go_duration(delay_ms)} restarting failed container={container} pod={pod}"


def killing(message: str) -> Event:
    """A container is being ended."""
    return normal("Killing", message)


def stopping(container: str) -> str:
    """The message of a kill that needs no reason."""
    return f"Stopping container {container}"


def resize_needs_restart(container: str) -> str:
    """The message of a kill for a resize that the container does not take while it runs."""
    return f"Container {container} resize requires restart"


def failed_mount(message: str) -> Event:
    """A volume cannot be used yet."""
    return warning("FailedMount", message)


def set_up_failed(volume: str, why: str) -> str:
    """The message of a volume that was not set up."""
    return f'MountVolume.SetUp failed for volume "{volume}" : {why}'


def not_processed(volume: str, why: str) -> str:
    """The message of a volume whose claim cannot be used."""
    return f"Unable to attach or mount volumes: unmounted volumes=[{volume}], unattached volumes=[], failed to process volumes=[{volume}]: {why}"


def network_not_ready(why: str) -> Event:
    """The node's network plugin is not there."""
    return warning("NetworkNotReady", f"network is not ready: {why}")


def evicted(message: str) -> Event:
    """The Pod is evicted; the sentences of EV-3."""
    return warning("Evicted", message)
