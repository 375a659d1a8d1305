"""`manage.py`: sets up what a command needs, then runs it. Until the environment exists, standard library only."""

import fcntl
import importlib
import os
import sys

from podlab.cli import environment, frontend, lab
from podlab.cli.trouble import Trouble, from_os_error
from podlab.home import home

COMMANDS = {"lab": "lab", "test": "test", "bench": "test", "trace": "lab", "transcript": "lab", "pack": "lab"}
"""Our commands (`podlab.cli.<name>.main`) and the kind of environment each needs; all others are Django's."""
WITH_PAGES = {"lab", "test", "bench"}
"""Those that need the front end built."""


def main(argv: list[str]) -> int:
    """Run the command line `argv`; the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podlab.settings")
    try:
        return _run(argv)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
    except OSError as error:
        if (trouble_behind := from_os_error(error)) is None:
            raise
        print(f"\n{trouble_behind}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _run(argv: list[str]) -> int:
    name, arguments = (argv[1] if len(argv) > 1 else "help"), argv[2:]
    if name == "lock":
        return environment.lock(arguments)
    if name not in COMMANDS:
        return _django(argv)
    if name == "lab":
        lab.parse(arguments)  # an address that cannot be had is told before the set-up, not after it
    _set_up(COMMANDS[name], argv, front_end=name in WITH_PAGES)
    command = importlib.import_module(f"podlab.cli.{name}")
    return int(command.main(command.parse(arguments)))


def _django(argv: list[str]) -> int:
    if not environment.inside():
        _set_up("lab", argv, front_end=False)
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)
    return 0


def _set_up(kind: str, argv: list[str], front_end: bool) -> None:
    """Make the environment, move into it, build the front end. One at a time: two commands may start together."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stale = not environment.ready(kind)
        environment.ensure(kind)
        if stale or not environment.inside():
            environment.restart(argv)
        if front_end:
            frontend.ensure(with_tests=kind == "test")
