"""What a page may ask of a cluster: completions, fields of kinds, what the API server would say, why a Pod is where it is.

Answers come from a copy of the cluster that is thrown away (`answer` may run lines in it), so nothing that is asked changes anything.

Upstream: none. Left out: nothing.
"""

from __future__ import annotations

from msgspec import Struct, field

from podlab.sim.api.goyaml import to_yaml
from podlab.sim.api.resources import RESOURCES
from podlab.sim.api.schema import descriptions, types
from podlab.sim.cluster import HOME, Cluster
from podlab.sim.kubectl import explained
from podlab.sim.kubectl.commands.explain import type_name
from podlab.sim.scheduler.explain import Attempt
from podlab.sim.scheduler.remedies import Remedy, of
from podlab.sim.shell import complete

CHECK_MS = 60_000
ABOUT = 240


class Complete(Struct, tag_field="kind", tag="complete", forbid_unknown_fields=True):
    """What Tab offers for a line that is being typed in a terminal."""

    terminal: str
    text: str


class Completion(Struct, tag_field="kind", tag="complete"):
    """`words` that may stand from `start` (an offset in the text) on."""

    start: int
    words: list[str]


class Fields(Struct, tag_field="kind", tag="fields", forbid_unknown_fields=True):
    """Which fields an object of a kind has at a path (`["spec", "containers"]`), and which values the field at its end takes."""

    api_version: str
    object_kind: str
    path: list[str]


class FieldInfo(Struct, omit_defaults=True):
    """A field: its type as `kubectl explain` shows it, whether it must be there, and what it is."""

    name: str
    type: str
    text: str = ""
    required: bool = False


class FieldList(Struct, tag_field="kind", tag="fields"):
    """Empty where there are none."""

    fields: list[FieldInfo]
    values: list[str]


class Check(Struct, tag_field="kind", tag="check", forbid_unknown_fields=True):
    """What would `kubectl apply` say of this manifest now?"""

    manifest: str
    namespace: str = "default"


class Checked(Struct, tag_field="kind", tag="check"):
    """`good`: it would be taken; `lines`: what kubectl says of it."""

    good: bool
    lines: list[str]


class Yaml(Struct, tag_field="kind", tag="yaml", forbid_unknown_fields=True):
    """An object as a manifest: without status and what the server keeps for itself."""

    resource: str
    namespace: str
    name: str


class YamlText(Struct, tag_field="kind", tag="yaml"):
    """ "" where there is no such object."""

    text: str


class Read(Struct, tag_field="kind", tag="read", forbid_unknown_fields=True):
    """A file in the learner's home, and the names of the YAML files there."""

    path: str


class FileText(Struct, tag_field="kind", tag="read"):
    """`text` is null where there is no such file."""

    text: str | None
    files: list[str]


class Explain(Struct, tag_field="kind", tag="explain", forbid_unknown_fields=True):
    """Why is a Pod on its node, or on none?"""

    namespace: str
    name: str


class NodeRow(Struct, omit_defaults=True):
    """A node: who refuses it and what would change that, or its points by plugin (raw, weighted) and their sum."""

    node: str
    refusals: list[tuple[str, list[str]]] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    scores: dict[str, tuple[int, int]] = field(default_factory=dict)
    total: int = 0


class Rival(Struct, omit_defaults=True):
    """A node where preemption would do: who would go, how many against a budget, their highest priority, what decided against it ("": chosen)."""

    node: str
    victims: list[str]
    violations: int = 0
    highest: int = 0
    lost: str = ""


class Explanation(Struct, tag_field="kind", tag="explain", omit_defaults=True):
    """The newest attempt (`t`, its number, what woke it, the scheduler's sentence), and the table. `place` in the queue, `next` try (ms).

    `weights`: what a plugin's points (0 to 100) are multiplied by. `candidates`: of the last attempt that made room. Refusals are those of now while the Pod waits, else those of the attempt.
    """

    node: str = ""
    t: int = 0
    number: int = 0
    woken: str = ""
    message: str = ""
    rows: list[NodeRow] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    second: str = ""
    candidates: list[Rival] = field(default_factory=list)
    place: str = ""
    next: int = 0


Question = Complete | Fields | Check | Yaml | Read | Explain
Answer = Completion | FieldList | Checked | YamlText | FileText | Explanation


def answer(cluster: Cluster, question: Question) -> Answer:
    """The answer. The cluster is a copy of the asker's own."""
    match question:
        case Complete(terminal, text):
            return Completion(*complete.complete(cluster.linux, cluster.world, terminal, text))
        case Fields():
            return fields(question)
        case Check(manifest, namespace):
            return _check(cluster, manifest, namespace)
        case Yaml(resource, namespace, name):
            return YamlText(_yaml(cluster, resource, namespace, name))
        case Read(path):
            return FileText(cluster.linux.read_file("workstation", path if path.startswith("/") else f"{HOME}/{path}"), _manifests(cluster))
        case Explain(namespace, name):
            return explain(cluster, namespace, name)


