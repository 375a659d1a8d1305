"""kubectl create configmap and secret.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create (create_configmap.go, create_secret*.go), pkg/util/hash. Left out: whether a key fits its certificate.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Callable
from typing import Any

from podlab.sim.api.goyaml import to_json
from podlab.sim.kubectl import generate
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_KEY_RULE = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
    "regex used for validation is '[-._a-zA-Z0-9]+')"
)
_PEM = re.compile(r"-----BEGIN [^-]+-----.*-----END [^-]+-----", re.S)
_LETTERS = str.maketrans({"0": "g", "1": "h", "3": "k", "a": "m", "e": "t"})
Add = Callable[[str, str], None]


def config_map(inv: Invocation) -> None:
    """A ConfigMap of files, folders, literals or an env file."""
    name = generate.name_of(inv)
    data: dict[str, str] = {}

    def add(key: str, value: str) -> None:
        if not _KEY.fullmatch(key):
            raise Failure(f'"{key}" is not a valid key name for a ConfigMap: {_KEY_RULE}')
        if key in data:
            raise Failure(f'cannot add key "{key}", another key by that name already exists in Data for ConfigMap "{name}"')
        data[key] = value

    _collect(inv, add)
    if inv.flags["append-hash"]:
        name = f"{name}-{_hash({'data': data or '', 'kind': 'ConfigMap', 'name': name})}"
    obj = generate.head(inv, "v1", "ConfigMap", name)
    generate.submit(inv, "configmaps", {**obj, "data": data} if data else obj, "failed to create configmap: ")


def _hash(content: dict[str, Any]) -> str:
    """Ten letters of the content's sum, of those that make no words."""
    text = to_json(content, indent=None)
    return hashlib.sha256(text.encode()).hexdigest()[:10].translate(_LETTERS)


def generic_secret(inv: Invocation) -> None:
    """An opaque Secret of files, folders, literals or an env file."""
    name = generate.name_of(inv)
    data: dict[str, str] = {}

    def add(key: str, value: str) -> None:
        if not _KEY.fullmatch(key):
            raise Failure(f'"{key}" is not valid key name for a Secret {_KEY_RULE}')
        if key in data:
            raise Failure(f"cannot add key {key}, another key by that name already exists")
        data[key] = _encoded(value)

    _collect(inv, add)
    _submit(inv, name, data, inv.flags["type"])


def _encoded(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _submit(inv: Invocation, name: str, data: dict[str, str], kind: str) -> None:
    if inv.flags["append-hash"]:
        name = f"{name}-{_hash({'data': data or '', 'kind': 'Secret', 'name': name, 'type': kind})}"
    obj = generate.head(inv, "v1", "Secret", name)
    obj |= ({"data": data} if data else {}) | ({"type": kind} if kind else {})
    generate.submit(inv, "secrets", obj, "failed to create secret ")


def _collect(inv: Invocation, add: Add) -> None:
    flags = inv.flags
    if flags["from-env-file"] and (flags["from-file"] or flags["from-literal"]):
        raise Failure("from-env-file cannot be combined with from-file or from-literal")
    for each in flags["from-literal"]:
        key, equals, value = each.partition("=")
        if not equals or not key:
            raise Failure(f"invalid literal source {each}, expected key=value")
        add(key, value)
    for each in flags["from-file"]:
        _from_file(inv, each, add)
    for each in flags["from-env-file"]:
        _from_env_file(inv, each, add)


def _read(inv: Invocation, path: str) -> str:
    if not inv.ctx.files.exists(path):
        raise Failure(f"error reading {path}: no such file or directory")
    return inv.ctx.files.read(path)


def _from_file(inv: Invocation, source: str, add: Add) -> None:
    if source.count("=") > 1:
        raise Failure("key names or file paths cannot contain '='")
    key, equals, path = source.partition("=")
    path = path if equals else source
    if equals and (not key or not path):
        raise Failure(f"key name for file path {path} missing" if not key else f"file path for key name {key} missing")
    if inv.ctx.files.is_dir(path):
        if equals:
            raise Failure("cannot give a key name for a directory path")
        for name in sorted(inv.ctx.files.list(path)):
            whole = posixpath.join(path, name)
            if not inv.ctx.files.is_dir(whole) and _KEY.fullmatch(name):
                add(name, inv.ctx.files.read(whole))
        return
    add(key if equals else posixpath.basename(path), _read(inv, path))


def _from_env_file(inv: Invocation, path: str, add: Add) -> None:
    for raw in _read(inv, path).splitlines():
        line = raw.lstrip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        add(key, value if equals else inv.ctx.process.env.get(key, ""))


def docker_secret(inv: Invocation) -> None:
    """A Secret that a kubelet pulls images with."""
    name, flags = generate.name_of(inv), inv.flags
    kind = "kubernetes.io/dockerconfigjson"
    if flags["from-file"]:
        data = {}
        for each in flags["from-file"]:
            data[".dockerconfigjson"] = _encoded(_read(inv, each.partition("=")[2] or each))
        _submit(inv, name, data, kind)
        return
    if not (flags["docker-username"] and flags["docker-password"] and flags["docker-server"]):
        raise Failure("either --from-file or the combination of --docker-username, --docker-password and --docker-server is required")
    user = {"username": flags["docker-username"], "password": flags["docker-password"]}
    user |= {"email": flags["docker-email"]} if flags["docker-email"] else {}
    auth = _encoded(f"{flags['docker-username']}:{flags['docker-password']}")
    text = to_json({"auths": {flags["docker-server"]: {**user, "auth": auth}}}, indent=None, sort=False)
    _submit(inv, name, {".dockerconfigjson": _encoded(text)}, kind)


def tls_secret(inv: Invocation) -> None:
    """A Secret of a certificate and its key."""
    name, flags = generate.name_of(inv), inv.flags
    if not flags["key"] or not flags["cert"]:
        raise Failure("key and cert must be specified")
    data = {}
    for key, path in (("tls.crt", flags["cert"]), ("tls.key", flags["key"])):
        if not inv.ctx.files.exists(path):
            raise Failure(f"Cannot read file {path}, open {path}: no such file or directory")
        data[key] = inv.ctx.files.read(path)
    for key, word in (("tls.crt", "certificate"), ("tls.key", "key")):
        if not _PEM.search(data[key]):
            raise Failure(f"tls: failed to find any PEM data in {word} input")
    _submit(inv, name, {key: _encoded(text) for key, text in data.items()}, "kubernetes.io/tls")


COMMANDS = {
    "create configmap": Command(config_map),
    "create secret generic": Command(generic_secret),
    "create secret docker-registry": Command(docker_secret),
    "create secret tls": Command(tls_secret),
}
