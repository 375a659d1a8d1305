"""Pods made of everything that a kubelet may meet, by a seed."""

from __future__ import annotations

from random import Random
from typing import Any

COMMANDS: list[list[str]] = [
    ["sh", "-c", "sleep 3; exit 1"],
    ["sleep", "5"],
    ["sh", "-c", 'trap "exit 0" TERM; sleep 1000 & wait'],
    ["/no/such"],
    ["sh", "-c", "touch /tmp/x; sleep 9; rm /tmp/x; sleep 100"],
    ["true"],
    ["false"],
    ["sh", "-c", "echo $A > /dev/termination-log; exit 2"],
    ["sh", "-c", "while true; do sleep 1; done"],
]
IMAGES = [
    "nginx",
    "busybox:1.36",
    "nginx:no-such-tag",
    "BAD",
    "kubetm/app",
    "polinux/stress",
    "registry.k8s.io/e2e-test-images/agnhost:2.47",
]
SOURCES: list[dict[str, Any]] = [
    {"configMapKeyRef": {"name": "cm", "key": "k"}},
    {"fieldRef": {"fieldPath": "status.podIP"}},
    {"resourceFieldRef": {"resource": "limits.cpu"}},
    {"secretKeyRef": {"name": "s", "key": "k", "optional": True}},
]
VOLUMES: list[dict[str, Any]] = [
    {"emptyDir": {}},
    {"emptyDir": {"sizeLimit": "1Ki"}},
    {"hostPath": {"path": "/var/x"}},
    {"hostPath": {"path": "/no", "type": "Directory"}},
    {"configMap": {"name": "cm"}},
    {"secret": {"secretName": "s", "optional": True}},
    {"downwardAPI": {"items": [{"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
    {"nfs": {"server": "x", "path": "/"}},
]
HANDLERS: list[dict[str, Any]] = [
    {"exec": {"command": ["cat", "/tmp/x"]}},
    {"exec": {"command": ["sleep", "5"]}},
    {"exec": {"command": ["nosuch"]}},
    {"httpGet": {"port": 80}},
    {"httpGet": {"port": "web"}},
    {"tcpSocket": {"port": 81}},
    {"grpc": {"port": 80}},
]
HOOKS: list[dict[str, Any]] = [
    {"exec": {"command": ["sleep", "3"]}},
    {"exec": {"command": ["false"]}},
    {"httpGet": {"port": 80}},
    {"sleep": {"seconds": 2}},
]
RESOURCES: list[dict[str, Any]] = [
    {"requests": {"cpu": "100m"}},
    {"limits": {"memory": "20Mi", "cpu": "1"}},
    {"requests": {"memory": "3Gi"}},
    {"limits": {"ephemeral-storage": "1Mi"}},
]


def probe(random: Random, *, grace: bool) -> dict[str, Any]:
    """A probe of any kind, quick to decide."""
    numbers = {
        "periodSeconds": random.choice((1, 3, 10)),
        "failureThreshold": random.choice((1, 3)),
        "initialDelaySeconds": random.choice((0, 5)),
    }
    return random.choice(HANDLERS) | numbers | ({"terminationGracePeriodSeconds": 5} if grace and random.random() < 0.3 else {})


def container(random: Random, name: str, kind: str) -> dict[str, Any]:
    """`kind`: container, init or sidecar."""
    out: dict[str, Any] = {"name": name, "image": random.choice(IMAGES)}
    optional: dict[str, tuple[float, Any]] = {
        "command": (0.7, random.choice(COMMANDS)),
        "env": (0.3, [{"name": "A", "value": "$(B)$$x"}, {"name": "C", "valueFrom": random.choice(SOURCES)}]),
        "resources": (0.3, random.choice(RESOURCES)),
        "imagePullPolicy": (0.2, random.choice(("Always", "Never"))),
        "workingDir": (0.2, random.choice(("/x", "/etc/passwd"))),
        "securityContext": (0.2, {"runAsNonRoot": True}),
        "volumeMounts": (0.3, [{"name": "v", "mountPath": "/v"}]),
        "ports": (0.3, [{"name": "web", "containerPort": 80}]),
    }
    if kind != "init":
        for each in ("livenessProbe", "readinessProbe", "startupProbe"):
            optional[each] = (0.2, probe(random, grace=each != "readinessProbe"))
        optional["lifecycle"] = (0.2, {random.choice(("preStop", "postStart")): random.choice(HOOKS)})
    out |= {key: value for key, (chance, value) in optional.items() if random.random() < chance}
    if kind == "sidecar":
        return {**out, "restartPolicy": "Always"}
    if random.random() < 0.15:
        rule = {
            "action": random.choice(("Restart", "RestartAllContainers")),
            "exitCodes": {"operator": random.choice(("In", "NotIn")), "values": [random.randint(0, 3)]},
        }
        out |= {"restartPolicy": random.choice(("Never", "OnFailure")), "restartPolicyRules": [rule]}
    return out


def pod(random: Random, name: str) -> dict[str, Any]:
    """A Pod that the API server may accept."""
    spec: dict[str, Any] = {"containers": [container(random, f"c{n}", "container") for n in range(random.randint(1, 3))]}
    if random.random() < 0.4:
        spec["initContainers"] = [container(random, f"i{n}", random.choice(("init", "sidecar"))) for n in range(random.randint(1, 3))]
    spec |= {"volumes": [{"name": "v", **random.choice(VOLUMES)}], "restartPolicy": random.choice(("Always", "OnFailure", "Never"))}
    for key, chance, value in (
        ("activeDeadlineSeconds", 0.2, 20),
        ("terminationGracePeriodSeconds", 0.3, 5),
        ("hostNetwork", 0.1, True),
        ("shareProcessNamespace", 0.1, True),
        ("hostUsers", 0.1, False),
    ):
        if random.random() < chance:
            spec[key] = value
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default", "labels": {"a": "b"}}, "spec": spec}
