"""Node selectors: a Pod's nodeSelector and node affinity against a node's labels and name.

Upstream: staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go. Left out: nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from podlab.sim.changes import Obj

_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\Z")
_PREFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_NAME_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\Z")
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")


class Required:
    """Rule F5: a Pod's nodeSelector and required node affinity, parsed once."""

    def __init__(self, pod: Obj) -> None:
        spec = pod.get("spec") or {}
        self.selector: Mapping[str, str] = spec.get("nodeSelector") or {}
        required = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get("requiredDuringSchedulingIgnoredDuringExecution")
        self.terms: list[Obj] | None = None if required is None else parsed(required)

    def matches(self, node: Obj) -> bool:
        """Whether both hold on the node."""
        labels = node["metadata"].get("labels") or {}
        if any(labels.get(key) != value for key, value in self.selector.items()):
            return False
        return self.terms is None or any(_term_holds(term, node, labels) for term in self.terms)


def pod_matches(pod: Obj, node: Obj) -> bool:
    """Rule F5, once."""
    return Required(pod).matches(node)


def parsed(selector: Obj) -> list[Obj]:
    """The terms that can match: one with neither expressions nor fields, or one that does not parse, never does."""
    return [each for each in selector.get("nodeSelectorTerms") or () if _can_match(each)]


def _can_match(term: Obj) -> bool:
    return bool(term.get("matchExpressions") or term.get("matchFields")) and not errors_of(term, "")


def selector_matches(selector: Obj, node: Obj | None) -> bool:
    """Terms are ORed; an empty list matches nothing; a term that does not parse is skipped."""
    return node is not None and any(term_matches(term, node) for term in selector.get("nodeSelectorTerms") or ())


def term_matches(term: Obj, node: Obj) -> bool:
    """Expressions and fields are ANDed."""
    return _can_match(term) and _term_holds(term, node, node["metadata"].get("labels") or {})


def _term_holds(term: Obj, node: Obj, labels: Mapping[str, str]) -> bool:
    if not all(holds(each, labels) for each in term.get("matchExpressions") or ()):
        return False
    fields = term.get("matchFields") or ()
    return not fields or all(holds(each, {"metadata.name": node["metadata"].get("name", "")}) for each in fields)


def names(required: Obj | None) -> frozenset[str] | None:
    """Rule F7: the nodes that terms name by `metadata.name In`, if every term does; None: any node."""
    terms = (required or {}).get("nodeSelectorTerms") or ()
    found: set[str] = set()
    for term in terms:
        own = _named(term)
        if own is None:
            return None
        found |= own
    return frozenset(found) if terms else None


def _named(term: Obj) -> set[str] | None:
    own: set[str] | None = None
    for field in term.get("matchFields") or ():
        if field.get("key") == "metadata.name" and field.get("operator") == "In":
            values = set(field.get("values") or ())
            own = values if own is None else own & values
    return own


def score(preferred: Sequence[Obj], node: Obj | None) -> int:
    """The weights of the preferred terms that match, added up."""
    if node is None:
        return 0
    return sum(each["weight"] for each in preferred if each.get("weight") and term_matches(each.get("preference") or {}, node))


def holds(requirement: Obj, labels: Mapping[str, str]) -> bool:
    """Rule F6: whether labels (or fields) meet one expression."""
    operator, held = requirement.get("operator"), labels.get(requirement.get("key", ""))
    values: Sequence[str] = requirement.get("values") or ()
    if operator == "In":
        return held in values
    if operator == "NotIn":
        return held not in values
    if operator == "Exists":
        return held is not None
    if operator == "DoesNotExist":
        return held is None
    return held is not None and _compares(operator == "Gt", held, values[0])


def _compares(greater: bool, held: str, wanted: str) -> bool:
    try:
        left, right = int(held), int(wanted)
    except ValueError:
        return False
    return left > right if greater else left < right


def selector_errors(selector: Obj) -> list[str]:
    """What is wrong with a selector's terms, as the parser says it."""
    return [
        text
        for number, term in enumerate(selector.get("nodeSelectorTerms") or ())
        for text in errors_of(term, f"nodeSelectorTerms[{number}]")
    ]


def preferred_errors(preferred: Sequence[Obj]) -> list[str]:
    """What is wrong with preferred terms (those of weight 0 are not looked at)."""
    return [
        text
        for number, each in enumerate(preferred)
        if each.get("weight")
        for text in errors_of(each.get("preference") or {}, f"[{number}]")
    ]


def errors_of(term: Obj, path: str) -> list[str]:
    """What does not parse in one term."""
    found: list[str] = []
    for number, each in enumerate(term.get("matchExpressions") or ()):
        found += _expression_errors(each, f"{path}.matchExpressions[{number}]")
    for number, each in enumerate(term.get("matchFields") or ()):
        found += _field_errors(each, f"{path}.matchFields[{number}]")
    return found


def _expression_errors(each: Obj, path: str) -> list[str]:
    operator, values = each.get("operator"), each.get("values") or ()
    if operator not in _OPERATORS:
        return [
            f'{path}.operator: Unsupported value: "{operator or ""}": supported values: "DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"'
        ]
    found = []
    key = each.get("key", "")
    prefix, slash, name = key.rpartition("/")
    if (slash and not _PREFIX.match(prefix)) or not _NAME.match(name) or len(name) > 63:
        found.append(f'{path}.key: Invalid value: "{key}": {_NAME_RULE}')
    if operator in ("In", "NotIn") and not values:
        found.append(f"{path}.values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
    if operator in ("Exists", "DoesNotExist") and values:
        found.append(f"{path}.values: Invalid value: {_listed(values)}: values set must be empty for exists and does not exist")
    if operator in ("Gt", "Lt"):
        found += _number_errors(values, path)
    return found + [f"{path}.values{text}" for text in value_errors(key, values)]


def value_errors(key: str, values: Sequence[str]) -> list[str]:
    """Values that no label can have, as `[index][key]: …`."""
    return [
        f'[{number}][{key}]: Invalid value: "{each}": {_VALUE_RULE if len(each) <= 63 else "must be no more than 63 bytes"}'
        for number, each in enumerate(values)
        if len(each) > 63 or not _VALUE.match(each)
    ]


def _number_errors(values: Sequence[str], path: str) -> list[str]:
    if len(values) != 1:
        return [f"{path}.values: Invalid value: {_listed(values)}: for 'Gt', 'Lt' operators, exactly one value is required"]
    try:
        int(values[0])
    except ValueError:
        return [f"{path}.values[0]: Invalid value: \"{values[0]}\": for 'Gt', 'Lt' operators, the value must be an integer"]
    return []


def _field_errors(each: Obj, path: str) -> list[str]:
    operator, values = each.get("operator"), each.get("values") or ()
    if operator not in ("In", "NotIn"):
        return [f'{path}.operator: Invalid value: "{operator or ""}": not a valid selector operator']
    if each.get("key") != "metadata.name":
        return [f'{path}.key: Invalid value: "{each.get("key", "")}": not a valid field selector key']
    if len(values) != 1:
        return [f"{path}.values: Invalid value: {_listed(values)}: must have one element"]
    return []


def _listed(values: Sequence[str]) -> str:
    return "[" + ",".join(f'"{each}"' for each in values) + "]"
