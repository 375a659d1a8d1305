"""Sessions on nodes of the learner's own."""

import pytest

from podlab.learners.models import Learner
from podlab.session import engine, journal, own, service
from podlab.session.models import BootCheckpoint, Session
from podlab.sim.cluster import Cluster

NODES = "node-1 zone=a\ngpu-1 gpu=true:NoSchedule\n"


@pytest.mark.django_db
def test_a_session_begins_on_the_nodes_that_were_written() -> None:
    """Booted once for all sessions with the same lines."""
    learner = Learner.objects.create()
    for _ in range(2):
        session = service.create_session(learner, own.PRESET, nodes=NODES)
        cluster = engine.unpack(bytes(journal.beginning(session.branches.get()).data))
        assert isinstance(cluster, Cluster)
        assert ["control-plane", "gpu-1", "node-1"] == sorted(each["metadata"]["name"] for each in cluster.api.list("nodes"))
    assert 1 == BootCheckpoint.objects.count()


@pytest.mark.django_db
def test_beginnings_that_no_session_has_any_more_go() -> None:
    """Those of presets and of sessions that are still there stay."""
    session = service.create_session(Learner.objects.create(), own.PRESET, nodes=NODES)
    journal.beginning(session.branches.get())
    BootCheckpoint.objects.create(preset="trio", engine="e", data=b"")
    assert 0 == own.sweep()
    Session.objects.all().delete()
    assert 1 == own.sweep()
    assert ["trio"] == [each.preset for each in BootCheckpoint.objects.all()]
