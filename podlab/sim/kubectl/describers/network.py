"""kubectl describe service, endpoints, endpointslice, ingress and ingressclass.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.api.resources import RESOURCES
from podlab.sim.apiserver.printers.common import labels as one_line
from podlab.sim.apiserver.printers.common import or_none, or_unset
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl.describers.events import events
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, boolean, head, labels

_MOST = 3


def service(scene: Scene, out: Writer, obj: Obj) -> None:
    """A Service and who answers for it."""
    spec = obj["spec"]
    head(out, obj)
    out.line(0, f"Selector:\t{one_line(spec.get('selector'))}")
    out.line(0, f"Type:\t{spec.get('type', '')}")
    if spec.get("ipFamilyPolicy"):
        out.line(0, f"IP Family Policy:\t{spec['ipFamilyPolicy']}")
    out.line(0, f"IP Families:\t{','.join(spec.get('ipFamilies') or []) or '<none>'}")
    out.line(0, f"IP:\t{spec.get('clusterIP') or ''}")
    out.line(0, f"IPs:\t{','.join(spec.get('clusterIPs') or []) or '<none>'}")
    _outside(out, obj)
    for port in spec.get("ports") or []:
        _port(scene, out, obj, port)
    out.line(0, f"Session Affinity:\t{spec.get('sessionAffinity', '')}")
    for title, key in (
        ("External Traffic Policy", "externalTrafficPolicy"),
        ("Internal Traffic Policy", "internalTrafficPolicy"),
        ("Traffic Distribution", "trafficDistribution"),
    ):
        if spec.get(key):
            out.line(0, f"{title}:\t{spec[key]}")
    if spec.get("healthCheckNodePort"):
        out.line(0, f"HealthCheck NodePort:\t{spec['healthCheckNodePort']}")
    if spec.get("loadBalancerSourceRanges"):
        out.line(0, f"LoadBalancer Source Ranges:\t{','.join(spec['loadBalancerSourceRanges'])}")
    events(scene, out, obj)


def _outside(out: Writer, obj: Obj) -> None:
    spec = obj["spec"]
    if spec.get("externalIPs"):
        out.line(0, f"External IPs:\t{','.join(spec['externalIPs'])}")
    if spec.get("loadBalancerIP"):
        out.line(0, f"Desired LoadBalancer IP:\t{spec['loadBalancerIP']}")
    if spec.get("externalName"):
        out.line(0, f"External Name:\t{spec['externalName']}")
    ingress = ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    if ingress:
        out.line(0, "LoadBalancer Ingress:\t" + ", ".join(_ingress_point(each) for each in ingress))


def _ingress_point(each: Obj) -> str:
    return (
        f"{each['ip']} ({each['ipMode']})" if each.get("ip") and each.get("ipMode") else str(each.get("ip") or each.get("hostname") or "")
    )


def _port(scene: Scene, out: Writer, obj: Obj, port: Obj) -> None:
    name, protocol = or_unset(port.get("name")), port.get("protocol", "TCP")
    out.line(0, f"Port:\t{name}\t{port['port']}/{protocol}")
    out.line(0, f"TargetPort:\t{port.get('targetPort', port['port'])}/{protocol}")
    if port.get("nodePort"):
        out.line(0, f"NodePort:\t{name}\t{port['nodePort']}/{protocol}")
    out.line(0, f"Endpoints:\t{backends(scene, obj, port.get('name') or '')}")


def backends(scene: Scene, obj: Obj, port: str) -> str:
    """The ready addresses behind a Service's port; `<none>` without a slice that has the port."""
    slices = scene.client.list(
        RESOURCES["endpointslices"], obj["metadata"].get("namespace", ""), f"kubernetes.io/service-name={obj['metadata']['name']}"
    )
    if not slices:
        return "<none>"
    found: list[str] = []
    for piece in slices:
        ports = piece.get("ports") or []
        numbers = [each.get("port") for each in ports if (each.get("name") or "") == port]
        if ports and not numbers:
            continue
        ready = [each for each in piece.get("endpoints") or [] if (each.get("conditions") or {}).get("ready") is not False]
        found += [f"{address}:{number}" for each in ready for address in each.get("addresses") or [] for number in numbers]
    more = f" + {len(found) - _MOST} more..." if len(found) > _MOST else ""
    if not found:
        return "" if all((piece.get("ports") is None or _has(piece, port)) for piece in slices) else "<none>"
    return ",".join(found[:_MOST]) + more


def _has(piece: Obj, port: str) -> bool:
    return not piece.get("ports") or any((each.get("name") or "") == port for each in piece["ports"])


def endpoints(scene: Scene, out: Writer, obj: Obj) -> None:
    """Endpoints with all their addresses."""
    head(out, obj)
    out.line(0, "Subsets:")
    for subset in obj.get("subsets") or []:
        for title, key in (("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")):
            out.line(1, f"{title}:\t{','.join(each['ip'] for each in subset.get(key) or []) or '<none>'}")
        if subset.get("ports"):
            out.line(1, "Ports:")
            _port_table(out, subset["ports"])
        out.line(0, "")
    events(scene, out, obj)


