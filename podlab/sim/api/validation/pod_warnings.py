"""What the API server accepts of a Pod, but warns of.

Upstream: pkg/api/pod/warnings.go. Left out: deprecated node labels, volume kinds and annotations.
"""

from __future__ import annotations

from podlab.sim.api import names
from podlab.sim.changes import Obj


def warnings(pod: Obj) -> list[str]:
    """The warnings about a Pod."""
    name = pod["metadata"].get("name", "")
    found = _name(name) if "generateName" not in pod["metadata"] else []
    return found + spec_warnings(pod["spec"], "spec")


def template_warnings(obj: Obj) -> list[str]:
    """The warnings about what makes Pods."""
    return spec_warnings(obj["spec"]["template"]["spec"], "spec.template.spec")


def job_warnings(job: Obj) -> list[str]:
    """The warnings about a Job: its name is its Pods'."""
    return _name(job["metadata"].get("name", ""), "Pod names and hostnames") + template_warnings(job)


def cron_job_warnings(cron_job: Obj) -> list[str]:
    """The warnings about a CronJob."""
    spec = cron_job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return _name(cron_job["metadata"].get("name", ""), "Pod names and hostnames") + spec_warnings(
        spec, "spec.jobTemplate.spec.template.spec"
    )


def _name(name: str, where: str = "the Pod's hostname") -> list[str]:
    wrong = ["must not contain dots"] if "." in name else names.label(name)
    if not wrong:
        return []
    told = f"this is used in {where}, which can result in surprising behavior; a DNS label is recommended"
    return [f"metadata.name: {told}: [{' '.join(wrong)}]"]


def spec_warnings(spec: Obj, path: str) -> list[str]:
    """Duplicates that lose something."""
    found: list[str] = []
    for group in ("initContainers", "containers"):
        for number, container in enumerate(spec.get(group) or ()):
            where = f"{path}.{group}[{number}]"
            found += _env(container.get("env", []), f"{where}.env") + _ports(container.get("ports", []), f"{where}.ports")
    return found


def _env(variables: list[Obj], path: str) -> list[str]:
    found = []
    for number, each in enumerate(variables):
        name = each.get("name", "")
        earlier = [other for other in variables[:number] if other.get("name") == name]
        if earlier and f"$({name})" not in each.get("value", ""):
            found.append(f'{path}[{number}]: hides previous definition of "{name}", which may be dropped when using apply')
    return found


def _ports(ports: list[Obj], path: str) -> list[str]:
    found = []
    for number, port in enumerate(ports):
        for at, other in enumerate(ports[:number]):
            if all(port.get(name) == other.get(name) for name in ("containerPort", "protocol", "hostPort", "hostIP")):
                found.append(f"{path}[{number}]: duplicate port definition with {path}[{at}]")
                break
    return found
