"""The tests that hold the roof: the same seed gives the same bytes, and saving changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from podlab.cli.environment import tool
from podlab.home import home
from podlab.sim.changes import ObjectChange, Output
from podlab.sim.cluster import Cluster
from tests.sim.story import as_bytes, play, started

ROOT = Path(__file__).parents[2]


def digest(python: str, hash_seed: str) -> str:
    """The story's digest as another interpreter computes it."""
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([python, "-m", "tests.sim.story"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Twice in one process."""
    first, told = play(started())
    second, again = play(started())
    assert as_bytes(told) == as_bytes(again)
    assert first.dump() == second.dump()


def test_another_hash_seed_changes_nothing() -> None:
    """No order may come from hashing."""
    assert digest(sys.executable, "1") == digest(sys.executable, "2")


def interpreter(version: str) -> str | None:
    """The interpreter that `python<version>` on PATH stands for; pyenv's are asked for, as its shims run only what is switched on."""
    base, pyenv = shutil.which(f"python{version}"), shutil.which("pyenv")
    if base is None:
        return None
    known = subprocess.run([pyenv, "versions", "--bare"], capture_output=True, text=True, check=True).stdout.split() if pyenv else []
    env = {**os.environ, **({"PYENV_VERSION": ":".join(known)} if known else {})}
    done = subprocess.run([base, "-c", "import sys; print(sys.executable)"], env=env, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def other_python(version: str) -> str | None:
    """An interpreter of that version with the simulation's libraries, made from the one on PATH; None where there is none."""
    base = interpreter(version)
    if base is None:
        return None
    folder = home() / "pythons" / version
    python = folder / "bin" / "python"
    wanted = [f"{name}=={metadata.version(name)}" for name in ("msgspec", "pyyaml", "jsonschema-rs", "tree-sitter", "tree-sitter-bash")]
    uv = str(tool("uv"))
    if not python.exists():
        subprocess.run([uv, "venv", "-q", "--python", base, str(folder)], check=True)
    subprocess.run([uv, "pip", "install", "-q", "--system-certs", "--python", str(python), *wanted], check=True)
    return str(python)


@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
def test_another_python_changes_nothing(version: str) -> None:
    """Each further Python on PATH gives the same bytes."""
    python = other_python(version)
    if python is None:
        pytest.skip(f"python{version} is not on PATH")
    assert digest(sys.executable, "0") == digest(python, "0")


def test_saving_and_loading_after_every_step_changes_nothing() -> None:
    """The cluster is its saved bytes, at any instant."""
    straight, told = play(started())
    saved, again = play(started(), between=lambda cluster: Cluster.load(cluster.dump()))
    assert as_bytes(told) == as_bytes(again)
    assert straight.dump() == saved.dump()


def test_the_story_is_one() -> None:
    """The Pod becomes Ready and goes, and the terminal says what kubectl says."""
    _, told = play(started())
    pods = [each for each in told if isinstance(each, ObjectChange) and each.name == "my-nginx-pod"]
    assert [pods[0].type, pods[-1].type] == ["ADDED", "DELETED"]
    assert any(each["type"] == "Ready" and each["status"] == "True" for pod in pods for each in pod.new["status"].get("conditions", ()))
    screen = "".join(each.text for each in told if isinstance(each, Output))
    assert "pod/my-nginx-pod created" in screen
    assert 'pod "my-nginx-pod" deleted from default namespace' in screen
