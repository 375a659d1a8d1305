"""YAML as Go prints it, jsonpath, go-template, custom columns, durations."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from podlab.sim.api.goload import load
from podlab.sim.api.goyaml import to_yaml
from podlab.sim.human import go_duration, human_duration, parse_go_duration
from podlab.sim.kubectl import gotemplate, jsonpath_eval
from podlab.sim.kubectl.gotemplate_funcs import TemplateError
from podlab.sim.kubectl.jsonpath import JsonPathError
from podlab.sim.kubectl.table import render
from podlab.sim.kubectl.wrapping import wrapped

TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcXYZ019-_./ #:", min_size=1, max_size=6), inner, max_size=3),
    max_leaves=12,
)
DATA = {"items": [{"name": "a", "n": 1, "on": True}, {"name": "b", "n": 2, "on": False}], "deep": {"a.b": "x"}}


@given(TREES)
def test_what_is_printed_as_yaml_reads_back_the_same(tree: Any) -> None:
    """By our own reader, and by any other (but for what Python's reader alone has as a number or a sign: `.0_`, `=`)."""
    assert load(to_yaml(tree)) == tree
    if not re.search(r"\.\d[\d.]*_|^(?:.*[ -])?=(?::.*)?$", to_yaml(tree), re.MULTILINE):
        assert yaml.safe_load(to_yaml(tree)) == tree


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("yes", '"yes"'),
        ("0._", '"0._"'),
        ("1_0.5", '"1_0.5"'),
        (".0_", ".0_"),
        ("on", '"on"'),
        ("1", '"1"'),
        ("1e3", '"1e3"'),
        ("", '""'),
        ("a: b", "'a: b'"),
        ("null", '"null"'),
        ("web", "web"),
        ("~", '"~"'),
    ],
)
def test_a_text_that_means_something_else_is_quoted(value: str, text: str) -> None:
    """Double quotes for what would be another type, single ones for what would be another structure."""
    assert to_yaml({"k": value}) == f"k: {text}\n"


def test_a_text_of_several_lines_is_a_block() -> None:
    """With or without its last end of line."""
    assert to_yaml({"k": "a\nb\n"}) == "k: |\n  a\n  b\n"
    assert to_yaml({"k": "a\nb"}) == "k: |-\n  a\n  b\n"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{.items[*].name}", "a b"),
        ("{.items[-1].name}", "b"),
        ("{.items[?(@.n>1)].name}", "b"),
        ('{range .items[*]}{.name}={.n}{"\\n"}{end}', "a=1\nb=2\n"),
        ("{.deep.a\\.b}", "x"),
        ("{..name}", "a b"),
        ("{.items[0]}", '{"n":1,"name":"a","on":true}'),
        ("{.nope}", ""),
        ("{.nope[0]}", ""),
        ("{.deep.[0]}", ""),
        ("{.items[-1].name}", "b"),
        ("{.items[0,1].name}", "a b"),
        ("{.items[*]['name','n']}", "a b 1 2"),
        ("{range .items[*]}{range @.none[*]}{.x}{end}{.name};{end}", "a;b;"),
        ('{.items[?(@.name == "b")].n}{"\\t"}', "2\t"),
        ("{.items[?(@.n>1)].name}", "b"),
        ("{1}{true}{'a'}", "1truea"),
    ],
)
def test_jsonpath(template: str, text: str) -> None:
    """Fields, indexes, filters, ranges, recursion."""
    assert jsonpath_eval.render(template, DATA) == text


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{.items", "unclosed action"),
        ("{.items[}", "unterminated array"),
        ("{.items[x]}", "invalid array index x"),
        ('{.items["name","n"]}', 'invalid array index "name"'),
        ("{.items[?(@.name==1]}", "unterminated filter"),
        ("{.items[?(@.name==1)}", "unclosed array expect ]"),
        ("{'a}", "unterminated quoted string"),
        ("{....name}", "invalid multiple recursive descent"),
        ("{!}", "unrecognized character in action: U+0021 '!'"),
        ("{name}", "unrecognized identifier name"),
        ("{end}", "not in range, nothing to end"),
        ("{.items[2]}", "array index out of bounds: index 2, length 2"),
        ("{.items[0:5]}", "array index out of bounds: index 4, length 2"),
        ("{.items[1:0]}", "starting index 1 is greater than ending index 0"),
        ("{.items[0:2:0]}", "step must be > 0"),
        ("{.deep[0]}", "map[string]interface {} is not array or slice"),
        ("{.deep[?(@.x)]}", "map[a.b:x] is not array or slice and cannot be filtered"),
        ("{.items[?(@.name=1)]}", "unrecognized filter operator ="),
        ('{.items[?(@.n=="1")]}', "incompatible types for comparison"),
        ("{.items[?(@.on>1)]}", "invalid type for comparison"),
    ],
)
def test_jsonpath_that_fails(template: str, why: str) -> None:
    """In the words of upstream's parser and evaluator."""
    with pytest.raises(JsonPathError) as error:
        jsonpath_eval.render(template, DATA)
    assert str(error.value) == why


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{{html "<a>"}} {{js "x"}} {{urlquery "a b"}} {{slice "web" 0 2}}', "&lt;a&gt; x a+b we"),
        ("{{range .items}}{{.name}} {{end}}", "a b "),
        ("{{(index .items 1).name}}", "b"),
        ('{{range .items}}{{if .on}}{{printf "%s-%v" .name .n}}{{end}}{{end}}', "a-1"),
        ("{{len .items}}", "2"),
        ("{{.nope}}", "<no value>"),
    ],
)
def test_go_templates(template: str, text: str) -> None:
    """Ranges, conditions, functions."""
    assert gotemplate.render(gotemplate.parse(template), template, DATA) == text


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{nope}}", 'template: output:1: function "nope" not defined'),
        ("{{range .items}}", "template: output:1: unexpected EOF"),
        ("{{end}}", "template: output:1: unexpected {{end}}"),
        ("{{.name", "template: output:1: unclosed action"),
        ('{{define "t"}}{{end}}', "not supported in this lab: {{define}} in a template"),
        (
            "{{index .items 5}}",
            'template: output:1:2: executing "output" at <index .items 5>: error calling index: index out of range: 5',
        ),
    ],
)
def test_go_templates_that_fail(template: str, why: str) -> None:
    """In Go's words, or openly left out."""
    with pytest.raises(TemplateError) as error:
        gotemplate.render(gotemplate.parse(template), template, DATA)
    assert str(error.value) == why


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (190, "3m10s"),
        (600, "10m"),
        (3 * 3600, "3h"),
        (90061, "25h"),
        (50 * 3600, "2d2h"),
        (800 * 86400, "2y70d"),
    ],
)
def test_ages_have_at_most_two_units(seconds: int, text: str) -> None:
    """KC-8."""
    assert human_duration(seconds * 1000) == text


@given(st.integers(0, 10**10))
def test_a_duration_reads_back_the_same(ms: int) -> None:
    """`1h2m3.5s`."""
    assert parse_go_duration(go_duration(ms)) == ms


def test_a_table_has_no_padding_at_the_end_of_its_last_column() -> None:
    """A column is as wide as its widest cell and three spaces, at least six."""
    assert render([["A", "B"], ["long-name", "x"]]) == "A           B\nlong-name   x\n"


def test_documentation_is_filled_to_the_width() -> None:
    """A list item begins anew."""
    assert wrapped("one two three\n - four five", 9, "  ") == ["  one two", "  three", "   - four", "  five"]
