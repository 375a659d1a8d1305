"""Broken packs are refused with the place and the fix, whatever is wrong with them."""

import io
import random
import re
import zipfile
from pathlib import Path

import pytest

from podlab.packs.folder import Files, of_folder, of_zip
from podlab.packs.problems import PackError
from podlab.packs.reader import of_files, read
from podlab.packs.starter import begin

LESSON = "01-first/lesson.yaml"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The files of a good pack."""
    begin(tmp_path / "good")
    return of_folder(tmp_path / "good")


def problems(files: Files) -> list[str]:
    with pytest.raises(PackError) as error:
        of_files(files, Path("pack"))
    return [str(each) for each in error.value.problems]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("pack.yaml", "version: 1.0.0", "version: one", r"pack.yaml:\d+:\d+: `version`: 'one'; three numbers"),
        ("pack.yaml", "licence:", "license:", r"pack.yaml:\d+:1: there is no field 'license' here \(did you mean 'licence'\?\)"),
        ("pack.yaml", "01-first", "01-frst", r"pack.yaml:\d+:\d+: the lesson '01-frst' is not there: .*did you mean '01-first'"),
        (LESSON, "check: {happened", "chek: {happened", r"lesson.yaml:\d+:\d+: there is no field 'chek' here \(did you mean 'check'"),
        (LESSON, "ready(new)", "redy(new)", r"lesson.yaml:7:\d+: in the expression 'redy\(new\)': there is no function 'redy'"),
        (LESSON, "happened: Pod web", "happened: Podd web", r"nothing of the kind 'Podd' happens \(did you mean 'Pod'"),
        (LESSON, "task: a\n    when", "task: b\n    when", r"lesson.yaml:10:11: there is no task 'b'"),
        (LESSON, "wrong/misspelt.sh", "wrong/mispelt.sh", r"there is no wrong/mispelt.sh \(did you mean 'wrong/misspelt.sh'"),
        (LESSON, "minutes: 3", "minutes: long", r"lesson.yaml:3:10: Expected `int`"),
        (LESSON, "minutes: 3", "minutes: 3\nminutes: 4", r"lesson.yaml:4:1: 'minutes' is written twice"),
        (LESSON, "minutes: 3", "minutes: &a 3\ncopy: *a", r"alias"),
        ("01-first/cluster.yaml", "preset: solo", "preset: sola", r"there is no preset 'sola' \(did you mean 'solo'"),
        ("01-first/cluster.yaml", "preset: solo", "objects: [wb.yaml]", r"there is no manifests/wb.yaml \(did you mean 'web.yaml'"),
        ("01-first/text.ko.md", "::: task a", "::: task b", r"text.ko.md:3:10: `::: task b`: lesson.yaml has none of that name"),
        ("01-first/text.ko.md", "::: why", ":::: why", r"text.ko.md:"),
        ("01-first/text.ko.md", "kubectl apply -f web.yaml", "kubectl create -f web.yaml", r"text.ko.md:9:1: directive \d is"),
        ("01-first/text.en.md", "```manifest web.yaml", "```manifest wbe.yaml", r"text.en.md:\d+:1: there is no manifests/wbe.yaml"),
        (
            "01-first/text.en.md",
            "```manifest web.yaml",
            "[see](#task-b)\n```manifest web.yaml",
            r"text.en.md:6:1: the link to '#task-b' leads nowhere",
        ),
        (LESSON, "minutes: 3", "minutes 3", r"lesson.yaml:3:1: .*`name: value`"),
        (LESSON, "minutes: 3", "\tminutes: 3", r"lesson.yaml:3:1: .*begins with a tab"),
        (LESSON, "that: ready(new)}", "that: ready(new)", r"lesson.yaml:8:6: .*opened in line 7"),
        (LESSON, "ko: 여러분이", 'ko: "여러분이', r"lesson.yaml:\d+:7: .*the quote that begins here"),
        (LESSON, "that: ready(new)", "that: new.a = 1", r"lesson.yaml:7:\d+: .*'=' means nothing here \(did you mean '=='"),
        ("01-first/solution.sh", "@until", "@untill", r"solution.sh:2:1: there is no `@untill` \(did you mean 'until'"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_fix(files: Files, file: str, old: str, new: str, expected: str) -> None:
    """What an author gets wrong most: names, fields, kinds, languages."""
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    found = problems(files)
    assert any(re.search(expected, each) for each in found), found


@pytest.mark.parametrize(
    ("name", "text"),
    [("../out.md", "x"), ("/etc/passwd.md", "x"), ("a/b/c/d/e.md", "x"), ("01-first/run.py", "x"), ("01-first/big.md", "x" * 300_000)],
)
def test_a_zip_that_wants_out_or_is_too_large_is_refused(name: str, text: str) -> None:
    """Paths out of the pack, code, and huge files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("pack.yaml", "id: x")
        archive.writestr(name, text)
    with pytest.raises(PackError):
        of_zip(data)


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    """It might point anywhere."""
    begin(tmp_path / "good")
    (tmp_path / "good" / "glossary.yaml").symlink_to("/etc/hostname")
    with pytest.raises(PackError, match="is a link"):
        read(tmp_path / "good")


def test_a_zip_with_the_pack_in_one_folder_is_read(tmp_path: Path) -> None:
    """As most programs make them."""
    begin(tmp_path / "good")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path in sorted((tmp_path / "good").rglob("*")):
            if path.is_file():
                archive.write(path, f"good/{path.relative_to(tmp_path / 'good')}")
    assert "good" == of_files(of_zip(data), Path("good.zip")).id


def test_two_hundred_broken_packs_are_refused_and_none_raises(files: Files) -> None:
    """Lines cut, doubled, swapped and spoilt in every file: either a pack, or problems that name a file (of 600 changed packs most of the rest are good ones)."""
    draw = random.Random(7)
    refused = 0
    for _ in range(600):
        spoilt = dict(files)
        name = draw.choice(sorted(spoilt))
        lines = spoilt[name].split("\n")
        at = draw.randrange(len(lines))
        how = draw.choice(["cut", "double", "letter", "indent", "brace", "drop"])
        if how == "cut":
            lines[at] = lines[at][: len(lines[at]) // 2]
        elif how == "double":
            lines.insert(at, lines[at])
        elif how == "letter":
            lines[at] = lines[at].replace("a", "q", 1)
        elif how == "indent":
            lines[at] = "   " + lines[at]
        elif how == "brace":
            lines[at] += " {"
        else:
            del spoilt[name]
        if how != "drop":
            spoilt[name] = "\n".join(lines)
        try:
            of_files(spoilt, Path("pack"))
        except PackError as error:
            refused += 1
            assert all(each.file and each.message for each in error.problems)
    assert refused >= 200
