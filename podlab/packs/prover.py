"""`python -m podlab.packs.prover FOLDER PARENT`: proves a draft, one lesson after another, behind everybody else, within bounds.

Ends with its parent. Of several only one works at a time. What it says lies in FOLDER/proof.json (`drafts.Proof`) after each lesson.
"""

from __future__ import annotations

import fcntl
import os
import resource
import sys
import threading
import time
from pathlib import Path

import msgspec

from podlab.packs.drafts import Proof
from podlab.packs.prove import prove
from podlab.packs.reader import read

CPU_S = 900
MEMORY = 3 * 1024**3
LOOK_S = 1.0


def main(folder: Path, parent: int) -> None:
    """Prove what lies in `folder`/pack."""
    os.nice(19)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with (folder.parent / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _prove(folder)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(1)


def _prove(folder: Path) -> None:
    lessons = list(read(folder / "pack").lessons.values())
    proof = Proof(len(lessons))
    _write(folder, proof)
    for lesson in lessons:
        proof.reports.append(prove(lesson))
        proof.ended = len(proof.reports) == proof.of
        _write(folder, proof)


def _write(folder: Path, proof: Proof) -> None:
    part = folder / "proof.part"
    part.write_bytes(msgspec.json.encode(proof))
    part.replace(folder / "proof.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
