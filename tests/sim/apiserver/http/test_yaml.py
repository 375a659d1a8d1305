"""YAML in, YAML out."""

from __future__ import annotations

from podlab.sim.apiserver.http import handle
from tests.sim.apiserver.rig import bare

MAPS = "/api/v1/namespaces/default/configmaps"
YAML = {"content-type": "application/yaml", "accept": "application/yaml"}
BOMB = "\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9))])


def test_an_answer_is_yaml_where_it_is_asked_for() -> None:
    """Objects and errors."""
    api = bare()
    made = handle(api, "POST", MAPS, headers=YAML, body="metadata: {name: c}\ndata: {on: 'yes', day: 2026-01-02}\n")
    assert (201, "application/yaml") == (made.code, made.content_type)
    assert made.text is not None
    assert '  day: "2026-01-02"\n  "on": "yes"\n' in made.text or 'day: "2026-01-02"' in made.text
    missing = handle(api, "GET", f"{MAPS}/d", headers={"accept": "application/yaml"})
    assert missing.text is not None
    assert "reason: NotFound" in missing.text


def test_aliases_do_not_explode() -> None:
    """A body that would be a billion items is refused at once."""
    answer = handle(bare(), "POST", MAPS, headers={"content-type": "application/yaml"}, body=BOMB)
    assert 400 == answer.code
    assert "document contains excessive aliasing" in answer.body["message"]
