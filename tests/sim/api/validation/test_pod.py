"""Pods that the API server refuses, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from podlab.sim.apiserver.server import ApiServer
from podlab.sim.errors import StatusError
from tests.sim.apiserver.rig import bare, pod

TABLE = yaml.safe_load(Path(__file__).with_name("pods.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def api() -> ApiServer:
    """An API server in which nothing is stored."""
    return bare()


@pytest.mark.parametrize(
    ("spec", "errors"), [(each["spec"], each["errors"]) for each in TABLE], ids=[each["errors"][0][:60] for each in TABLE]
)
def test_a_wrong_pod_is_refused_with_every_cause(api: ApiServer, spec: dict[str, Any], errors: list[str]) -> None:
    """Field and message of each cause, in order."""
    with pytest.raises(StatusError) as raised:
        api.create("pods", pod(**spec), by="learner", dry_run=True)
    causes = (raised.value.details or {})["causes"]
    assert errors == [f"{each['field']}: {each['message']}" for each in causes]
