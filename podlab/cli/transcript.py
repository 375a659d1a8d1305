"""`python3 manage.py transcript CASE.yaml`: run a recorded case in a simulated cluster, write what was observed."""

from __future__ import annotations

import argparse
from typing import Any

from yaml import YAMLError

from podlab.cli import recording
from podlab.cli.transcripts import api, kubectl
from podlab.cli.trouble import Trouble
from podlab.sim.errors import StatusError

API = {"id", "method", "path"}


def observe(case: Any) -> Any:
    """What the simulation answers: `{steps: […]}` of a kubectl case, a list of answers of API cases. Raises `Trouble` where the case is neither."""
    if isinstance(case, list) and all(isinstance(each, dict) and each.keys() >= API for each in case):
        return [api.run_case(each) for each in case]
    return kubectl.run_case(case, None)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    return recording.parse("transcript", arguments)


def main(options: argparse.Namespace) -> int:
    """Print the observation as one JSON document; the exit code."""
    case = recording.read(options.recording)
    try:
        recording.show(observe(case))
    except (StatusError, YAMLError) as error:
        raise Trouble(f"{options.recording}: {error}") from None
    return 0
