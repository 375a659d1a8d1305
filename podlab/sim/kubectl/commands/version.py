"""kubectl version, api-versions, api-resources, cluster-info, options, top, completion.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd (version, apiresources, clusterinfo, options, top, completion). Left out: the Metrics API, `cluster-info dump`.
"""

from __future__ import annotations

from podlab.sim.api.goyaml import to_json, to_yaml
from podlab.sim.api.resources import RESOURCES, Resource
from podlab.sim.apiserver.http.discovery import GROUPS, rows_of
from podlab.sim.changes import Obj
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.errors import Failure
from podlab.sim.kubectl.helptext import options_text
from podlab.sim.kubectl.invocation import Invocation
from podlab.sim.kubectl.kubeconfig import SERVER
from podlab.sim.kubectl.table import render

VERSION = "v1.36.2"
KUSTOMIZE = "v5.8.1"
_BUILD = {
    "major": "1",
    "minor": "36",
    "gitVersion": VERSION,
    "gitCommit": "0000000000000000000000000000000000000000",
    "gitTreeState": "clean",
    "buildDate": "2026-06-09T12:00:00Z",
    "goVersion": "go1.26",
    "compiler": "gc",
    "platform": "linux/amd64",
}


def version(inv: Invocation) -> None:
    """The versions of kubectl and of the server."""
    form, client = inv.flags["output"], inv.flags["client"]
    if form not in ("", "json", "yaml"):
        raise Failure("--output must be 'yaml' or 'json'")
    data: Obj = {"clientVersion": _BUILD, "kustomizeVersion": KUSTOMIZE} | ({} if client else {"serverVersion": _BUILD})
    if form:
        inv.out(to_yaml(data) + "\n" if form == "yaml" else to_json(data, indent=2, sort=False) + "\n")
        return
    inv.out(f"Client Version: {VERSION}\nKustomize Version: {KUSTOMIZE}\n" + ("" if client else f"Server Version: {VERSION}\n"))


def api_versions(inv: Invocation) -> None:
    """The group versions that the server has."""
    _no_arguments(inv)
    found = sorted(f"{group}/{version}" for group, versions in GROUPS.items() for version in versions)
    inv.out("".join(f"{each}\n" for each in [*found, "v1"]))


def _no_arguments(inv: Invocation) -> None:
    if inv.args:
        raise inv.usage(f"unexpected arguments: [{' '.join(inv.args)}]")


def api_resources(inv: Invocation) -> None:
    """A table of the kinds."""
    flags = inv.flags
    _no_arguments(inv)
    if flags["output"] not in ("", "wide", "name", "json", "yaml", "kyaml"):
        raise Failure(f"--output {flags['output']} is not available")
    if flags["sort-by"] not in ("", "name", "kind"):
        raise Failure("--sort-by accepts only name or kind")
    preferred = {"": ("v1",)} | GROUPS
    found = [row for group, versions in preferred.items() for row in rows_of(group, versions[0]) if _wanted(inv, row)]
    found.sort(
        key=lambda each: (each.kind if flags["sort-by"] == "kind" else "", each.plural) if flags["sort-by"] else (each.group, each.plural)
    )
    if flags["output"] in ("json", "yaml"):
        _structured(inv, found)
    elif flags["output"] == "name":
        inv.out("".join(f"{each.plural}.{each.group}\n" if each.group else f"{each.plural}\n" for each in found))
    else:
        inv.out(render(([] if flags["no-headers"] else [_header(inv)]) + [_row(inv, each) for each in found]))


def _wanted(inv: Invocation, row: Resource) -> bool:
    flags = inv.flags
    if inv.given("api-group") and row.group != flags["api-group"]:
        return False
    if inv.given("namespaced") and row.namespaced is not flags["namespaced"]:
        return False
    if not set(flags["verbs"]) <= set(row.verbs):
        return False
    return all(each in row.categories for each in flags["categories"])


def _header(inv: Invocation) -> list[str]:
    return ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"] + (["VERBS", "CATEGORIES"] if inv.flags["output"] == "wide" else [])


def _row(inv: Invocation, row: Resource) -> list[str]:
    cells = [row.plural, ",".join(row.short), row.api_version, "true" if row.namespaced else "false", row.kind]
    return cells + ([",".join(row.verbs), ",".join(row.categories)] if inv.flags["output"] == "wide" else [])


def _structured(inv: Invocation, found: list[Resource]) -> None:
    rows = []
    for each in found:
        row: Obj = {"name": each.plural, "singularName": each.singular, "namespaced": each.namespaced}
        row |= {"group": each.group} if each.group else {}
        row |= {"version": each.version, "kind": each.kind, "verbs": list(each.verbs)}
        row |= {"shortNames": list(each.short)} if each.short else {}
        rows.append(row | ({"categories": list(each.categories)} if each.categories else {}))
    data: Obj = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "", "resources": rows}
    inv.out(to_yaml(data) if inv.flags["output"] == "yaml" else to_json(data, sort=False) + "\n")


def cluster_info(inv: Invocation) -> None:
    """Where the control plane and its services are."""
    inv.out(f"Kubernetes control plane is running at {SERVER}\n")
    services = RESOURCES["services"]
    for each in inv.client.list(services, "kube-system", "kubernetes.io/cluster-service=true"):
        meta = each["metadata"]
        name, port = (meta.get("labels") or {}).get("kubernetes.io/name") or meta["name"], each["spec"]["ports"][0].get("name", "")
        inv.out(f"{name} is running at {SERVER}/api/v1/namespaces/kube-system/services/{meta['name']}:{port}/proxy\n")
    inv.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")


def options(inv: Invocation) -> None:
    """The flags of every command."""
    inv.out(options_text())


def no_metrics(inv: Invocation) -> None:
    """The lab has no Metrics API, as a new cluster has none."""
    if inv.flags["sort-by"] not in ("", "cpu", "memory"):
        raise Failure("--sort-by accepts only cpu or memory")
    raise Failure("Metrics API not available")


def completion(inv: Invocation) -> None:
    """The lab's terminal completes by itself."""
    shells = ("bash", "zsh", "fish", "powershell")
    if not inv.args:
        raise inv.usage("Shell not specified.")
    if len(inv.args) > 1:
        raise inv.usage("Too many arguments. Expected only the shell type.")
    if inv.args[0] not in shells:
        raise inv.usage(f'Unsupported shell type "{inv.args[0]}".')
    inv.out("# kubectl's completion is already at work in this terminal.\n")


COMMANDS = {
    "version": Command(version),
    "api-versions": Command(api_versions),
    "api-resources": Command(api_resources),
    "cluster-info": Command(cluster_info),
    "options": Command(options),
    "top node": Command(no_metrics),
    "top pod": Command(no_metrics),
    "completion": Command(completion),
}
