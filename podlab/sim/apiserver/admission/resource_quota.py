"""ResourceQuota: what a namespace may use in all; creating takes its share at once.

Upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota. Left out: updates (of a Service's type, of a Pod's size).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from podlab.sim.api import quantities
from podlab.sim.apiserver import answers, quota
from podlab.sim.changes import Cause, Obj

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer


def admit(api: ApiServer, resource: str, new: Obj, *, dry_run: bool) -> None:
    """Refuse what does not fit; otherwise note the use."""
    meta = new["metadata"]
    if not meta.get("namespace") or resource == "events":
        return
    used = quota.usage(resource, new)
    meant = [each for each in api.store.all("resourcequotas", meta["namespace"]) if quota.means(each, resource, new)]
    charged = [_charged(each, resource, new, used) for each in meant]
    for after in charged if not dry_run else ():
        if after is not None:
            api.store.put("resourcequotas", after, Cause("RQ-1", {"quota": after["metadata"]["name"]}))


def _charged(held: Obj, resource: str, new: Obj, used: quota.Usage) -> Obj | None:
    """The quota with this use; None: it does not concern it."""
    status, name = held.get("status") or {}, held["metadata"]["name"]
    hard: dict[str, str] = status.get("hard") or {}
    if resource == "pods":
        silent = quota.missing(new, hard)
        if silent:
            told = "; ".join(f"{key} for: {','.join(names)}" for key, names in silent.items())
            raise answers.forbidden("pods", new["metadata"].get("name", ""), f"failed quota: {name}: must specify {told}")
    counts = {key: value for key, value in used.items() if key in hard and value}
    if not counts:
        return None
    unknown = sorted(key for key in counts if key not in (status.get("used") or {}))
    if unknown:
        raise answers.forbidden(
            resource, new["metadata"].get("name", ""), f"status unknown for quota: {name}, resources: {','.join(unknown)}"
        )
    taken = {key: quantities.parse(status["used"][key]) for key in counts}
    over = sorted(key for key, value in counts.items() if taken[key] + value > quantities.parse(hard[key]))
    if over:
        raise answers.forbidden(resource, new["metadata"].get("name", ""), f"exceeded quota: {name}, {_told(over, counts, taken, hard)}")
    after = {**status["used"], **{key: quota.text(taken[key] + value, hard[key]) for key, value in counts.items()}}
    return {**held, "status": {**status, "used": after}}


def _told(over: list[str], wanted: dict[str, Fraction], taken: dict[str, Fraction], hard: dict[str, str]) -> str:
    parts = (
        ("requested", {key: quota.text(wanted[key], hard[key]) for key in over}),
        ("used", {key: quota.text(taken[key], hard[key]) for key in over}),
        ("limited", {key: quantities.canonical(hard[key]) for key in over}),
    )
    return ", ".join(f"{word}: {','.join(f'{key}={value}' for key, value in values.items())}" for word, values in parts)
