"""What kubectl says of a cluster's objects: selections, refusals, time-outs, as the real one does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.sim.kubectl.kit import HOME, POD, Kit

FILES = {
    "nokind.yaml": "apiVersion: v1\nmetadata: {name: x}\n",
    "pod.yaml": POD.replace("name: web\n", "name: new\n", 1),
    "tab.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n",
}
CASES = yaml.safe_load(Path(__file__).with_name("served.yaml").read_text("utf-8"))["cases"]


def kit() -> Kit:
    """Pods `web` (on node-1) and `db`, a Deployment `api`, two nodes."""
    out = Kit()
    out.files |= {f"{HOME}/{name}": text for name, text in FILES.items()}
    for name in ("node-1", "node-2"):
        out.given("nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": {}, "status": {}})
    out.run("kubectl apply -f -", POD + "  nodeName: node-1\n")
    out.run("kubectl run db --image=postgres")
    out.run("kubectl create deployment api --image=nginx")
    return out


@pytest.mark.parametrize("case", CASES, ids=[each["run"] for each in CASES])
def test_it_says_what_the_real_one_says(case: dict[str, Any]) -> None:
    """Output, then errors, and the exit code."""
    code, out, err = kit().run(case["run"])
    assert ((out + err).strip(), code) == (case["says"].strip(), case.get("exit", 0))
