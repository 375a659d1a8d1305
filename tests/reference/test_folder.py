"""The runner on a folder that nobody has seen: every case counts, none stops the run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.reference.folder import cases, reference_folder
from tests.reference.test_reference import group_of, verdict

REFERENCE = reference_folder()
pytestmark = pytest.mark.skipif(REFERENCE is None, reason="no reference folder (PODLAB_REFERENCE, default ../shared/kubernetes)")
FILES = {
    "kubelet-more-vectors.yaml": "vectors:\n- {id: good, area: phase-of-nothing, given: {}, expect: {}}\n- no object\n",
    "deep/other-vectors.yaml": "[{id: lonely, area: unheard-of}]",
    "torn-vectors.yaml": "vectors: [",
    "empty-vectors.yaml": "",
    "traces/new/step.yaml": "{id: new/step, steps: [{at: 0, teleport: node-1}], until: 5, outputs: [], watch: []}",
    "traces/new/below/fault.yaml": "{id: new/fault, steps: [{at: 0, node: node-1, fault: earthquake}], until: 5, outputs: [], watch: []}",
    "traces/new/torn.yaml": "steps: [",
    "traces/new/quiet.yaml": "{id: new/quiet, steps: [{at: 0, run: 'true'}], until: 5, watch: [], outputs: [{step: 0, from: 0, to: 1, rc: 0, text: ''}]}",
    "transcripts/kubectl/new/preset.yaml": "{id: new/preset, cluster: {preset: moon}, steps: [{run: kubectl get pods, exit: 0}]}",
    "transcripts/kubectl/new/step.yaml": "{id: new/step, cluster: {preset: bare}, steps: [{dance: true}]}",
    "transcripts/api/new.yaml": "- {method: GET, path: /api/v1/nodes, expect: {code: 418}}\n- {id: new/odd, method: FROWN, path: 7, expect: {}}\n- 3\n",
}
AREAS = {
    "traces/new": [False, True, False, False],
    "transcripts/api/new": [False, False, False],
    "transcripts/kubectl/new": [False, False],
    "vectors/kubelet-more/phase-of-nothing": [False],
    "vectors/kubelet-more/unknown": [False],
    "vectors/other/unheard-of": [False],
    "vectors/torn/unknown": [False],
    "vectors/empty/unknown": [False],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Cases of areas, steps and shapes that the runner does not know, with the judges of the real folder."""
    assert REFERENCE is not None
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    for room in ("traces", "transcripts"):
        for path in (REFERENCE / room).glob("*.*"):
            shutil.copy(path, tmp_path / room)
    return tmp_path


def test_a_folder_never_seen_is_counted_to_the_last_case(folder: Path) -> None:
    """What nobody knows is not met; what is known is judged."""
    found: dict[str, list[bool]] = {}
    for case in cases(folder):
        seen = verdict(case)
        found.setdefault(case.area, []).append(seen.good == seen.total)
    assert AREAS == found


def test_a_further_file_of_a_component_is_its_own() -> None:
    """Its adapters are the component's, whatever else the name says."""
    assert ["kubelet", "scheduler", "unheard"] == [group_of(name) for name in ("kubelet-hidden", "more-scheduler", "unheard")]
