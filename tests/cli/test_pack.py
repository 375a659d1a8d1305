"""`manage.py pack …`, as an instructor types it."""

from pathlib import Path

import pytest

from podlab.cli import pack, preview
from podlab.cli.trouble import Trouble


def run(*words: str) -> int:
    return pack.main(pack.parse(list(words)))


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack that has just been begun; packs are installed in a folder of the test's own."""
    monkeypatch.setenv("PODLAB_PACKS", str(tmp_path / "packs"))
    assert 0 == run("new", str(tmp_path / "mine"))
    return tmp_path / "mine"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_new_pack_is_good_proves_and_can_be_installed(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As it is, before a word of it was changed."""
    assert (0, 0, 0, 0) == (run("check", str(mine)), run("prove", str(mine), "--seeds", "1"), run("install", str(mine)), run("list"))
    out = capsys.readouterr().out
    assert "mine 1.0.0: 1 lesson, nothing wrong" in out
    assert "mine/01-first: proved" in out
    assert "mine 1.0.0 is installed in" in out


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("pack.yaml", "licence", "license", "pack.yaml:7:1: there is no field 'license' here (did you mean 'licence'?)"),
        ("01-first/lesson.yaml", "ready(new)", "raedy(new)", "there is no function 'raedy' (did you mean 'ready'?)"),
        ("01-first/lesson.yaml", "hint: misspelt", "hint: mispelt", "there is no hint 'mispelt' (did you mean 'misspelt'?)"),
        ("01-first/cluster.yaml", "solo", "sole", "01-first/cluster.yaml:3:9: there is no preset 'sole' (did you mean 'solo'?)"),
        ("01-first/text.ko.md", "::: why", "::: wyh", "01-first/text.ko.md:18:5: there is no directive `::: wyh` (did you mean 'why'?)"),
    ],
)
def test_five_mistakes_are_told_each_with_what_mends_it(
    mine: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, told: str
) -> None:
    """And nothing is installed."""
    change(mine / file, old, new)
    assert (1, 1) == (run("check", str(mine)), run("install", str(mine)))
    assert told in capsys.readouterr().out


def test_a_solution_that_does_not_solve_is_not_proved(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report says at which task."""
    change(mine / "01-first" / "solution.sh", 'kubectl apply -f web.yaml\n@until ready(pod("web"))', "kubectl get pods")
    assert 1 == run("prove", str(mine), "--seeds", "1")
    assert "does not meet task a" in capsys.readouterr().out


def test_a_preview_needs_a_pack(tmp_path: Path) -> None:
    """The error says how one begins."""
    with pytest.raises(Trouble, match="pack new"):
        preview.run(tmp_path, 0)
