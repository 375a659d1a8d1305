"""The REST API in process: a request in, an answer out; no sockets.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints. Left out: protobuf, CBOR, tables, streams (log, exec, attach, portforward, proxy).
"""

from __future__ import annotations

from podlab.sim.apiserver.http.serve import handle
from podlab.sim.apiserver.http.types import HttpAnswer

__all__ = ["HttpAnswer", "handle"]
