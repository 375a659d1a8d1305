"""Jobs: the server gives them their selector and their Pods' labels, out of their uid.

Upstream: pkg/registry/batch/job/strategy.go. Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.apiserver.strategy.base import Strategy
from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer

UID = "batch.kubernetes.io/controller-uid"
NAME = "batch.kubernetes.io/job-name"


class JobStrategy(Strategy):
    """Rule X10."""

    def __init__(self) -> None:
        super().__init__(generation=True, status=True)

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """Selector and labels, unless they are made by hand."""
        super().prepare_create(api, new)
        meta, spec = new["metadata"], new["spec"]
        template = spec["template"].setdefault("metadata", {})
        if not spec.get("manualSelector"):
            own = {UID: meta["uid"], NAME: meta["name"], "controller-uid": meta["uid"], "job-name": meta["name"]}
            template["labels"] = {**(template.get("labels") or {}), **own}
            spec["selector"] = {"matchLabels": {UID: meta["uid"]}}

    def complete(self, api: ApiServer, new: Obj, old: Obj | None) -> None:
        """Without labels of its own it has its Pods', unjudged: upstream gives them when it reads a Job."""
        if not new["metadata"].get("labels"):
            new["metadata"]["labels"] = dict(new["spec"]["template"].get("metadata", {}).get("labels") or {})
