"""What one cluster of this lab may hold: a learner's endless loop costs a bounded budget, and is told so.

Events count for nothing here (they expire). Benches lift the budget (`WorldState.unbounded`).

Upstream: none (a real cluster has etcd's size). Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver import answers
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

MOST = {"pods": 500, "nodes": 120, "namespaces": 60}
"""Of these kinds; of any other kind `MOST_OF_ONE`."""
MOST_OF_ONE = 500


def admit(api: ApiServer, resource: str, new: Obj) -> None:
    """Forbidden where the cluster holds as many of a kind as one may here."""
    if resource == "events" or api.world.state.unbounded:
        return
    most = MOST.get(resource, MOST_OF_ONE)
    if len(api.state.objects.get(resource, {})) >= most:
        raise answers.forbidden(
            resource, new["metadata"].get("name", ""), f"a cluster of this lab holds at most {most} {resource}: delete some first"
        )
