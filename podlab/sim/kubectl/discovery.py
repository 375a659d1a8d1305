"""Which resource a word means: plural, singular, short name, kind, with version and group, category.

Upstream: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go (mappingFor), client-go/restmapper (shortcut, category expansion).
Left out: custom resources.
"""

from __future__ import annotations

from podlab.sim.api.resources import KNOWN, Resource
from podlab.sim.kubectl.errors import Failure

EVENTS = "events.k8s.io"
"""The other group of Events: the same objects."""
AMBIGUOUS = {"ev": f"events.{EVENTS}"}
"""Short names that a resource of lower priority has as well; kubectl warns."""


def named(word: str) -> Resource | None:
    """The resource that a word means; None when there is none."""
    name, _, rest = word.partition(".")
    found = _by_name(name.lower())
    if found is None or not rest:
        return found
    version, dot, group = rest.partition(".")
    if dot and group == found.group and (version == found.version or name in found.short):
        return found  # a short name stands for the resource with its version, whatever is said
    if found.group.startswith(rest) or (found.plural == "events" and rest == EVENTS):
        return found
    return None


def _by_name(name: str) -> Resource | None:
    if name in KNOWN:
        return KNOWN[name]
    for each in KNOWN.values():
        if name in (each.singular, each.kind.lower()) or name in each.short:
            return each
    return None


def resource_for(word: str, *, bare: bool = False) -> Resource:
    """The resource that a word means; Failure in the server's name."""
    found = named(word)
    if found is None:
        name = word if bare else word.partition(".")[0]
        raise Failure(f'the server doesn\'t have a resource type "{name}"', bare=bare)
    return found


def expand(word: str) -> list[str]:
    """A category's resources in the order of their groups; else the word itself."""
    members = [each for each in KNOWN.values() if word in each.categories]
    return [each.plural for each in sorted(members, key=_group_order)] or [word]


def _group_order(resource: Resource) -> tuple[str, str]:
    return (resource.group, resource.plural)


def by_kind(api_version: str, kind: str) -> Resource | None:
    """The resource of a manifest."""
    return next((each for each in KNOWN.values() if each.kind == kind and each.api_version == api_version), None)


def qualified(resource: Resource) -> str:
    """`deployments.apps`, `pods`."""
    return f"{resource.plural}.{resource.group}" if resource.group else resource.plural


def display(resource: Resource) -> str:
    """`deployment.apps`, `pod`: what `created` and `-o name` say."""
    return (
        f"{resource.singular or resource.kind.lower()}.{resource.group}" if resource.group else resource.singular or resource.kind.lower()
    )
