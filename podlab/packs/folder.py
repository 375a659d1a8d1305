"""A pack's files as text, out of a folder or a zip: the only place where a pack's bytes are touched, so all that is hostile ends here."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO

from podlab.packs.problems import PackError, Problem

Files = dict[str, str]
"""Path in the pack, with `/` → text."""
FILE_BYTES, ALL_BYTES, MOST_FILES = 256 * 1024, 4 * 1024 * 1024, 500
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
ENDINGS = (".yaml", ".yml", ".md", ".sh", ".json", ".txt", ".sql", ".conf", ".html")


def of_folder(folder: Path) -> Files:
    """All files of a folder; `PackError` where one is no plain small text in a plain place."""
    if not folder.is_dir():
        raise PackError([Problem(str(folder), 0, 0, "is no folder")])
    problems: list[Problem] = []
    files: Files = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            problems.append(Problem(name, 0, 0, "is a link", "a pack holds plain files only"))
            continue
        if path.is_dir() or _hidden(name):
            continue
        total += path.stat().st_size
        _check(name, path.stat().st_size, total, len(files), problems)
        if not problems:
            _decode(name, path.read_bytes(), files, problems)
    if problems:
        raise PackError(problems)
    return files


def of_zip(source: Path | IO[bytes]) -> Files:
    """All files of a zip, without the one folder that they may lie in; `PackError` as for a folder, and for bombs and ways out."""
    problems: list[Problem] = []
    files: Files = {}
    try:
        with zipfile.ZipFile(source) as archive:
            total = 0
            for info in archive.infolist():
                if info.is_dir() or _hidden(info.filename):
                    continue
                total += info.file_size
                _check(info.filename, info.file_size, total, len(files), problems)
                if info.external_attr >> 28 == 0xA:
                    problems.append(Problem(info.filename, 0, 0, "is a link", "a pack holds plain files only"))
                if problems:
                    raise PackError(problems)
                with archive.open(info) as entry:
                    _decode(info.filename, entry.read(FILE_BYTES + 1), files, problems)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise PackError([Problem("the file", 0, 0, f"is no zip that can be read: {error}", "make it anew, without a password")]) from None
    if problems:
        raise PackError(problems)
    return _without_top(files)


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.split("/"))


def _check(name: str, size: int, total: int, count: int, problems: list[Problem]) -> None:
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or not all(NAME.fullmatch(part) for part in parts) or len(parts) > 4:
        problems.append(Problem(name[:200], 0, 0, "is no path that a pack may have", "letters, digits, `.`, `_`, `-`; at most four levels"))
    elif not name.endswith(ENDINGS) and "/" in name:
        problems.append(Problem(name, 0, 0, "is of a kind that a pack does not hold", f"files end in {', '.join(ENDINGS)}"))
    if size > FILE_BYTES:
        problems.append(Problem(name[:200], 0, 0, f"has {size} bytes", f"a file has at most {FILE_BYTES // 1024} KB"))
    if total > ALL_BYTES:
        problems.append(Problem(name[:200], 0, 0, "makes the pack too large", f"all files together have at most {ALL_BYTES // 1024**2} MB"))
    if count >= MOST_FILES:
        problems.append(Problem(name[:200], 0, 0, "is one file too many", f"a pack has at most {MOST_FILES}"))


def _decode(name: str, data: bytes, files: Files, problems: list[Problem]) -> None:
    try:
        text = data[: FILE_BYTES + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(Problem(name, data[: error.start].count(b"\n") + 1, 1, "is not UTF-8 text", "save it as UTF-8"))
        return
    bad = next((at for at, letter in enumerate(text) if ord(letter) < 32 and letter not in "\n\r\t"), None)
    if bad is not None:
        problems.append(Problem(name, text[:bad].count("\n") + 1, 1, "holds a control character", "take it out"))
    elif len(data) > FILE_BYTES:
        problems.append(Problem(name, 0, 0, "is larger than it says", f"a file has at most {FILE_BYTES // 1024} KB"))
    else:
        files[name] = text.replace("\r\n", "\n")


def _without_top(files: Files) -> Files:
    """A zip usually holds one folder: the pack."""
    tops = {name.split("/")[0] for name in files}
    if "pack.yaml" in files or len(tops) != 1:
        return files
    return {name.split("/", 1)[1]: text for name, text in files.items() if "/" in name}
