"""Field selectors."""

from __future__ import annotations

import pytest

from podlab.sim.api import fields
from podlab.sim.api.resources import RESOURCES

POD = {"metadata": {"name": "p", "namespace": "d"}, "spec": {"nodeName": "n1"}, "status": {"phase": "Running"}}


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        ("status.phase=Running", True),
        ("status.phase!=Running", False),
        ("spec.nodeName=n1,metadata.name==p", True),
        ("spec.hostNetwork=false", True),
    ],
)
def test_a_pod_is_selected_by_its_fields(text: str, meets: bool) -> None:
    """All terms must hold."""
    assert meets == fields.meets(RESOURCES["pods"], fields.parse(text), POD)


@pytest.mark.parametrize(
    ("resource", "text", "message"),
    [
        ("pods", "spec.priority=1", "field label not supported: spec.priority"),
        ("configmaps", "data.a=b", '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"'),
        ("pods", "metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"),
    ],
)
def test_other_fields_are_refused_in_the_servers_words(resource: str, text: str, message: str) -> None:
    """Some kinds know only name and namespace."""
    with pytest.raises(ValueError) as raised:
        fields.check(RESOURCES[resource], fields.parse(text))
    assert message == str(raised.value)
