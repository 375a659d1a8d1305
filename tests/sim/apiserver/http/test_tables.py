"""Tables over HTTP: the columns that kubectl prints, with what they are for."""

from __future__ import annotations

import pytest

from podlab.sim.api.resources import RESOURCES
from podlab.sim.api.schema import descriptions
from podlab.sim.apiserver.http.tables import columns_of
from podlab.sim.apiserver.printers import printer
from tests.sim.apiserver.http.test_serve import ask
from tests.sim.apiserver.rig import bare, config_map, pod

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
PODS = "/api/v1/namespaces/default/pods"


@pytest.mark.parametrize("plural", RESOURCES)
def test_the_columns_are_those_of_the_printer(plural: str) -> None:
    """Name by name and priority by priority; what a column is for is a text or a field that there is."""
    told = [(each[0].removeprefix("+").upper(), each[0].startswith("+")) for each in columns_of(plural)]
    assert printer(plural).columns == told
    for about in (each[1] for each in columns_of(plural) if " " not in each[1]):
        type_, _, field = about.rpartition(".")
        assert descriptions()[type_][field]


def test_a_list_and_an_object_are_tables_with_their_metadata() -> None:
    """Counts are numbers; `includeObject` says how much of the object comes along."""
    api = bare()
    api.create("pods", pod(), by="learner")
    listed = ask(api, "GET", PODS, accept=TABLE).body
    assert ["p", "0/1", "Pending", "0", "0s", "<none>", "<none>", "<none>", "<none>"] == listed["rows"][0]["cells"]
    assert "PartialObjectMetadata" == listed["rows"][0]["object"]["kind"]
    assert ask(api, "GET", f"{PODS}/p?includeObject=None", accept=TABLE).body["rows"][0]["object"] is None
    assert 422 == ask(api, "GET", f"{PODS}?includeObject=Half", accept=TABLE).code
    api.create("configmaps", config_map(a="1"), by="learner")
    assert [1] == [row["cells"][1] for row in ask(api, "GET", "/api/v1/namespaces/default/configmaps", accept=TABLE).body["rows"]]


def test_a_watch_tells_the_columns_once() -> None:
    """The first event has them, the others have not."""
    api = bare()
    for name in ("a", "b"):
        api.create("pods", pod(name), by="learner")
    events = ask(api, "GET", f"{PODS}?watch=true", accept=TABLE).events or []
    assert [False, True] == [each["object"]["columnDefinitions"] is None for each in events]


def test_a_finished_pod_is_marked() -> None:
    """So that clients can hide it."""
    api = bare()
    made = api.create("pods", pod(), by="learner")
    api.update("pods", {**made, "status": {**made["status"], "phase": "Failed"}}, by="learner", subresource="status")
    (row,) = ask(api, "GET", PODS, accept=TABLE).body["rows"]
    assert [("Completed", "Failed", "The pod failed.")] == [(each["type"], each["reason"], each["message"]) for each in row["conditions"]]
