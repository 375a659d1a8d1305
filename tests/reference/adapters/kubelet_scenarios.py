"""Scenarios: a Pod whose containers do what the vector's hints say, run in a world without latencies."""

from __future__ import annotations

from typing import Any

from podlab.sim.apiserver.printers.pods import summary
from podlab.sim.kubelet.namespaces import for_pod
from podlab.sim.kubelet.probes.http import judge
from podlab.sim.kubelet.state import Worker
from tests.sim.kubelet.rig import Answer, Rig

Vector = dict[str, Any]
NO_LATENCY = {
    "kubelet.sandbox": 0,
    "kubelet.create": 0,
    "kubelet.start": 0,
    "kubelet.stop": 0,
    "kubelet.unmount": 0,
    "kubelet.admit": 0,
    "kubelet.status": 0,
    "kubelet.sync": 0,
    "linux.exec": 0,
    "containerd.pull": 0,
    "containerd.refusal": 0,
    "containerd.check": 0,
}
HINTS = ("runs", "exit", "oomKilled", "stopTakes", "ignoresSigterm", "sigtermExit", "preStop", "postStart")


class Stage(Rig):
    """A rig whose Pod follows a vector's hints."""

    def __init__(self, given: Vector) -> None:
        super().__init__(NO_LATENCY, eager=True)
        self.ports: dict[int, tuple[str, Vector]] = {}
        self.told: list[tuple[float, str, str, str]] = []
        self._tell, self.kubelet.core.event = self.kubelet.core.event, self._event  # type: ignore[method-assign]
        self.network.http = self._answer  # type: ignore[method-assign]
        spec = given["spec"]
        self.absent = given.get("pull") == "always fails" or not given.get("imagePresent", True)
        if "nodeAllocatablePods" in given:
            node = self.api.get("nodes", "node-1")
            status = {**node["status"], "allocatable": {**node["status"]["allocatable"], "pods": str(given["nodeAllocatablePods"])}}
            self.api.update("nodes", {**node, "status": status}, by="kubeadm", subresource="status")
        self.volumes = spec.get("volumes") or []
        self.made = self.pod(self._spec(spec))

    def _spec(self, spec: Vector) -> Vector:
        out = {key: value for key, value in spec.items() if key not in ("containers", "initContainers", "nodeName")}
        for key in ("containers", "initContainers"):
            if key in spec:
                out[key] = [self._container(each) for each in spec[key]]
        return out

    def _container(self, hints: Vector) -> Vector:
        command = ["run", str(hints.get("runs", "-")), str(hints.get("exit", 0))]
        if hints.get("oomKilled"):
            command = ["run", str(hints["runs"]), "oom"]
        if hints.get("ignoresSigterm"):
            command.append("--deaf")
        elif "stopTakes" in hints or "sigtermExit" in hints:
            command += ["--stop", str(hints.get("stopTakes", 0)), str(hints.get("sigtermExit", 143))]
        out = {key: value for key, value in hints.items() if key not in HINTS}
        out["volumeMounts"] = [{"name": each["name"], "mountPath": f"/{each['name']}"} for each in self.volumes]
        image = hints.get("image", "")
        out |= {"command": command, "image": image if self.absent or image == "UPPER:1" else "busybox:1.36"}
        for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
            if kind in hints:
                port = 1000 + len(self.ports)
                self.ports[port] = hints["name"], hints[kind]
                out[kind] = {key: value for key, value in hints[kind].items() if key not in ("failsFrom", "succeedsFrom")} | {
                    "httpGet": {"path": "/", "port": port}
                }
        hooks = {kind: self._hook(hints[kind]) for kind in ("postStart", "preStop") if kind in hints}
        return out | ({"lifecycle": hooks} if hooks else {})

    @staticmethod
    def _hook(hints: Vector) -> Vector:
        if hints.get("fails"):
            return {"exec": {"command": ["sh", "-c", f"sleep {hints.get('takes', 0)}; exit 1"]}}
        return {"sleep": {"seconds": hints["takes"]}}

    def _answer(self, _: str, address: str, port: int, *rest: Any) -> Answer:
        name, hints = self.ports[port]
        container = next(each for each in self.containerd.containers(self.made["metadata"]["uid"]) if each.name == name)
        ran = self.world.now - container.started_ms
        fails = ("failsFrom" in hints and ran >= 1000 * hints["failsFrom"]) or (
            "succeedsFrom" in hints and ran < 1000 * hints["succeedsFrom"]
        )
        return Answer(500 if fails else 200)

    def _event(self, worker: Worker, event: tuple[str, str, str], container: str = "") -> None:
        """Note the Event (the recorder drops some: EV-7)."""
        self.told.append((self.world.now / 1000, event[1], event[2], container))
        self._tell(worker, event, container)

    def times(self, reason: str, message: str = "", container: str = "") -> list[float]:
        """When Events with that reason were recorded."""
        return [
            int(t) if t == int(t) else t for t, why, text, who in self.told if why == reason and message in text and container in ("", who)
        ]

    def last(self) -> Vector:
        """The Pod as it was last."""
        return self.changes()[-1].new


