"""A cluster: its boot, its bytes, and the first Pod from `kubectl apply` to Running."""

from collections.abc import Iterator
from functools import partial

from podlab.cli.bench.measure import Figure, cpu_s
from podlab.sim import presets
from podlab.sim.changes import ObjectChange
from podlab.sim.cluster import Cluster

ZERO_MS = 1_777_000_000_000
POD = "kubectl run my-nginx --image=nginx:1.27"
MINUTE_MS = 60_000


def figures() -> Iterator[Figure]:
    """For each preset its own, then what the Pod costs on the learner's."""
    for preset in presets.NAMES:
        yield from _preset(preset)
    yield from _first_pod(Cluster.boot("trio"))


def _preset(preset: str) -> Iterator[Figure]:
    boot = Cluster.boot(preset)
    cluster = Cluster.start(boot, 1, ZERO_MS)
    data = cluster.dump()
    yield Figure(f"{preset}: boot of ten minutes", 1000 * cpu_s(partial(Cluster.boot, preset), 3), "ms CPU")
    yield Figure(f"{preset}: start of a learner's cluster", 1000 * cpu_s(partial(Cluster.start, boot, 1, ZERO_MS)), "ms CPU", 2)
    yield Figure(f"{preset}: dump", 1000 * cpu_s(cluster.dump), "ms CPU", 2)
    yield Figure(f"{preset}: load", 1000 * cpu_s(partial(Cluster.load, data)), "ms CPU", 2)
    yield Figure(f"{preset}: size", len(data) / 1024, "KB")


def _first_pod(boot: bytes) -> Iterator[Figure]:
    """A minute of one Pod's life, in events and in changes of objects."""
    cluster = _minute(boot)
    seconds = cpu_s(lambda: _minute(boot)) - cpu_s(lambda: Cluster.start(boot, 1, ZERO_MS))
    events = cluster.world.kernel.state.steps - Cluster.start(boot, 1, ZERO_MS).world.kernel.state.steps
    changes = sum(isinstance(change, ObjectChange) for change in cluster.take_changes())
    yield Figure("trio: a minute with the first Pod", 1000 * seconds, "ms CPU")
    yield Figure("trio: events per CPU second", events / seconds, "events", 0)
    yield Figure("trio: object changes per CPU second", changes / seconds, "changes", 0)


def _minute(boot: bytes) -> Cluster:
    cluster = Cluster.start(boot, 1, ZERO_MS)
    cluster.script(POD)
    cluster.advance(MINUTE_MS)
    return cluster
