"""`manage.py trace SCENARIO.yaml` and `manage.py transcript CASE.yaml`: run a recording's steps here, print what is observed as JSON."""

import argparse
import json
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


def show(observed: Any) -> None:
    """One JSON document on a line of its own."""
    print(json.dumps(observed, ensure_ascii=False))
