"""kubectl edit: the object in an editor, what comes back as a patch.

The editor is a child process (`$KUBE_EDITOR`, `$EDITOR`, `vi`) that changes a file; kubectl waits for it and reads the file again.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go. Left out: several objects, `--output-patch`, `-o json`.
"""

from __future__ import annotations

import re
import shlex
from typing import Any

from podlab.sim.api.goload import YamlError, load
from podlab.sim.api.goyaml import to_yaml
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import builder, output
from podlab.sim.kubectl.builder import Info
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.discovery import by_kind, qualified, resource_for
from podlab.sim.kubectl.errors import Failure, fatal
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.merge3 import two_way
from podlab.sim.kubectl.printed import say
from podlab.sim.linux.types import Child, Wait, Wake

_HEAD = """# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
"""
_CANCELLED = "Edit cancelled, no changes made.\n"
_FAILED = '* <nil>: Invalid value: "The edited file failed validation"'
_NO_VALID = "Edit cancelled, no valid changes were saved."


def run(inv: Invocation) -> Wait | None:
    """Open the editor on the object."""
    infos = builder.resolve(inv, builder.request(inv)).all()
    if not infos:
        inv.err("edit cancelled, no objects found\n")
        return None
    if len(infos) > 1:
        raise Failure("not supported in this lab: editing several objects at once")
    info = infos[0]
    inv.memory |= {
        "plural": info.resource.plural,
        "namespace": info.namespace,
        "name": info.name,
        "original": output.without_managed_fields(inv, info.obj),
    }
    return _open(inv, _HEAD + to_yaml(inv.memory["original"]))


def _open(inv: Invocation, text: str) -> Wait:
    path = f"/tmp/kubectl-edit-{inv.world.draw('kubectl-edit') % 10**10}.yaml"
    inv.memory |= {"path": path, "text": text}
    inv.ctx.files.write(path, text)
    env = inv.ctx.process.env
    editor = shlex.split(env.get("KUBE_EDITOR") or env.get("EDITOR") or "vi")
    try:
        pid = inv.ctx.spawn([*editor, path])
    except (FileNotFoundError, PermissionError):
        raise Failure(f'unable to launch the editor "{editor[0]}"') from None
    inv.memory["pid"] = pid
    return inv.then("edited", Child(pid))


def _edited(inv: Invocation, wake: Wake) -> Wait | None:
    code = inv.ctx.exit_code(inv.memory["pid"])
    if code is None:
        return inv.then("edited", Child(inv.memory["pid"]))
    text = inv.ctx.files.read(inv.memory["path"])
    if text == inv.memory["text"]:
        return _unchanged(inv)
    return _take(inv, text)


def _unchanged(inv: Invocation) -> Wait | None:
    """Nothing was changed: the first time that is the end, after a refusal the copy is kept."""
    if "refused" not in inv.memory:
        inv.ctx.files.remove(inv.memory["path"])
        inv.err(_CANCELLED)
        return None
    return _keep(inv, _NO_VALID)


def _keep(inv: Invocation, why: str) -> Wait:
    inv.err(f'A copy of your changes has been stored to "{inv.memory["path"]}"\n')
    raise Failure(why)


def _take(inv: Invocation, text: str) -> Wait | None:
    """Read what was edited and send it."""
    stripped = "".join(line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("#"))
    original = inv.memory["original"]
    try:
        edited = load(stripped)
    except YamlError as error:
        return _again(inv, stripped, _invalid(inv, f"{_FAILED}: yaml: {error}"))
    if not isinstance(edited, dict):
        return _again(inv, stripped, _invalid(inv, f"{_FAILED}: invalid object to validate"))
    if edited == original:
        return _unchanged(inv)
    wrong = _other_object(inv, edited, original)
    return wrong(inv, stripped) if wrong is not None else _send(inv, stripped, edited)


def _syntax(text: str) -> tuple[str, str]:
    lines = text.splitlines()
    return "# The edited file had a syntax error: " + "\n# ".join(lines) + "\n#\n", ""


def _invalid(inv: Invocation, *reasons: str) -> tuple[str, str]:
    what = f'{qualified(resource_for(inv.memory["plural"]))} "{inv.memory["name"]}"'
    lines = "".join(re.sub(r"\n(?=.)", "\n# ", f"# {each}\n") for each in reasons)
    return f"# {what} was not valid:\n{lines}#\n", f"error: {what} is invalid\n"


def _other_object(inv: Invocation, edited: Obj, original: Obj) -> Any:
    """What to do when the file names another object; None when it does not."""
    meta = edited.get("metadata") or {}
    if by_kind(str(edited.get("apiVersion")), str(edited.get("kind"))) is None:
        text = (
            f'resource mapping not found for name: "{meta.get("name", "")}" namespace: "{meta.get("namespace", "")}" from "edited-file": '
            f'no matches for kind "{edited.get("kind")}" in version "{edited.get("apiVersion")}"\nensure CRDs are installed first'
        )
        return lambda inv, stripped: _again(inv, stripped, _syntax(text))
    same = all(edited.get(key) == original.get(key) for key in ("apiVersion", "kind")) and meta.get("name") == original["metadata"]["name"]
    return None if same else lambda inv, stripped: _keep(inv, "At least one of apiVersion, kind and name was changed")


def _send(inv: Invocation, stripped: str, edited: Obj) -> Wait | None:
    memory = inv.memory
    resource = resource_for(memory["plural"])
    info = Info(resource, memory["namespace"], memory["name"], memory["original"])
    patch = two_way(resource, memory["original"], edited)
    try:
        new = inv.client.patch(resource, info.namespace, info.name, patch)
    except StatusError as error:
        return _refused(inv, stripped, error)
    inv.ctx.files.remove(memory["path"])
    say(inv, resource, new, "edited")
    return None


def _refused(inv: Invocation, stripped: str, error: StatusError) -> Wait:
    if error.reason == "Invalid":
        causes = (error.details or {}).get("causes") or []
        return _again(inv, stripped, _invalid(inv, *(f"* {each['field']}: {each['message']}" for each in causes)))
    if error.reason == "NotFound":
        return _keep(inv, error.message)
    what = f'{qualified(resource_for(inv.memory["plural"]))} "{inv.memory["name"]}"'
    text = f"# {what} could not be patched: {error.message}\n"
    return _again(
        inv,
        stripped,
        (text + "# You can run `kubectl replace -f " + inv.memory["path"] + "` to try this update again.\n#\n", fatal(error)[0]),
    )


def _again(inv: Invocation, stripped: str, why: tuple[str, str]) -> Wait:
    """Open the editor once more, with the reason above the text; give up when the same comes back."""
    comment, said = why
    if inv.memory.get("refused") == stripped:
        return _keep(inv, _NO_VALID)
    inv.err(said)
    inv.memory["refused"] = stripped
    return _open(inv, _HEAD + comment + stripped)


COMMAND = Command(run, steps={"edited": _edited})
