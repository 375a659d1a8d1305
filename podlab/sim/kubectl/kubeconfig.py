"""The kubeconfig: which cluster, as whom, in which namespace.

It is a file of the workstation (`~/.kube/config`); while that is missing, it is what `admin` says: one cluster, one user, no namespace.

Upstream: staging/src/k8s.io/client-go/tools/clientcmd. Left out: several files, exec plugins, tokens.
"""

from __future__ import annotations

from typing import Any

import yaml

from podlab.sim.api.goyaml import to_yaml
from podlab.sim.kubectl.errors import Failure
from podlab.sim.linux.types import Context

SERVER = "https://127.0.0.1:6443"
NAME = "podlab"
USER = "learner"


def admin(namespace: str = "") -> dict[str, Any]:
    """The kubeconfig that a learner starts with."""
    context = {"cluster": NAME, "user": USER} | ({"namespace": namespace} if namespace else {})
    return {
        "apiVersion": "v1",
        "clusters": [{"cluster": {"certificate-authority-data": "cG9kbGFi", "server": SERVER}, "name": NAME}],
        "contexts": [{"context": context, "name": NAME}],
        "current-context": NAME,
        "kind": "Config",
        "users": [{"name": USER, "user": {"client-certificate-data": "cG9kbGFi", "client-key-data": "cG9kbGFi"}}],
    }


class Kubeconfig:
    """A loaded kubeconfig; `save` writes it back."""

    def __init__(self, ctx: Context, path: str, data: dict[str, Any]) -> None:
        self._ctx = ctx
        self.path = path
        self.data = data

    @classmethod
    def load(cls, ctx: Context) -> Kubeconfig:
        """The file that `$KUBECONFIG` or the home directory names."""
        env = ctx.process.env
        path = env.get("KUBECONFIG") or env.get("HOME", "/root").rstrip("/") + "/.kube/config"
        if not ctx.files.exists(path):
            return cls(ctx, path, admin())
        data = yaml.safe_load(ctx.files.read(path))
        if not isinstance(data, dict):
            raise Failure(f'error loading config file "{path}": couldn\'t get version/kind; json parse error: invalid kubeconfig')
        return cls(ctx, path, data)

    @property
    def current(self) -> str:
        """The name of the current context."""
        return str(self.data.get("current-context") or "")

    def context(self, name: str) -> dict[str, Any] | None:
        """The context of that name."""
        return next((each["context"] for each in self.data.get("contexts") or [] if each["name"] == name), None)

    @property
    def namespace(self) -> str:
        """The current context's namespace, "" for none."""
        return str((self.context(self.current) or {}).get("namespace") or "")

    def save(self) -> None:
        """Write the file."""
        folder = self.path.rpartition("/")[0]
        if folder and not self._ctx.files.exists(folder):
            self._ctx.files.mkdir(folder, parents=True)
        self._ctx.files.write(self.path, to_yaml(self.data))
