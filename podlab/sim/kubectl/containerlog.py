"""The log of a container as the kubelet gives it out.

Upstream: pkg/kubelet/kubelet_pods.go (validateContainerLogStatus), cri-client/pkg/logs/logs.go. Left out: logs of removed containers.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl.podfinder import status_of
from podlab.sim.linux.types import Context
from podlab.sim.world import World

_WAITING = {"ErrImagePull": "image can't be pulled", "ImagePullBackOff": "trying and failing to pull image"}


class Wanted(Struct):
    """`tail` −1: all; `since_ms`: an instant; `limit` 0: no limit (bytes)."""

    tail: int = -1
    since_ms: int | None = None
    limit: int = 0
    timestamps: bool = False
    prefix: str = ""


def instance(pod: Obj, name: str, previous: bool) -> int | None:
    """The number of the container's run whose log is meant; None: there is no node yet. StatusError BadRequest in the kubelet's words."""
    if not pod["spec"].get("nodeName"):
        return None
    what = f'container "{name}" in pod "{pod["metadata"]["name"]}"'
    status = status_of(pod, name)
    if status is None:
        raise StatusError("BadRequest", f"{what} is not available")
    state, ended = status.get("state") or {}, (status.get("lastState") or {}).get("terminated")
    count = int(status.get("restartCount") or 0)
    waiting = state.get("waiting")
    if previous:
        if not ended or not ended.get("containerID"):
            raise StatusError("BadRequest", f"previous terminated {what} not found")
        return count if waiting is not None else count - 1
    if state.get("running") is not None or state.get("terminated") is not None or ended is not None:
        return count
    if waiting is not None:
        raise StatusError("BadRequest", f"{what} is waiting to start: {_WAITING.get(waiting.get('reason', ''), waiting.get('reason', ''))}")
    raise StatusError("BadRequest", f"{what} is waiting to start - no logs yet")


def lines(ctx: Context, pod: Obj, name: str, number: int) -> list[tuple[int, str]]:
    """(instant, line with its newline) of one run; the last may lack the newline."""
    out: list[tuple[int, str]] = []
    pending, began = "", 0
    linux: Any = ctx.linux
    for t_ms, text in linux.log(pod["metadata"]["uid"], name, number):
        for part in text.splitlines(keepends=True):
            began = began if pending else t_ms
            pending += part
            if pending.endswith("\n"):
                out.append((began, pending))
                pending = ""
    return [*out, (began, pending)] if pending else out


def text(world: World, held: list[tuple[int, str]], wanted: Wanted) -> str:
    """The lines that were asked for."""
    shown = [(t_ms, line) for t_ms, line in held if wanted.since_ms is None or t_ms >= wanted.since_ms]
    if wanted.tail >= 0:
        shown = shown[-wanted.tail :] if wanted.tail else []
    out = "".join(f"{wanted.prefix}{_nano(world, t_ms) if wanted.timestamps else ''}{line}" for t_ms, line in shown)
    return out.encode()[: wanted.limit].decode("utf-8", "ignore") if wanted.limit else out


def _nano(world: World, t_ms: int) -> str:
    return world.micro(t_ms).removesuffix("Z") + "000Z "
