"""The REST API in process: routing, paging, watching, refusing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podlab.sim.apiserver.http import HttpAnswer, handle
from podlab.sim.apiserver.server import ApiServer
from tests.sim.apiserver.rig import bare, config_map, pod

MAPS = "/api/v1/namespaces/default/configmaps"


def ask(api: ApiServer, method: str, path: str, body: Any = None, **headers: str) -> HttpAnswer:
    """One request of the learner."""
    place, _, query = path.partition("?")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return handle(api, method, place, query, named, "" if body is None else json.dumps(body))


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/api/v1/frobs", 404),
        ("GET", "/api/v1/namespaces/default/deployments", 404),
        ("GET", "/api/v1/namespaces/default/nodes", 404),
        ("PUT", "/api/v1/namespaces/default/pods", 405),
        ("POST", "/api/v1/namespaces/default/pods/p/status", 405),
        ("DELETE", "/api/v1/namespaces", 405),
        ("GET", "/healthz", 200),
        ("GET", "/apis/nope", 404),
        ("GET", "/api/v1/namespaces/default/pods/", 200),
    ],
)
def test_a_path_means_what_it_means(method: str, path: str, code: int) -> None:
    """Resources, subresources, methods."""
    assert code == ask(bare(), method, path).code


def test_a_list_comes_in_pages_of_one_snapshot() -> None:
    """What is made between two pages is not in it."""
    api = bare()
    for name in ("a", "b", "c"):
        api.create("configmaps", config_map(name), by="learner")
    first = ask(api, "GET", f"{MAPS}?limit=2").body
    api.create("configmaps", config_map("bb"), by="learner")
    second = ask(api, "GET", f"{MAPS}?limit=2&continue={first['metadata']['continue']}").body
    assert (["a", "b"], 1) == ([each["metadata"]["name"] for each in first["items"]], first["metadata"]["remainingItemCount"])
    assert ["c"] == [each["metadata"]["name"] for each in second["items"]]


def test_a_watch_with_a_selector_sees_objects_come_and_go() -> None:
    """An object that no longer matches is DELETED to the watcher."""
    api = bare()
    version = api.store.version
    for labels in ({"a": "1"}, {"a": "2"}):
        made = {**config_map(), "metadata": {"name": "c", "namespace": "default", "labels": labels}}
        api.update("configmaps", made, by="learner") if api.find("configmaps", "c", "default") else api.create(
            "configmaps", made, by="learner"
        )
    answer = ask(api, "GET", f"{MAPS}?watch=true&resourceVersion={version}&labelSelector=a=1")
    assert ["ADDED", "DELETED"] == [each["type"] for each in answer.events or ()]


def test_a_version_that_is_too_old_is_expired() -> None:
    """200, then one ERROR event with a 410."""
    api = bare()
    api.world.state.unbounded = True
    for number in range(1001):
        api.create("configmaps", config_map(f"c{number}"), by="learner")
    event = (ask(api, "GET", f"{MAPS}?watch=true&resourceVersion=1").events or [])[0]
    assert ("ERROR", 410, "Expired") == (event["type"], event["object"]["code"], event["object"]["reason"])


def test_nobody_but_the_learner_may_do_anything() -> None:
    """Forbidden, with the verb and the resource."""
    answer = ask(bare(), "GET", "/api/v1/namespaces/default/pods", impersonate_user="robot")
    assert (
        'pods is forbidden: User "robot" cannot list resource "pods" in API group "" in the namespace "default"' == answer.body["message"]
    )


@pytest.mark.parametrize(
    ("body", "message"), [("", "unexpected end of JSON input (<empty>)"), ('{"kind":', 'unexpected end of JSON input ({"kind":)')]
)
def test_a_broken_body_is_refused(body: str, message: str) -> None:
    """In Go's words."""
    answer = handle(bare(), "POST", "/api/v1/namespaces/default/pods", "", {}, body)
    assert (400, True) == (answer.code, answer.body["message"].endswith(message))


def test_a_body_that_is_too_large_or_too_deep_is_refused() -> None:
    """Three MiB, and the depth that the decoder takes; the server goes on."""
    api = bare()
    deep = '{"a":' * 100_000
    assert 413 == handle(api, "POST", MAPS, "", {}, " " * (3 << 20) + " ").code
    assert 400 == handle(api, "POST", MAPS, "", {}, deep).code
    assert 201 == ask(api, "POST", "/api/v1/namespaces/default/pods", pod()).code
