"""Where things lie: the repository's root, and the home of all state of a running lab.

Standard library only, and without effect on import: `manage.py` uses it before the environment exists.
"""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 100
"""A Unix socket's path may have 107 bytes on Linux, 103 elsewhere."""


def home() -> Path:
    """The folder that holds all state: `PODLAB_HOME`, else `var/` beside `manage.py`."""
    return Path(os.environ.get("PODLAB_HOME") or ROOT / "var").resolve()


def logs() -> Path:
    """The folder of the children's logs."""
    return home() / "log"


def runtime_folder() -> Path:
    """The folder (mode 700) of the embedded Valkey's socket; a short one under the temporary folder for a deep home."""
    folder = home() / "run"
    if len(os.fsencode(folder / "valkey.sock")) > SOCKET_PATH_LIMIT:
        digest = hashlib.sha256(os.fsencode(home())).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"podlab-{os.getuid()}-{digest}"
    return folder


def valkey_socket() -> Path:
    """The Unix socket of the embedded Valkey."""
    return runtime_folder() / "valkey.sock"


def redis_url() -> str:
    """The address of the Redis server as redis-py reads it: `PODLAB_REDIS_URL`, else the embedded Valkey's socket."""
    return os.environ.get("PODLAB_REDIS_URL") or f"unix://{valkey_socket()}?db=0"


def describe_place(path: Path) -> str:
    """`path` as a person wants to read it: relative to the root where it lies inside."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
