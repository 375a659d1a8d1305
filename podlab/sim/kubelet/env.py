"""The environment of a container: its variables, those of the Services around it, `$(NAME)` expanded.

Upstream: pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables), pkg/kubelet/envvars, third_party/forked/golang/expansion. Left out: fileKeyRef.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.kubelet.fields import field_value, resource_value
from podlab.sim.kubelet.sources import ConfigError, config_map, keyed, secret
from podlab.sim.kubelet.specs import Spec
from podlab.sim.world import World

Env = dict[str, str]


def expand(text: str, known: Env) -> str:
    """Replace `$(NAME)` by what is known; unknown names stay as they are, `$$` is one `$`."""
    out, at = [], 0
    while at < len(text):
        if text[at] == "$" and at + 1 < len(text):
            piece, at = _reference(text, at, known)
            out.append(piece)
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _reference(text: str, at: int, known: Env) -> tuple[str, int]:
    """What stands at a `$`, and where it ends."""
    if text[at + 1] == "$":
        return "$", at + 2
    if text[at + 1] != "(":
        return text[at : at + 2], at + 2
    end = text.find(")", at)
    if end < 0:
        return text[at : at + 2], at + 2
    name = text[at + 2 : end]
    return known.get(name, f"$({name})"), end + 1


def make(world: World, pod: Obj, container: Spec, node: Obj | None, addresses: Obj) -> Env:
    """All variables; ConfigError when one cannot be resolved. `addresses`: podIP and hostIP."""
    namespace = pod["metadata"]["namespace"]
    services = _service_variables(world, namespace, links=pod["spec"].get("enableServiceLinks", True))
    result: Env = {}
    for source in container.get("envFrom") or ():
        result |= _from_source(world, namespace, source)
    known = services | result
    for variable in container.get("env") or ():
        value = expand(variable.get("value") or "", known)
        if variable.get("valueFrom"):
            found = _value_from(world, pod, container, variable["valueFrom"], node, addresses)
            if found is None:
                continue
            value = found
        result[variable["name"]] = known[variable["name"]] = value
    return services | result


def _from_source(world: World, namespace: str, source: Obj) -> Env:
    prefix = source.get("prefix") or ""
    reference, find = (source["configMapRef"], config_map) if "configMapRef" in source else (source["secretRef"], secret)
    data = find(world, namespace, reference["name"], optional=bool(reference.get("optional")))
    return {prefix + key: value for key, value in (data or {}).items()}


def _value_from(world: World, pod: Obj, container: Spec, source: Obj, node: Obj | None, addresses: Obj) -> str | None:
    """The value of one variable; None: an optional one that is not there."""
    namespace = pod["metadata"]["namespace"]
    if "configMapKeyRef" in source:
        return keyed(world, namespace, source["configMapKeyRef"], config_map, "ConfigMap")
    if "secretKeyRef" in source:
        return keyed(world, namespace, source["secretKeyRef"], secret, "Secret")
    if "fieldRef" in source:
        return field_value(pod, source["fieldRef"]["fieldPath"], addresses)
    if "resourceFieldRef" in source:
        return resource_value(pod, container, source["resourceFieldRef"], node)
    raise ConfigError(f"not supported in this lab: {next(iter(source))}")


def _service_variables(world: World, namespace: str, *, links: bool) -> Env:
    """The variables that describe Services: those of the namespace (if wanted) and `kubernetes`."""
    out: Env = {}
    for service in world.api.list("services"):
        meta, spec = service["metadata"], service["spec"]
        master = meta["name"] == "kubernetes" and meta["namespace"] == "default"
        address = spec.get("clusterIP")
        if not (master or (links and meta["namespace"] == namespace)) or address in (None, "", "None") or not spec.get("ports"):
            continue
        out |= _of_service(meta["name"].upper().replace("-", "_"), address, spec["ports"])
    return out


def _of_service(name: str, address: str, ports: list[Obj]) -> Env:
    out = {f"{name}_SERVICE_HOST": address, f"{name}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            out[f"{name}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = str(port["port"])
    for n, port in enumerate(ports):
        protocol = port.get("protocol") or "TCP"
        url, prefix = f"{protocol.lower()}://{address}:{port['port']}", f"{name}_PORT_{port['port']}_{protocol}"
        if n == 0:
            out[f"{name}_PORT"] = url
        out |= {prefix: url, f"{prefix}_PROTO": protocol.lower(), f"{prefix}_PORT": str(port["port"]), f"{prefix}_ADDR": address}
    return out