def _manifests(cluster: Cluster) -> list[str]:
    return sorted(name for name in cluster.linux.files("workstation").list(HOME) if name.endswith((".yaml", ".yml")))


def fields(question: Fields) -> FieldList:
    """The fields at a path of a kind."""
    row = next((each for each in RESOURCES.values() if each.kind == question.object_kind), None)
    here = next((each for name, each in types().items() if name.endswith(f".{question.object_kind}") and row is not None), None)
    values: list[str] = []
    for name in question.path:
        found = here.fields.get(name) if here is not None else None
        if here is None or found is None:
            return FieldList([], [])
        values = [*explained.values(here.name, name), *found.enum] or (["true", "false"] if found.type == "bool" else [])
        here = types().get(found.ref) if found.ref else None
    if here is None:
        return FieldList([], list(dict.fromkeys(values)))
    texts = descriptions().get(here.name, {})
    listed = [FieldInfo(name, type_name(each), texts.get(name, "")[:ABOUT], each.required) for name, each in here.fields.items()]
    return FieldList(listed, values)


def _check(cluster: Cluster, manifest: str, namespace: str) -> Checked:
    cluster.write_file("/tmp/check.yaml", manifest)
    line = f"kubectl apply --dry-run=server -n {namespace if namespace.replace('-', '').isalnum() else 'default'} -f /tmp/check.yaml"
    result = cluster.finish(cluster.script(line), within_ms=CHECK_MS)
    said = [each for each in result.both.splitlines() if each]
    return Checked(result.code == 0, said)


OWN = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink", "ownerReferences", "generateName")
LAST = "kubectl.kubernetes.io/last-applied-configuration"


def _yaml(cluster: Cluster, resource: str, namespace: str, name: str) -> str:
    row = RESOURCES.get(resource)
    found = cluster.api.find(resource, name, namespace) if row is not None else None
    if row is None or found is None:
        return ""
    meta = {key: value for key, value in found["metadata"].items() if key not in OWN}
    notes = {key: value for key, value in (meta.pop("annotations", None) or {}).items() if key != LAST}
    if notes:
        meta["annotations"] = notes
    rest = {key: value for key, value in found.items() if key not in ("metadata", "status", "apiVersion", "kind")}
    return to_yaml({"apiVersion": row.api_version, "kind": row.kind, "metadata": meta, **rest})


def explain(cluster: Cluster, namespace: str, name: str) -> Explanation:
    """The table of a Pod."""
    scheduler = cluster.scheduler
    made = Explanation()
    attempts = scheduler.attempts(namespace, name)
    if attempts:
        _of_attempt(made, attempts[-1])
        room = next((each for each in reversed(attempts) if each.candidates), attempts[-1])
        made.candidates = [Rival(each.node, each.victims, each.violations, each.highest, each.lost) for each in room.candidates]
        made.weights = {each.name: each.weight for each in scheduler.framework.plugins if each.name in attempts[-1].scores}
    waiting = scheduler.state.queue.pods.get(f"{namespace}/{name}")
    if waiting is not None:
        made.place, made.woken = waiting.place, waiting.woken
        made.number = max(made.number, waiting.attempts)
        made.next = scheduler.queue_over(waiting) if waiting.place == "backoff" else 0
        _of_now(made, cluster, namespace, name)
    return made


def _of_attempt(made: Explanation, attempt: Attempt) -> None:
    made.node, made.t, made.number, made.woken, made.message = attempt.node, attempt.t, attempt.number, attempt.woken, attempt.message
    rows = {each: NodeRow(each) for each in [*attempt.nodes, *(each.node for each in attempt.refusals)]}
    for at, node in enumerate(attempt.nodes):
        rows[node].scores = {plugin: (raw[at], weighted[at]) for plugin, (raw, weighted) in attempt.scores.items() if at < len(raw)}
        rows[node].total = attempt.totals[at] if at < len(attempt.totals) else 0
    for each in attempt.refusals:
        rows[each.node].refusals.append((each.plugin, each.reasons))
    made.rows = [rows[each] for each in sorted(rows)]
    others = sorted((each for each in made.rows if each.scores and each.node != attempt.node), key=lambda each: (-each.total, each.node))
    made.second = others[0].node if others else ""


def _of_now(made: Explanation, cluster: Cluster, namespace: str, name: str) -> None:
    """While a Pod waits: every plugin that would refuse it now, and what would change that."""
    rows: dict[str, NodeRow] = {node["metadata"]["name"]: NodeRow(node["metadata"]["name"]) for node in cluster.api.list("nodes")}
    for each in cluster.scheduler.table(namespace, name):
        row = rows.setdefault(each.node, NodeRow(each.node))
        row.refusals.append((each.plugin, each.reasons))
        pod, node = cluster.scheduler.infos(namespace, name, each.node)
        if pod is not None and node is not None:
            row.remedies += [of(each.plugin, reason, pod, node, cluster.scheduler.framework.handle) for reason in each.reasons]
    made.rows = [rows[each] for each in sorted(rows)]
