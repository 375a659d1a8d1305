"""`docs/claims.md`: which claim of the study notes comes alive in which lesson, and what is seen there."""

from __future__ import annotations

from pathlib import Path

from podlab.home import ROOT
from podlab.packs import text
from podlab.packs.model import Lesson

TARGET = ROOT / "docs" / "claims.md"
DOCUMENTS = {"D1": 35, "D2": 9, "D3": 27, "D4": 19, "D5": 15}
"""The study notes, and how many claims each has: D1.1 to D1.35, and so on."""
HEAD = """# Claims

Which claim of the five study notes (D1 to D5) comes alive where. Made by `python3 manage.py pack claims` from the lessons; do not edit.

| claim | lesson | tasks | what is seen |
|---|---|---|---|
"""


def known() -> list[str]:
    """Every claim's id."""
    return [f"{document}.{number}" for document, count in DOCUMENTS.items() for number in range(1, count + 1)]


def table(lessons: list[Lesson]) -> str:
    """The page's text, by claim."""
    rows = []
    for lesson in lessons:
        language = "en" if "en" in lesson.texts else next(iter(lesson.texts))
        for block in text.parse("", lesson.texts[language]).blocks:
            if block.kind == "claim":
                said = text.claim_rows(block)
                rows.append((_key(block.name), f"| {block.name} | `{lesson.id}` | {said.get('proof', '')} | {said.get('cluster', '')} |"))
    return HEAD + "\n".join(row for _, row in sorted(rows)) + "\n"


def _key(claim: str) -> tuple[int, int]:
    document, _, number = claim.removeprefix("D").partition(".")
    return int(document), int(number)


def write(lessons: list[Lesson]) -> Path:
    """Write it; its path."""
    TARGET.write_text(table(lessons), "utf-8")
    return TARGET.relative_to(ROOT)
