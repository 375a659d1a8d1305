"""The strategy of a plain kind: no status, no generation, deleted at once.

Upstream: staging/src/k8s.io/apiserver/pkg/registry/rest (create.go, update.go, delete.go). Left out: nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.changes import Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


class Strategy:
    """`generation`: metadata.generation counts changes; `status`: the status has its own door; `graceful`: deletion takes its time.

    `answers_object`: a deletion answers with the object; `create_on_update`: PUT may create.
    """

    def __init__(
        self, *, answers_object: bool = False, create_on_update: bool = False, generation: bool = False, status: bool = False
    ) -> None:
        self.answers_object = answers_object
        self.create_on_update = create_on_update
        self.generation = generation
        self.status = status
        self.graceful = False

    def prepare_create(self, api: ApiServer, new: Obj) -> None:
        """Change a fresh object before it is validated."""
        if self.status:
            self.reset_status(new)

    def reset_status(self, new: Obj) -> None:
        """The status of a new object."""
        new["status"] = {}

    def prepare_update(self, api: ApiServer, new: Obj, old: Obj) -> Obj:
        """What an update may be taken for; the status stays where it has its own door."""
        if self.status:
            return {**new, "status": old.get("status", {})}
        return new

    def prepare_status(self, api: ApiServer, new: Obj, old: Obj) -> Obj:
        """What an update of the status may be taken for."""
        return new

    def complete(self, api: ApiServer, new: Obj, old: Obj | None) -> None:
        """Lend a valid object (changed in place) what only the server can give."""

    def counts(self, new: Obj, old: Obj) -> bool:
        """Whether the change counts metadata.generation on."""
        return bool(new.get("spec") != old.get("spec"))

    def grace(self, obj: Obj, wanted: int | None) -> int:
        """Seconds that a graceful deletion may take."""
        return 0
