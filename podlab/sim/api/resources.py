"""The table of kinds that this cluster serves, and of those that it only knows by name.

Upstream: pkg/controlplane, pkg/registry/*/rest (names, short names, categories). Left out: kinds of versions that are off by default.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
_ONLY_CREATE = ("create",)


class Resource(Struct, frozen=True):
    """One kind: `plural` names it everywhere inside the simulation.

    `absent`: known by name only. `none`: a new cluster has none of it either, and none can be made here; `unknown`: nothing can be said of it.
    """

    plural: str
    kind: str
    group: str = ""
    version: str = "v1"
    namespaced: bool = True
    singular: str = ""
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    verbs: tuple[str, ...] = VERBS
    absent: str = ""

    @property
    def api_version(self) -> str:
        """`v1`, `apps/v1` …"""
        return f"{self.group}/{self.version}" if self.group else self.version


_TABLE = (
    Resource("configmaps", "ConfigMap", singular="configmap", short=("cm",)),
    Resource("endpoints", "Endpoints", singular="endpoints", short=("ep",)),
    Resource("events", "Event", singular="event", short=("ev",)),
    Resource("limitranges", "LimitRange", singular="limitrange", short=("limits",)),
    Resource(
        "namespaces",
        "Namespace",
        namespaced=False,
        singular="namespace",
        short=("ns",),
        subresources=("status", "finalize"),
        verbs=tuple(each for each in VERBS if each != "deletecollection"),
    ),
    Resource("nodes", "Node", namespaced=False, singular="node", short=("no",), subresources=("status", "proxy")),
    Resource("persistentvolumeclaims", "PersistentVolumeClaim", singular="persistentvolumeclaim", short=("pvc",), subresources=("status",)),
    Resource(
        "persistentvolumes", "PersistentVolume", namespaced=False, singular="persistentvolume", short=("pv",), subresources=("status",)
    ),
    Resource(
        "pods",
        "Pod",
        singular="pod",
        short=("po",),
        categories=("all",),
        subresources=("status", "binding", "eviction", "ephemeralcontainers", "resize", "log", "exec", "attach", "portforward", "proxy"),
    ),
    Resource("podtemplates", "PodTemplate", singular="podtemplate"),
    Resource(
        "replicationcontrollers",
        "ReplicationController",
        singular="replicationcontroller",
        short=("rc",),
        categories=("all",),
        subresources=("status", "scale"),
    ),
    Resource("resourcequotas", "ResourceQuota", singular="resourcequota", short=("quota",), subresources=("status",)),
    Resource("secrets", "Secret", singular="secret"),
    Resource("serviceaccounts", "ServiceAccount", singular="serviceaccount", short=("sa",), subresources=("token",)),
    Resource("services", "Service", singular="service", short=("svc",), categories=("all",), subresources=("status", "proxy")),
    Resource(
        "deployments", "Deployment", "apps", singular="deployment", short=("deploy",), categories=("all",), subresources=("status", "scale")
    ),
    Resource(
        "replicasets", "ReplicaSet", "apps", singular="replicaset", short=("rs",), categories=("all",), subresources=("status", "scale")
    ),
    Resource("daemonsets", "DaemonSet", "apps", singular="daemonset", short=("ds",), categories=("all",), subresources=("status",)),
    Resource(
        "statefulsets", "StatefulSet", "apps", singular="statefulset", short=("sts",), categories=("all",), subresources=("status", "scale")
    ),
    Resource("controllerrevisions", "ControllerRevision", "apps", singular="controllerrevision"),
    Resource("endpointslices", "EndpointSlice", "discovery.k8s.io", singular="endpointslice"),
    Resource("priorityclasses", "PriorityClass", "scheduling.k8s.io", namespaced=False, singular="priorityclass", short=("pc",)),
    Resource(
        "poddisruptionbudgets", "PodDisruptionBudget", "policy", singular="poddisruptionbudget", short=("pdb",), subresources=("status",)
    ),
    Resource("cronjobs", "CronJob", "batch", singular="cronjob", short=("cj",), categories=("all",), subresources=("status",)),
    Resource("jobs", "Job", "batch", singular="job", categories=("all",), subresources=("status",)),
    Resource("leases", "Lease", "coordination.k8s.io", singular="lease"),
    Resource(
        "horizontalpodautoscalers",
        "HorizontalPodAutoscaler",
        "autoscaling",
        "v2",
        singular="horizontalpodautoscaler",
        short=("hpa",),
        categories=("all",),
        subresources=("status",),
    ),
    Resource("ingressclasses", "IngressClass", "networking.k8s.io", namespaced=False, singular="ingressclass"),
    Resource("ingresses", "Ingress", "networking.k8s.io", singular="ingress", short=("ing",), subresources=("status",)),
    Resource("networkpolicies", "NetworkPolicy", "networking.k8s.io", singular="networkpolicy", short=("netpol",)),
    Resource("runtimeclasses", "RuntimeClass", "node.k8s.io", namespaced=False, singular="runtimeclass"),
    Resource("clusterrolebindings", "ClusterRoleBinding", "rbac.authorization.k8s.io", namespaced=False, singular="clusterrolebinding"),
    Resource("clusterroles", "ClusterRole", "rbac.authorization.k8s.io", namespaced=False, singular="clusterrole"),
    Resource("rolebindings", "RoleBinding", "rbac.authorization.k8s.io", singular="rolebinding"),
    Resource("roles", "Role", "rbac.authorization.k8s.io", singular="role"),
    Resource("storageclasses", "StorageClass", "storage.k8s.io", namespaced=False, singular="storageclass", short=("sc",)),
)

_ADMISSION, _RESOURCE, _STORAGE = "admissionregistration.k8s.io", "resource.k8s.io", "storage.k8s.io"
_FLOW = "flowcontrol.apiserver.k8s.io"
_EXTENSIONS = ("api-extensions",)
_REVIEWS = "authorization.k8s.io"


def _none(plural: str, kind: str, group: str, **more: Any) -> Resource:
    return Resource(plural, kind, group, singular=kind.lower(), absent="none", **more)


def _unknown(plural: str, kind: str, group: str, **more: Any) -> Resource:
    return Resource(plural, kind, group, singular=kind.lower(), absent="unknown", **more)


_ABSENT = (
    _unknown("bindings", "Binding", "", verbs=_ONLY_CREATE),
    _unknown("componentstatuses", "ComponentStatus", "", namespaced=False, short=("cs",), verbs=("get", "list")),
    *(
        _none(
            f"{kind.lower()}s" if not kind.endswith("Policy") else f"{kind.lower()[:-1]}ies",
            kind,
            _ADMISSION,
            namespaced=False,
            categories=_EXTENSIONS,
            subresources=("status",) if kind == "ValidatingAdmissionPolicy" else (),
        )
        for kind in (
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        )
    ),
    _none(
        "customresourcedefinitions",
        "CustomResourceDefinition",
        "apiextensions.k8s.io",
        namespaced=False,
        short=("crd", "crds"),
        categories=_EXTENSIONS,
        subresources=("status",),
    ),
    _unknown("apiservices", "APIService", "apiregistration.k8s.io", namespaced=False, categories=_EXTENSIONS, subresources=("status",)),
    _unknown("selfsubjectreviews", "SelfSubjectReview", "authentication.k8s.io", namespaced=False, verbs=_ONLY_CREATE),
    _unknown("tokenreviews", "TokenReview", "authentication.k8s.io", namespaced=False, verbs=_ONLY_CREATE),
    _unknown("localsubjectaccessreviews", "LocalSubjectAccessReview", _REVIEWS, verbs=_ONLY_CREATE),
    _unknown("selfsubjectaccessreviews", "SelfSubjectAccessReview", _REVIEWS, namespaced=False, verbs=_ONLY_CREATE),
    _unknown("selfsubjectrulesreviews", "SelfSubjectRulesReview", _REVIEWS, namespaced=False, verbs=_ONLY_CREATE),
    _unknown("subjectaccessreviews", "SubjectAccessReview", _REVIEWS, namespaced=False, verbs=_ONLY_CREATE),
    _none(
        "certificatesigningrequests",
        "CertificateSigningRequest",
        "certificates.k8s.io",
        namespaced=False,
        short=("csr",),
        subresources=("approval", "status"),
    ),
    _unknown("flowschemas", "FlowSchema", _FLOW, namespaced=False, subresources=("status",)),
    _unknown("prioritylevelconfigurations", "PriorityLevelConfiguration", _FLOW, namespaced=False, subresources=("status",)),
    _unknown("ipaddresses", "IPAddress", "networking.k8s.io", namespaced=False, short=("ip",)),
    _unknown("servicecidrs", "ServiceCIDR", "networking.k8s.io", namespaced=False, subresources=("status",)),
    _none("deviceclasses", "DeviceClass", _RESOURCE, namespaced=False),
    _none("resourceclaims", "ResourceClaim", _RESOURCE, subresources=("status",)),
    _none("resourceclaimtemplates", "ResourceClaimTemplate", _RESOURCE),
    _none("resourceslices", "ResourceSlice", _RESOURCE, namespaced=False),
    _none("csidrivers", "CSIDriver", _STORAGE, namespaced=False),
    _unknown("csinodes", "CSINode", _STORAGE, namespaced=False),
    _none("csistoragecapacities", "CSIStorageCapacity", _STORAGE),
    _none("volumeattachments", "VolumeAttachment", _STORAGE, namespaced=False, subresources=("status",)),
    _none("volumeattributesclasses", "VolumeAttributesClass", _STORAGE, namespaced=False, short=("vac",)),
)

RESOURCES: dict[str, Resource] = {each.plural: each for each in _TABLE}
BY_KIND: dict[str, Resource] = {each.kind: each for each in _TABLE}
KNOWN: dict[str, Resource] = RESOURCES | {each.plural: each for each in _ABSENT}
"""Those that are served, and those that are only known by name."""


def qualified(resource: str) -> str:
    """A resource as errors name it: `pods`, `deployments.apps`."""
    group = KNOWN[resource].group
    return f"{resource}.{group}" if group else resource
