"""Which images there are for this cluster: those of the lab, and those that a lesson brings as data (another name and environment).

Upstream: none (a registry's contents). Left out: images with programs of their own: a lesson never brings code.
"""

from __future__ import annotations

from msgspec import structs

from podlab.sim.containerd.types import ContainerdState
from podlab.sim.images.registry import Found, digest, find, refusal


def look_up(state: ContainerdState, reference: str) -> Found | None:
    """The image of a normalised reference; None: no registry has it."""
    own = state.own.get(reference)
    found = find(own.like) if own is not None else find(reference)
    if own is None or found is None:
        return found
    repository, _, tag = reference.rpartition(":")
    image = structs.replace(found.image, env={**found.image.env, **own.env})
    return Found(image, reference, repository, tag, digest(reference))


def files_from(state: ContainerdState, reference: str) -> str:
    """The image of the lab whose files and programs a container of this reference has."""
    own = state.own.get(reference)
    return reference if own is None else own.like


def refused(state: ContainerdState, reference: str) -> str:
    """Containerd's words for a pull that fails: of a repository that a lesson brings only the tag is missing."""
    repository = reference.rpartition(":")[0]
    if any(each.rpartition(":")[0] == repository for each in state.own):
        return f'failed to pull and unpack image "{reference}": failed to resolve reference "{reference}": {reference}: not found'
    return refusal(reference)
