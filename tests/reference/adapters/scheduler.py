"""Vectors of the scheduler against its plugins and its cycle: `AREAS` maps an area to what checks one case of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from podlab.sim.changes import Obj
from podlab.sim.scheduler import allocation, fit_error, node_affinity, queue, requests, tolerations
from podlab.sim.scheduler.cycle import Framework, Nominated, Result, failure_text, feasible_wanted
from podlab.sim.scheduler.events import node_events, pod_events
from podlab.sim.scheduler.framework import Code, Config, CycleState, Event, Handle, Plugin, Status, default_normalise
from podlab.sim.scheduler.node_info import NodeInfo, PodInfo, Snapshot, conflicts, port_of
from podlab.sim.scheduler.plugins.balanced_allocation import BalancedAllocation
from podlab.sim.scheduler.plugins.image_locality import ImageLocality, normalised
from podlab.sim.scheduler.plugins.inter_pod_affinity import InterPodAffinity
from podlab.sim.scheduler.plugins.node_affinity import NodeAffinity
from podlab.sim.scheduler.plugins.node_name import NodeName
from podlab.sim.scheduler.plugins.node_ports import NodePorts
from podlab.sim.scheduler.plugins.node_resources_fit import NodeResourcesFit, grown
from podlab.sim.scheduler.plugins.node_unschedulable import NodeUnschedulable
from podlab.sim.scheduler.plugins.pod_topology_spread import PodTopologySpread
from podlab.sim.scheduler.plugins.scheduling_gates import SchedulingGates
from podlab.sim.scheduler.plugins.taint_toleration import TaintToleration
from podlab.sim.scheduler.plugins.volume_binding import VolumeBinding
from podlab.sim.scheduler.preemption import Candidate, Outcome, Preemption, best, importance

Case = dict[str, Any]
_UNITS = {"h": 3_600 * 10**9, "m": 60 * 10**9, "s": 10**9, "ms": 10**6, "µs": 10**3, "us": 10**3, "ns": 1}


def nanoseconds(text: str) -> int:
    """A Go duration."""
    return int(sum(Fraction(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)(ns|us|µs|ms|h|m|s)", text)))


def same(expected: object, actual: object) -> None:
    """Fail with both sides."""
    assert expected == actual, f"expected {expected!r}, got {actual!r}"


def handle_of(nodes: Iterable[Obj], pods: Iterable[Obj] = (), config: Config | None = None, **objects: list[Obj] | None) -> Handle:
    """A handle over plain objects."""

    def lister(resource: str, namespace: str) -> list[Obj]:
        listed = objects.get(resource) or []
        return [each for each in listed if not namespace or each["metadata"].get("namespace", "default") == namespace]

    return Handle(Snapshot.of(nodes, pods), lister, config)


def answer(status: Status | None) -> dict[str, Any]:
    """A status as the vectors write it."""
    if status is None:
        return {"code": "Success"}
    return {"code": status.code.value} | ({"reasons": list(status.reasons)} if status.reasons else {})


def filtered(plugin: Plugin, pod: Obj, node: NodeInfo) -> tuple[Status | None, Status | None, frozenset[str] | None]:
    """PreFilter (where there is one), then Filter: (PreFilter's status, Filter's, the nodes it narrows to)."""
    state: CycleState = {}
    info = PodInfo(pod)
    before, names = (None, None) if type(plugin).pre_filter is Plugin.pre_filter else plugin.pre_filter(state, info)
    if before is not None and not state:
        return before, None, names
    return before, plugin.filter(state, info, node), names


def check_filter(plugin: type[Plugin]) -> Callable[[Case], None]:
    """A filter on one node."""

    def check(case: Case) -> None:
        given, expect = case["given"], case["expect"]
        config = Config(
            added_affinity=_affinity(given.get("addedAffinity")),
            ignored_resources=frozenset(given.get("ignoredResources") or ()),
            ignored_groups=frozenset(given.get("ignoredResourceGroups") or ()),
        )
        handle = handle_of([_node(given)], _on(given), config, namespaces=given.get("namespaces"))
        node = handle.snapshot.nodes[0]
        before, after, names = filtered(plugin(handle), given["pod"], node)
        _pre_filter(expect, before, names)
        if "code" in expect and (before is None or before.code is not Code.SKIP or expect["code"] != "Success"):
            same({key: expect[key] for key in ("code", "reasons") if key in expect}, answer(after if after is not None else before))

    return check


def _affinity(added: Any) -> dict[str, Any]:
    return added or {}


def _node(given: Case) -> Obj:
    if "node" in given:
        node: Obj = given["node"]
        return {**node, "metadata": {**node["metadata"], "name": ""}} if given.get("nodeHasNoName") else node
    return {"metadata": {"name": "node"}, "status": {"allocatable": given.get("allocatable", {"pods": "32"})}}


def _on(given: Case) -> list[Obj]:
    if "pods" in given:
        return given["pods"] or []
    return [{**each, "spec": {**(each.get("spec") or {}), "nodeName": "node"}} for each in given.get("podsOnNode") or ()]


def _pre_filter(expect: Case, before: Status | None, names: frozenset[str] | None) -> None:
    wanted = expect.get("preFilter")
    if isinstance(wanted, str):
        same(wanted, answer(before)["code"])
    elif wanted is not None:
        same(wanted, answer(before))
    if "preFilterNodes" in expect:
        same(sorted(expect["preFilterNodes"]), sorted(names or ()))


def check_filter_by_node(plugin: type[Plugin]) -> Callable[[Case], None]:
    """A filter on every node."""

    def check(case: Case) -> None:
        given, expect = case["given"], case["expect"]
        objects = {"persistentvolumeclaims": "pvcs", "persistentvolumes": "pvs", "storageclasses": "storageClasses"}
        handle = handle_of(given["nodes"], given.get("pods") or (), None, **{name: given.get(key) for name, key in objects.items()})
        for node in handle.snapshot.nodes:
            before, after, names = filtered(plugin(handle), given["pod"], node)
            _pre_filter(expect, before, names)
            wanted = (expect.get("byNode") or {}).get(node.name)
            if isinstance(wanted, str):
                same(wanted, answer(before or after)["code"] if before is None or before.code is not Code.SKIP else "Success")
            elif wanted is not None:
                same(wanted, answer(before or after) if before is None or before.code is not Code.SKIP else {"code": "Success"})

    return check


def scores_of(plugin: Plugin, pod: Obj, nodes: list[NodeInfo]) -> tuple[Status | None, dict[str, int]]:
    """PreScore, Score, Normalise."""
    state: CycleState = {}
    info = PodInfo(pod)
    status = None if type(plugin).pre_score is Plugin.pre_score else plugin.pre_score(state, info, nodes)
    if status is not None:
        return status, {}
    raw = [plugin.score(state, info, node) for node in nodes]
    return None, dict(zip([each.name for each in nodes], plugin.normalise(state, info, nodes, raw), strict=True))


def check_score(plugin: type[Plugin], **fixed: Any) -> Callable[[Case], None]:
    """A score of every node, normalised and unweighted."""

    def check(case: Case) -> None:
        given, expect = case["given"], case["expect"]
        config = _config(given, fixed)
        if config is None:
            same({"code": "Error", "reasons": ["resources not found"]}, expect)
            return
        every = [*given["nodes"], *(given.get("nodesThatFailedFilter") or ())]
        handle = handle_of(every, given.get("pods") or (), config, namespaces=given.get("namespaces"), **_objects(given))
        status, scores = scores_of(plugin(handle), given["pod"], handle.snapshot.nodes[: len(given["nodes"])])
        if "preScore" in expect:
            wanted = expect["preScore"]
            same(wanted["code"], answer(status)["code"])
            if "error" in wanted and status is not None:
                same(wanted["error"], status.message)
            for part in wanted.get("reasons") or ():
                assert status is not None and part in status.message, status
            return
        same(
            expect["scores"],
            scores if status is None or status.code is not Code.SKIP else {node["metadata"]["name"]: 0 for node in given["nodes"]},
        )

    return check


def _config(given: Case, fixed: dict[str, Any]) -> Config | None:
    config = Config(hard_pod_affinity_weight=given.get("hardPodAffinityWeight", 1), added_affinity=_affinity(given.get("addedAffinity")))
    config.strategy = given.get("strategy") or fixed.get("strategy", config.strategy)
    if "resources" in given:
        if not given["resources"]:
            return None
        config.resources = tuple((each["name"], each["weight"]) for each in given["resources"])
    if "shape" in given:
        config.shape = tuple((each["utilization"], each["score"]) for each in given["shape"])
    return config


def _objects(given: Case) -> dict[str, list[Obj]]:
    found: dict[str, list[Obj]] = {}
    listed = given.get("objects") or {}
    if isinstance(listed, list):
        for each in listed:
            found.setdefault(f"{each.get('kind', 'Service').lower()}s", []).append(each)
    else:
        found = {key.lower(): value for key, value in listed.items()}
    return found


def _unquoted(text: str) -> str:
    return re.sub(r'Invalid value: (".*?"|\[.*?\])(?=: )', "Invalid value: …", text)


def nodeselector_terms(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    errors = node_affinity.selector_errors(given["nodeSelector"])
    _match_or_error(expect, "match", errors, node_affinity.selector_matches(given["nodeSelector"], given["node"]))


def preferred(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    errors = node_affinity.preferred_errors(given["preferred"])
    _match_or_error(expect, "score", errors, node_affinity.score(given["preferred"], given["node"]))


def _match_or_error(expect: Case, key: str, errors: list[str], result: object) -> None:
    if "error" in expect:
        same(_unquoted(expect["error"]), _unquoted(errors[0] if len(errors) == 1 else f"[{', '.join(errors)}]"))
    else:
        same(expect[key], result)


def toleration_all(case: Case) -> None:
    given = case["given"]
    considered = given["taintsConsidered"]
    named = {"all": ("NoSchedule", "PreferNoSchedule", "NoExecute"), "none": ()}
    effects = named.get(considered, (considered,)) if isinstance(considered, str) else considered
    found = tolerations.untolerated(given["taints"], given["tolerations"], effects)
    same(case["expect"]["tolerated"], found is None)


def hostport(case: Case) -> None:
    def port(each: Obj) -> tuple[str, str, int]:
        return port_of({"hostIP": each.get("ip"), "protocol": each.get("protocol"), "hostPort": each["port"]})

    wanted = port(case["given"]["wanted"])
    clash = wanted[2] > 0 and any(conflicts(wanted, port(each)) for each in case["given"]["used"])
    same(case["expect"]["conflict"], clash)


def pod_amounts(kind: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        given = case["given"]
        got = (
            requests.pod_requests(given["pod"])
            if kind == "requests"
            else requests.pod_limits(given["pod"], overhead=not given.get("excludeOverhead"))
        )
        want = requests.amounts(case["expect"][kind])
        same({name: value for name, value in want.items() if value}, {name: value for name, value in got.items() if value})

    return check


def nonzero(case: Case) -> None:
    got = PodInfo(case["given"]["pod"])
    same(case["expect"], {"cpu": got.nonzero_cpu, "memory": got.nonzero_memory})


def booked(case: Case) -> None:
    got = NodeInfo(None, [PodInfo(case["given"]["pod"])])
    have = {
        "milliCPU": got.requested.get("cpu", 0),
        "memory": got.requested.get("memory", 0),
        "nonZeroMilliCPU": got.nonzero_cpu,
        "nonZeroMemory": got.nonzero_memory,
    }
    same(case["expect"], have)


def queue_order(case: Case) -> None:
    def waiting(each: Obj) -> queue.Waiting:
        return queue.Waiting("", "", each["priority"], _instant(each["enteredQueue"]), 0)

    same(case["expect"]["before"], queue.before(waiting(case["given"]["first"]), waiting(case["given"]["second"])))


def _instant(text: str) -> int:
    days = re.match(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)", text)
    assert days is not None
    year, month, day, hour, minute, second = map(int, days.groups())
    return ((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60 + second


def backoff(case: Case) -> None:
    given = case["given"]
    got = queue.backoff(given["attempts"], nanoseconds(given["initial"]), nanoseconds(given["max"]))
    same(nanoseconds(case["expect"]["duration"]), got)


def hint(plugin: type[Plugin], method: str = "") -> Callable[[Case], None]:
    """A queueing hint; its `op` names which."""

    def check(case: Case) -> None:
        given = case["given"]
        name = method or (
            "after_node" if "NodeChange" in case["op"] else "after_toleration" if "TolerationChange" in case["op"] else "after_pod"
        )
        objects = [given.get(key) for key in ("pod", "old", "new")]
        pod, old, new = (_with_uid(each) for each in objects)
        config = Config(added_affinity=_affinity(given.get("addedAffinity")))
        spaces = [{"metadata": {"name": ""}}, {"metadata": {"name": "default"}}]
        asked = getattr(plugin(handle_of([], [], config, namespaces=spaces)), name)
        same(case["expect"]["hint"], "Queue" if asked(PodInfo(pod or {"metadata": {}}), old, new) else "QueueSkip")

    return check


def _with_uid(obj: Obj | None) -> Obj | None:
    if obj is None:
        return None
    meta = obj["metadata"]
    return {**obj, "metadata": {"uid": meta.get("name", ""), **meta}}


def hint_grown(case: Case) -> None:
    given = case["given"]
    old, new = (requests.amounts(given[each]["status"]["allocatable"]) for each in ("old", "new"))
    same(case["expect"]["grown"], grown(PodInfo(given["pod"]).requests, old, new))


def events_of(derive: Callable[[Obj, Obj], list[Event]]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        got = [{"resource": each.resource, "actions": [each.action]} for each in derive(case["given"]["old"], case["given"]["new"])]
        same(case["expect"]["events"], got)

    return check


def fit_message(case: Case) -> None:
    given = case["given"]
    same(
        case["expect"]["message"],
        fit_error.message(given["numAllNodes"], given["nodeReasons"].values(), given["preFilterMsg"], given["postFilterMsg"]),
    )


def num_feasible(case: Case) -> None:
    given = case["given"]
    same(case["expect"]["nodes"], feasible_wanted(given["nodes"], given.get("profilePercentage") or given["percentageOfNodesToScore"]))


def gates(case: Case) -> None:
    same(case["expect"], answer(SchedulingGates(handle_of([])).pre_enqueue(case["given"]["pod"])))


def rtcr_shape(case: Case) -> None:
    shape = [(each["utilization"], each["score"]) for each in case["given"]["shape"]]
    same(case["expect"]["values"], [allocation.at(shape, each) for each in case["given"]["at"]])


def normalise(case: Case) -> None:
    same(case["expect"]["scores"], default_normalise(case["given"]["scores"], reverse=case["given"]["reverse"]))


def preempt_best(case: Case) -> None:
    given = case["given"]
    handle = handle_of(given["nodes"], given["pods"])
    framework = Framework(handle)
    result = framework.attempt(PodInfo(given["pod"]), {})
    outcome = Preemption(framework).post_filter(PodInfo(given["pod"]), result, {})
    same(sorted(case["expect"]["anyOf"]), sorted(each.node for each in best(outcome.candidates)))


def preempt_postfilter(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    framework = Framework(handle_of(given["nodes"], given["pods"], None, poddisruptionbudgets=given.get("pdbs")), [NodeResourcesFit])
    pod = PodInfo(given["pod"])
    result = framework.attempt(pod, {})
    result.statuses = {name: Status(Code(code)) for name, code in (given.get("filterStatuses") or {}).items()}
    outcome = Preemption(framework).post_filter(pod, result, {})
    if outcome.chosen is not None:
        same({"Success": expect.get("nominatedNode")}, {expect["code"]: outcome.chosen.node})
    else:
        same(expect, {"code": "Unschedulable", "reasons": [outcome.message], "nominatedNode": ""})


def preempt_eligible(case: Case) -> None:
    given = case["given"]
    pods = [{**each, "metadata": each["metadata"]} for each in given["pods"]]
    framework = Framework(handle_of([{"metadata": {"name": name}} for name in given["nodes"]], pods))
    status = given.get("nominatedNodeStatus")
    name = (given["pod"].get("status") or {}).get("nominatedNodeName", "")
    statuses = {name: Status(Code(status["code"]), tuple(status.get("reasons") or ()))} if status else {}
    same(case["expect"]["eligible"], not Preemption(framework).ineligible(PodInfo(given["pod"]), statuses))


def preempt_importance(case: Case) -> None:
    first, second = (importance(PodInfo(case["given"][each]))[:2] for each in ("first", "second"))
    same(case["expect"]["moreImportant"], first < second)


class Cycle:
    """A full cycle over a given cluster: what the scheduler would do with the target."""

    def __init__(self, given: Case) -> None:
        self.given = given
        pods = [_placed(each) for each in given["pods"]]
        objects = {
            "persistentvolumeclaims": "pvcs",
            "persistentvolumes": "pvs",
            "storageclasses": "storageclasses",
            "poddisruptionbudgets": "pdbs",
        }
        found = {name: [_placed(each) for each in given.get(key) or ()] for name, key in objects.items()}
        found |= {key: [_placed(each) for each in given.get(key) or ()] for key in ("services", "replicasets", "namespaces")}
        found["namespaces"] = [
            *found["namespaces"],
            {"metadata": {"name": "default", "labels": {"kubernetes.io/metadata.name": "default"}}},
        ]
        self.target = PodInfo(next(each for each in pods if each["metadata"]["name"] == given["target"]))
        finished = ("Succeeded", "Failed")
        bound = [
            each for each in pods if (each.get("spec") or {}).get("nodeName") and (each.get("status") or {}).get("phase") not in finished
        ]
        self.framework = Framework(handle_of(given["nodes"], bound, None, **found))
        nominated: dict[str, list[PodInfo]] = {}
        for each in pods:
            name = (each.get("status") or {}).get("nominatedNodeName")
            if name and each["metadata"]["name"] != given["target"] and not (each.get("spec") or {}).get("nodeName"):
                nominated.setdefault(name, []).append(PodInfo(each))
        self.nominated: Nominated = nominated

    def run(self) -> tuple[Result, Outcome | None, str]:
        """The result, preemption's outcome and the message."""
        nodes = len(self.given["nodes"])
        result = self.framework.attempt(self.target, self.nominated)
        outcome = None
        if not result.best and nodes and not result.before:
            outcome = Preemption(self.framework).post_filter(self.target, result, self.nominated)
        return result, outcome, failure_text(result, nodes, outcome.message if outcome else None) if not result.best else ""


