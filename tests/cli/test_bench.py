"""Benches are found by being there. What they measure is never tested."""

import importlib

import pytest

from podlab.cli import bench


def test_every_module_of_the_package_is_a_bench_but_its_tools() -> None:
    """A new one needs no registration."""
    assert {"kernel", "cluster", "page", "press"} <= set(bench.subjects())
    assert not {"measure", "pods"} & set(bench.subjects())


@pytest.mark.parametrize("subject", bench.subjects())
def test_every_bench_says_what_it_measures(subject: str) -> None:
    """Its docstring's first line is the heading, `figures` gives the lines."""
    module = importlib.import_module(f"podlab.cli.bench.{subject}")
    assert module.__doc__
    assert callable(module.figures)


def test_a_subject_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that do."""
    with pytest.raises(SystemExit):
        bench.parse(["nothing"])
    assert "kernel" in capsys.readouterr().err
