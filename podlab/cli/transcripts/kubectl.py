"""Running a recorded kubectl case in a simulated cluster: its objects, its files, its lines in a shell."""

from __future__ import annotations

import copy
import json
import re
import shlex
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from podlab.cli import recording
from podlab.sim import boot, images, kubectl, shell
from podlab.sim.api.goyaml import to_yaml
from podlab.sim.api.resources import RESOURCES, Resource
from podlab.sim.apiserver.patch.merge import merge
from podlab.sim.apiserver.server import ApiServer
from podlab.sim.apiserver.store import StoreState
from podlab.sim.changes import Obj
from podlab.sim.cluster import Cluster, Script
from podlab.sim.commands import Fault
from podlab.sim.controllers.base import ControllersState
from podlab.sim.controllers.garbage_collector import GarbageCollector
from podlab.sim.controllers.namespace import Namespace
from podlab.sim.controllers.serviceaccount import RootCertificate, ServiceAccount
from podlab.sim.images.machines import WORKSTATION
from podlab.sim.kubectl.kubeconfig import admin
from podlab.sim.linux.linux import Linux
from podlab.sim.linux.state import LinuxState
from podlab.sim.linux.types import Host
from podlab.sim.presets import Preset
from podlab.sim.timings import load as load_timings
from podlab.sim.world import World, WorldState

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ZERO = datetime(2026, 11, 21, 12, tzinfo=UTC)
FOLDER, HOME = "/tmp/case", "/home/learner"
ENV = {"HOME": HOME, "TZ": "UTC", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "dumb"}
ACCOUNTS = ("generic-garbage-collector", "namespace-controller", "root-ca-cert-publisher", "service-account-controller")
SIZE = {"cpu": "1", "memory": "3840Mi", "pods": "110"}
NODES = Preset("cp", ["node-1", "node-2", "node-3"], SIZE, SIZE, system_pods=False, storage_class=False)

PRESETS, STEPS = ("bare", "nodes", "live"), ("run", "until", "wait", "status", "given", "fault", "files")


def run_case(case: dict[str, Any], folder: Path | None) -> dict[str, Any]:
    """What the simulation answers to each step of a case. Raises `Trouble` where a step or the cluster is unknown."""
    recording.check(case, presets=PRESETS, steps=STEPS, faults=r"(stop|start) \S+")
    lab = Lab(case)
    return {"steps": [lab.step(step) for step in case["steps"]]}