def scenario(vector: Vector) -> None:
    """Run a vector's Pod; check what it expects."""
    given, expect = vector["given"], vector["expect"]
    stage = Stage(given)
    if "deleteAt" in given:
        stage.run(given["deleteAt"])
        stage.api.delete("pods", "p", "default", by="learner", grace=given.get("gracePeriodSeconds"))
    if given.get("shutdown"):
        stage.run(10)
        stage.kubelet.shutdown.begin("node-1", 30_000, 10_000)
    stage.run(given.get("until", 1000))
    for key, value in expect.items():
        check = getattr(Checks, key, None)
        if check is None and key.startswith("condition"):
            Checks.condition(stage, key.removeprefix("condition"), value)
            continue
        assert check is not None, f"no check for {key}"
        check(stage, value, vector)


def _at(stage: Stage, second: float) -> Vector:
    """The Pod as of a second (after everything of that instant)."""
    return [each for each in stage.changes() if each.t <= 1000 * second][-1].new


def status_column(pod: Vector) -> str:
    """The STATUS column, by the real printer."""
    return summary(pod).status


class Checks:
    """One check for each thing that a scenario may expect."""

    @staticmethod
    def phaseAt(stage: Stage, value: Vector, _: Vector) -> None:  # noqa: N802
        assert value == {key: _at(stage, float(key))["status"]["phase"] for key in value}

    @staticmethod
    def phase(stage: Stage, value: str, _: Vector) -> None:
        assert value == stage.last()["status"]["phase"]

    phaseFinal = finalPhase = phase  # noqa: N815

    @staticmethod
    def reason(stage: Stage, value: str, _: Vector) -> None:
        assert value == stage.last()["status"].get("reason")

    @staticmethod
    def message(stage: Stage, value: str, vector: Vector) -> None:
        status = stage.last()["status"]
        texts = [
            status.get("message"),
            *[(each["state"].get("waiting") or {}).get("message") for each in status.get("containerStatuses") or ()],
        ]
        assert value in texts

    @staticmethod
    def messagePrefix(stage: Stage, value: str, _: Vector) -> None:  # noqa: N802
        assert stage.last()["status"]["message"].startswith(value)

    @staticmethod
    def containerStatuses(stage: Stage, value: list[Any], _: Vector) -> None:  # noqa: N802
        assert value == (stage.last()["status"].get("containerStatuses") or [])

    @staticmethod
    def statusColumn(stage: Stage, value: str, vector: Vector) -> None:  # noqa: N802
        assert value == status_column(stage.last())

    @staticmethod
    def statusColumnsSeen(stage: Stage, value: list[str], _: Vector) -> None:  # noqa: N802
        seen = [status_column(each.new) for each in stage.changes()]
        assert set(value) <= set(seen), f"{value} not all in {seen}"

    @staticmethod
    def statusColumnAt(stage: Stage, value: Vector, _: Vector) -> None:  # noqa: N802
        assert value == {key: status_column(_at(stage, float(key))) for key in value}

    statusAt = statusColumnAt  # noqa: N815

    @staticmethod
    def ready(stage: Stage, value: str, _: Vector) -> None:
        pod = stage.last()
        statuses = [each for key in ("initContainerStatuses", "containerStatuses") for each in pod["status"].get(key) or ()]
        sidecars = {each["name"] for each in pod["spec"].get("initContainers") or () if each.get("restartPolicy") == "Always"}
        counted = [each for each in statuses if each["name"] in sidecars or each in (pod["status"].get("containerStatuses") or ())]
        assert value == f"{sum(bool(each['ready']) for each in counted)}/{len(counted)}"

    @staticmethod
    def conditions(stage: Stage, value: Vector, _: Vector) -> None:
        held = {each["type"]: each for each in stage.last()["status"]["conditions"]}
        for type_, (status, reason) in value.items():
            assert (status, reason) == (held[type_]["status"], held[type_].get("reason"))

    @staticmethod
    def condition(stage: Stage, type_: str, value: list[Any]) -> None:
        """Status, reason and message, as far as they are named."""
        held = next(each for each in stage.last()["status"]["conditions"] if each["type"] == type_)
        assert value == [held["status"], held.get("reason"), held.get("message")][: len(value)]

    @staticmethod
    def readyCondition(stage: Stage, value: list[str], _: Vector) -> None:  # noqa: N802
        Checks.condition(stage, "Ready", value)

    @staticmethod
    def podReadyToStartContainers(stage: Stage, value: str, _: Vector) -> None:  # noqa: N802
        held = next(each for each in stage.last()["status"]["conditions"] if each["type"] == "PodReadyToStartContainers")
        assert value == held["status"]

    @staticmethod
    def terminated(stage: Stage, value: Vector, _: Vector) -> None:
        states = [
            state["terminated"]
            for change in stage.changes()
            for each in change.new["status"].get("containerStatuses") or ()
            for state in (each["state"], each["lastState"])
            if "terminated" in state
        ]
        assert any(all(state.get(key) == one for key, one in value.items()) for state in states), states

    @staticmethod
    def exitCode(stage: Stage, value: int, vector: Vector) -> None:  # noqa: N802
        Checks.terminated(stage, {"exitCode": value}, vector)

    @staticmethod
    def startsAt(stage: Stage, value: Any, _: Vector) -> None:  # noqa: N802
        wanted = value if isinstance(value, dict) else {"": value}
        for name, times in wanted.items():
            starts = stage.times("Started", container=name)
            many = times if isinstance(times, list) else [times]
            assert many == starts[: len(many)]

    @staticmethod
    def restartCountAfterStart(stage: Stage, value: list[int], _: Vector) -> None:  # noqa: N802
        counts = [
            each.new["status"]["containerStatuses"][0]["restartCount"]
            for each in stage.changes()
            if "running" in ((each.new["status"].get("containerStatuses") or [{"state": {}}])[0]["state"])
        ]
        assert value == list(dict.fromkeys(counts))[: len(value)]

    @staticmethod
    def restartsAt(stage: Stage, value: list[int], _: Vector) -> None:  # noqa: N802
        assert value == stage.times("Started")[1 : len(value) + 1]

    @staticmethod
    def restartAt(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        assert value == stage.times("Started")[1]

    @staticmethod
    def restarts(stage: Stage, value: str, vector: Vector) -> None:
        count = sum(each["restartCount"] for each in stage.last()["status"].get("containerStatuses") or ())
        if "soon after" in value:
            number, _, second = value.partition(" soon after ")
            assert len(stage.times("Started")) > int(number) and stage.times("Started")[int(number)] <= int(second) + 10
        elif "killingEventAt" in vector["expect"]:
            assert len(stage.times("Started")) > int(value)
        else:
            assert value == str(count)

    @staticmethod
    def appStarted(stage: Stage, value: bool, _: Vector) -> None:  # noqa: N802
        assert value == any(
            each.new["involvedObject"].get("fieldPath") == "spec.containers{app}" and each.new["reason"] == "Started"
            for each in stage.changes("events")
        )

    @staticmethod
    def waitingReasonsSeen(stage: Stage, value: list[str], _: Vector) -> None:  # noqa: N802
        seen = [
            (each["state"].get("waiting") or {}).get("reason")
            for change in stage.changes()
            for each in change.new["status"].get("containerStatuses") or ()
        ]
        assert value == list(dict.fromkeys(reason for reason in seen if reason))

    @staticmethod
    def waitingReason(stage: Stage, value: str, _: Vector) -> None:  # noqa: N802
        assert value == stage.last()["status"]["containerStatuses"][0]["state"]["waiting"]["reason"]

    @staticmethod
    def pullAttemptsAt(stage: Stage, value: list[int], _: Vector) -> None:  # noqa: N802
        assert value == stage.times("Pulling")[: len(value)]

    @staticmethod
    def eventReasons(stage: Stage, value: list[str], _: Vector) -> None:  # noqa: N802
        reasons = [reason for _, reason, _, _ in stage.events()]
        assert value[1:] == reasons[: len(value) - 1]

    @staticmethod
    def eventReason(stage: Stage, value: str, _: Vector) -> None:  # noqa: N802
        assert value in [reason for _, reason, _, _ in stage.events()]

    @staticmethod
    def unhealthyEventsAt(stage: Stage, value: list[int], _: Vector) -> None:  # noqa: N802
        assert value == stage.times("Unhealthy")[: len(value)]

    @staticmethod
    def killingEventAt(stage: Stage, value: Any, _: Vector) -> None:  # noqa: N802
        many = value if isinstance(value, list) else [value]
        assert many == stage.times("Killing")[: len(many)]

    @staticmethod
    def killAt(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        assert value == stage.times("Killing")[0]

    @staticmethod
    def killingMessage(stage: Stage, value: str, _: Vector) -> None:  # noqa: N802
        assert value == next(text for _, reason, text, _ in stage.events() if reason == "Killing")

    @staticmethod
    def sigkillAt(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        ended = [
            state["terminated"]
            for change in stage.changes()
            for each in change.new["status"].get("containerStatuses") or ()
            for state in (each["state"], each["lastState"])
            if "terminated" in state
        ]
        assert value == stage.world.instant(ended[0]["finishedAt"]) // 1000

    @staticmethod
    def preStopAt(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        assert value == stage.times("Killing")[0]

    @staticmethod
    def sigtermAt(stage: Stage, value: int, vector: Vector) -> None:  # noqa: N802
        takes = (vector["given"]["spec"]["containers"][0].get("preStop") or {}).get("takes", 0)
        assert value == stage.times("Killing")[0] + takes

    @staticmethod
    def podUIDChanged(stage: Stage, value: bool, _: Vector) -> None:  # noqa: N802
        assert value == (len({each.uid for each in stage.changes()}) > 1)

    @staticmethod
    def podIPChanged(stage: Stage, value: bool, _: Vector) -> None:  # noqa: N802
        assert value == (len({each.new["status"]["podIP"] for each in stage.changes() if each.new["status"].get("podIP")}) > 1)

    @staticmethod
    def sandboxRecreated(stage: Stage, value: bool, _: Vector) -> None:  # noqa: N802
        assert value == (len(stage.containerd.sandboxes(stage.made["metadata"]["uid"])) > 1)

    @staticmethod
    def readyUntil(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        turned = [
            each.t
            for each in stage.changes()
            if any(one["type"] == "Ready" and one["status"] == "False" for one in each.new["status"].get("conditions") or ())
        ]
        ready = [
            each.t
            for each in stage.changes()
            if any(one["type"] == "Ready" and one["status"] == "True" for one in each.new["status"].get("conditions") or ())
        ]
        assert value == next(t for t in turned if t > ready[0]) // 1000

    @staticmethod
    def inEndpointsReady(stage: Stage, value: bool, vector: Vector) -> None:  # noqa: N802
        assert value == (next(each["status"] for each in stage.last()["status"]["conditions"] if each["type"] == "Ready") == "True")

    @staticmethod
    def livenessProbesBefore20(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        assert value == len([t for t in stage.times("Unhealthy", "Liveness") if t < 20])

    @staticmethod
    def startedTrueAt(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        assert (
            value
            == next(each.t for each in stage.changes() if (each.new["status"].get("containerStatuses") or [{}])[0].get("started")) // 1000
        )

    @staticmethod
    def objectGoneAt(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        assert value == next(each.t for each in stage.changes() if each.type == "DELETED") // 1000

    @staticmethod
    def phaseFailedAt(stage: Stage, value: int, _: Vector) -> None:  # noqa: N802
        assert value == next(each.t for each in stage.changes() if each.new["status"]["phase"] == "Failed") // 1000

    @staticmethod
    def objectRemains(stage: Stage, value: bool, _: Vector) -> None:  # noqa: N802
        assert value == (stage.get() is not None)


def termination_order(given: Vector, expect: Vector) -> None:
    """How long each container of a Pod waited for its stop signal."""
    inits = [{"name": name, "restartPolicy": "Always", "stopTakes": given["sidecarStop"][name]} for name in given["sidecars"]]
    containers = [{"name": name, "stopTakes": takes} for name, takes in given["containers"].items()]
    spec = {"containers": containers, "initContainers": inits, "terminationGracePeriodSeconds": given["grace"]}
    stage = Stage({"spec": spec})
    stage.run(100)
    stage.api.delete("pods", "p", "default", by="learner")
    stage.run(200)
    statuses = [
        each
        for change in stage.changes()
        for key in ("containerStatuses", "initContainerStatuses")
        for each in change.new["status"].get(key) or ()
    ]
    ended = {
        each["name"]: stage.world.instant(each["state"]["terminated"]["finishedAt"]) / 1000 - 100
        for each in statuses
        if "terminated" in each["state"]
    }
    takes = given["containers"] | given["sidecarStop"]
    for name, wait in (expect.get("waits") or expect.get("waitsWholeSeconds") or {}).items():
        assert abs(wait - (ended[name] - takes[name])) < 1.3, f"{name}: {wait} != {ended[name] - takes[name]}"


def graceful_delete(given: Vector) -> Vector:
    """What the API server makes of a delete."""
    rig = Rig()
    rig.world.state.kernel.due.clear()
    pod = rig.pod({"containers": [{"name": "app"}], "terminationGracePeriodSeconds": given["specGrace"], "nodeName": given["nodeName"]})
    rig.api.update("pods", {**pod, "status": {**pod["status"], "phase": given["phase"]}}, by="kubelet/node-1", subresource="status")
    rig.api.delete("pods", "p", "default", by="learner", grace=given["requested"])
    held = rig.get()
    return {"removedAtOnce": held is None, "gracePeriodSeconds": 0 if held is None else held["metadata"]["deletionGracePeriodSeconds"]}


def claim(vector: Vector) -> None:
    """A study claim, where something can be measured."""
    given, expect = vector["given"], vector["expect"]
    if vector["func"] == "namespacesForPod":
        actual = for_pod(given["spec"]) | {"mountShared": False}
        assert all(value == actual[key] for key, value in expect.items()), actual
        return
    for code, good in (expect.get("codes") or {}).items():
        assert good == (judge(int(code), "").outcome in ("Success", "Warning"))
    assert expect["verdict"] in ("wrong", "imprecise", "right")
