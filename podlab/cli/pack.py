"""`python3 manage.py pack …`: what an instructor does with lesson packs. The work is done in `podlab.packs`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import msgspec

from podlab.cli import preview
from podlab.packs import claims, library, schema, starter
from podlab.packs.folder import of_folder, of_zip
from podlab.packs.model import Lesson, Pack
from podlab.packs.problems import PackError, Problem
from podlab.packs.prove import SEEDS, Report, prove
from podlab.packs.reader import read


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="manage.py pack", description="Write, check, prove and install lesson packs (docs/packs.md).")
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("new", help="begin a pack with one lesson that proves")
    new.add_argument("path", type=Path, help="the folder to make; its name becomes the pack's id")
    check = commands.add_parser("check", help="say everything that is wrong with a pack, with file, line and column")
    check.add_argument("packs", nargs="*", help="folders, zips or ids (default: all)")
    proof = commands.add_parser("prove", help="play a pack's solutions and wrong answers")
    proof.add_argument("packs", nargs="*", help="folders, zips, ids or id/lesson (default: all)")
    proof.add_argument("--json", action="store_true", help="reports as JSON")
    proof.add_argument("--seeds", type=int, default=len(SEEDS), choices=range(1, len(SEEDS) + 1), help="how many seeds")
    look = commands.add_parser("preview", help="look at a pack in a lab of its own, which shows every change at once")
    look.add_argument("path", type=Path, help="the pack's folder")
    look.add_argument("--port", type=int, default=8010, help="port to listen on (default: 8010)")
    install = commands.add_parser("install", help="put a pack where the lab finds it")
    install.add_argument("path", type=Path, help="a folder or a zip")
    commands.add_parser("list", help="the packs that there are")
    commands.add_parser("claims", help="write docs/claims.md: claim, lesson, what is seen")
    commands.add_parser("schema", help="write the JSON schemas of the YAML files and docs/authors.md (after changing their types)")
    return parser.parse_args(arguments)


def main(arguments: argparse.Namespace) -> int:
    """Run it; the exit code."""
    run: dict[str, Callable[[argparse.Namespace], int]] = {
        "new": _new, "check": _check, "prove": _prove, "preview": _preview, "install": _install, "list": _list, "claims": _claims, "schema": _schema,
    }  # fmt: skip
    try:
        return run[arguments.command](arguments)
    except PackError as error:
        _print(error.problems)
        return 1


def _print(problems: Iterable[Problem]) -> None:
    for each in problems:
        print(each)


def _chosen(names: list[str]) -> list[tuple[Pack, str]]:
    """The packs (with a lesson's slug, or "") that are meant; `PackError` for one that is broken or is not there."""
    if not names:
        broken = [problem for each in library.broken() for problem in each.problems]
        if broken:
            raise PackError(broken)
        return [(each, "") for each in library.library()]
    return [_one(name) for name in names]


def _one(name: str) -> tuple[Pack, str]:
    path = Path(name)
    if path.exists() and (path.is_file() or (path / "pack.yaml").exists()):
        return read(path), ""
    if (path.parent / "pack.yaml").exists() and path.is_dir():
        return read(path.parent), path.name
    of, _, slug = name.partition("/")
    pack = library.pack(of)
    if pack is None or (slug and slug not in pack.lessons):
        known = [each.id for each in library.library()] if pack is None else list(pack.lessons)
        raise PackError([Problem(name, 0, 0, "is no folder, no zip and no pack that is installed", f"there are {', '.join(known)}")])
    return pack, slug


def _new(arguments: argparse.Namespace) -> int:
    starter.begin(arguments.path)
    print(
        f"{arguments.path}: a pack with one lesson.\n  python3 manage.py pack check {arguments.path}\n  python3 manage.py pack prove {arguments.path}"
    )
    return 0


def _check(arguments: argparse.Namespace) -> int:
    for pack, _ in _chosen(arguments.packs):
        print(f"{pack.id} {pack.version}: {len(pack.lessons)} lesson{'s' if len(pack.lessons) != 1 else ''}, nothing wrong")
    return 0


def _prove(arguments: argparse.Namespace) -> int:
    lessons = [lesson for pack, slug in _chosen(arguments.packs) for lesson in pack.lessons.values() if slug in ("", lesson.slug)]
    reports = []
    with ProcessPoolExecutor(min(len(lessons), os.cpu_count() or 1)) as pool:
        waiting = [pool.submit(prove, lesson, SEEDS[: arguments.seeds]) for lesson in lessons]
        for number, each in enumerate(as_completed(waiting), 1):
            report = each.result()
            reports.append(report)
            if not arguments.json:
                _say(report, number, len(lessons))
    if arguments.json:
        print(json.dumps(msgspec.to_builtins(sorted(reports, key=lambda each: each.lesson)), ensure_ascii=False, indent=1))
    return 0 if all(each.proved for each in reports) else 1


def _say(report: Report, number: int, of: int) -> None:
    verdict = "proved" if report.proved else "NOT PROVED"
    print(f"[{number}/{of}] {report.lesson}: {verdict} ({report.runs} runs, {report.cpu_ms / 1000:.1f} s CPU)", flush=True)
    for finding in report.findings:
        print(f"    {finding.where}: {finding.message}")


def _preview(arguments: argparse.Namespace) -> int:
    return preview.run(arguments.path, arguments.port)


def _install(arguments: argparse.Namespace) -> int:
    path: Path = arguments.path
    files = of_zip(path) if path.is_file() else of_folder(path)
    pack = library.install(files, path)
    print(f"{pack.id} {pack.version} is installed in {pack.folder}; the catalogue shows it at once")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    for pack in library.versions():
        origin = "withdrawn" if pack.withdrawn else pack.origin
        print(
            f"{pack.id:<24} {pack.version:<8} {origin:<10} {len(pack.lessons):>2}  {pack.title.get('en') or next(iter(pack.title.values()))}"
        )
    for broken in library.broken():
        print(f"{broken.folder.name:<24} broken: {broken.problems[0]}", file=sys.stderr)
    return 0


def _claims(arguments: argparse.Namespace) -> int:
    lessons: list[Lesson] = [lesson for pack in library.library() if pack.origin == "house" for lesson in pack.lessons.values()]
    print(f"{claims.write(lessons)} is written")
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    for path in schema.write():
        print(f"{path} is written")
    return 0
