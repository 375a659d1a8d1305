"""Pods made of the field schema, by a seed: mostly plausible, here and there odd. For the fuzz bench and its test."""

from __future__ import annotations

from random import Random
from typing import Any

from podlab.sim.api.schema import Field, Type, type_of, types
from podlab.sim.changes import Obj

ODD: dict[str, list[Any]] = {
    "string": ["", "-", "..", "A_b", "x" * 300, "é", "$(A)", "\n", " ", "/", "%", "0", "\x00", "a" * 64, "$(", "'", "*"],
    "int32": [0, -1, 1, 65536, 2**31 - 1, -(2**31)],
    "int64": [0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)],
    "quantity": ["", "1e3", "0.0001", "9" * 20, "-1", "1Ei", "1n", 5, 1.5],
    "intOrString": [0, -1, 65536, "", "0", "é", "http"],
    "any": [None, [], {}, [None], [""], {"": ""}, True, 1.5, 2**64, "x", 0],
}
"""Values that some field somewhere will not like."""
ODDITY = 0.01
"""How often a value is an odd one: about every second Pod has one."""
DEPTH = 9
NAMES = ["a", "b", "web"]
QUANTITIES = ["1", "10m", "100m", "64Mi", "1Gi", "1.5", "0", "3e3", "500000u"]
PLAIN: dict[str, list[Any]] = {
    "string": ["a", "b", "web", ""],
    "bool": [True, False],
    "int32": [1, 2, 3, 5],
    "int64": [1, 2, 5, 1000],
    "quantity": QUANTITIES,
    "intOrString": [80, 8080, "web", "80%"],
    "time": ["2026-01-05T00:00:00Z"],
    "bytes": ["YQ=="],
    "float": [1, 2],
    "any": ["a"],
}
SHELL = [
    "sleep 3; exit 1",
    "echo $A > /dev/termination-log; exit 2",
    'trap "exit 0" TERM; sleep 1000 & wait',
    "touch /tmp/x; sleep 9; rm /tmp/x; sleep 99",
    "while true; do sleep 1; done",
    "cat /etc/hosts; hostname; env",
    "exit 300",
]
VALUES: dict[str, list[Any]] = {
    "image": [
        *3 * ["nginx", "busybox:1.36", "kubetm/app"],
        "busybox:1.28",
        "nginx:no-such-tag",
        "kubetm/app",
        "polinux/stress",
        "BAD",
        "registry.k8s.io/e2e-test-images/agnhost:2.47",
        "registry.k8s.io/pause:3.10",
        "a/b/c@sha256:1",
    ],
    "command": [*(["sh", "-c", each] for each in SHELL), ["sleep", "5"], ["true"], ["/no/such"], [], ["$(A)"], ["cat", "/tmp/x"]],
    "args": [["sleep", "3"], ["-c", "exit 0"], [], ["$(A)", "$$(A)"], ["netexec"], ["pause"]],
    "imagePullPolicy": ["Always", "Never", "IfNotPresent"],
    "restartPolicy": ["Always", "OnFailure", "Never"],
    "terminationMessagePath": ["/dev/termination-log", "/tmp/x", "/etc", "x"],
    "terminationMessagePolicy": ["File", "FallbackToLogsOnError"],
    "workingDir": ["/", "/x", "/etc/passwd", "x"],
    "mountPath": ["/v", "/etc", "/v/w", "/tmp", "/etc/hosts", "w"],
    "subPath": ["", "k", "a/b", "x"],
    "subPathExpr": ["", "$(A)", "$(NO)"],
    "path": ["k", "a/b", "x"],
    "HTTPGetAction.path": ["/", "/healthz", "x?y=1", ""],
    "HostPathVolumeSource.path": ["/", "/var/x", "/etc/hosts", "/no/such"],
    "key": ["k", "l", "a"],
    "fieldPath": [
        "metadata.name",
        "metadata.labels",
        "metadata.labels['a']",
        "metadata.annotations['b']",
        "status.podIP",
        "status.hostIPs",
        "spec.nodeName",
        "spec.serviceAccountName",
        "metadata.uid",
    ],
    "resource": ["limits.cpu", "requests.memory", "limits.ephemeral-storage", "limits.hugepages-2Mi"],
    "divisor": ["1", "1m", "1Mi", "0"],
    "containerName": ["", "c0", "c1"],
    "volumeName": ["v0", "v1"],
    "configMap.name": ["cm"],
    "secretName": ["s", "no"],
    "port": [80, 8080, 81, "web"],
    "GRPCAction.port": [80, 8080],
    "containerPort": [80, 8080, 53],
    "hostPort": [8080, 30000],
    "protocol": ["TCP", "UDP", "SCTP"],
    "scheme": ["HTTP", "HTTPS"],
    "host": ["", "localhost", "10.0.0.1", "kubernetes.default"],
    "hostIP": ["", "127.0.0.1"],
    "initialDelaySeconds": [0, 1, 5],
    "periodSeconds": [1, 2, 10],
    "successThreshold": [1, 1, 1, 2],
    "failureThreshold": [1, 3],
    "terminationGracePeriodSeconds": [0, 1, 5, 30],
    "activeDeadlineSeconds": [1, 20, 60],
    "stopSignal": ["SIGTERM", "SIGKILL", "SIGUSR1"],
    "seconds": [0, 1, 3],
    "action": ["Restart", "RestartAllContainers"],
    "values": [[0], [1, 2], [42]],
    "resourceName": ["cpu", "memory"],
    "runAsUser": [0, 1000],
    "dnsPolicy": ["ClusterFirst", "Default", "ClusterFirstWithHostNet", "None"],
    "nameservers": [["1.1.1.1"], ["1.1.1.1", "::1"]],
    "searches": [["a.b"], []],
    "ip": ["127.0.0.1", "10.1.2.3"],
    "hostnames": [["a.local"], ["a", "b"]],
    "nodeName": ["node-1", "no-such"],
    "nodeSelector": [{"kubernetes.io/os": "linux"}, {"no": "where"}],
    "schedulerName": ["default-scheduler", "mine"],
    "serviceAccountName": ["default", "no"],
    "serviceAccount": ["default"],
    "priorityClassName": ["system-node-critical", "no"],
    "preemptionPolicy": ["PreemptLowerPriority", "Never"],
    "hostname": ["h", "web-0"],
    "effect": ["NoSchedule", "NoExecute", "PreferNoSchedule", ""],
    "topologyKey": ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
    "whenUnsatisfiable": ["DoNotSchedule", "ScheduleAnyway"],
    "weight": [1, 50, 100],
    "matchLabels": [{"a": "b"}, {}],
    "medium": ["", "Memory", "HugePages"],
    "sizeLimit": ["1Ki", "64Mi"],
    "defaultMode": [0o644, 0o400],
    "mode": [0o600],
    "expirationSeconds": [600, 3600],
    "mountPropagation": ["None", "HostToContainer"],
    "fsGroupChangePolicy": ["OnRootMismatch", "Always"],
    "procMount": ["Default"],
    "recursiveReadOnly": ["Disabled", "IfPossible"],
    "HostPathVolumeSource.type": ["", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"],
    "SeccompProfile.type": ["RuntimeDefault", "Unconfined"],
    "AppArmorProfile.type": ["RuntimeDefault", "Unconfined"],
    "PodOS.name": ["linux", "linux", "windows"],
    "EnvVar.name": ["A", "B", "C"],
    "EnvVar.value": ["1", "$(B)$$x", "", "a b"],
    "ContainerPort.name": ["web", "p1", "p2"],
    "ConfigMapKeySelector.name": ["cm", "no"],
    "ConfigMapVolumeSource.name": ["cm", "no"],
    "ConfigMapProjection.name": ["cm", "no"],
    "ConfigMapEnvSource.name": ["cm", "no"],
    "SecretEnvSource.name": ["s", "no"],
    "SecretKeySelector.name": ["s", "no"],
    "SecretProjection.name": ["s", "no"],
    "VolumeMount.name": ["v0", "v1"],
    "VolumeDevice.name": ["v0"],
    "Toleration.operator": ["Exists", "Equal"],
    "Toleration.key": ["", "node.kubernetes.io/not-ready", "a"],
    "NodeSelectorRequirement.operator": ["In", "NotIn", "Exists", "DoesNotExist", "Gt"],
    "NodeSelectorRequirement.key": ["kubernetes.io/hostname", "no"],
    "NodeSelectorRequirement.values": [["node-1"], ["1"], []],
    "LabelSelectorRequirement.operator": ["In", "NotIn", "Exists", "DoesNotExist"],
    "LabelSelectorRequirement.values": [["b"], []],
    "ContainerRestartRuleOnExitCodes.operator": ["In", "NotIn"],
    "ContainerResizePolicy.restartPolicy": ["NotRequired", "RestartContainer"],
}
"""What a field may hold, by `Type.field` or `field`."""
ONE_OF = {"Volume", "LifecycleHandler", "EnvVarSource", "VolumeProjection", "EnvFromSource"}
"""Types of which one object field is set."""
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
LIKELY = {
    "command": 0.7,
    "args": 0.15,
    "env": 0.4,
    "volumeMounts": 0.5,
    "livenessProbe": 0.25,
    "readinessProbe": 0.25,
    "startupProbe": 0.15,
    "lifecycle": 0.25,
    "resources": 0.3,
    "ports": 0.3,
    "image": 0.98,
    "volumes": 0.7,
    "initContainers": 0.35,
    "periodSeconds": 0.6,
    "fieldRef": 0.6,
}
UNLIKELY = {
    "ephemeralContainers", "resourceClaims", "claims", "schedulingGates", "nodeName", "nodeSelector", "affinity", "volumeDevices", "windowsOptions", "overhead", "priority",
    "priorityClassName", "runtimeClassName", "schedulingGroup", "serviceAccountName", "serviceAccount", "schedulerName", "hostPort", "topologySpreadConstraints", "os", "hostnameOverride", "localhostProfile",
    "preemptionPolicy", "subPathExpr", "resizePolicy", "setHostnameAsFQDN", "shareProcessNamespace", "hostNetwork", "hostPID", "hostIPC", "hostUsers", "fileKeyRef", "procMount", "appArmorProfile", "sysctls", "seLinuxOptions", "mountPropagation",
}  # fmt: skip
NEEDED = {
    "ConfigMapVolumeSource.name", "SecretVolumeSource.secretName", "ConfigMapKeySelector.name", "SecretKeySelector.name", "ConfigMapEnvSource.name", "SecretEnvSource.name",
    "ConfigMapProjection.name", "SecretProjection.name", "ExecAction.command", "Container.image", "EphemeralVolumeSource.volumeClaimTemplate", "ImageVolumeSource.reference",
    "ContainerRestartRule.exitCodes", "ContainerRestartRuleOnExitCodes.values", "TopologySpreadConstraint.labelSelector", "PodAffinityTerm.labelSelector",
}  # fmt: skip
"""What validation asks for although the schema does not."""
COMMON_VOLUMES = ("emptyDir", "hostPath", "configMap", "secret", "downwardAPI", "projected")


def make(seed: int) -> Obj:
    """The Pod of this seed, named `fuzz-SEED`."""
    maker = _Maker(Random(seed))
    pod = type_of("v1", "Pod")
    assert pod is not None
    meta = {"name": f"fuzz-{seed}", "namespace": "default", "labels": {"a": "b"}, "annotations": {"b": "c"}}
    made: Obj = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": maker.object(types()[pod.fields["spec"].ref])}
    _agree(made["spec"])
    if maker.chance(0.1):
        made["status"] = maker.object(types()[pod.fields["status"].ref])
    return made


def _agree(spec: Obj) -> None:
    """Make parts fit that say something of one another; what is odd stays so."""
    volumes = [each["name"] for each in _dicts(spec.get("volumes")) if "name" in each]
    for key in ("containers", "initContainers"):
        for container in _dicts(spec.get(key)):
            mounts = {repr(each.get("mountPath")): each for each in _dicts(container.get("volumeMounts")) if each.get("name") in volumes}
            container["volumeMounts"] = list(mounts.values())
            if container.get("restartPolicyRules"):
                container.setdefault("restartPolicy", "Never")
            elif key == "containers":
                container.pop("restartPolicy", None)
            if key == "initContainers" and container.get("restartPolicy") != "Always":
                for name in (*PROBES, "lifecycle"):
                    container.pop(name, None)
            _agree_container(container)
    if not spec.get("dnsConfig") and spec.get("dnsPolicy") == "None":
        del spec["dnsPolicy"]


def _agree_container(container: Obj) -> None:
    """Probes, limits and names within a container."""
    for name in PROBES:
        probe = container.get(name)
        if isinstance(probe, dict) and name != "readinessProbe":
            probe.pop("successThreshold", None)
        elif isinstance(probe, dict):
            probe.pop("terminationGracePeriodSeconds", None)
    resources = container.get("resources")
    if isinstance(resources, dict) and isinstance(resources.get("limits"), dict) and isinstance(resources.get("requests"), dict):
        resources["requests"] |= {name: value for name, value in resources["limits"].items() if name in resources["requests"]}
    ports = _dicts(container.get("ports"))
    if ports:
        container["ports"] = list({repr(each.get("name", number)): each for number, each in enumerate(ports)}.values())


def _dicts(value: Any) -> list[Obj]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


class _Maker:
    """Values of one Pod."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def object(self, type_: Type, depth: int = 0) -> Obj:
        """An object of a type: its required fields, some of the others."""
        kind = type_.name.rpartition(".")[2]
        names = [name for name, field in type_.fields.items() if self._wanted(kind, name, field, depth)]
        return {name: self._field(kind, name, type_.fields[name], depth) for name in self._agreed(kind, names, type_)}

    def _wanted(self, kind: str, name: str, field: Field, depth: int) -> bool:
        if field.required or f"{kind}.{name}" in NEEDED:
            return not self.chance(ODDITY)
        if depth > DEPTH or (kind in ONE_OF and field.ref):
            return False
        return self.chance(0.008 if name in UNLIKELY else LIKELY.get(name, 0.12))

    def _agreed(self, kind: str, names: list[str], type_: Type) -> list[str]:
        """The fields, of those that exclude one another just one."""
        if kind in ONE_OF:
            choices = [name for name, field in type_.fields.items() if field.ref]
            common = [name for name in choices if name in COMMON_VOLUMES] if kind == "Volume" and self.chance(0.95) else choices
            names = [*names, self.random.choice(common)]
        if kind == "Probe":
            names = [*(name for name in names if name not in HANDLERS), self.random.choice(HANDLERS)]
        if kind == "EnvVar" and "valueFrom" in names:
            names = [name for name in names if name != "value"]
        return names

    def _field(self, kind: str, name: str, field: Field, depth: int) -> Any:
        if self.chance(ODDITY):
            return self.random.choice(ODD["any"] if self.chance(0.2) else ODD.get(field.type, ODD["any"]))
        held = VALUES.get(f"{kind}.{name}") or VALUES.get(name)
        if held and not field.ref:
            return self.random.choice(held)
        if name in ("limits", "requests"):
            return {each: self.random.choice(QUANTITIES) for each in ("cpu", "memory", "ephemeral-storage") if self.chance(0.5)}
        if field.form == "map":
            return {self.random.choice(NAMES): self._one(field, depth) for _ in range(self.random.randint(0, 2))}
        if field.form == "list":
            return self._list(name, field, depth)
        return self._one(field, depth)

    def _list(self, name: str, field: Field, depth: int) -> list[Any]:
        """A list; what has a name in it is numbered, so that most names differ and others can say them."""
        made = [self._one(field, depth) for _ in range(self.random.choice((1, 1, 1, 2, 3)))]
        letter = {"containers": "c", "initContainers": "i", "volumes": "v", "ephemeralContainers": "e"}.get(name)
        for number, each in enumerate(made):
            if letter and isinstance(each, dict) and not self.chance(ODDITY):
                each["name"] = f"{letter}{number}"
        return made

    def _one(self, field: Field, depth: int) -> Any:
        if field.ref:
            return self.object(types()[field.ref], depth + 1)
        return self.random.choice(field.enum or PLAIN[field.type or "string"])