def _port_table(out: Writer, ports: list[Obj]) -> None:
    out.line(2, "Name\tPort\tProtocol")
    out.line(2, "----\t----\t--------")
    for each in ports:
        out.line(2, f"{or_unset(each.get('name'))}\t{each.get('port')}\t{each.get('protocol', 'TCP')}")


def endpoint_slice(scene: Scene, out: Writer, obj: Obj) -> None:
    """An EndpointSlice with what it knows of each endpoint."""
    head(out, obj)
    out.line(0, f"AddressType:\t{obj.get('addressType', '')}")
    if obj.get("ports"):
        out.line(0, "Ports:")
        out.line(1, "Name\tPort\tProtocol")
        out.line(1, "----\t----\t--------")
        for each in obj["ports"]:
            port = "<unset>" if each.get("port") is None else each["port"]
            out.line(1, f"{or_unset(each.get('name'))}\t{port}\t{each.get('protocol', 'TCP')}")
    else:
        out.line(0, "Ports:\t<unset>")
    held = obj.get("endpoints") or []
    out.line(0, "Endpoints:" if held else "Endpoints:\t<none>")
    for each in held:
        _endpoint(out, each)
    events(scene, out, obj)


def _endpoint(out: Writer, endpoint: Obj) -> None:
    addresses = ",".join(endpoint.get("addresses") or []) or "<none>"
    ready = (endpoint.get("conditions") or {}).get("ready")
    target = endpoint.get("targetRef")
    out.line(1, f"- Addresses:\t{addresses}")
    out.line(2, "Conditions:")
    out.line(3, f"Ready:\t{'<unset>' if ready is None else boolean(ready)}")
    out.line(2, f"Hostname:\t{or_unset(endpoint.get('hostname'))}")
    if target:
        out.line(2, f"TargetRef:\t{target['kind']}/{target['name']}")
    out.line(2, f"NodeName:\t{or_unset(endpoint.get('nodeName'))}")
    out.line(2, f"Zone:\t{or_unset(endpoint.get('zone'))}")


def ingress(scene: Scene, out: Writer, obj: Obj) -> None:
    """An Ingress and where its paths lead."""
    meta, spec = obj["metadata"], obj["spec"]
    out.line(0, f"Name:\t{meta['name']}")
    labels(out, "Labels", meta.get("labels"))
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    points = ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    out.line(0, f"Address:\t{','.join(each.get('ip') or each.get('hostname') or '' for each in points)}")
    out.line(0, f"Ingress Class:\t{or_none(spec.get('ingressClassName'))}")
    default = spec.get("defaultBackend")
    shown = _backend(scene, obj, default) if default else "<default>"
    out.line(0, f"Default backend:\t{shown}")
    _tls(out, spec.get("tls") or [])
    out.line(0, "Rules:")
    out.line(1, "Host\tPath\tBackends")
    out.line(1, "----\t----\t--------")
    served = [each for each in spec.get("rules") or [] if each.get("http")]
    for rule in served:
        out.line(1, f"{rule.get('host') or '*'}\t")
        for path in rule["http"].get("paths") or []:
            out.line(0, f"    \t{path.get('path', '')} \t{_backend(scene, obj, path['backend'])}")
    if not served:
        out.line(1, f"*\t*\t{shown}")
    annotation_lines(out, meta.get("annotations"))
    events(scene, out, obj)


def _tls(out: Writer, held: list[Obj]) -> None:
    if held:
        out.line(0, "TLS:")
    for each in held:
        hosts = ",".join(each.get("hosts") or [])
        out.line(1, f"{each['secretName']} terminates {hosts}" if each.get("secretName") else f"SNI routes {hosts}")


def ingress_class(scene: Scene, out: Writer, obj: Obj) -> None:
    """An IngressClass: who serves it."""
    head(out, obj, namespaced=False)
    out.line(0, f"Controller:\t{obj['spec'].get('controller', '')}")
    parameters = obj["spec"].get("parameters")
    if parameters:
        out.line(0, "Parameters:")
        for title, key in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
            if parameters.get(key) is not None:
                out.line(1, f"{title}:\t{parameters[key]}")
    events(scene, out, obj)


def _backend(scene: Scene, obj: Obj, backend: Obj) -> str:
    held = backend.get("service") or {}
    port = (held.get("port") or {}).get("number") or (held.get("port") or {}).get("name")
    try:
        target = scene.client.get(RESOURCES["services"], obj["metadata"]["namespace"], held.get("name", ""))
    except StatusError as error:
        return f"{held.get('name')}:{port} (<error: {error.message}>)"
    named: Obj = next((each for each in target["spec"].get("ports") or [] if port in (each["port"], each.get("name"))), {})
    return f"{held['name']}:{port} ({backends(scene, target, named.get('name') or '')})"
