"""The packs that there are: those of the house (`lessons/`) and those that were installed (`PODLAB_PACKS`, by default `packs/` in the home).

Installed packs lie in `<id>/<version>/`, versions side by side. A pack is read again when its files change; a broken one is left out, and said.
A version that was withdrawn stays for those who are in the middle of it (`.withdrawn` in its folder).
`PODLAB_PREVIEW` names a folder whose author is looking at it: that pack stands for all others of its id.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from podlab.home import ROOT, home
from podlab.packs.folder import Files, of_folder
from podlab.packs.model import Lesson, Pack
from podlab.packs.problems import PackError, Problem
from podlab.packs.reader import of_files, read

SHIPPED = ROOT / "lessons"
WITHDRAWN = ".withdrawn"
ORDER = ("first-five-minutes", "pod", "pod-in-detail", "kubernetes-5", "pod-hands-on", "pod-life-cycle", "break-and-fix")
"""The order in which the house's packs are meant; others come after them, by name."""


class Broken(Struct):
    """A pack that cannot be used, and why."""

    folder: Path
    problems: list[Problem]


class _Kept(Struct):
    stamp: str
    pack: Pack | Broken


_cache: dict[Path, _Kept] = {}


def packs_folder() -> Path:
    """Where installed packs lie."""
    return Path(os.environ.get("PODLAB_PACKS") or home() / "packs")


def preview_folder() -> Path | None:
    """The pack whose author is looking at it (`pack preview`)."""
    named = os.environ.get("PODLAB_PREVIEW")
    return Path(named) if named else None


def preview() -> Pack | Broken | None:
    """That pack as it is now."""
    folder = preview_folder()
    return _known(folder) if folder else None


def _folders() -> Iterator[Path]:
    if SHIPPED.is_dir():
        yield from sorted(each for each in SHIPPED.iterdir() if each.is_dir() and not each.name.startswith((".", "_")))
    installed = packs_folder()
    if installed.is_dir():
        for pack in sorted(installed.iterdir()):
            if (pack / "pack.yaml").is_file():
                yield pack
            elif pack.is_dir() and not pack.name.startswith("."):
                yield from sorted(each for each in pack.iterdir() if (each / "pack.yaml").is_file() and not each.name.startswith("."))


def stamp(folder: Path) -> str:
    """Another one after each change of its files. Asked for with every page: it takes a look at each file, and no more."""
    count, newest, waiting = 0, 0, [str(folder)]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            else:
                count, newest = count + 1, max(newest, entry.stat(follow_symlinks=False).st_mtime_ns)
    return f"{count}-{newest}"


def everything() -> list[Pack | Broken]:
    """All packs, the broken ones too."""
    return [_known(folder) for folder in _folders()]


def _known(folder: Path) -> Pack | Broken:
    now = stamp(folder)
    kept = _cache.get(folder)
    if kept is None or kept.stamp != now:
        kept = _cache[folder] = _Kept(now, _read(folder))
    return kept.pack


def _read(folder: Path) -> Pack | Broken:
    try:
        pack = read(folder)
    except PackError as error:
        return Broken(folder, error.problems)
    except OSError as error:
        return Broken(folder, [Problem(str(folder), 0, 0, str(error))])
    if folder == preview_folder():
        pack.origin = "preview"
    else:
        pack.origin = "house" if folder.is_relative_to(SHIPPED) else "installed"
        pack.withdrawn = pack.origin == "installed" and (folder / WITHDRAWN).exists()
    return pack


def versions() -> list[Pack]:
    """Every pack in every version, in order."""
    found = [each for each in everything() if isinstance(each, Pack)]
    looked_at = preview()
    if isinstance(looked_at, Pack):
        found = [each for each in found if each.id != looked_at.id] + [looked_at]
    return sorted(found, key=lambda each: (ORDER.index(each.id) if each.id in ORDER else len(ORDER), each.id, _number(each.version)))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def library() -> list[Pack]:
    """The newest version of each pack that is offered, in order."""
    return list({each.id: each for each in versions() if not each.withdrawn}.values())


def broken() -> list[Broken]:
    """The packs that cannot be used."""
    return [each for each in everything() if isinstance(each, Broken)]


def pack(name: str, version: str = "") -> Pack | None:
    """A pack by its id; without a version the newest that is offered."""
    found = [each for each in versions() if each.id == name and (each.version == version if version else not each.withdrawn)]
    return found[-1] if found else None


def lesson(name: str, version: str = "") -> Lesson | None:
    """A lesson by `pack/slug`."""
    of, _, slug = name.partition("/")
    found = pack(of, version)
    return found.lessons.get(slug) if found else None


def fits(new: Pack, files: Files) -> None:
    """`PackError` where a pack cannot stand beside those that there are: its id is the house's, or its version is there with other contents."""
    if any(each.id == new.id and each.origin == "house" for each in versions()):
        raise PackError([Problem("pack.yaml", 0, 0, f"the lab brings a pack {new.id!r} of its own", "give yours another `id`")])
    target = _place(new)
    if target.exists() and of_folder(target) != files:
        raise PackError([Problem("pack.yaml", 0, 0, f"version {new.version} is installed with other contents", "raise `version`")])


def install(files: Files, source: Path) -> Pack:
    """Put a pack beside its other versions; `PackError` where it is broken, or does not fit (`fits`)."""
    new = of_files(files, source, "installed")
    fits(new, files)
    new.folder = _place(new)
    if not new.folder.exists():
        write(files, new.folder)
    offer(new)
    return new


def withdraw(pack: Pack) -> None:
    """Offer an installed version to nobody any more; who is in the middle of it keeps it, others get an older one, if there is one."""
    if pack.origin == "installed":
        (pack.folder / WITHDRAWN).touch()


def offer(pack: Pack) -> None:
    """Offer an installed version again."""
    (pack.folder / WITHDRAWN).unlink(missing_ok=True)


def write(files: Files, target: Path) -> None:
    """Write a pack's files as a new folder: there is all of it, or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as folder:
        for name, text in files.items():
            path = Path(folder) / "pack" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        shutil.move(Path(folder) / "pack", target)


def _place(pack: Pack) -> Path:
    return packs_folder() / pack.id / pack.version
