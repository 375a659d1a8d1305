"""Discovery tells what a real v1.36.2 has; kinds known by name only are empty or refused openly."""

from __future__ import annotations

import pytest

from podlab.sim.api.resources import KNOWN
from podlab.sim.apiserver.http.discovery import AGGREGATED, GROUPS, rows_of
from tests.sim.apiserver.http.test_serve import ask
from tests.sim.apiserver.rig import bare


def test_every_known_kind_stands_in_a_group_that_is_told() -> None:
    """No kind without its group, no group without a kind."""
    assert {row.group for row in KNOWN.values()} - {""} == {group for group in GROUPS if rows_of(group, "v1") or rows_of(group, "v2")} - {
        "events.k8s.io"
    }


def test_all_groups_at_once_hold_what_they_hold_one_by_one() -> None:
    """Aggregated discovery has the names of the plain one."""
    api = bare()
    answer = ask(api, "GET", "/apis", accept=AGGREGATED)
    assert answer.content_type == AGGREGATED
    for group in answer.body["items"]:
        for version in group["versions"]:
            plain = ask(api, "GET", f"/apis/{group['metadata']['name']}/{version['version']}").body["resources"]
            assert [each["resource"] for each in version["resources"]] == [each["name"] for each in plain if "/" not in each["name"]]


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", 200),
        ("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/x", 404),
        ("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", 400),
        ("GET", "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", 400),
        ("DELETE", "/api/v1/componentstatuses", 405),
        ("GET", "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers", 400),
        ("GET", "/apis/batch/v1beta1/cronjobs", 404),
    ],
)
def test_a_kind_known_by_name_only_is_empty_or_refused(method: str, path: str, code: int) -> None:
    """Nothing is told of what is not there, and nothing is taken in silence."""
    assert ask(bare(), method, path, {} if method == "POST" else None).code == code


def test_the_proxy_of_a_service_that_nobody_answers_for_is_refused_as_upstream_does() -> None:
    """Without slices it is not found; with nobody ready it is unavailable."""
    api = bare()
    path = "/api/v1/namespaces/default/services"
    ask(api, "POST", path, {"metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}})
    assert ask(api, "GET", f"{path}/s/proxy/").code == 404
    held = {"metadata": {"name": "s-1", "labels": {"kubernetes.io/service-name": "s"}}, "addressType": "IPv4", "endpoints": []}
    ask(api, "POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", held)
    assert ask(api, "GET", f"{path}/s/proxy/").body["message"] == 'no endpoints available for service "s"'
