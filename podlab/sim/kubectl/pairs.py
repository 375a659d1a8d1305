"""`TYPE NAME… key=value key-`: resources first, then changes.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (GetResourcesAndPairs, ParsePairs). Left out: nothing.
"""

from __future__ import annotations

import re

from podlab.sim.kubectl.errors import Failure

VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
NAME_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
LONGEST = 63
_WORD = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")


def split(args: list[str], kind: str) -> tuple[list[str], list[str]]:
    """Resources and changes."""
    resources: list[str] = []
    changes: list[str] = []
    for each in args:
        is_change = ("=" in each and not each.startswith("=")) or (each.endswith("-") and each != "-")
        if is_change:
            changes.append(each)
        elif changes:
            raise Failure(f"all resources must be specified before {kind} changes: {each}")
        else:
            resources.append(each)
    return resources, changes


def parse(changes: list[str], kind: str) -> tuple[dict[str, str], list[str]]:
    """What is set, and which keys are removed."""
    new: dict[str, str] = {}
    gone: list[str] = []
    for each in changes:
        key, equals, value = each.partition("=")
        if equals:
            if kind == "label":
                if "=" in value or not key:
                    raise Failure(f"invalid label spec: {each}")
                check_value(each, value)
            new[key] = value
        else:
            gone.append(each.removesuffix("-"))
    both = [key for key in gone if key in new]
    if both:
        if kind == "label":
            raise Failure("can not both modify and remove a label in the same command")
        raise Failure(f"can not both modify and remove the following annotation(s) in the same command: {', '.join(both)}")
    return new, gone


def check_value(spec: str, value: str) -> None:
    """Whether a label may have that value; Failure."""
    wrong = value_problem(value)
    if wrong:
        raise Failure(f'invalid label value: "{spec}": {wrong}')


def value_problem(value: str) -> str:
    """What is wrong with a label's value; "" for nothing."""
    problems = [f"must be no more than {LONGEST} bytes"] if len(value) > LONGEST else []
    if value and not _WORD.fullmatch(value):
        problems.append(VALUE_RULE)
    return "; ".join(problems)


def name_problem(name: str) -> str:
    """What is wrong with a qualified name; "" for nothing."""
    prefix, slash, last = name.rpartition("/")
    if slash and not re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", prefix):
        return "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    if not last:
        return f"name part must be non-empty; {NAME_RULE}"
    if len(last) > LONGEST:
        return f"name part must be no more than {LONGEST} bytes"
    return "" if _WORD.fullmatch(last) else NAME_RULE
