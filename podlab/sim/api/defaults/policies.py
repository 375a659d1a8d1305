"""Defaults of autoscalers, network policies and role bindings.

Upstream: pkg/apis/autoscaling/v2/defaults.go, pkg/apis/networking/v1/defaults.go, pkg/apis/rbac/v1/defaults.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj

_RBAC = "rbac.authorization.k8s.io"
_PERCENT = {"type": "Percent", "value": 100, "periodSeconds": 15}
_PODS = {"type": "Pods", "value": 4, "periodSeconds": 15}


def default_autoscaler(scaler: Obj) -> None:
    """A HorizontalPodAutoscaler: 80 % of the requested CPU."""
    spec = scaler["spec"]
    spec.setdefault("minReplicas", 1)
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": 80}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    if spec.get("behavior") is not None:
        up, down = spec["behavior"].setdefault("scaleUp", {}), spec["behavior"].setdefault("scaleDown", {})
        up.setdefault("stabilizationWindowSeconds", 0)
        for rules, policies in ((up, [dict(_PODS), dict(_PERCENT)]), (down, [dict(_PERCENT)])):
            rules.setdefault("selectPolicy", "Max")
            if rules.get("policies") is None:
                rules["policies"] = policies


def default_network_policy(policy: Obj) -> None:
    """A NetworkPolicy: what it affects follows from its rules."""
    spec = policy["spec"]
    for direction in ("ingress", "egress"):
        for rule in spec.get(direction) or ():
            for port in rule.get("ports") or ():
                port.setdefault("protocol", "TCP")
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]


def default_ingress_class(class_: Obj) -> None:
    """An IngressClass: its parameters are the cluster's."""
    parameters = class_["spec"].get("parameters")
    if parameters is not None:
        parameters.setdefault("scope", "Cluster")


def default_binding(binding: Obj) -> None:
    """A RoleBinding or ClusterRoleBinding: the API group of what it names."""
    if not binding["roleRef"].get("apiGroup"):
        binding["roleRef"]["apiGroup"] = _RBAC
    for subject in binding.get("subjects") or ():
        if not subject.get("apiGroup") and subject.get("kind") in ("User", "Group"):
            subject["apiGroup"] = _RBAC
