"""Small random worlds: what a learner may do to one in some minutes, as a hypothesis strategy, and how it is played."""

from __future__ import annotations

from collections.abc import Callable, Collection

from hypothesis import strategies as st

from podlab.sim.changes import Change
from podlab.sim.cluster import Cluster
from podlab.sim.commands import Command, Fault, OpenTerminal, SaveFile, TypeLine
from tests.sim.story import started

Act = tuple[int, str]
"""After how many milliseconds, and what: a line for a terminal of its own, or `fault NAME NODE`."""
HEALING = {"stop-kubelet": "start-kubelet", "isolate": "heal", "poweroff": "poweron"}
PODS = ("a", "b")
NODES = ("node-1", "node-2")
SETTLED_MS = 900_000
PROBED = """
apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {app: web}}
spec:
  terminationGracePeriodSeconds: 3
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, "touch /tmp/ok /tmp/live; sleep 100000"]
    readinessProbe: {exec: {command: [cat, /tmp/ok]}, periodSeconds: 2}
    livenessProbe: {exec: {command: [cat, /tmp/live]}, periodSeconds: 3, failureThreshold: 2}
  - name: side
    image: nginx
    readinessProbe: {httpGet: {port: 80, path: /}, periodSeconds: 5}
    startupProbe: {tcpSocket: {port: 80}, periodSeconds: 1}
"""
REPLICAS = """
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: set}
spec:
  replicas: 2
  selector: {matchLabels: {app: web, of: set}}
  template:
    metadata: {labels: {app: web, of: set}}
    spec: {containers: [{name: app, image: nginx}]}
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""
FILES = {"a.yaml": PROBED % "a", "b.yaml": PROBED % "b", "set.yaml": REPLICAS, "service.yaml": SERVICE}
LINES = (
    *(f"kubectl run {pod} --image=nginx -l app=web" for pod in PODS),
    *(
        f"kubectl run {pod} --image=busybox:1.36 --restart={policy} -l app=web -- sh -c 'sleep 4; exit {code}'"
        for pod, policy, code in (("a", "Never", 0), ("b", "OnFailure", 1), ("b", "Always", 2))
    ),
    *2 * [f"kubectl apply -f {pod}.yaml" for pod in PODS],
    *(f"kubectl delete pod {pod}{flags}" for pod, flags in (("a", ""), ("b", " --grace-period=1"), ("a", " --now"), ("b", " --force"))),
    *(f"kubectl label --overwrite pod {pod} app={value}" for pod in PODS for value in ("web", "other")),
    *(f"kubectl exec {pod} -c app -- {line}" for pod in PODS for line in ("rm /tmp/ok", "touch /tmp/ok", "rm /tmp/live", "kill 1")),
    *2 * ["kubectl create deployment web --image=nginx --replicas=2", "kubectl apply -f set.yaml", "kubectl apply -f service.yaml"],
    *(f"kubectl scale deployment web --replicas={number}" for number in (0, 1, 3)),
    *(f"kubectl scale rs set --replicas={number}" for number in (0, 1, 3)),
    *(f"kubectl set image deployment/web nginx={image}" for image in ("nginx:1.27", "nginx:no-such-tag", "busybox:1.36")),
    "kubectl rollout undo deployment web",
    "kubectl rollout restart deployment web",
    "kubectl delete pods -l app=web --wait=false",
    "kubectl label --overwrite pods -l of=set app=other",
    "kubectl delete deployment web",
    "kubectl delete rs set --cascade=orphan",
    'kubectl patch service web -p \'{"spec":{"selector":{"app":"other"}}}\'',
    "kubectl drain node-2 --ignore-daemonsets --force",
    "kubectl uncordon node-2",
    *(f"fault {fault} {node}" for fault in (*HEALING, *HEALING.values()) for node in NODES),
)
PAUSES_MS = (0, 1, 700, 2_000, 9_000, 45_000, 70_000)
BEGUN = (
    "kubectl apply -f service.yaml",
    "kubectl create deployment web --image=nginx --replicas=2",
    "kubectl apply -f set.yaml",
    "kubectl apply -f a.yaml",
    "kubectl apply -f b.yaml",
)
ACTS: st.SearchStrategy[list[Act]] = st.builds(
    lambda begun, acts: [(0, line) for line in begun] + acts,
    st.lists(st.sampled_from(BEGUN), unique=True, max_size=4),
    st.lists(st.tuples(st.sampled_from(PAUSES_MS), st.sampled_from(LINES)), min_size=2, max_size=10),
)
"""Some of what is usual, at once, and then whatever."""


def opened(seed: int = 1, *, eager: bool = False) -> Cluster:
    """A learner's cluster with the files of these worlds, before anything is done."""
    cluster = started(seed)
    cluster.kubelet.prober.eager = eager
    for path, text in FILES.items():
        cluster.apply(SaveFile(path, text))
    return cluster


def play(
    cluster: Cluster, acts: list[Act], stops: Collection[int] = (), between: Callable[[Cluster], Cluster] = lambda same: same
) -> tuple[Cluster, list[Change]]:
    """Do it all, heal all nodes, and let the cluster settle; `between` is called after those numbers of engine steps."""
    timed, t_ms = [], 0
    for number, (pause, line) in enumerate(acts):
        t_ms += pause
        timed += [(t_ms, each) for each in commands(f"t{number}", line)]
    healed = t_ms + 30_000
    timed += [(healed, Fault(healing, node)) for healing in ("poweron", "heal", "start-kubelet") for node in NODES]
    told: list[Change] = []
    wanted, steps = sorted(stops), 0
    for until, command in [*timed, (healed + SETTLED_MS, None)]:
        while wanted:
            before = cluster.world.kernel.state.steps
            done = cluster.advance(until, wanted[0] - steps)
            steps += cluster.world.kernel.state.steps - before
            if done and steps < wanted[0]:
                break
            told += cluster.take_changes()
            cluster = between(cluster)
            del wanted[0]
        cluster.advance(until)
        if command is not None:
            cluster.apply(command)
        told += cluster.take_changes()
    return cluster, told


def commands(terminal: str, line: str) -> list[Command]:
    """What an act is made of."""
    if line.startswith("fault "):
        _, name, node = line.split()
        return [Fault(name, node)]
    return [OpenTerminal(terminal), TypeLine(terminal, line)]
