"""ServiceAccount: every Pod has one, and its token where it wants it.

Upstream: plugin/pkg/admission/serviceaccount/admission.go. Left out: limits on the secrets that an account may mount.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

DEFAULT = "default"
MIRROR = "kubernetes.io/config.mirror"
TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
EXPIRES = 3607
PREFIX = "kube-api-access-"
_NOT_TO_BE_FOUND = 'error looking up service account {}/{}: serviceaccount "{}" not found'


def admit(api: ApiServer, pod: Obj) -> None:
    """Name the account, mount its token, take over its pull secrets."""
    meta, spec = pod["metadata"], pod["spec"]
    if MIRROR in meta.get("annotations", {}):
        _refuse_mirror(pod)
        return
    if not spec.get("serviceAccountName"):
        spec["serviceAccountName"] = spec["serviceAccount"] = DEFAULT
    namespace, name = meta.get("namespace", ""), spec["serviceAccountName"]
    if name == DEFAULT:  # upstream asks ten times within a second or two, as the controller may be about to make it
        api.world.kernel.hurry("controllers.serviceaccount", namespace)
    account = api.store.get("serviceaccounts", namespace, name)
    if account is None:
        raise answers.forbidden("pods", meta.get("name", ""), _NOT_TO_BE_FOUND.format(namespace, name, name))
    if spec.get("automountServiceAccountToken", account.get("automountServiceAccountToken", True)):
        _mount(api, spec)
    if not spec.get("imagePullSecrets") and account.get("imagePullSecrets"):
        spec["imagePullSecrets"] = list(account["imagePullSecrets"])


def _refuse_mirror(pod: Obj) -> None:
    if pod["spec"].get("serviceAccountName"):
        raise answers.forbidden("pods", pod["metadata"].get("name", ""), "a mirror pod may not reference service accounts")


def _mount(api: ApiServer, spec: Obj) -> None:
    """The token's volume, once some container needs it; a container that mounts something there already keeps that."""
    name = next((each["name"] for each in spec.get("volumes", ()) if each["name"].startswith(PREFIX) and "projected" in each), "")
    made = "" if name else PREFIX + api.world.suffix("token")
    mounted = False
    for container in (*spec.get("initContainers", ()), *(spec.get("containers") or ())):
        mounts = container.get("volumeMounts", [])
        if all(each.get("mountPath") != TOKEN_PATH for each in mounts):
            container["volumeMounts"] = [*mounts, {"name": name or made, "readOnly": True, "mountPath": TOKEN_PATH}]
            mounted = True
    if mounted and made:
        spec["volumes"] = [*spec.get("volumes", ()), _volume(made)]


def _volume(name: str) -> Obj:
    reference = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    sources: list[Obj] = [
        {"serviceAccountToken": {"expirationSeconds": EXPIRES, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": reference}]}},
    ]
    return {"name": name, "projected": {"sources": sources, "defaultMode": 420}}
