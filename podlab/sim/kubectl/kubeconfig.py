"""The kubeconfig: which cluster, as whom, in which namespace.

It is a file of the workstation (`~/.kube/config`); while that is missing, it is what `admin` says: one cluster, one user, no namespace.

Upstream: staging/src/k8s.io/client-go/tools/clientcmd. Left out: several files, exec plugins, tokens.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from podlab.sim.api.goload import YamlError, load
from podlab.sim.api.goyaml import to_yaml
from podlab.sim.kubectl.errors import Failure
from podlab.sim.linux.types import Context

SERVER = "https://127.0.0.1:6443"
NAME = "podlab"
USER = "learner"
_AT_ONCE = (
    "apply create run expose autoscale cordon uncordon drain replace diff wait auth explain api-resources api-versions cluster-info version"
)
"""The commands that make a client before they look whether the whole kubeconfig can be used."""


EMPTY = {"apiVersion": "v1", "clusters": None, "contexts": None, "current-context": "", "kind": "Config", "users": None}
"""A kubeconfig in which nothing stands."""


class Wanted(Struct):
    """What `--context`, `--cluster` and `--user` name, "" for what the kubeconfig says."""

    context: str = ""
    cluster: str = ""
    user: str = ""


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

    def __init__(self, ctx: Context, path: str, data: dict[str, Any], wanted: Wanted, *, missing: bool = False) -> None:
        self._ctx = ctx
        self._wanted = wanted
        self._missing = missing
        self.path = path
        self.data = data

    @classmethod
    def load(cls, ctx: Context, flag: str = "", wanted: Wanted | None = None) -> Kubeconfig:
        """The file that `--kubeconfig`, `$KUBECONFIG` or the home directory names."""
        wanted = wanted or Wanted()
        env = ctx.process.env
        path = flag or env.get("KUBECONFIG") or env.get("HOME", "/root").rstrip("/") + "/.kube/config"
        if not ctx.files.exists(path):
            return cls(ctx, path, dict(EMPTY) if flag else admin(), wanted, missing=bool(flag))
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
        return str((self.context(self._wanted.context or self.current) or {}).get("namespace") or "")

    def check_early(self, command: str, *, placed: bool) -> None:
        """For the commands that make a client whatever they do with it: whether what the flags name is there."""
        if command.partition(" ")[0] in _AT_ONCE.split() and (self._missing or self._wanted != Wanted()):
            self.check(command, placed=placed)

    def check(self, command: str, *, placed: bool) -> None:
        """Whether it leads to the lab's API server; Failure in the client's words.

        They differ from `command` to command; one that is `placed` (`-n`) needs the kubeconfig for its client only.
        """
        if self._missing:
            raise Failure(f"stat {self.path}: no such file or directory")
        at_once = placed or (command.partition(" ")[0] in _AT_ONCE.split() and command != "create token")
        held = self._context(at_once)
        cluster = self._entry("clusters", "cluster", self._wanted.cluster or held.get("cluster", ""))
        if cluster is None and self._wanted.cluster:
            name = self._wanted.cluster
            raise Failure(f'cluster "{name}" does not exist' if at_once else f'no server found for cluster "{name}"')
        if self._wanted.user and self._entry("users", "user", self._wanted.user) is None:
            raise Failure(f'auth info "{self._wanted.user}" does not exist')
        _reach(cluster or {})

    def _context(self, at_once: bool) -> dict[str, Any]:
        name = self._wanted.context or self.current
        held = self.context(name)
        if held is None and self._wanted.context and at_once:
            raise Failure(f'context "{name}" does not exist')
        if held is None and name:
            raise Failure(f"Error in configuration: context was not found for specified context: {name}", bare=True)
        return held or {}

    def _entry(self, kind: str, inner: str, name: str) -> dict[str, Any] | None:
        return next((each[inner] for each in self.data.get(kind) or [] if each["name"] == name), None)

    def save(self) -> None:
        """Write the file."""
        folder = self.path.rpartition("/")[0]
        if folder and not self._ctx.files.exists(folder):
            self._ctx.files.mkdir(folder, parents=True)
        self._ctx.files.write(self.path, to_yaml(self.data))


def _reach(cluster: dict[str, Any]) -> None:
    """Whether the cluster's server is the lab's."""
    server = str(cluster.get("server") or "http://localhost:8080")
    if server.rstrip("/") != SERVER:
        host = server.partition("://")[2].partition("/")[0] or server
        raise Failure(f"The connection to the server {host} was refused - did you specify the right host or port?", bare=True)
