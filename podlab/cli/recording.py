"""`manage.py trace SCENARIO.yaml` and `manage.py transcript CASE.yaml`: run a recording's steps here, print what is observed as JSON."""

import argparse
import json
import re
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from podlab.cli.trouble import Trouble


def parse(command: str, arguments: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog=f"manage.py {command}", description="Run a recording's steps in a simulated cluster.")
    parser.add_argument("recording", type=Path, help="the recording, a YAML file")
    return parser.parse_args(arguments)


def read(path: Path) -> Any:
    """The recording. Raises `Trouble` where there is none."""
    try:
        return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise Trouble(f"{path} is no recording: {error}") from None


def check(case: Any, *, presets: Collection[str], steps: Collection[str], faults: str) -> None:
    """Refuse what would not be run: no mapping, no steps, a cluster or a step that is unknown, a fault that `faults` (a pattern) does not match.

    Raises `Trouble`, which names the step by its place, from 0.
    """
    if not isinstance(case, dict) or not isinstance(case.get("steps"), list):
        raise Trouble("the recording is no mapping with a list of `steps`")
    cluster = case.get("cluster")
    preset = cluster.get("preset") if isinstance(cluster, dict) else cluster
    if preset is not None and preset not in presets:
        raise Trouble(f"the cluster {preset!r} is unknown; there are {', '.join(presets)}")
    for number, step in enumerate(case["steps"]):
        if not isinstance(step, dict) or not any(word in step for word in steps):
            raise Trouble(f"step {number} has none of {', '.join(steps)}")
        if "fault" in step and not re.fullmatch(faults, str(step["fault"])):
            raise Trouble(f"step {number}: the fault {step['fault']!r} is unknown")
        _check_moment(f"step {number}: at", step.get("at", 0))


def check_until(case: dict[str, Any]) -> None:
    """Refuse a scenario without its end."""
    _check_moment("until", case.get("until"))


def _check_moment(name: str, seconds: object) -> None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise Trouble(f"{name} is {seconds!r}, not a number of seconds from 0")


def show(observed: Any) -> None:
    """One JSON document on a line of its own."""
    print(json.dumps(observed, ensure_ascii=False))


def note(text: str) -> None:
    """Say on standard error what did not go as the recording wants, where the steps after it may still be of use."""
    print(f"note: {text}", file=sys.stderr)