def _placed(obj: Obj) -> Obj:
    meta = obj["metadata"]
    return {**obj, "metadata": {"uid": f"uid-{meta['name']}", "namespace": "default", **meta}}


def cycle(case: Case) -> None:
    given, expect = case["given"], case["expect"]
    ran = Cycle(given)
    if expect["outcome"] == "Ignored":
        same(True, ran.target.spec.get("schedulerName", "default-scheduler") != "default-scheduler")
        return
    gate = ran.framework.pre_enqueue(ran.target)
    assert gate is None, gate
    result, outcome, text = ran.run()
    if expect["outcome"] == "Scheduled":
        _scheduled(expect, result)
    else:
        _not_scheduled(expect, result, outcome, text)
    if "statuses" in expect:
        explicit = {name: each for name, each in result.statuses.items() if "didn't satisfy plugin" not in each.message}
        got = {name: {"plugin": each.plugin, **answer(each)} for name, each in explicit.items()}
        same(expect["statuses"], got)


def _scheduled(expect: Case, result: Result) -> None:
    same(sorted(expect["feasible"]), sorted(result.feasible))
    same(sorted(expect["bestAnyOf"]), sorted(result.best))
    if "scores" in expect and result.scores is not None:
        scores = result.scores
        got = {
            node: {name: each[number] for name, each in scores.weighted.items()} | {"total": scores.totals[number]}
            for number, node in enumerate(result.feasible)
        }
        same(expect["scores"], got)


