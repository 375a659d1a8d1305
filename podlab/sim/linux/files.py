"""Files of a host: what its image brings, what was written over it, and what is mounted from elsewhere.

A directory is there when something lies in it, or as a key that ends in `/`. Paths are kept absolute and normal.

Upstream: overlayfs, bind mounts. Left out: owners, modes but for "may be run", links, times.
"""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from podlab.sim.changes import Touched
from podlab.sim.images import files_of
from podlab.sim.linux import proc
from podlab.sim.linux.sizes import size_of
from podlab.sim.linux.types import Host, Mount

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux

FILE_BYTES, STORE_BYTES = 512 * 1024, 2 * 1024 * 1024
"""What one file, and all files of a machine or a volume, may really hold (a file of zeros holds next to nothing)."""
WORDS = {
    errno.EEXIST: "File exists",
    errno.EISDIR: "Is a directory",
    errno.ENOENT: "No such file or directory",
    errno.ENOSPC: "No space left on device",
    errno.ENOTDIR: "Not a directory",
    errno.ENOTEMPTY: "Directory not empty",
    errno.EROFS: "Read-only file system",
}


def _error(code: int, path: str) -> OSError:
    return OSError(code, WORDS[code], path)


@lru_cache(4096)
def _absolute(cwd: str, path: str) -> str:
    whole = posixpath.normpath(posixpath.join(cwd, path))
    return whole if not whole.startswith("//") else whole[1:]


class Store:
    """One place where files are kept: the layer of a host or a volume; keys are paths without a leading slash."""

    def __init__(self, written: dict[str, str], base: dict[str, str], removed: list[str], touched: Callable[[], None]) -> None:
        self._written = written
        self._base = base
        self._removed = removed
        self._touched = touched

    def get(self, key: str) -> str | None:
        """The text, or None."""
        text = self._written.get(key)
        if text is None and key in self._base and key not in self._removed:
            return self._base[key]
        return text

    def paths(self) -> Iterator[str]:
        """All keys, in no order that matters."""
        yield from self._written
        for key in self._base:
            if key not in self._written and key not in self._removed:
                yield key

    def put(self, key: str, text: str) -> None:
        """Write the whole text."""
        if self._written.get(key) == text:
            return
        self._written[key] = text
        if key in self._removed:
            self._removed.remove(key)
        self._touched()

    def weight(self) -> int:
        """How much was really written here."""
        return sum(map(len, self._written.values()))

    def drop(self, key: str) -> None:
        """Remove one key."""
        self._written.pop(key, None)
        if key in self._base and key not in self._removed:
            self._removed.append(key)
        self._touched()

    def is_dir(self, key: str) -> bool:
        """Whether `key` is a directory here ("" always is)."""
        start = f"{key}/"
        return key == "" or any(each.startswith(start) for each in self.paths())


