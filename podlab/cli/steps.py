"""Steps of setting up: one line of progress each; what the tools print goes to `log/setup.log`."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from podlab.cli.trouble import explain
from podlab.home import ROOT, home, logs


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Show `text` while the block runs, then the seconds it took."""
    sys.stdout.write(f"  {text} … ")
    sys.stdout.flush()
    start = time.monotonic()
    try:
        yield
    except BaseException:
        sys.stdout.write("\n")
        raise
    sys.stdout.write(f"{time.monotonic() - start:.1f} s\n")
    sys.stdout.flush()


def tool_environment() -> dict[str, str]:
    """The environment of the package tools: their caches lie in the home too, unless the user said where."""
    cache = home() / "cache"
    return {
        "UV_CACHE_DIR": str(cache / "uv"),
        "npm_config_cache": str(cache / "npm"),
        "PIP_CACHE_DIR": str(cache / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "NO_COLOR": "1",
        **os.environ,
    }


def run_tool(what: str, command: Sequence[str | Path], timeout_s: float, attempts: int = 1) -> None:
    """Run a tool to its end. One that stalls is ended after `timeout_s` and tried again; one that fails has tried itself.

    Raises `Trouble`.
    """
    output = ""
    for _ in range(attempts):
        code, output = _run(command, timeout_s)
        if code == 0:
            return
        if code is not None:
            break
    raise explain(what, output)


def _run(command: Sequence[str | Path], timeout_s: float) -> tuple[int | None, str]:
    """The exit code, None for one that stalled, and the output."""
    logs().mkdir(parents=True, exist_ok=True)
    with (logs() / "setup.log").open("ab+") as log:
        log.write(f"$ {' '.join(map(str, command))}\n".encode())
        log.flush()
        start = log.tell()
        code = _wait(command, log.fileno(), timeout_s)
        if code is None:
            log.write(f"timed out after {timeout_s:.0f} s\n".encode())
        log.seek(start)
        return code, log.read().decode("utf-8", "replace")


def _wait(command: Sequence[str | Path], output: int, timeout_s: float) -> int | None:
    """The exit code, or None where the tool had to be ended."""
    process = subprocess.Popen(command, cwd=ROOT, env=tool_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        return process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
        process.wait()
