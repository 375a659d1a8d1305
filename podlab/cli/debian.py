"""Debian's packages, installed where that needs no question: as root, and where apt is."""

import os
import shutil
import subprocess

from podlab.cli.steps import run_tool


def may_install() -> bool:
    """Whether this process can install Debian's packages."""
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def update() -> None:
    """Read apt's indexes anew; an index that cannot be read shows when a package is installed."""
    subprocess.run(["apt-get", "update", "-qq"], capture_output=True, timeout=300, check=False)


def install(what: str, *packages: str) -> None:
    """Install the packages, of which `what` is the name for people. Raises `Trouble`."""
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    run_tool(f"Installing {what}", command, 900, attempts=2)
