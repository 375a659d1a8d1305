"""Users and their groups.

Upstream: staging/src/k8s.io/apiserver/pkg/authentication (user, serviceaccount), pkg/endpoints/filters/impersonation.go. Left out: extra fields, uids.
"""

from __future__ import annotations

from msgspec import Struct

ADMINS = ("learner", "kubernetes-admin")
"""The learner's name inside of the lab, and the one that her certificate bears."""
ANONYMOUS = "system:anonymous"
MASTERS, AUTHENTICATED, UNAUTHENTICATED = "system:masters", "system:authenticated", "system:unauthenticated"
ACCOUNT = "system:serviceaccount:"


class User(Struct, frozen=True):
    """Who asks."""

    name: str
    groups: tuple[str, ...] = ()


def user_of(name: str, groups: list[str] | tuple[str, ...] = ()) -> User:
    """The user of this name with the groups that everybody of the kind has; `groups`: those that are named besides."""
    if name in ADMINS:
        return User("kubernetes-admin", (MASTERS, AUTHENTICATED))
    if name == ANONYMOUS:
        return User(name, (*groups, UNAUTHENTICATED))
    parts = name.removeprefix(ACCOUNT).split(":")
    own = ("system:serviceaccounts", f"system:serviceaccounts:{parts[0]}") if name.startswith(ACCOUNT) and len(parts) == 2 else ()
    return User(name, (*(groups or own), AUTHENTICATED))
