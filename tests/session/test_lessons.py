"""A session keeps the version of its lesson: `podlab/session/lessons.py`."""

import shutil
from pathlib import Path

import pytest

from podlab.packs import library
from podlab.packs.folder import Files, of_folder
from podlab.packs.starter import begin
from podlab.session import lessons
from podlab.sim.cluster import Cluster
from podlab.sim.commands import OpenTerminal, TypeLine

NAME = "mine/01-first"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A pack that is installed, in a folder of the test's own."""
    monkeypatch.setenv("PODLAB_PACKS", str(tmp_path / "packs"))
    begin(tmp_path / "mine")
    found = of_folder(tmp_path / "mine")
    library.install(found, tmp_path)
    return found


def begun(version: str) -> Cluster:
    cluster = Cluster.start(lessons.booted(NAME, version), 1, 0)
    lessons.begin(cluster, NAME, version)
    cluster.advance(0)
    return cluster


def solved(cluster: Cluster) -> dict[str, str]:
    """Task → state, after the solution."""
    cluster.apply(OpenTerminal("1", 80, 24))
    cluster.apply(TypeLine("1", "kubectl apply -f web.yaml"))
    cluster.advance(60_000)
    return {name: data["state"] for name, data in lessons.goals(cluster).get("task", {}).items()}


def test_who_is_in_the_middle_of_a_version_keeps_it(files: Files, tmp_path: Path) -> None:
    """A newer one with other tasks is published meanwhile: her cluster, loaded again, has the tasks that it began with."""
    old = begun("1.0.0")
    saved = old.dump()
    files["pack.yaml"] = files["pack.yaml"].replace("1.0.0", "2.0.0")
    for name in [each for each in files if each.startswith("01-first/")]:
        files[name] = files[name].replace("id: a\n", "id: z\n").replace("task: a", "task: z").replace("::: task a", "::: task z")
    library.install(files, tmp_path)
    loaded = Cluster.load(saved)
    lessons.attach(loaded)
    assert {"a": "met", "": "met"} == solved(loaded)
    assert {"z": "met", "": "met"} == solved(begun("2.0.0"))


def test_a_cluster_whose_lesson_is_gone_goes_on_without_it(files: Files) -> None:
    """Nobody's work is lost because a pack was taken away."""
    saved = begun("1.0.0").dump()
    shutil.rmtree(library.packs_folder())
    loaded = Cluster.load(saved)
    lessons.attach(loaded)
    assert {} == solved(loaded)
    loaded = Cluster.load(loaded.dump())
    assert "Running" == loaded.world.api.get("pods", "web", "default")["status"]["phase"]
