"""ReplicationController: a ReplicaSet of the first days, whose selector is plain labels.

Upstream: pkg/controller/replication/replication_controller.go, conversion.go. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.changes import Obj
from podlab.sim.controllers.replicaset import ReplicaSet


class ReplicationController(ReplicaSet):
    """Rules X1–X4, of another kind."""

    name = "replication"
    resource = "replicationcontrollers"
    kind = "ReplicationController"
    api_version = "v1"
    counts_terminating = False

    def selector(self, owner: Obj) -> Obj:
        """Its labels as a LabelSelector."""
        return {"matchLabels": owner["spec"].get("selector") or {}}
