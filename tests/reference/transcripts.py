"""Transcripts: run a case in a simulated cluster, let the folder's own compare.py judge."""

from __future__ import annotations

import difflib
from typing import Any

from podlab.cli import transcript
from tests.reference.folder import Case, Verdict, load
from tests.reference.traces import judge_of


def check(case: Case) -> Verdict:
    """How many steps (kubectl) or cases (API) agree, and a unified diff where they do not."""
    folder = next(parent for parent in case.path.parents if parent.name == "transcripts")
    compare = judge_of(folder)
    recorded = load(case.path)
    one = recorded[case.number] if case.kind == "transcripts-api" else recorded
    rules = [rule for rule in compare.variants(case.path.resolve()) if not rule.get("ids") or one["id"] in rule["ids"]]
    one = compare.apply_variants(one, rules)
    want, got = _sides(compare, case.kind, one)
    blocks = compare.blocks(want)
    met = sum(a == b for a, b in zip(blocks, compare.blocks(got), strict=False))
    diff = "\n".join(difflib.unified_diff(want, got, "recorded", "observed", lineterm="", n=2))
    return Verdict(met, max(len(blocks), 1), diff)


def _sides(compare: Any, kind: str, case: Any) -> tuple[list[str], list[str]]:
    if kind == "transcripts-api":
        want, got = compare.api_side([case], transcript.observe([case]))[:2]
    else:
        want, got = compare.kubectl_side(case, transcript.observe(case), False)[:2]
    return want, got
