"""Tokens of ServiceAccounts: given out, and recognised for as long as they are valid and their account is there.

Upstream: pkg/serviceaccount (jwt.go, claims.go), pkg/registry/core/serviceaccount/storage/token.go. Left out: bound objects, other audiences; the
signature is a hash, not one of a key pair.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any

from podlab.sim.api.validation.errors import invalid, invalid_object
from podlab.sim.apiserver.authorizer.users import ACCOUNT
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

LEAST, MOST = 600, 1 << 32
AUDIENCE = "https://kubernetes.default.svc.cluster.local"


def _coded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _signature(api: ApiServer, text: str) -> str:
    return _coded(hashlib.sha256(f"{api.world.state.zero_ms}.{text}".encode()).digest())


def requested(api: ApiServer, account: Obj, seconds: int) -> Obj:
    """The answered TokenRequest; StatusErrors Invalid, BadRequest."""
    errors = []
    if seconds < LEAST:
        errors.append(invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"))
    elif seconds > MOST:
        errors.append(invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"))
    if errors:
        raise invalid_object("TokenRequest", "authentication.k8s.io", "", errors)
    spec = {"audiences": [AUDIENCE], "expirationSeconds": seconds, "boundObjectRef": None}
    ends = api.world.stamp(api.world.now + seconds * 1000)
    meta = {"name": account["metadata"]["name"], "namespace": account["metadata"]["namespace"], "creationTimestamp": api.world.stamp()}
    head = {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": meta}
    return {**head, "spec": spec, "status": {"token": _issue(api, account, seconds), "expirationTimestamp": ends}}


def _issue(api: ApiServer, account: Obj, seconds: int) -> str:
    """A token of an account, valid from now on."""
    meta, now = account["metadata"], (api.world.state.zero_ms + api.world.now) // 1000
    claims: dict[str, Any] = {
        "aud": [AUDIENCE],
        "exp": now + seconds,
        "iat": now,
        "iss": AUDIENCE,
        "kubernetes.io": {"namespace": meta["namespace"], "serviceaccount": {"name": meta["name"], "uid": meta["uid"]}},
        "nbf": now,
        "sub": f"{ACCOUNT}{meta['namespace']}:{meta['name']}",
    }
    head = _coded(b'{"alg":"RS256","kid":"lab"}')
    text = f"{head}.{_coded(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{text}.{_signature(api, text)}"


def owner(api: ApiServer, token: str) -> str | None:
    """The name of the user whom a token stands for; None for one that is not, or no longer, good."""
    text, _, signature = token.rpartition(".")
    if signature != _signature(api, text):
        return None
    body = text.rpartition(".")[2]
    claims = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    held = claims["kubernetes.io"]
    account = api.find("serviceaccounts", held["serviceaccount"]["name"], held["namespace"])
    alive = account is not None and account["metadata"]["uid"] == held["serviceaccount"]["uid"]
    return str(claims["sub"]) if alive and claims["exp"] * 1000 > api.world.state.zero_ms + api.world.now else None
