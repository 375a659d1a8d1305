"""`manage.py bench`: what things cost, as medians. One file a subject, each with `figures()`; nothing here can fail a test."""

import argparse
import importlib
import pkgutil

from podlab.cli.bench.measure import Figure

TOOLS = ("clients", "measure", "plain", "pods")


def subjects() -> list[str]:
    """The names of all benches: the modules of this package that are not its tools."""
    return [module.name for module in pkgutil.iter_modules(__path__) if module.name not in TOOLS]


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="manage.py bench", description="Print what the lab costs on this machine.")
    parser.add_argument("subject", nargs="*", choices=[[], *subjects()], help=f"only these: {', '.join(subjects())}")
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> int:
    """Print the figures of each subject; the exit code."""
    for subject in options.subject or subjects():
        module = importlib.import_module(f"podlab.cli.bench.{subject}")
        print(f"\n{(module.__doc__ or subject).splitlines()[0]}", flush=True)
        for figure in module.figures():
            print(_line(figure), flush=True)
    return 0


def _line(figure: Figure) -> str:
    return f"  {figure.name:<58}{figure.value:>14,.{figure.digits}f} {figure.unit}"
