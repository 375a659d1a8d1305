"""Packs that an instructor has uploaded and not yet published: kept beside the installed ones, proved by a process of their own, then installed.

`.drafts/<id>/` in the packs' folder holds `pack/` (its files), `draft.json` (`Draft`) and `proof.json` (`Proof`, written by `podlab.packs.prover`).
A draft's id is the digest of its files: the same pack uploaded twice is one draft.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO, Literal

import msgspec
from msgspec import Struct, field

from podlab.home import ROOT
from podlab.packs import library
from podlab.packs.folder import Files, of_folder, of_zip
from podlab.packs.model import Pack
from podlab.packs.problems import PackError, Problem
from podlab.packs.prove import Report
from podlab.packs.reader import of_files

MOST = 20
"""So many drafts are kept; a new one takes the place of the oldest."""
State = Literal["proving", "proved", "unproved", "stopped"]
_proofs: list[subprocess.Popen[bytes]] = []


class Proof(Struct):
    """How far the proof of a draft is: `of` lessons, those that are done, whether it has come to its end."""

    of: int = 0
    reports: list[Report] = field(default_factory=list)
    ended: bool = False


class Draft(Struct):
    """A pack that was uploaded: its name, by whom, when (seconds since 1970)."""

    id: str
    pack: str
    version: str
    title: dict[str, str]
    by: str
    at: float

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return _folder() / self.id

    @property
    def proof(self) -> Proof:
        """What its proof has said so far."""
        try:
            return msgspec.json.decode((self.folder / "proof.json").read_bytes(), type=Proof)
        except (OSError, msgspec.DecodeError):
            return Proof()

    @property
    def state(self) -> State:
        """`stopped`: the proof took too long or was ended, and may be begun again."""
        proof = self.proof
        if proof.ended:
            return "proved" if all(each.proved for each in proof.reports) else "unproved"
        return "proving" if _held(self.folder / "lock") else "stopped"


def receive(source: IO[bytes], by: str, at: float) -> Draft:
    """Keep an uploaded zip as a draft and begin its proof; `PackError` where it is no good pack, or could not be installed."""
    files = of_zip(source)
    pack = of_files(files, Path("upload"), "installed")
    library.fits(pack, files)
    digest = hashlib.sha256(msgspec.json.encode(sorted(files.items()))).hexdigest()[:20]
    draft = Draft(digest, pack.id, pack.version, pack.title, by, at)
    if find(digest) is None:
        library.write(files, draft.folder / "pack")
        (draft.folder / "draft.json").write_bytes(msgspec.json.encode(draft))
    for old in drafts()[MOST:]:
        discard(old)
    prove(draft)
    return draft


def drafts() -> list[Draft]:
    """All that are there, the newest first."""
    names = [each.name for each in _folder().iterdir() if each.is_dir()] if _folder().is_dir() else []
    return sorted(filter(None, map(find, names)), key=lambda each: (-each.at, each.id))


def find(name: str) -> Draft | None:
    """A draft by its id."""
    if not name.isalnum():
        return None
    try:
        return msgspec.json.decode((_folder() / name / "draft.json").read_bytes(), type=Draft)
    except (OSError, msgspec.DecodeError):
        return None


def prove(draft: Draft) -> None:
    """Begin its proof, unless one runs or has come to its end."""
    _proofs[:] = [each for each in _proofs if each.poll() is None]
    if draft.state != "stopped":
        return
    with (draft.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        command = [sys.executable, "-m", "podlab.packs.prover", str(draft.folder), str(os.getpid())]
        quiet = subprocess.DEVNULL
        with (draft.folder / "proof.log").open("wb") as log:
            _proofs.append(subprocess.Popen(command, cwd=ROOT, stdin=quiet, stdout=log, stderr=log, pass_fds=(lock.fileno(),)))


def publish(draft: Draft) -> Pack:
    """Install it, for learners to see at once; `PackError` where it is not proved, or that version is there with other contents."""
    if draft.state != "proved":
        raise PackError([Problem("pack.yaml", 0, 0, "is not proved", "wait for the proof, and mend what it finds")])
    pack = library.install(_files(draft), draft.folder)
    discard(draft)
    return pack


def discard(draft: Draft) -> None:
    """Away with it."""
    shutil.rmtree(draft.folder, ignore_errors=True)


def _files(draft: Draft) -> Files:
    return of_folder(draft.folder / "pack")


def _folder() -> Path:
    return library.packs_folder() / ".drafts"


def _held(path: Path) -> bool:
    """Whether some process holds the lock: the prover does as long as it lives."""
    if not path.exists():
        return False
    with path.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
