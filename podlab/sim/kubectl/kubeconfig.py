"""The kubeconfig: which cluster, as whom, in which namespace.

It is a file of the workstation (`~/.kube/config`); while that is missing, it is what `admin` says: one cluster, one user, no namespace.

Upstream: staging/src/k8s.io/client-go/tools/clientcmd. Left out: several files, exec plugins, tokens.
"""

from __future__ import annotations

from typing import Any

from podlab.sim.api.goload import YamlError, load
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


def _whole(data: Any) -> bool:
    """Whether the parts that are looked at have the shape that they should."""
    if not isinstance(data, dict):
        return False
    lists = [(data.get(key) or [], inner) for key, inner in (("contexts", "context"), ("clusters", "cluster"), ("users", "user"))]
    return all(
        isinstance(held, list) and all(isinstance(each, dict) and "name" in each and isinstance(each.get(inner), dict) for each in held)
        for held, inner in lists
    )


class Kubeconfig:
    """A loaded kubeconfig; `save` writes it back."""

    def __init__(self, ctx: Context, path: str, data: dict[str, Any], wanted: str = "") -> None:
        self._ctx = ctx
        self._wanted = wanted
        self.path = path
        self.data = data

    @classmethod
    def load(cls, ctx: Context, flag: str = "", wanted: str = "") -> Kubeconfig:
        """The file that `--kubeconfig`, `$KUBECONFIG` or the home directory names; `wanted`: the context of `--context`."""
        env = ctx.process.env
        path = flag or env.get("KUBECONFIG") or env.get("HOME", "/root").rstrip("/") + "/.kube/config"
        if not ctx.files.exists(path):
            return cls(ctx, path, {} if flag else admin(), wanted)
        try:
            data = load(ctx.files.read(path))
        except YamlError as error:
            raise Failure(f'error loading config file "{path}": yaml: {error}') from None
        data = {} if data is None else data
        if not _whole(data):
            raise Failure(f'error loading config file "{path}": couldn\'t get version/kind; json parse error: invalid kubeconfig')
        return cls(ctx, path, data, wanted)

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
        return str((self.context(self._wanted or self.current) or {}).get("namespace") or "")

    def check(self) -> None:
        """Whether it leads to the lab's API server; Failure in the client's words."""
        name = self._wanted or self.current
        held = self.context(name)
        if held is None and self._wanted:
            raise Failure(f'context "{name}" does not exist')
        if held is None and name:
            raise Failure(f"Error in configuration: context was not found for specified context: {name}", bare=True)
        cluster: dict[str, Any] = next(
            (each["cluster"] for each in self.data.get("clusters") or [] if held and each["name"] == held.get("cluster")), {}
        )
        server = str(cluster.get("server") or "http://localhost:8080")
        if server.rstrip("/") != SERVER:
            host = server.partition("://")[2].partition("/")[0] or server
            raise Failure(f"The connection to the server {host} was refused - did you specify the right host or port?", bare=True)

    def save(self) -> None:
        """Write the file."""
        folder = self.path.rpartition("/")[0]
        if folder and not self._ctx.files.exists(folder):
            self._ctx.files.mkdir(folder, parents=True)
        self._ctx.files.write(self.path, to_yaml(self.data))
