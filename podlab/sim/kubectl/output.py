"""The forms of `-o`: json, yaml, kyaml, name, jsonpath, go-template, custom-columns.

Upstream: staging/src/k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go. Left out: nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from podlab.sim.api.goyaml import to_json, to_kyaml, to_yaml
from podlab.sim.changes import Obj
from podlab.sim.kubectl import gotemplate, jsonpath_eval
from podlab.sim.kubectl.discovery import by_kind, display
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.gotemplate_funcs import TemplateError, shown
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.jsonpath import JsonPathError, parse

FORMS = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml"
_ARGUMENT = re.compile(
    r"^(jsonpath|jsonpath-as-json|jsonpath-file|go-template|go-template-file|template|templatefile|custom-columns|custom-columns-file)=(.*)$",
    re.S,
)

Emit = Callable[[Obj], str]


def kind_of(inv: Invocation) -> str:
    """The form without its argument; "" for none."""
    output = str(inv.flags.get("output") or ("go-template" if inv.flags.get("template") else ""))
    match = _ARGUMENT.match(output)
    return match[1] if match else output


def emitter(inv: Invocation, *, forms: str = FORMS, typed: bool = False) -> Emit | None:
    """How to write one object (or List); None when `-o` is not given. `typed`: fields of `-o json` stand as they were built."""
    output = str(inv.flags.get("output") or "")
    template = str(inv.flags.get("template") or "")
    if not output and not template:
        return None
    match = _ARGUMENT.match(output)
    kind, argument = (match[1], match[2]) if match else (output or "go-template", template)
    if kind not in forms.split(","):
        allowed = ",".join(sorted(forms.split(",")))
        raise Failure(f'unable to match a printer suitable for the output format "{output}", allowed formats are: {allowed}')
    if kind in ("json", "yaml", "kyaml", "name"):
        return _plain(inv, kind, typed)
    if not argument:
        raise Failure(_no_argument(kind))
    if kind.endswith("file"):
        argument = _read(inv, argument, kind)
    return _jsonpath(inv, argument, kind) if kind.startswith("jsonpath") else _template(inv, argument)


def _no_argument(kind: str) -> str:
    what = {
        "jsonpath": "template format specified but no template given",
        "custom-columns": "custom-columns format specified but no custom columns given",
    }
    return what.get(kind.removesuffix("-file").removesuffix("-as-json"), "template format specified but no template given")


def _read(inv: Invocation, path: str, kind: str) -> str:
    try:
        return inv.ctx.files.read(path)
    except OSError:
        raise Failure(f"error reading --template {path}, open {path}: no such file or directory\n") from None


def without_managed_fields(inv: Invocation, obj: Obj) -> Obj:
    """The object as it is shown unless `--show-managed-fields`."""
    if inv.flags.get("show-managed-fields"):
        return obj
    if isinstance(obj.get("items"), list):
        return {**obj, "items": [without_managed_fields(inv, each) for each in obj["items"]]}
    meta = obj.get("metadata")
    if not isinstance(meta, dict) or "managedFields" not in meta:
        return obj
    return {**obj, "metadata": {key: value for key, value in meta.items() if key != "managedFields"}}


def _plain(inv: Invocation, kind: str, typed: bool) -> Emit:
    forms: dict[str, Emit] = {
        "json": lambda obj: to_json(without_managed_fields(inv, obj), sort=not typed) + "\n",
        "yaml": lambda obj: to_yaml(without_managed_fields(inv, obj)),
        "kyaml": lambda obj: to_kyaml(without_managed_fields(inv, obj)),
        "name": names,
    }
    return forms[kind]


def names(obj: Obj) -> str:
    """`pod/web` for an object or for each item of a List."""
    if isinstance(obj.get("items"), list):
        return "".join(names(each) for each in obj["items"])
    resource = by_kind(obj["apiVersion"], obj["kind"])
    group = obj["apiVersion"].rpartition("/")[0]
    kind = display(resource) if resource else ".".join(filter(None, (obj["kind"].lower(), group)))
    return f"{kind}/{obj['metadata']['name']}\n"


def _jsonpath(inv: Invocation, template: str, kind: str) -> Emit:
    try:
        parse(template)
    except JsonPathError as error:
        raise Failure(f"error parsing jsonpath {template}, {error}") from None
    strict = inv.flags.get("allow-missing-template-keys") is False

    def emit(obj: Obj) -> str:
        try:
            if kind == "jsonpath-as-json":
                return "".join(to_json(each) + "\n" for each in jsonpath_eval.results(template, obj, missing_error=strict))
            return jsonpath_eval.render(template, obj, missing_error=strict)
        except JsonPathError as error:
            raise Failure(_failed(template, obj, error)) from None

    return emit


def _failed(template: str, obj: Any, error: JsonPathError) -> str:
    return (
        f'error executing jsonpath "{jsonpath_eval.escaped(template)}": Error executing template: {error}. Printing more information for debugging the template:\n'
        f"\ttemplate was:\n\t\t{template}\n\tobject given to jsonpath engine was:\n\t\t{jsonpath_eval.go_value(obj)}\n\n\n"
    )


def _template(inv: Invocation, template: str) -> Emit:
    try:
        nodes = gotemplate.parse(template)
    except TemplateError as error:
        raise Failure(f"error parsing template {template}, {error}") from None

    def emit(obj: Obj) -> str:
        try:
            return gotemplate.render(nodes, template, obj)
        except TemplateError as error:
            inv.out(
                f"Error executing template: {error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{template}\n"
                f"\traw data was:\n\t\t{to_json(obj, indent=None)}\n\tobject given to template engine was:\n\t\t{shown(obj)}\n\n"
            )
            raise Failure(f'error executing template "{jsonpath_eval.escaped(template)}": {error}') from None

    return emit
