"""kubectl describe networkpolicy.

Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeNetworkPolicySpec). Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.apiserver.printers.common import selector
from podlab.sim.changes import Obj
from podlab.sim.human import go_stamp
from podlab.sim.kubectl.describers.writer import Scene, Writer, annotation_lines, labels

_DIRECTIONS = (("Ingress", "ingress", "from", "source"), ("Egress", "egress", "to", "destination"))


def network_policy(scene: Scene, out: Writer, obj: Obj) -> None:
    """A NetworkPolicy in words."""
    meta, spec = obj["metadata"], obj["spec"]
    out.line(0, f"Name:\t{meta['name']}")
    out.line(0, f"Namespace:\t{meta.get('namespace', '')}")
    out.line(0, f"Created on:\t{go_stamp(meta.get('creationTimestamp'))}")
    labels(out, "Labels", meta.get("labels"))
    annotation_lines(out, meta.get("annotations"))
    out.line(0, "Spec:")
    chosen = selector(spec.get("podSelector"))
    everyone = " (Allowing the specific traffic to all pods in this namespace)" if chosen == "<none>" else ""
    out.line(1, f"PodSelector:     {chosen}{everyone}")
    types = spec.get("policyTypes") or []
    for kind, name, peers, what in _DIRECTIONS:
        if kind not in types:
            out.line(1, f"Not affecting {name} traffic")
            continue
        out.line(1, f"Allowing {name} traffic:")
        if not spec.get(name):
            out.line(2, f"<none> (Selected pods are isolated for {name} connectivity)")
        _rules(out, spec.get(name) or [], peers, what)
    out.line(1, f"Policy Types: {', '.join(types)}")


def _rules(out: Writer, rules: list[Obj], peers: str, what: str) -> None:
    for number, rule in enumerate(rules):
        if number:
            out.line(2, "----------")
        for port in rule.get("ports") or []:
            last = port.get("endPort")
            title, end = ("To Port", "") if last is None else ("To Port Range", f"-{last}")
            out.line(2, f"{title}: {port.get('port', '<nil>')}{end}/{port.get('protocol', 'TCP')}")
        if not rule.get("ports"):
            out.line(2, "To Port: <any> (traffic allowed to all ports)")
        for peer in rule.get(peers) or []:
            out.line(2, f"{peers.capitalize()}:")
            _peer(out, peer)
        if not rule.get(peers):
            out.line(2, f"{peers.capitalize()}: <any> (traffic not restricted by {what})")


def _peer(out: Writer, peer: Obj) -> None:
    for title, key in (("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")):
        if peer.get(key) is not None:
            out.line(3, f"{title}: {selector(peer[key])}")
    if peer.get("ipBlock") is not None:
        out.line(3, "IPBlock:")
        out.line(4, f"CIDR: {peer['ipBlock'].get('cidr', '')}")
        out.line(4, f"Except: {', '.join(peer['ipBlock'].get('except') or [])}")