def _not_scheduled(expect: Case, result: Result, outcome: Outcome | None, text: str) -> None:
    same(expect["event"]["message"], fit_error.note(text))
    same(expect.get("unschedulablePlugins") or [], sorted(result.rejecting))
    if "preFilterMessage" in expect:
        same(expect["preFilterMessage"], result.before)
    preempting = outcome is not None and outcome.chosen is not None
    same(expect["outcome"] == "Preempting", preempting)
    if preempting and outcome is not None:
        allowed: list[Candidate] = best(outcome.candidates)
        assert {each.node for each in allowed} <= set(expect["nominatedAnyOf"]), allowed
        for each in allowed:
            same(sorted(expect["victims"][each.node]), sorted(victim.name for victim in each.victims))


AREAS: dict[str, Callable[[Case], None]] = {
    "queue-order": queue_order,
    "gates": gates,
    "backoff": backoff,
    "backoff-default": backoff,
    "hint-taint": hint(TaintToleration),
    "hint-unschedulable": hint(NodeUnschedulable),
    "hint-nodeaffinity": hint(NodeAffinity, "after_node"),
    "hint-ports": hint(NodePorts, "after_delete"),
    "hint-resources": hint(NodeResourcesFit),
    "hint-resources-grown": hint_grown,
    "hint-spread": hint(PodTopologySpread),
    "hint-interpod": hint(InterPodAffinity),
    "hint-gates": hint(SchedulingGates, "after_pod"),
    "pod-events": events_of(pod_events),
    "node-events": events_of(node_events),
    "unschedulable-filter": check_filter(NodeUnschedulable),
    "nodename-filter": check_filter(NodeName),
    "toleration": lambda case: same(
        case["expect"]["tolerated"], tolerations.tolerates(case["given"]["toleration"], case["given"]["taint"])
    ),
    "toleration-all": toleration_all,
    "taint-filter": check_filter(TaintToleration),
    "nodeaffinity-filter": check_filter(NodeAffinity),
    "nodeselector": lambda case: same(case["expect"]["match"], node_affinity.pod_matches(case["given"]["pod"], _node(case["given"]))),
    "nodeselector-terms": nodeselector_terms,
    "nodeports-filter": check_filter(NodePorts),
    "hostport": hostport,
    "resources-filter": check_filter(NodeResourcesFit),
    "resources-filter-sidecar": check_filter(NodeResourcesFit),
    "volume-binding": check_filter_by_node(VolumeBinding),
    "spread-filter": check_filter_by_node(PodTopologySpread),
    "spread-filter-multi": check_filter_by_node(PodTopologySpread),
    "interpod-filter": check_filter(InterPodAffinity),
    "interpod-filter-multi": check_filter_by_node(InterPodAffinity),
    "fit-error": fit_message,
    "num-feasible": num_feasible,
    "pod-requests": pod_amounts("requests"),
    "pod-requests-podlevel": pod_amounts("requests"),
    "pod-limits": pod_amounts("limits"),
    "nonzero-requests": nonzero,
    "requests-nonzero": booked,
    "taint-score": check_score(TaintToleration),
    "nodeaffinity-score": check_score(NodeAffinity),
    "nodeaffinity-preferred": preferred,
    "least-allocated": check_score(NodeResourcesFit),
    "most-allocated": check_score(NodeResourcesFit, strategy="MostAllocated"),
    "rtcr": check_score(NodeResourcesFit, strategy="RequestedToCapacityRatio"),
    "rtcr-shape": rtcr_shape,
    "fit-score": check_score(NodeResourcesFit),
    "balanced": check_score(BalancedAllocation),
    "image-score": check_score(ImageLocality),
    "image-name": lambda case: same(case["expect"]["normalised"], normalised(case["given"]["image"])),
    "spread-score": check_score(PodTopologySpread),
    "interpod-score": check_score(InterPodAffinity),
    "interpod-score-hard": check_score(InterPodAffinity),
    "normalise": normalise,
    "preempt-postfilter": preempt_postfilter,
    "preempt-best": preempt_best,
    "preempt-eligible": preempt_eligible,
    "preempt-importance": preempt_importance,
    **dict.fromkeys(("cycle-message", "cycle-placed", "cycle-fit", "cycle-score", "cycle-generated", "cycle-preemption"), cycle),
}
