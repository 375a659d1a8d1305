"""An uploaded pack is a draft until it is proved and published."""

import io
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from podlab.packs import drafts, library
from podlab.packs.folder import Files, of_folder
from podlab.packs.problems import PackError
from podlab.packs.starter import begin


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """The files of a good pack; packs are installed in a folder of the test's own."""
    monkeypatch.setenv("PODLAB_PACKS", str(tmp_path / "packs"))
    begin(tmp_path / "mine")
    return of_folder(tmp_path / "mine")


def zipped(files: Files) -> io.BytesIO:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    data.seek(0)
    return data


def proved(draft: drafts.Draft) -> drafts.Draft:
    """Wait for the end of its proof."""
    end = time.monotonic() + 120
    while draft.state == "proving" and time.monotonic() < end:
        time.sleep(0.1)
    return draft


def test_a_pack_is_proved_and_published_and_a_newer_one_stands_beside_it(files: Files) -> None:
    """Both versions can be had; the newest is the one that is offered."""
    for version in ("1.0.0", "1.1.0"):
        files["pack.yaml"] = files["pack.yaml"].replace("version: 1.0.0", f"version: {version}")
        draft = proved(drafts.receive(zipped(files), "ada", 0))
        assert ("proved", [], 1) == (draft.state, draft.proof.reports[0].findings, draft.proof.of)
        assert library.packs_folder() / "mine" / version == drafts.publish(draft).folder
        assert [] == drafts.drafts()
    assert ["1.0.0", "1.1.0"] == [each.version for each in library.versions() if each.id == "mine"]
    found = library.pack("mine")
    assert found is not None and "1.1.0" == found.version
    old = library.lesson("mine/01-first", "1.0.0")
    assert old is not None and "1.0.0" == old.version


def test_a_version_that_is_withdrawn_is_offered_to_nobody_and_kept_for_those_in_the_middle(files: Files) -> None:
    """The older one is offered again; without one the pack is gone from the catalogue; publishing it again brings it back."""
    packs = []
    for version in ("1.0.0", "1.1.0"):
        files["pack.yaml"] = files["pack.yaml"].replace("version: 1.0.0", f"version: {version}")
        packs.append(library.install(files, Path("mine")))
    library.withdraw(packs[1])
    assert ["1.0.0"] == [each.version for each in library.library() if each.id == "mine"]
    kept = library.lesson("mine/01-first", "1.1.0")
    assert kept is not None and "1.1.0" == kept.version
    library.withdraw(packs[0])
    assert (None, []) == (library.pack("mine"), [each for each in library.library() if each.id == "mine"])
    assert [True, True] == [each.withdrawn for each in library.versions() if each.id == "mine"]
    library.install(files, Path("mine"))
    assert ["1.1.0"] == [each.version for each in library.library() if each.id == "mine"]


def test_what_the_proof_finds_stands_in_the_way_of_publishing(files: Files) -> None:
    """A solution that does not do what the lesson wants."""
    files["01-first/solution.sh"] = "kubectl get pods\n"
    draft = proved(drafts.receive(zipped(files), "ada", 0))
    assert "unproved" == draft.state
    assert "does not meet task a" in draft.proof.reports[0].findings[0].message
    with pytest.raises(PackError, match="is not proved"):
        drafts.publish(draft)
    assert None is library.pack("mine")


def test_a_cluster_that_cannot_be_is_told_as_a_finding(files: Files) -> None:
    """What only the cluster itself can refuse."""
    files["01-first/cluster.yaml"] = "preset: solo\ntimings: {no.such: 1s}\n"
    draft = proved(drafts.receive(zipped(files), "ada", 0))
    assert ("cluster.yaml", True) == (
        draft.proof.reports[0].findings[0].where,
        "there is no 'no.such'" in draft.proof.reports[0].findings[0].message,
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("pack.yaml", "id: mine", "id: pod"), "the lab brings a pack 'pod' of its own"),
        (("01-first/lesson.yaml", "ready(new)", "redy(new)"), "there is no function 'redy'"),
    ],
)
def test_a_pack_that_cannot_be_installed_is_told_before_it_is_proved(files: Files, change: tuple[str, str, str], message: str) -> None:
    """No draft is made of it."""
    name, old, new = change
    files[name] = files[name].replace(old, new)
    with pytest.raises(PackError, match=message):
        drafts.receive(zipped(files), "ada", 0)
    assert [] == drafts.drafts()


def test_a_proof_that_was_ended_can_be_begun_again(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab was ended meanwhile: nothing hangs."""
    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", lambda *args, **more: None)
        patched.setattr(drafts, "_proofs", [])
        draft = drafts.receive(zipped(files), "ada", 0)
    assert "stopped" == draft.state
    drafts._proofs.clear()
    drafts.prove(draft)
    assert "proved" == proved(draft).state


def test_no_more_than_so_many_drafts_are_kept(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest goes."""
    monkeypatch.setattr(drafts, "MOST", 1)
    for number in range(2):
        files["README.md"] = f"{number}"
        newest = drafts.receive(zipped(files), "ada", number)
    assert [newest.id] == [each.id for each in drafts.drafts()]


@pytest.mark.parametrize("name", ["..", "../x", "", "a/b"])
def test_a_name_that_is_none_finds_nothing(files: Files, name: str) -> None:
    """No way out of the folder."""
    assert None is drafts.find(name)
