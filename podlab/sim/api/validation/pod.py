"""Validation of Pods and of Pod templates.

Upstream: pkg/apis/core/validation/validation.go (ValidatePodSpec, ValidatePodCreate). Left out: Windows, resource claims' insides.
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.api.validation import metadata
from podlab.sim.api.validation.affinity import validate_affinity, validate_spread, validate_tolerations
from podlab.sim.api.validation.containers import (
    Surroundings,
    image_edges,
    validate_containers,
    validate_ephemeral,
    validate_init_containers,
)
from podlab.sim.api.validation.errors import FieldError, duplicate, forbidden, invalid, required, unsupported
from podlab.sim.api.validation.resources import validate_pod_level, validate_requirements
from podlab.sim.api.validation.security import validate_host_users, validate_pod_context
from podlab.sim.api.validation.volumes import validate_volumes
from podlab.sim.changes import Obj

DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
MIRROR = "kubernetes.io/config.mirror"
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
MOST_SERVERS, MOST_SEARCHES, MOST_CHARACTERS = 3, 32, 2048


def validate_create(pod: Obj) -> list[FieldError]:
    """A new Pod, its metadata aside."""
    errors = validate_metadata_and_spec(pod)
    spec = pod["spec"]
    if spec.get("ephemeralContainers"):
        errors.append(forbidden("spec.ephemeralContainers", "cannot be set on create"))
    if spec.get("nodeName") and spec.get("schedulingGates"):
        errors.append(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"))
    return errors


def validate_metadata_and_spec(pod: Obj) -> list[FieldError]:
    """What holds for a Pod at any time."""
    spec = pod["spec"]
    errors = _annotations(pod["metadata"].get("annotations", {}), spec)
    errors += validate_spec(spec, "spec", is_pod=True)
    if not spec.get("serviceAccountName"):
        for number, volume in enumerate(spec.get("volumes", ())):
            for at, source in enumerate(volume.get("projected", {}).get("sources") or ()):
                if "serviceAccountToken" in source:
                    where = f"spec.volumes[{number}].projected.sources[{at}].serviceAccountToken"
                    errors.append(forbidden(where, "must not be specified when serviceAccountName is not set"))
    for group in ("containers", "initContainers"):
        for number, container in enumerate(spec.get(group) or ()):
            errors += image_edges(container, f"spec.{group}[{number}]")
    return errors


def _annotations(held: dict[str, str], spec: Obj) -> list[FieldError]:
    errors: list[FieldError] = []
    if MIRROR in held and not spec.get("nodeName"):
        errors.append(invalid(f"metadata.annotations[{MIRROR}]", held[MIRROR], "must set spec.nodeName if mirror pod annotation is set"))
    cost = held.get(DELETION_COST)
    if cost is not None and (not cost.lstrip("+-").isdigit() or not -(2**31) <= int(cost) < 2**31):
        errors.append(invalid(f"metadata.annotations[{DELETION_COST}]", cost, "must be a 32bit integer"))
    return errors


def validate_template(template: Obj, path: str) -> list[FieldError]:
    """A Pod template."""
    meta = template.get("metadata", {})
    errors = metadata.labels(meta.get("labels", {}), f"{path}.labels")
    errors += metadata.annotation_keys(meta.get("annotations", {}), f"{path}.annotations")
    errors += validate_spec(template["spec"], f"{path}.spec", is_pod=False)
    if template["spec"].get("ephemeralContainers"):
        errors.append(forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template"))
    return errors


def validate_spec(spec: Obj, path: str, *, is_pod: bool) -> list[FieldError]:
    """The spec of a Pod or of a template."""
    volumes, errors = validate_volumes(spec.get("volumes", []), f"{path}.volumes")
    claims = [each.get("name", "") for each in spec.get("resourceClaims", ())]
    grace, users = spec.get("terminationGracePeriodSeconds", 0), spec.get("hostUsers") is not False
    around = Surroundings(volumes, claims, grace, spec.get("restartPolicy", ""), users)
    containers, inits = spec.get("containers") or [], spec.get("initContainers", [])
    errors += validate_containers(containers, around, f"{path}.containers")
    errors += validate_init_containers(inits, containers, around, f"{path}.initContainers")
    errors += validate_ephemeral(spec.get("ephemeralContainers", []), [*containers, *inits], around, f"{path}.ephemeralContainers")
    errors += validate_pod_level(spec, f"{path}.resources")
    errors += _host_network(spec, f"{path}.containers", is_pod=is_pod)
    errors += _policies(spec, path)
    errors += metadata.labels(spec.get("nodeSelector", {}), f"{path}.nodeSelector")
    errors += validate_pod_context(spec, f"{path}.securityContext")
    errors += validate_affinity(spec.get("affinity", {}), f"{path}.affinity")
    errors += _dns(spec, f"{path}.dnsConfig")
    errors += _gates(spec, path)
    errors += validate_spread(spec.get("topologySpreadConstraints", []), f"{path}.topologySpreadConstraints")
    errors += validate_host_users(spec, path)
    return errors + _scalars(spec, path)


def _host_network(spec: Obj, path: str, *, is_pod: bool) -> list[FieldError]:
    if not spec.get("hostNetwork"):
        return []
    errors: list[FieldError] = []
    for number, container in enumerate(spec.get("containers") or ()):
        for at, port in enumerate(container.get("ports", ())):
            host = port.get("hostPort", 0)
            if (is_pod or host) and host != port.get("containerPort", 0):
                where = f"{path}[{number}].ports[{at}].hostPort"
                errors.append(invalid(where, host, "must match `containerPort` when `hostNetwork` is true"))
    return errors


def _policies(spec: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    restart, dns = spec.get("restartPolicy", ""), spec.get("dnsPolicy", "")
    if restart not in ("Always", "OnFailure", "Never"):
        errors.append(unsupported(f"{path}.restartPolicy", restart, ["Always", "OnFailure", "Never"]))
    if dns not in DNS_POLICIES:
        errors.append(unsupported(f"{path}.dnsPolicy", dns, DNS_POLICIES))
    return errors


def _dns(spec: Obj, path: str) -> list[FieldError]:
    config = spec.get("dnsConfig")
    servers = (config or {}).get("nameservers", [])
    if spec.get("dnsPolicy") == "None":
        if config is None:
            return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")]
        if not servers:
            return [required(f"{path}.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")]
    if config is None:
        return []
    errors: list[FieldError] = []
    if len(servers) > MOST_SERVERS:
        errors.append(invalid(f"{path}.nameservers", servers, f"must not have more than {MOST_SERVERS} nameservers"))
    for number, server in enumerate(servers):
        errors += [invalid(f"{path}.nameservers[{number}]", server, each) for each in names.ip_address(server)]
    errors += _searches(config.get("searches", []), f"{path}.searches")
    for number, option in enumerate(config.get("options", ())):
        if not option.get("name"):
            errors.append(required(f"{path}.options[{number}]", "must not be empty"))
    return errors


def _searches(searches: list[str], path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    if len(searches) > MOST_SEARCHES:
        errors.append(invalid(path, searches, f"must not have more than {MOST_SEARCHES} search paths"))
    if len(" ".join(searches)) > MOST_CHARACTERS:
        errors.append(
            invalid(path, searches, f"must not have more than {MOST_CHARACTERS} characters (including spaces) in the search list")
        )
    for number, each in enumerate(searches):
        if each != ".":
            errors += [invalid(f"{path}[{number}]", each.removesuffix("."), text) for text in names.search_path(each.removesuffix("."))]
    return errors


def _gates(spec: Obj, path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    for number, gate in enumerate(spec.get("readinessGates", ())):
        kind = gate.get("conditionType", "")
        errors += [invalid(f"{path}.readinessGates[{number}].conditionType", kind, each) for each in names.qualified(kind)]
    seen: set[str] = set()
    for number, gate in enumerate(spec.get("schedulingGates", ())):
        where, name = f"{path}.schedulingGates[{number}]", gate.get("name", "")
        errors += [invalid(where, name, each) for each in names.qualified(name)]
        if name in seen:
            errors.append(duplicate(where, name))
        seen.add(name)
    return errors


def _scalars(spec: Obj, path: str) -> list[FieldError]:
    """The fields that stand alone."""
    errors: list[FieldError] = []
    for name, check in (("serviceAccountName", names.subdomain), ("nodeName", names.subdomain)):
        if spec.get(name):
            errors += [invalid(f"{path}.{name}", spec[name], each) for each in check(spec[name])]
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= 2**31 - 1:
        errors.append(invalid(f"{path}.activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive"))
    for name in ("hostname", "subdomain"):
        if spec.get(name):
            errors += [invalid(f"{path}.{name}", spec[name], each) for each in names.label(spec[name])]
    errors += validate_tolerations(spec.get("tolerations", []), f"{path}.tolerations")
    for number, alias in enumerate(spec.get("hostAliases", ())):
        where = f"{path}.hostAliases[{number}]"
        errors += [invalid(f"{where}.ip", alias.get("ip", ""), each) for each in names.ip_address(alias.get("ip", ""))]
        for at, host in enumerate(alias.get("hostnames", ())):
            errors += [invalid(f"{where}.hostnames[{at}]", host, each) for each in names.subdomain(host)]
    for name in ("priorityClassName", "runtimeClassName"):
        if spec.get(name):
            errors += [invalid(f"{path}.{name}", spec[name], each) for each in names.subdomain(spec[name])]
    policy = spec.get("preemptionPolicy", "Never")
    if policy not in ("PreemptLowerPriority", "Never"):
        errors.append(unsupported(f"{path}.preemptionPolicy", policy, ["PreemptLowerPriority", "Never"]))
    if "overhead" in spec:
        errors += validate_requirements({"limits": spec["overhead"]}, f"{path}.overhead", [])
    system = spec.get("os", {}).get("name")
    if "os" in spec and not system:
        errors.append(required(f"{path}.os.name", "cannot be empty"))
    elif system not in (None, "linux", "windows"):
        errors.append(unsupported(f"{path}.os", system, ["linux", "windows"]))
    return errors
