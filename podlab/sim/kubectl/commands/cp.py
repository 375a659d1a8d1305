"""kubectl cp: files between the workstation and a container, as tar would carry them.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/cp/cp.go, filespec.go. Left out: retries, modes and owners, links.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from podlab.sim.api.resources import RESOURCES
from podlab.sim.kubectl import podfinder
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.commands.exec import host_of
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.invocation import Invocation

if TYPE_CHECKING:
    from podlab.sim.linux.files import HostFiles

_NAME = re.compile(r"[^/]*(/[^/]*)?")


class Spec(Struct):
    """One end: `pod` is empty for a path here."""

    path: str
    pod: str = ""
    namespace: str = ""


def run(inv: Invocation) -> None:
    """Copy a file, or a folder with all that lies in it."""
    if len(inv.args) != 2:
        raise Failure("source and destination are required")
    source, target = (_spec(each) for each in inv.args)
    if source.pod and target.pod:
        raise Failure("one of src or dest must be a local file specification")
    if not source.path or not target.path:
        raise Failure("filepath can not be empty")
    if source.pod:
        _from_pod(inv, source, target)
    elif target.pod:
        _to_pod(inv, source, target)
    else:
        raise Failure("one of src or dest must be a remote file specification")


def _spec(text: str) -> Spec:
    before, colon, path = text.partition(":")
    if not colon:
        return Spec(text)
    if not before or _NAME.fullmatch(before) is None:
        raise Failure("filespec must match the canonical format: [[namespace/]pod:]file/path")
    namespace, _, pod = before.rpartition("/")
    return Spec(path, pod, namespace)


def _container(inv: Invocation, spec: Spec) -> HostFiles:
    """The files of the container that a path names."""
    pod = inv.client.get(RESOURCES["pods"], spec.namespace or inv.namespace, spec.pod)
    name = podfinder.container(inv, pod, inv.flags["container"], init=False)
    host = host_of(pod, name)
    first = inv.ctx.linux.processes.by_number(host, 1)
    return inv.ctx.linux.files(host, first.cwd if first is not None else "/")


def _to_pod(inv: Invocation, source: Spec, target: Spec) -> None:
    files = inv.ctx.files
    if not files.exists(source.path):
        raise Failure(f"{source.path} doesn't exist in local filesystem")
    there = _container(inv, target)
    path = target.path.rstrip("/") or "/"
    if there.is_dir(path):
        path = posixpath.join(path, posixpath.basename(posixpath.normpath(files.absolute(source.path))))
    elif not there.is_dir(posixpath.dirname(there.absolute(path))):
        raise Failure(f"tar: {posixpath.dirname(path)}: Cannot open: No such file or directory\ncommand terminated with exit code 2")
    _copy(files, source.path, there, path)


def _from_pod(inv: Invocation, source: Spec, target: Spec) -> None:
    there, files = _container(inv, source), inv.ctx.files
    if source.path.startswith("/"):
        inv.err("tar: Removing leading `/' from member names\n")
    if not there.exists(source.path):
        inv.err(f"tar: {source.path}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n")
        raise Failure("command terminated with exit code 2", bare=True)
    if not there.is_dir(source.path) and files.is_dir(target.path):
        raise Failure(f"open {target.path}: is a directory")
    files.mkdir(posixpath.dirname(files.absolute(target.path)), parents=True)
    _copy(there, source.path, files, target.path)


def _copy(one: HostFiles, source: str, other: HostFiles, target: str) -> None:
    """A file, or a folder whose files keep their places."""
    if not one.is_dir(source):
        other.write(target, one.read(source))
        return
    other.mkdir(target, parents=True)
    for name in one.list(source):
        _copy(one, posixpath.join(source, name), other, posixpath.join(target, name))


COMMAND = Command(run)