class HostFiles:
    """The `Files` of a host as a process with that working directory sees them."""

    def __init__(self, linux: Linux, host: Host, cwd: str = "/", pid: int = 0) -> None:
        self._linux = linux
        self._host = host
        self._cwd = cwd
        self._pid = pid
        self._layer: Store | None = None

    def absolute(self, path: str) -> str:
        """The normal absolute form of a path."""
        return _absolute(self._cwd, path)

    def _mount_of(self, whole: str) -> Mount | None:
        """The innermost mount that a path lies in."""
        found: Mount | None = None
        for mount in self._host.mounts:
            at = mount.path.rstrip("/")
            if whole.startswith(at) and whole[len(at) : len(at) + 1] in ("", "/") and (found is None or len(at) > len(found.path)):
                found = mount
        return found

    def _place(self, path: str) -> tuple[Store, str, bool]:
        """Where a path is kept: the store, the key in it, and whether it is read-only."""
        whole = self.absolute(path)
        found = self._mount_of(whole)
        if found is None:
            return self._own(), whole.lstrip("/"), False
        rest = whole[len(found.path.rstrip("/")) :].lstrip("/")
        key = "/".join(part for part in (found.sub_path.strip("/"), rest) if part)
        if found.volume.startswith("node/"):
            name, _, folder = found.volume.partition(":")
            files = self._linux.files(name)
            store, inner, read_only = files._place(posixpath.join(folder, key))
            return store, inner, read_only or found.read_only
        return self._linux.volume_store(found.volume), key, found.read_only

    def _own(self) -> Store:
        if self._layer is None:
            host = self._host
            self._layer = Store(host.files, files_of(host.image), host.removed, lambda: self._linux.touch(host.name))
        return self._layer

    def read(self, path: str) -> str:
        """The text of a file; FileNotFoundError, IsADirectoryError."""
        whole = self.absolute(path)
        if whole.startswith("/proc/"):
            text = proc.read(self._linux, self._host, whole, self._pid)
            if text is not None:
                return text
        if whole in ("/dev/null", "/dev/stdin"):
            return ""
        if whole == "/etc/hostname" and "etc/hostname" not in self._host.files:
            return self._host.hostname + "\n"
        store, key, _ = self._place(whole)
        text = store.get(key)
        if text is not None:
            return text
        raise _error(errno.EISDIR if self.is_dir(whole) else errno.ENOENT, path)

    def room(self, path: str) -> int | None:
        """The bytes that a new file may have where a volume has a size; None: as many as one likes."""
        mount, old = self._mount_of(self.absolute(path)), self.read(path) if self.is_file(path) else ""
        return mount.limit - self._linux.volume_usage(mount.volume) + size_of(old) if mount is not None and mount.limit else None

    def write(self, path: str, text: str, *, append: bool = False) -> None:
        """Write or append; FileNotFoundError when the directory is missing, IsADirectoryError, OSError EROFS."""
        whole = self.absolute(path)
        if whole in ("/dev/null", "/dev/zero"):
            return
        store, key, read_only = self._place(whole)
        if self.is_dir(whole):
            raise _error(errno.EISDIR, path)
        if read_only or whole.startswith(("/proc/", "/sys/")):
            raise _error(errno.EROFS, path)
        if not self.is_dir(posixpath.dirname(whole)):
            raise _error(errno.ENOTDIR if self.is_file(posixpath.dirname(whole)) else errno.ENOENT, path)
        old = store.get(key) or ""
        new = old + text if append else text
        mount = self._mount_of(whole)
        if mount is not None and mount.limit and self._linux.volume_usage(mount.volume) - size_of(old) + size_of(new) > mount.limit:
            raise _error(errno.ENOSPC, path)
        if len(new) > FILE_BYTES or store.weight() + len(new) - len(old) > STORE_BYTES:
            raise _error(errno.ENOSPC, path)
        store.put(key, new)
        self._tell("write", whole)

    def remove(self, path: str) -> None:
        """Remove a file, or an empty directory; FileNotFoundError, OSError ENOTEMPTY, EROFS."""
        whole = self.absolute(path)
        store, key, read_only = self._place(whole)
        if not self.exists(whole):
            raise _error(errno.ENOENT, path)
        if read_only:
            raise _error(errno.EROFS, path)
        if self.is_dir(whole):
            if self.list(whole):
                raise _error(errno.ENOTEMPTY, path)
            store.drop(key + "/")
        else:
            self._keep_dir(posixpath.dirname(whole))
            store.drop(key)
            self._tell("remove", whole)

    def _tell(self, verb: str, path: str) -> None:
        world = self._linux.world
        world.notice(Touched(world.now, self._host.name, path, verb))

    def _keep_dir(self, path: str) -> None:
        """A directory stays when its last file goes."""
        store, key, _ = self._place(path)
        if key and store.get(key + "/") is None:
            store.put(key + "/", "")

    def mkdir(self, path: str, *, parents: bool = False) -> None:
        """Make a directory; FileExistsError, FileNotFoundError, NotADirectoryError."""
        whole = self.absolute(path)
        if self.exists(whole):
            if parents and self.is_dir(whole):
                return
            raise _error(errno.EEXIST, path)
        store, key, read_only = self._place(whole)
        if read_only:
            raise _error(errno.EROFS, path)
        above = posixpath.dirname(whole)
        while not self.exists(above):
            if not parents:
                raise _error(errno.ENOENT, path)
            above = posixpath.dirname(above)
        if not self.is_dir(above):
            raise _error(errno.ENOTDIR, path)
        store.put(key + "/", "")

    def exists(self, path: str) -> bool:
        """Whether a file or directory is there."""
        return self.is_file(path) or self.is_dir(path)

    def is_file(self, path: str) -> bool:
        """Whether a file (not a directory) is there."""
        whole = self.absolute(path)
        if whole.startswith("/proc/"):
            return proc.read(self._linux, self._host, whole, self._pid) is not None
        store, key, _ = self._place(whole)
        return (bool(key) and store.get(key) is not None) or whole in ("/dev/null", "/dev/zero", "/etc/hostname")

    def is_dir(self, path: str) -> bool:
        """Whether a directory is there."""
        whole = self.absolute(path)
        if whole == "/" or self._mounted_in(whole):
            return True
        if whole == "/proc" or whole.startswith("/proc/"):
            return proc.listing(self._linux, self._host, whole, self._pid) is not None
        store, key, _ = self._place(whole)
        return store.get(key) is None and (store.is_dir(key) or store.get(key + "/") is not None)

    def _mounted_in(self, whole: str) -> bool:
        start = whole.rstrip("/") + "/"
        return any(mount.path.startswith(start) for mount in self._host.mounts)

    def list(self, path: str) -> list[str]:
        """The names in a directory, sorted; NotADirectoryError, FileNotFoundError."""
        whole = self.absolute(path)
        if not self.is_dir(whole):
            raise _error(errno.ENOTDIR if self.is_file(whole) else errno.ENOENT, path)
        if whole.startswith("/proc"):
            return proc.listing(self._linux, self._host, whole, self._pid) or []
        store, key, _ = self._place(whole)
        start = f"{key}/" if key else ""
        names = {each[len(start) :].split("/")[0] for each in store.paths() if each.startswith(start) and each != start}
        above = whole.rstrip("/") + "/"
        names |= {mount.path[len(above) :].split("/")[0] for mount in self._host.mounts if mount.path.startswith(above)}
        return sorted(names)

    def walk(self, path: str) -> Iterator[str]:
        """All paths below `path`, itself first, directories before what is in them."""
        yield path
        if self.is_dir(path):
            for name in self.list(path):
                yield from self.walk(path.rstrip("/") + "/" + name)

    def usage(self, path: str) -> int:
        """Bytes of all files below `path`."""
        return sum(size_of(self.read(each)) for each in self.walk(path) if not self.is_dir(each))
