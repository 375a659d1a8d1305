"""Server-side apply: who owns what."""

from __future__ import annotations

import pytest

from podlab.sim.apiserver.server import ApiServer
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from tests.sim.apiserver.rig import bare, config_map


def applied(api: ApiServer, manager: str, config: Obj, *, force: bool = False) -> Obj:
    """Apply as a manager."""
    return api.patch("configmaps", "c", "default", config, "apply", by="learner", field_manager=manager, force=force)


def test_apply_makes_what_is_missing_and_owns_it() -> None:
    """The set holds what the configuration says."""
    api = bare()
    made = applied(api, "one", config_map(a="1"))
    (entry,) = api.managed_fields(made)
    assert {"f:data": {"f:a": {}}} == entry["fieldsV1"]


def test_a_field_of_another_is_a_conflict_unless_forced() -> None:
    """Forcing takes it over."""
    api = bare()
    applied(api, "one", config_map(a="1"))
    with pytest.raises(StatusError) as raised:
        applied(api, "two", config_map(a="2"))
    assert 'Apply failed with 1 conflict: conflict with "one": .data.a' == raised.value.message
    made = applied(api, "two", config_map(a="2"), force=True)
    assert ["two"] == [each["manager"] for each in api.managed_fields(made)]


def test_what_a_manager_no_longer_says_goes() -> None:
    """Unless somebody else owns it, too."""
    api = bare()
    applied(api, "one", config_map(a="1", b="2"))
    applied(api, "two", config_map(b="2"))
    assert {"b": "2"} == applied(api, "one", config_map())["data"]


def test_an_ordinary_write_that_names_a_manager_owns_what_it_changed() -> None:
    """And conflicts with a later apply."""
    api = bare()
    api.create("configmaps", config_map(a="1"), by="learner", field_manager="maker")
    with pytest.raises(StatusError, match=r'conflict with "maker" using v1: .data.a'):
        applied(api, "one", config_map(a="2"))


def test_the_owners_go_with_the_object() -> None:
    """Nothing is kept of what is gone."""
    api = bare()
    applied(api, "one", config_map(a="1"))
    api.delete("configmaps", "c", "default", by="learner")
    assert {} == api.state.managed


def test_a_write_that_only_moves_owners_is_a_write() -> None:
    """The cluster IP that is taken out comes back, but nobody owns it any more."""
    api = bare()
    service = {"metadata": {"name": "s", "namespace": "default"}, "spec": {"ports": [{"port": 80}], "clusterIP": "10.96.7.7"}}
    made = api.create("services", service, by="learner", field_manager="m")
    found = api.patch("services", "s", "default", {"spec": {"clusterIP": None}}, "merge", by="learner", field_manager="m")
    assert "10.96.7.7" == found["spec"]["clusterIP"]
    assert made["metadata"]["resourceVersion"] != found["metadata"]["resourceVersion"]
    assert "f:clusterIP" not in api.managed_fields(found)[0]["fieldsV1"]["f:spec"]
    again = api.patch("services", "s", "default", {"spec": {"clusterIP": None}}, "merge", by="learner", field_manager="m")
    assert again is found
