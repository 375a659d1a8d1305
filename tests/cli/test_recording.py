"""Recordings are run from the command line too, for the judge's own comparison."""

import json
import re
from pathlib import Path

import pytest

from podlab.cli import recording, trace, transcript
from podlab.cli.trouble import Trouble

SCENARIO = """
steps:
- at: 0
  run: kubectl get nodes -o name
until: 5
"""


def test_a_trace_is_json_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Objects first, then what the steps printed."""
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    assert trace.main(trace.parse([str(tmp_path / "scenario.yaml")])) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["object"]["kind"] == "Node"
    assert lines[-1]["type"] == "OUTPUT"
    assert lines[-1]["text"].startswith("node/")


@pytest.mark.parametrize("text", [None, "a: [1"])
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str | None) -> None:
    """In one sentence, with the file's name."""
    path = tmp_path / "case.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(Trouble, match=r"case\.yaml is no recording: "):
        recording.read(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a list", "no mapping with a list of `steps`"),
        ("{steps: [{at: 0, rnu: kubectl get pods}], until: 5}", "step 0 has none of run, fault, files"),
        ("{steps: [{at: zero, run: kubectl get pods}], until: 5}", "step 0: at is 'zero', not a number of seconds from 0"),
        ("{steps: [{run: kubectl get pods}]}", "until is None, not a number of seconds from 0"),
        ("{cluster: huge, steps: [{run: kubectl get pods}], until: 5}", "the cluster 'huge' is unknown; there are standard"),
        ("{steps: [{at: 0, node: node-1, fault: explode}], until: 5}", "step 0: the fault 'explode' is unknown"),
        ("{steps: [{at: 0, node: node-9, fault: isolate}], until: 5}", 'step 0: nodes "node-9" not found'),
    ],
)
def test_a_scenario_that_cannot_be_run_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """With the step's place, and what there is instead; nothing is silently left out."""
    (tmp_path / "scenario.yaml").write_text(text)
    with pytest.raises(Trouble, match=re.escape(words)):
        trace.main(trace.parse([str(tmp_path / "scenario.yaml")]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{cluster: {preset: nope}, steps: []}", "the cluster 'nope' is unknown; there are bare, nodes, live"),
        ("{cluster: {preset: bare}, steps: [{rnu: kubectl get pods}]}", "step 0 has none of run, until"),
        ("{cluster: {preset: bare}, steps: [{fault: blow node-1}]}", "step 0: the fault 'blow node-1' is unknown"),
        ("{cluster: {preset: bare, objects: 'a: ['}, steps: []}", "case.yaml: while parsing"),
        ("[no, case]", "no mapping with a list of `steps`"),
    ],
)
def test_a_case_that_cannot_be_run_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """A step that is not known would else count as done."""
    (tmp_path / "case.yaml").write_text(text)
    with pytest.raises(Trouble, match=re.escape(words)):
        transcript.main(transcript.parse([str(tmp_path / "case.yaml")]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "{cluster: {preset: bare, objects: [{apiVersion: example.com/v1, kind: Widget, metadata: {name: a}}]}, steps: []}",
            "note: not supported in this lab: Widget (example.com/v1); it is left out of the cluster\n",
        ),
        (
            "{cluster: {preset: bare}, steps: [{until: echo no, match: yes!, timeout: 1}]}",
            "note: 'echo no' did not print 'yes!' in time; the steps after it may differ\n",
        ),
    ],
)
def test_what_does_not_go_as_recorded_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str) -> None:
    """On standard error, beside what was observed."""
    (tmp_path / "case.yaml").write_text(text)
    assert transcript.main(transcript.parse([str(tmp_path / "case.yaml")])) == 0
    assert capsys.readouterr().err == words
