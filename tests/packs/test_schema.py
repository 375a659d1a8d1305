"""Schemas and the authors' page are what the types say, and an editor that goes by them agrees with the reader."""

import json
import re
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
import yaml

from podlab.checks.functions import FUNCTIONS
from podlab.home import ROOT
from podlab.packs import library, schema
from podlab.packs.starter import begin

FILES = [
    *sorted(path for path in library.SHIPPED.rglob("*.yaml") if path.stem in schema.FILES),
    *sorted(path for path in (Path(schema.__file__).parent / "starter").rglob("*.yaml") if path.stem in schema.FILES),
]


def test_what_lies_in_the_repository_is_what_the_types_say() -> None:
    """Run `python3 manage.py pack schema` after changing them."""
    assert schema.schemas() == {path.name: path.read_text("utf-8") for path in sorted(schema.FOLDER.iterdir())}
    assert schema.page() == schema.PAGE.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda each: f"{each.parent.name}/{each.name}")
def test_the_lessons_of_the_house_are_valid_by_it(path: Path) -> None:
    """An editor underlines nothing in them."""
    validator = jsonschema_rs.validator_for(json.loads(schema.schemas()[f"{path.stem}.json"]))
    assert [] == [error.message for error in validator.iter_errors(yaml.safe_load(path.read_text("utf-8")))]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("lesson", {"title": {"en": "x"}, "minutes": 0, "tasks": [{"id": "a", "title": {}, "check": {"is": "true"}}]}),
        ("lesson", {"title": {"en": "x"}, "minutes": 3, "tasks": [{"id": "a", "title": {}, "check": {"is": "true", "held": "true"}}]}),
        ("lesson", {"title": {"en": "x"}, "minutes": 3, "tasks": [{"id": "a", "title": {}, "chek": {"is": "true"}}]}),
        ("cluster", {"pulls": {"nginx": "soon"}}),
        ("cluster", {"history": [{"at": "-1m"}]}),
        ("pack", {"id": "No Name"}),
    ],
)
def test_what_the_reader_refuses_an_editor_underlines(name: str, data: dict[str, object]) -> None:
    """Both go by the same types."""
    assert not jsonschema_rs.validator_for(json.loads(schema.schemas()[f"{name}.json"])).is_valid(data)
    with pytest.raises((msgspec.ValidationError, ValueError)):
        msgspec.convert(data, schema.FILES[name])


def test_a_new_pack_brings_the_schemas_that_its_files_name(tmp_path: Path) -> None:
    """The first line of each YAML file says where its schema lies."""
    begin(tmp_path / "mine")
    for path in (tmp_path / "mine").rglob("[!.]*.yaml"):
        if path.stem in schema.FILES:
            first = path.read_text("utf-8").split("\n")[0]
            assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve().is_file()


def test_authors_find_every_function_in_the_guide() -> None:
    """With what it gives: docs/packs.md, the table of names."""
    table = (ROOT / "docs" / "packs.md").read_text("utf-8").partition("| name | gives |")[2].partition("\n\n")[0]
    assert set(FUNCTIONS) == set(re.findall(r"`(\w+)\(", table))
