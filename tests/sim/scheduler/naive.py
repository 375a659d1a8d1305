"""A second judgement of where a Pod may run, as a reader of the manual would judge: slow, plain, out of the API objects alone."""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.scheduler.requests import amounts

HOSTNAME, ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def labels(obj: Obj) -> dict[str, str]:
    return obj["metadata"].get("labels") or {}


def name(obj: Obj) -> str:
    return str(obj["metadata"]["name"])


def holder(pod: Obj) -> str:
    """The node that the Pod is on."""
    return str(pod["spec"].get("nodeName", ""))


def cpu(pod: Obj) -> int:
    return amounts(pod["spec"]["containers"][0]["resources"]["requests"])["cpu"]


def port(pod: Obj) -> int:
    return int((pod["spec"]["containers"][0].get("ports") or [{}])[0].get("hostPort", 0))


def apart(pod: Obj) -> list[tuple[str, str]]:
    """(the app that it does not want near, topology key)."""
    terms = pod["spec"].get("affinity", {}).get("podAntiAffinity", {}).get(REQUIRED, [])
    return [(each["labelSelector"]["matchLabels"]["app"], each["topologyKey"]) for each in terms]


def near(pod: Obj) -> list[tuple[str, str]]:
    """(the app that it wants near, topology key)."""
    terms = pod["spec"].get("affinity", {}).get("podAffinity", {}).get(REQUIRED, [])
    return [(each["labelSelector"]["matchLabels"]["app"], each["topologyKey"]) for each in terms]


class Judge:
    """A cluster as it is now."""

    def __init__(self, nodes: list[Obj], pods: list[Obj]) -> None:
        self.nodes = {name(each): each for each in nodes}
        self.pods = [each for each in pods if holder(each) in self.nodes]

    def on(self, key: str, value: str | None) -> list[Obj]:
        """The Pods of a domain."""
        return [each for each in self.pods if value is not None and labels(self.nodes[holder(each)]).get(key) == value]

    def refusals(self, pod: Obj, node: Obj) -> list[str]:
        """Everything that speaks against the node, in the order in which the scheduler looks."""
        others = [each for each in self.pods if holder(each) == name(node)]
        checks = {
            "NodeUnschedulable": not node["spec"].get("unschedulable"),
            "TaintToleration": self._tolerates(pod, node),
            "NodeAffinity": all(labels(node).get(key) == value for key, value in (pod["spec"].get("nodeSelector") or {}).items()),
            "NodePorts": not port(pod) or all(port(each) != port(pod) for each in others),
            "NodeResourcesFit": cpu(pod) + sum(map(cpu, others)) <= amounts(node["status"]["allocatable"])["cpu"],
            "PodTopologySpread": self._spreads(pod, node),
            "InterPodAffinity": self._likes(pod, node),
        }
        return [plugin for plugin, good in checks.items() if not good]

    def _tolerates(self, pod: Obj, node: Obj) -> bool:
        keys = [each.get("key") for each in pod["spec"].get("tolerations") or ()]
        return all(each["key"] in keys for each in node["spec"].get("taints") or ())

    def _likes(self, pod: Obj, node: Obj) -> bool:
        app = labels(pod)["app"]
        for wanted, key in near(pod):
            there = [each for each in self.on(key, labels(node).get(key)) if labels(each)["app"] == wanted]
            first = wanted == app and not any(labels(each)["app"] == wanted for each in self.pods)
            if not there and not first:
                return False
        for unwanted, key in apart(pod):
            if any(labels(each)["app"] == unwanted for each in self.on(key, labels(node).get(key))):
                return False
        return not any(
            app == unwanted
            for key in (HOSTNAME, ZONE)
            for each in self.on(key, labels(node).get(key))
            for unwanted, wide in apart(each)
            if wide == key
        )

    def _spreads(self, pod: Obj, node: Obj) -> bool:
        app = labels(pod)["app"]
        for each in pod["spec"].get("topologySpreadConstraints") or ():
            counts: dict[str, int] = {}
            for other in self.nodes.values():
                if all(labels(other).get(key) == value for key, value in (pod["spec"].get("nodeSelector") or {}).items()):
                    zone = labels(other)[each["topologyKey"]]
                    here = [one for one in self.pods if holder(one) == name(other) and labels(one)["app"] == app]
                    counts[zone] = counts.get(zone, 0) + sum("deletionTimestamp" not in one["metadata"] for one in here)
            own = counts.get(labels(node)[each["topologyKey"]], 0)
            if counts and own + 1 - min(counts.values()) > each["maxSkew"]:
                return False
        return True
