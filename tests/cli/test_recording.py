"""Recordings are run from the command line too, for the judge's own comparison."""

import json
from pathlib import Path

import pytest

from podlab.cli import recording, trace
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
