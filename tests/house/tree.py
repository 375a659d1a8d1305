"""The repository as the house tests read it: files that git tracks, Python parsed once."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

from podlab.home import ROOT

CODE = {".py", ".ts", ".css", ".html"}


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks or would track, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(Path(name) for name in sorted(set(listed.splitlines())) if (ROOT / name).is_file())


def text(path: Path) -> str:
    """The text of a tracked file, "" where it is none."""
    try:
        return (ROOT / path).read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def code() -> Iterator[Path]:
    """Code that people read: tests, migrations and data aside."""
    for path in tracked():
        if path.suffix in CODE and not {"tests", "migrations"} & set(path.parts) and not path.name.endswith(".test.ts"):
            yield path


def sim() -> list[Path]:
    """The modules of the simulation."""
    return [path for path in tracked() if path.suffix == ".py" and path.parts[:2] == ("podlab", "sim")]


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text(path), str(path))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name with place, and number of lines, of each function in a Python file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1
