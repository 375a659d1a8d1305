"""`python3 manage.py transcript CASE.yaml`: run a recorded case in a simulated cluster, write what was observed."""

from __future__ import annotations

import argparse
from typing import Any

from podlab.cli import recording
from podlab.cli.transcripts import api, kubectl


def observe(case: Any) -> Any:
    """What the simulation answers: `{steps: […]}` of a kubectl case, a list of answers of API cases."""
    if isinstance(case, list):
        return [api.run_case(each) for each in case]
    return kubectl.run_case(case, None)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    return recording.parse("transcript", arguments)


def main(options: argparse.Namespace) -> int:
    """Print the observation as one JSON document; the exit code."""
    recording.show(observe(recording.read(options.recording)))
    return 0
