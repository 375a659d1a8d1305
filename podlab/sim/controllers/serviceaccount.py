"""ServiceAccount and root CA: every namespace has a `default` ServiceAccount and the ConfigMap `kube-root-ca.crt`.

Upstream: pkg/controller/serviceaccount, pkg/controller/certificates/rootcacertpublisher. Left out: token Secrets (none since 1.24).
"""

from __future__ import annotations

from podlab.sim.changes import Obj, ObjectChange
from podlab.sim.controllers.base import Controller, ControllersState
from podlab.sim.controllers.pods import is_terminating
from podlab.sim.world import World

DEFAULT = "default"
ROOT_CA = "kube-root-ca.crt"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nTGFi\n-----END CERTIFICATE-----\n"
NOTE = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."


class _Keeper(Controller):
    """Makes one object in every namespace, again whenever it goes."""

    resource = ""
    kept = ""

    def __init__(self, world: World, state: ControllersState) -> None:
        super().__init__(world, state)
        world.subscribe("namespaces", self._on_namespace)
        world.subscribe(self.resource, self._on_kept)

    def _on_namespace(self, change: ObjectChange) -> None:
        if change.type != "DELETED":
            self.enqueue(change.name, 0)

    def _on_kept(self, change: ObjectChange) -> None:
        if change.type != "ADDED" and change.name == self.kept:
            self.enqueue(change.namespace, 0)

    def wanted(self, namespace: str) -> Obj:
        """The object."""
        raise NotImplementedError

    def sync(self, key: str) -> None:
        """Make it, where the namespace is not going away."""
        namespace = self.api.find("namespaces", key)
        if namespace is None or is_terminating(namespace) or self.api.find(self.resource, self.kept, key) is not None:
            return
        self.api.create(self.resource, self.wanted(key), by=self.by, cause=self.cause("NS-3", namespace=key, name=self.kept))


class ServiceAccount(_Keeper):
    """The account that Pods run as unless they say otherwise."""

    name = "serviceaccount"
    resource = "serviceaccounts"
    kept = DEFAULT

    def wanted(self, namespace: str) -> Obj:
        """Nothing but a name."""
        return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": DEFAULT, "namespace": namespace}}


class RootCertificate(_Keeper):
    """What Pods need to trust the API server."""

    name = "root-ca-certificate-publisher"
    resource = "configmaps"
    kept = ROOT_CA

    def wanted(self, namespace: str) -> Obj:
        """The certificate, with a note."""
        meta = {"name": ROOT_CA, "namespace": namespace, "annotations": {"kubernetes.io/description": NOTE}}
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"ca.crt": CERTIFICATE}}
