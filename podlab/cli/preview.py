"""`manage.py pack preview PATH`: a lab of the author's own that shows the pack as it is now, and comes again after each save."""

from __future__ import annotations

import os
from pathlib import Path

from podlab.cli import frontend, lab
from podlab.cli.trouble import Trouble
from podlab.home import home


def run(path: Path, port: int) -> int:
    """Start it, in a home of its own (`preview/` in the home) beside a lab that may be running; the exit code. `Trouble`: there is no pack at `path`."""
    folder = next((each for each in (path.resolve(), path.resolve().parent) if (each / "pack.yaml").is_file()), None)
    if folder is None:
        raise Trouble(f"{path} holds no pack.yaml: name a pack's folder, or begin one with python3 manage.py pack new {path}")
    frontend.ensure()
    for name in ("PODLAB_REDIS_URL", "PODLAB_DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ |= {"PODLAB_HOME": str(home() / "preview"), "PODLAB_PREVIEW": str(folder)}
    print(f"{folder}: the page comes again after each save, and says what is wrong.", flush=True)
    return lab.main(lab.parse(["--port", str(port)]))
