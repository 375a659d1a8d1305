"""The store: versions and the past."""

from __future__ import annotations

from tests.sim.apiserver.rig import bare, config_map


def test_the_resource_version_tells_the_instant() -> None:
    """t_ms × 1000 + n, counted from ten minutes before zero."""
    api = bare()
    api.world.kernel.run_until(1_500)
    made = api.create("configmaps", config_map(), by="learner")
    assert str((600_000 + 1_500) * 1000 + 1) == made["metadata"]["resourceVersion"]


def test_numbers_from_900_on_are_kept_for_heartbeats() -> None:
    """The 900th change of an instant moves on to the next millisecond."""
    api = bare()
    api.world.state.unbounded = True
    versions = [
        int(api.create("configmaps", config_map(f"c{number}"), by="learner")["metadata"]["resourceVersion"]) % 1000
        for number in range(1000)
    ]
    assert all(each < 900 for each in versions)


def test_the_past_can_be_listed() -> None:
    """A paged list shows the snapshot of its first page."""
    api = bare()
    api.create("configmaps", config_map("a"), by="learner")
    version = api.store.version
    api.create("configmaps", config_map("b"), by="learner")
    api.delete("configmaps", "a", "default", by="learner")
    assert ["a"] == [each["metadata"]["name"] for each in api.store.at("configmaps", "default", version)]