class Bare:
    """An API server and a workstation: no scheduler, no kubelet, so Pods stay as they are given."""

    def __init__(self) -> None:
        self.world = World(WorldState(zero_ms=int(ZERO.timestamp() * 1000)), load_timings())
        self.api = self.world.api = ApiServer(self.world, StoreState())
        self.linux = Linux(self.world, LinuxState(), shell.PROGRAMS | images.PROGRAMS | kubectl.PROGRAMS)
        self.scripts: list[Script] = []
        self.linux.on_exit("script", self._ended)
        self.linux.open_host(Host("workstation", "workstation", image=WORKSTATION))
        boot.namespaces(self.world)
        boot.services(self.world, dns=False)
        held = ControllersState()
        self.controllers = [each(self.world, held) for each in (Namespace, ServiceAccount, RootCertificate, GarbageCollector)]
        for name in ACCOUNTS:
            self.api.create(
                "serviceaccounts",
                {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": "kube-system"}},
                by="controller",
            )

    def _ended(self, key: str, code: int, signal: str) -> None:
        self.scripts[int(key)] = Script(code, self.now)

    @property
    def state(self) -> Bare:
        return self

    @property
    def now(self) -> int:
        return self.world.now

    def peek(self) -> int | None:
        return self.world.kernel.peek()

    def advance(self, until_ms: int) -> bool:
        return self.world.kernel.run_until(until_ms)

    def apply(self, command: Fault) -> None:
        raise AssertionError("there are no nodes to be hurt here")


@cache
def booted(preset: str) -> bytes:
    """A preset of the recordings, ten minutes old; `nodes` has no control plane among its nodes."""
    if preset == "live":
        return Cluster.boot("standard")
    cluster = Cluster.bare(preset)
    cluster.boot_preset(NODES)
    cluster.api.delete("nodes", NODES.control_plane, by="learner")
    cluster.api.delete("deployments", "coredns", "kube-system", by="learner")
    cluster.advance(cluster.now + 60_000)
    return cluster.dump()


class Lab:
    """One case's cluster and terminal."""

    def __init__(self, case: dict[str, Any]) -> None:
        spec = case.get("cluster") or {}
        self.namespace = case.get("namespace", "default")
        self.preset = spec.get("preset", "bare")
        self.cluster: Cluster | Bare = self._bare() if self.preset == "bare" else self._booted()
        self.world, self.linux = self.cluster.world, self.cluster.linux
        self.linux.files("workstation").mkdir(FOLDER, parents=True)
        self.seen: dict[str, Obj] = {}
        self.buffers = 0
        self.linux.write_file("workstation", f"{HOME}/.kube/config", to_yaml(admin("" if self.namespace == "default" else self.namespace)))
        for node in spec.get("nodes") or []:
            self._create(node)
        self._given(spec.get("objects") or [])

    def _bare(self) -> Bare:
        cluster = Bare()
        for namespace in boot.NAMESPACES:
            self._root_ca(cluster, namespace)
        cluster.advance(cluster.now + 2000)
        return cluster

    @staticmethod
    def _root_ca(cluster: Cluster | Bare, namespace: str) -> None:
        meta = {"name": "kube-root-ca.crt", "namespace": namespace}
        if cluster.api.find("configmaps", meta["name"], namespace) is None:
            cluster.api.create(
                "configmaps",
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"ca.crt": "lab"}},
                by="controller/root-ca",
            )

    def _booted(self) -> Cluster:
        cluster = Cluster.start(booted(self.preset), 7, int(ZERO.timestamp() * 1000))
        if cluster.api.find("namespaces", self.namespace) is None:
            cluster.api.create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}}, by="learner")
        cluster.advance(cluster.now + 2000)
        return cluster

    # Objects that are there before.

    def _given(self, objects: Any) -> None:
        texts = objects.split("\n---\n") if isinstance(objects, str) else [json.dumps(each) for each in objects]
        for text in texts:
            text = re.sub(r"\{uid:([^}]+)\}", self._uid, text)
            for obj in yaml.load_all(self._stamped(text), LOADER):
                if obj:
                    self._create(obj)

    def _uid(self, match: re.Match[str]) -> str:
        held = self.seen.get(match[1])
        return held["metadata"]["uid"] if held else "00000000-0000-4000-8000-000000000000"

    def _stamped(self, text: str) -> str:
        def stamp(match: re.Match[str]) -> str:
            seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}[match[3] or "s"] * int(match[2] or 0) * (-1 if match[1] == "-" else 1)
            return self.world.stamp(self.world.now + seconds * 1000)

        return re.sub(r"\{now(?:([+-])(\d+)([smhd]))?\}", stamp, text)

    def _create(self, obj: Obj) -> None:
        resource = next((each for each in RESOURCES.values() if each.kind == obj["kind"] and each.api_version == obj["apiVersion"]), None)
        if resource is None:
            recording.note(f"not supported in this lab: {obj['kind']} ({obj['apiVersion']}); it is left out of the cluster")
            return
        obj = _json(copy.deepcopy(obj))
        status = obj.pop("status", None)
        if resource.namespaced:
            obj["metadata"].setdefault("namespace", self.namespace)
        made = self._made(resource, obj)
        taints = (obj.get("spec") or {}).get("taints")
        if resource.plural == "nodes" and made["spec"].get("taints") != taints:
            spec = {key: value for key, value in made["spec"].items() if key != "taints"} | ({"taints": taints} if taints else {})
            made = self.cluster.api.update("nodes", {**made, "spec": spec}, by="controller/node-lifecycle")
        if status is not None:
            made = self.cluster.api.update(
                resource.plural, {**made, "status": status}, by="learner", subresource="status", field_manager="unknown"
            )
        if resource.plural == "namespaces":
            self._root_ca(self.cluster, made["metadata"]["name"])
        self.seen[f"{obj['kind']}/{made['metadata']['name']}"] = made

    def _made(self, resource: Resource, obj: Obj) -> Obj:
        meta = obj["metadata"]
        held = self.cluster.api.find(resource.plural, meta.get("name", ""), meta.get("namespace", "") if resource.namespaced else "")
        return held if held is not None else self.cluster.api.create(resource.plural, obj, by="learner", field_manager="unknown")

    # Steps.

    def step(self, step: dict[str, Any]) -> dict[str, Any]:
        """Do one step; what it printed."""
        for name, text in (step.get("files") or {}).items():
            self.linux.write_file("workstation", f"{FOLDER}/{name}", text)
        if "wait" in step:
            self.cluster.advance(self.cluster.now + step["wait"] * 1000)
        elif "until" in step:
            self._until(step)
        elif "status" in step:
            self._status(step["status"])
        elif "given" in step:
            self._given(step["given"])
        elif "fault" in step:
            self._fault(*step["fault"].split())
        elif "run" in step:
            return self._run(step)
        return {}

    def _until(self, step: dict[str, Any]) -> None:
        end = self.cluster.now + step.get("timeout", 120) * 1000
        while self.cluster.now < end:
            got = self._finish(self._spawn(step["until"]), 90_000)
            if re.search(step["match"], got["stdout"] + got["stderr"]):
                return
            self.cluster.advance(self.cluster.now + 500)
        recording.note(f"{step['until']!r} did not print {step['match']!r} in time; the steps after it may differ")

    def _status(self, patches: dict[str, Any]) -> None:
        for path, patch in patches.items():
            parts = path.strip("/").split("/")
            plural, name = parts[-2], parts[-1]
            namespace = parts[parts.index("namespaces") + 1] if "namespaces" in parts[:-2] else ""
            old = self.cluster.api.get(plural, name, namespace)
            self.cluster.api.update(plural, merge(old, patch), by="learner", subresource="status")

    def _fault(self, action: str, node: str) -> None:
        self.cluster.apply(Fault("stop-kubelet" if action == "stop" else "start-kubelet", node))

    def _run(self, step: dict[str, Any]) -> dict[str, Any]:
        saw = self._editor(step["editor"]) if "editor" in step else None
        number = self._spawn(
            step["run"],
            step.get("stdin"),
            {**ENV, **(step.get("env") or {}), **({"KUBE_EDITOR": saw} if saw else {})},
            tty=bool(step.get("tty")),
        )
        got = self._stopped(number, step) if "stop" in step else self._finish(number, step.get("timeout", 90) * 1000)
        if saw:
            got["editorSaw"] = self._saw(saw.removesuffix("/editor"))
        return got

    def _spawn(self, line: str, stdin: str | None = None, env: dict[str, str] | None = None, *, tty: bool = False) -> int:
        self.buffers += 1
        number = self.buffers
        feed = "null"
        if stdin is not None:
            feed, _ = self.linux.streams.pipe()
            pipe = self.linux.state.pipes[feed.split(":")[1]]
            pipe.text = stdin
        fds = {0: feed, 1: f"buffer:case-{number}-out", 2: f"buffer:case-{number}-{'out' if tty else 'err'}"}
        scripts = self.cluster.state.scripts
        scripts.append(Script())
        self.pid = self.linux.spawn(
            "workstation", ["bash", "-c", line], env=env or ENV, cwd=FOLDER, fds=fds, owner=f"script {len(scripts) - 1}"
        )
        return number

    def _ended(self, number: int) -> int | None:
        return self.cluster.state.scripts[number - 1].code

    def _finish(self, number: int, within_ms: int) -> dict[str, Any]:
        end = self.cluster.now + within_ms
        while self._ended(number) is None and (upcoming := self.cluster.peek()) is not None and upcoming <= end:
            self.world.kernel.step()
        if self._ended(number) is None:
            self.linux.kill(self.pid, "KILL")
        return self._printed(number, self._ended(number))

    def _printed(self, number: int, code: int | None) -> dict[str, Any]:
        out, err = (self.linux.take_buffer(f"case-{number}-{name}") for name in ("out", "err"))
        return {"exit": code, "stdout": out, "stderr": err}

    def _stopped(self, number: int, step: dict[str, Any]) -> dict[str, Any]:
        """Let it run, do what is done meanwhile, interrupt it."""
        pid, stop, start = self.pid, step["stop"], self.cluster.now
        end = start + stop.get("timeout", 20) * 1000
        self.cluster.advance(start + 1500)
        inner = [self.step(each) for each in step.get("during") or []]
        lines = stop.get("lines")
        while self._ended(number) is None and self.cluster.now < end:
            if lines is not None and self.linux.state.buffers.get(f"case-{number}-out", "").count("\n") >= lines:
                break
            self.cluster.advance(self.cluster.now + 200)
        self.linux.processes.kill_group(self.linux.state.processes[pid].group, "INT") if pid in self.linux.state.processes else None
        self.cluster.advance(self.cluster.now + 100)
        got = self._printed(number, None)
        return {**{key: value for key, value in got.items() if key != "exit"}, "during": inner}

    def _editor(self, edits: list[Any]) -> str:
        """An editor: it keeps a copy of what it sees, then changes it with sed, each time with the next script."""
        folder = f"{HOME}/edit-{self.buffers}"
        cases = []
        for number, sed in enumerate(edits, 1):
            scripts = " ".join(f"-e {shlex.quote(each)}" for each in (sed if isinstance(sed, list) else [sed]) if each)
            cases.append(f'[ "$n" = {number} ] && sed -E -i {scripts} "$1"\n' if scripts else "")
        script = f'#!/bin/sh\nD={folder}\nn=$(cat $D/n 2>/dev/null || echo 0); n=$((n+1)); echo $n > $D/n\ncp "$1" $D/saw.$n\n{"".join(cases)}exit 0\n'
        self.linux.write_file("workstation", f"{folder}/editor", script)
        self.linux.state.hosts["workstation"].executable.append(f"{folder}/editor")
        return f"{folder}/editor"

    def _saw(self, folder: str) -> list[str]:
        texts: list[str] = []
        while (text := self.linux.read_file("workstation", f"{folder}/saw.{len(texts) + 1}")) is not None:
            texts.append(text)
        return texts


def _json(value: Any) -> Any:
    """YAML's dates as the texts that they are in JSON."""
    if isinstance(value, dict):
        return {key: _json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_json(each) for each in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
