"""Nodes as a learner writes them: one a line, `name key=value key=value:Effect cpu:4 memory:8Gi`, in any order after the name.

Upstream: none (kubelet's `--node-labels` and `--register-with-taints` spell labels and taints so). Left out: control planes of one's own.
"""

from __future__ import annotations

from msgspec import Struct, structs

from podlab.sim.api import names, quantities
from podlab.sim.api.validation.affinity import EFFECTS
from podlab.sim.presets import NodePreset, Preset, load

LIMIT = 20
EACH = 16
"""Labels and taints a node may have."""
SIZES = {"cpu": (1, 128), "memory": (512 << 20, 1 << 40)}
RESERVED = 100 << 20
"""Memory that the hard eviction threshold keeps from Pods."""


class Wrong(Struct, frozen=True):
    """What a line may not say: its number (from 1), the word that is wrong, a code for the page's sentence, and the API server's words for it."""

    line: int
    word: str
    code: str
    detail: str = ""


def read(text: str) -> tuple[dict[str, NodePreset], list[Wrong]]:
    """Nodes by name, in the order written, and all that is wrong; empty lines and what follows `#` are nobody's."""
    nodes: dict[str, NodePreset] = {}
    wrong: list[Wrong] = []
    reserved = {load("trio").control_plane}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        name = words[0]
        if name in nodes or name in reserved:
            wrong.append(Wrong(number, name, "taken"))
        wrong += [Wrong(number, name, "name", told) for told in names.label(name)]
        nodes[name] = _node(number, words[1:], wrong)
    if not nodes and not wrong:
        wrong.append(Wrong(1, "", "none"))
    return nodes, [Wrong(0, "", "many", str(LIMIT))] if len(nodes) > LIMIT else wrong


def preset(text: str) -> Preset:
    """The cluster of these lines, which `read` found nothing wrong with: a control plane and these workers."""
    nodes, _ = read(text)
    return structs.replace(load("trio"), workers=[*nodes], nodes=nodes)


def _node(line: int, words: list[str], wrong: list[Wrong]) -> NodePreset:
    node = NodePreset()
    for word in words:
        before, colon, after = word.rpartition(":")
        if not colon:
            wrong += _label(line, word, node)
        elif before in SIZES:
            wrong += _size(line, word, before, after, node)
        else:
            wrong += _taint(line, word, before, after, node)
    if len(words) > EACH:
        wrong.append(Wrong(line, words[EACH], "words", str(EACH)))
    return node


def _label(line: int, word: str, node: NodePreset) -> list[Wrong]:
    key, equals, value = word.partition("=")
    if not equals:
        return [Wrong(line, word, "word")]
    if key in node.labels:
        return [Wrong(line, word, "twice")]
    node.labels[key] = value
    return [Wrong(line, word, "label", told) for told in [*names.qualified(key), *names.label_value(value)]]


def _taint(line: int, word: str, pair: str, effect: str, node: NodePreset) -> list[Wrong]:
    key, _, value = pair.partition("=")
    if effect not in EFFECTS:
        return [Wrong(line, word, "effect", ", ".join(EFFECTS))]
    if any(each.rpartition(":")[2] == effect and each.rpartition(":")[0].partition("=")[0] == key for each in node.taints):
        return [Wrong(line, word, "twice")]
    node.taints.append(word)
    return [Wrong(line, word, "taint", told) for told in [*names.qualified(key), *names.label_value(value)]]


def _size(line: int, word: str, what: str, amount: str, node: NodePreset) -> list[Wrong]:
    least, most = SIZES[what]
    try:
        value = quantities.parse(amount)
    except ValueError:
        return [Wrong(line, word, "size", what)]
    if not least <= value <= most or value.denominator != 1:
        return [Wrong(line, word, "size", what)]
    node.capacity[what] = quantities.canonical(amount)
    node.allocatable[what] = node.capacity[what] if what == "cpu" else quantities.render(value - RESERVED, "binary")
    return []
