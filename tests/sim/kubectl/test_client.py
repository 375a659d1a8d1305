"""What kubectl does by itself: generators, `--local`, refusals of flags and arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.sim.kubectl.kit import HOME, Kit

TABLE = yaml.safe_load(Path(__file__).with_name("client.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", TABLE["cases"], ids=[each["run"] for each in TABLE["cases"]])
def test_it_says_what_the_real_one_says(case: dict[str, Any]) -> None:
    """Output, refusal and exit code."""
    kit = Kit()
    kit.files |= {f"{HOME}/{name}": text for name, text in TABLE["files"].items()}
    code, out, err = kit.run(case["run"])
    assert ((out + err).strip(), code) == (case["says"].strip(), case.get("exit", 0))
