"""From a pack's files to a typed `Pack`, or all that is wrong with them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

from podlab.packs import lint, terms, yamls
from podlab.packs.folder import Files, of_folder, of_zip
from podlab.packs.model import ClusterSpec, ImageFile, Lesson, LessonFile, Origin, Pack, PackFile, Term
from podlab.packs.problems import PackError, Problem, meant

T = TypeVar("T")
_TEXT = re.compile(r"text\.([a-zA-Z-]+)\.md")
ROOTS = ("pack.yaml", "glossary.yaml", "images.yaml", "README.md", "LICENSE")
KNOWN = ("lesson.yaml", "cluster.yaml", "solution.sh")
FOLDERS = ("manifests", "wrong", "answers")


def read(source: Path) -> Pack:
    """The pack in a folder or a zip; `PackError` with every problem that could be found."""
    files = of_zip(source) if source.is_file() else of_folder(source)
    return of_files(files, source)


def of_files(files: Files, folder: Path, origin: Origin = "house") -> Pack:
    """The pack that these files are."""
    if "pack.yaml" not in files:
        raise PackError([Problem("pack.yaml", 0, 0, "is missing", "a pack's folder holds pack.yaml; see docs/packs.md")])
    head = yamls.decode("pack.yaml", files["pack.yaml"], PackFile)
    problems: list[Problem] = []
    glossary = _optional(files, "glossary.yaml", list[Term], problems) or []
    images = _optional(files, "images.yaml", list[ImageFile], problems) or []
    lessons: dict[str, Lesson] = {}
    places = yamls.Places("pack.yaml", files["pack.yaml"])
    for number, section in enumerate(head.sections):
        for index, slug in enumerate(section.lessons):
            if f"{slug}/lesson.yaml" not in files:
                folders = sorted({name.split("/")[0] for name in files if "/" in name})
                message = f"the lesson {slug!r} is not there: {slug}/lesson.yaml is missing"
                problems.append(places.problem(("sections", number, "lessons", index), message, meant(slug, folders) or "write it"))
            elif (lesson := _lesson(files, head, slug, images, problems)) is not None:
                lesson.glossary = terms.used(lesson, glossary)
                lessons[slug] = lesson
    _strays(files, head, problems)
    if problems:
        raise PackError(problems)
    fields = {name: getattr(head, name) for name in head.__struct_fields__}
    pack = Pack(**fields, folder=folder, lessons=lessons, glossary=glossary, images=images, origin=origin)
    problems = lint.problems(pack, files)
    if problems:
        raise PackError(problems)
    return pack


def _optional(files: Files, name: str, type_: type[T], problems: list[Problem]) -> T | None:
    """The file as that type; None where it is not there, or broken, which is added to the problems."""
    if name not in files:
        return None
    try:
        return yamls.decode(name, files[name], type_)
    except PackError as error:
        problems += error.problems
        return None


def _lesson(files: Files, pack: PackFile, slug: str, images: list[ImageFile], problems: list[Problem]) -> Lesson | None:
    mine = {name.removeprefix(f"{slug}/"): text for name, text in files.items() if name.startswith(f"{slug}/")}
    goals = _optional(files, f"{slug}/lesson.yaml", LessonFile, problems)
    cluster = _optional(files, f"{slug}/cluster.yaml", ClusterSpec, problems) or ClusterSpec()
    if goals is None:
        return None
    fields = {name: getattr(goals, name) for name in goals.__struct_fields__}
    return Lesson(
        **fields,
        pack=pack.id,
        version=pack.version,
        slug=slug,
        cluster=cluster,
        texts={match[1]: text for name, text in mine.items() if (match := _TEXT.fullmatch(name))},
        manifests=_under(mine, "manifests"),
        solution=mine.get("solution.sh", ""),
        scripts={name: text for name, text in mine.items() if name.startswith("wrong/")},
        answers={name: text for name, text in mine.items() if name.startswith("answers/")},
        images=images,
    )


def _under(files: Files, folder: str) -> dict[str, str]:
    return {name.removeprefix(f"{folder}/"): text for name, text in files.items() if name.startswith(f"{folder}/")}


def _strays(files: Files, pack: PackFile, problems: list[Problem]) -> None:
    """Files that nobody reads are mostly misspelt ones."""
    lessons = [slug for section in pack.sections for slug in section.lessons]
    strange = sorted({name.split("/")[0] for name in files if "/" in name} - set(lessons))
    problems += [Problem(f"{top}/", 0, 0, "is no lesson of pack.yaml", meant(top, lessons)) for top in strange]
    for name in files:
        top, _, rest = name.partition("/")
        if not rest:
            if name not in ROOTS:
                problems.append(Problem(name, 0, 0, "is nothing that a pack has", meant(name, ROOTS)))
        elif (
            top in lessons
            and rest not in KNOWN
            and not _TEXT.fullmatch(rest)
            and not (rest.count("/") == 1 and rest.split("/")[0] in FOLDERS)
        ):
            problems.append(
                Problem(name, 0, 0, "is nothing that a lesson has", meant(rest, [*KNOWN, "text.en.md", "text.ko.md", *FOLDERS]))
            )
