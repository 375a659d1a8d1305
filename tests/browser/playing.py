"""A lab whose line to the server is played: the page is the real one, the session is made of recorded frames."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from typing import Any

import yaml
from playwright.sync_api import Page, WebSocketRoute

from podlab.home import ROOT
from tests.browser.person import start

Frame = dict[str, Any]


def recorded(name: str) -> list[Frame]:
    """Welcome, snapshot and the first window of a recorded session."""
    frames: list[Frame] = json.loads((ROOT / f"tests/fixtures/wire/{name}.json").read_text("utf-8"))[:3]
    return frames


def quiet() -> list[Frame]:
    """A new cluster in which nothing happens."""
    frames = recorded("one_pod")
    frames[2]["changes"] = []
    return frames


def of_every_state() -> list[Frame]:
    """A quiet cluster with a Pod in each state of the vocabulary (`states.yaml`), and a node that is lost."""
    frames = recorded("one_pod")
    snapshot = frames[1]
    nodes = [each for each in snapshot["objects"] if each["kind"] == "Node"]
    snapshot["objects"].append(_lost(nodes[-1]))
    for index, said in enumerate(yaml.safe_load((ROOT / "tests/browser/states.yaml").read_text("utf-8"))):
        snapshot["objects"].append(_pod(index, **said))
    frames[2]["changes"] = []
    return frames


def _lost(node: Frame) -> Frame:
    made = copy.deepcopy(node)
    made["metadata"] |= {"name": "node-3", "uid": "node-3"}
    made["metadata"]["labels"]["kubernetes.io/hostname"] = "node-3"
    for each in made["status"]["conditions"]:
        each["status"] = "Unknown"
    return made


def _pod(index: int, name: str, phase: str, node: str = "", **more: Any) -> Frame:
    container = {"name": "app", "image": "nginx"}
    status = {"name": "app", "image": "nginx", "imageID": "", "restartCount": more.get("restarts", 0), "ready": more.get("ready", False)}
    ready = {"type": "Ready", "status": str(more.get("ready", False)), "lastTransitionTime": "2025-11-20T09:00:10Z"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "default",
            "uid": name,
            "resourceVersion": str(9_000_000 + index),
            "creationTimestamp": "2025-11-20T09:00:00Z",
            **({"deletionTimestamp": "2025-11-20T09:00:50Z", "deletionGracePeriodSeconds": 30} if more.get("ends") else {}),
        },
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 30, **({"nodeName": node} if node else {})},
        "status": {
            "phase": phase,
            "conditions": [ready],
            **({"reason": more["reason"]} if "reason" in more else {}),
            **({"containerStatuses": [{**status, "state": more["state"], "lastState": {}}]} if "state" in more else {}),
        },
    }


@dataclass(frozen=True)
class Scene:
    """A session to be shown at virtual `t`. `notice`: what the server says last; `broken`: the line is lost then; `runs`: the clock goes on."""

    frames: list[Frame]
    t: int
    notice: Frame | None = None
    broken: bool = False
    runs: bool = False


def notice(code: str, **args: Any) -> Frame:
    """What the server has to say."""
    return {"kind": "notice", "cursor": 3, "code": code, "args": args}


def play(page: Page, frames: list[Frame], t: int) -> None:
    """Open a lab whose session is made of these frames, paused at virtual `t`."""
    show(page, Scene(frames, t))


def show(page: Page, scene: Scene) -> None:
    """Open a lab whose session is that scene."""
    frames = scene.frames + ([scene.notice] if scene.notice else [])
    frames[0]["anchor"] = {"wall_ms": frames[0]["server_ms"], "virtual_ms": scene.t, "speed": 1, "paused": not scene.runs}
    hellos: list[str] = []

    def line(socket: WebSocketRoute) -> None:
        def answer(message: Any) -> None:
            if json.loads(message)["kind"] != "hello":
                return
            hellos.append(message)
            for each in frames if len(hellos) == 1 or not scene.broken else []:
                socket.send(json.dumps(each))
            if scene.broken:
                socket.close()

        socket.on_message(answer)

    page.route_web_socket(re.compile("/ws/sessions/"), line)
    start(page)
