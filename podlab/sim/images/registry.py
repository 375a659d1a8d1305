"""Which images exist: references, their canonical names, digests, and what the registries answer.

Upstream: github.com/distribution/reference, containerd's resolver. Left out: registries other than Docker Hub and registry.k8s.io.
"""

from __future__ import annotations

import functools
import hashlib
import re

from msgspec import Struct

from podlab.sim.images import (
    agnhost,
    busybox,
    crasher,
    database,
    hog,
    kubetm,
    logs,
    machines,
    mem,
    memory,
    nginx,
    orders,
    slow_start,
    system,
    web,
)
from podlab.sim.images.types import Image
from podlab.sim.linux.types import Program

_ROOMS = (agnhost, busybox, crasher, database, kubetm, logs, machines, mem, memory, nginx, orders, slow_start, system, web)
IMAGES: tuple[Image, ...] = tuple(image for room in _ROOMS for image in room.IMAGES)
PROGRAMS: dict[str, Program] = hog.PROGRAMS | {name: code for room in _ROOMS for name, code in getattr(room, "PROGRAMS", {}).items()}
REGISTRIES = ("docker.io", "registry.k8s.io", "quay.io", "gcr.io", "ghcr.io")
REFERENCE = re.compile(
    r"(?:(?P<host>[a-zA-Z0-9.-]+(?::[0-9]+)?)/)?(?P<path>[a-z0-9]+(?:(?:[._]|__|-+|/)[a-z0-9]+)*)(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[a-f0-9]{64}))?"
)


class Found(Struct, frozen=True):
    """An image of a registry. `name`: canonical with tag (`docker.io/library/nginx:latest`); `repository`: without; `digest`: `sha256:…`."""

    image: Image
    name: str
    repository: str
    tag: str
    digest: str

    @property
    def image_id(self) -> str:
        """What a container's status shows as imageID."""
        return f"{self.repository}@{self.digest}"


def canonical(reference: str) -> str | None:
    """The full name (`nginx` → `docker.io/library/nginx:latest`); None: the reference is malformed."""
    match = REFERENCE.fullmatch(reference)
    if match is None:
        return None
    host, path = match["host"] or "", match["path"]
    if host and not ("." in host or ":" in host or host == "localhost"):
        host, path = "", f"{host}/{path}"
    if not host:
        host = "docker.io"
    if host == "docker.io" and "/" not in path:
        path = f"library/{path}"
    return f"{host}/{path}@{match['digest']}" if match["digest"] else f"{host}/{path}:{match['tag'] or 'latest'}"


def short(name: str) -> str:
    """A canonical repository as images call themselves: `docker.io/library/nginx` → `nginx`."""
    return name.removeprefix("docker.io/").removeprefix("library/")


@functools.cache
def find(reference: str) -> Found | None:
    """The image that a registry gives for this reference (tag or digest); None: it has none, or the reference is malformed."""
    name = canonical(reference)
    if name is None:
        return None
    if "@" in name:
        return _by_digest(*name.split("@"))
    repository, _, tag = name.rpartition(":")
    for image in IMAGES:
        if image.repository == short(repository) and tag in image.tags:
            return Found(image, name, repository, tag, digest(name))
    return None


@functools.cache
def sizes() -> dict[str, int]:
    """The bytes of every image that there is, by canonical name. Not to be changed."""
    return {f"{_full(each.repository)}:{tag}": each.size for each in IMAGES for tag in each.tags}


def _full(repository: str) -> str:
    return (canonical(repository) or repository).rpartition(":")[0]


def _by_digest(repository: str, wanted: str) -> Found | None:
    for image in IMAGES:
        for tag in image.tags if image.repository == short(repository) else ():
            if digest(f"{repository}:{tag}") == wanted:
                return Found(image, f"{repository}@{wanted}", repository, tag, wanted)
    return None


def refusal(reference: str) -> str:
    """What containerd says when the pull of this reference fails: unknown host, unknown repository, unknown tag."""
    name = canonical(reference) or reference
    start = f'failed to pull and unpack image "{name}": failed to resolve reference "{name}": '
    host = name.partition("/")[0]
    if host not in REGISTRIES:
        return (
            start
            + f'failed to do request: Head "https://{host}/v2/{name.partition("/")[2].rpartition(":")[0]}/manifests/{name.rpartition(":")[2]}": dial tcp: lookup {host}: no such host'
        )
    repository = re.split(r"@|:(?=[^/]*$)", name)[0]
    if any(image.repository == short(repository) for image in IMAGES):
        return start + f"{name}: not found"
    return (
        start
        + "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
    )


def digest(text: str) -> str:
    """The made-up digest of something named so: always the same."""
    return "sha256:" + hashlib.sha256(f"podlab {text}".encode()).hexdigest()


def find_image(reference: str) -> Image:
    """The image of a host (which was found before)."""
    found = find(reference)
    return EMPTY if found is None else found.image


EMPTY = Image("scratch", ("latest",), shell=False)


@functools.cache
def files_of(reference: str) -> dict[str, str]:
    """The files that an image brings: path without leading slash → text; its programs and directories too. Not to be changed."""
    image = find_image(reference)
    files = {path.lstrip("/"): text for path, text in image.files.items()}
    for folder in (
        ("bin", "dev", "etc", "home", "proc", "root", "sys", "tmp", "usr", "var") if image.shell else ("dev", "etc", "proc", "sys")
    ):
        files.setdefault(f"{folder}/", "")
    for program in image.programs:
        if program.startswith("/"):
            files.setdefault(program.lstrip("/"), "\x7fELF")
    return files
