"""kubectl describe of kinds that nobody acts on: roles, bindings, ingresses, network policies."""

from __future__ import annotations

from tests.sim.kubectl.kit import Kit

POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {team: m}}, podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
    ports: [{port: 80}, {port: 1000, endPort: 2000, protocol: UDP}]
  - {}
"""


def test_a_role_is_told_one_resource_a_line() -> None:
    """Verbs of one resource stand together; the group follows the resource's name."""
    kit = Kit()
    kit.run("kubectl create role r --verb=get,list --resource=pods,deployments.apps/scale")
    assert kit.says("kubectl describe role r") == (
        "Name:         r\n"
        "Labels:       <none>\n"
        "Annotations:  <none>\n"
        "PolicyRule:\n"
        "  Resources               Non-Resource URLs  Resource Names  Verbs\n"
        "  ---------               -----------------  --------------  -----\n"
        "  pods                    []                 []              [get list]\n"
        "  deployments.apps/scale  []                 []              [get list]\n"
    )


def test_a_binding_tells_its_role_and_its_subjects() -> None:
    """With the namespace of accounts."""
    kit = Kit()
    kit.run("kubectl create rolebinding b --role=r --user=u --serviceaccount=default:x")
    assert kit.says("kubectl describe rolebinding b").splitlines()[3:] == [
        "Role:",
        "  Kind:  Role",
        "  Name:  r",
        "Subjects:",
        "  Kind            Name  Namespace",
        "  ----            ----  ---------",
        "  User            u     ",
        "  ServiceAccount  x     default",
    ]


def test_an_ingress_tells_whose_certificates_it_uses() -> None:
    """TLS before the rules."""
    kit = Kit()
    kit.run("kubectl create ingress i --rule=a.b/x=web:80,tls=s --default-backend=web:80")
    said = kit.says("kubectl describe ingress i").splitlines()
    assert ["TLS:", "  s terminates a.b", "Rules:"] == said[6:9]


def test_a_network_policy_is_told_in_words() -> None:
    """Ports, then peers; a rule without either is open."""
    kit = Kit()
    kit.run("kubectl apply -f -", POLICY)
    said = kit.says("kubectl describe netpol np")
    assert said[said.index("Spec:") :].splitlines() == [
        "Spec:",
        "  PodSelector:     app=web",
        "  Allowing ingress traffic:",
        "    To Port: 80/TCP",
        "    To Port Range: 1000-2000/UDP",
        "    From:",
        "      NamespaceSelector: team=m",
        "      PodSelector: <none>",
        "    From:",
        "      IPBlock:",
        "        CIDR: 10.0.0.0/8",
        "        Except: 10.1.0.0/16",
        "    ----------",
        "    To Port: <any> (traffic allowed to all ports)",
        "    From: <any> (traffic not restricted by source)",
        "  Not affecting egress traffic",
        "  Policy Types: Ingress",
    ]
