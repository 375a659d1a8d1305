"""Images of a pack's own: another name and environment for a program of the lab, as data."""

from pathlib import Path

import pytest

from podlab.packs.folder import Files, of_folder
from podlab.packs.problems import PackError
from podlab.packs.prove import Run
from podlab.packs.reader import of_files
from podlab.packs.script import steps
from podlab.packs.starter import begin

OWN = """
- image: shop/web
  like: podlab/web
  env: {GREETING: hello}
  tags: [v1, v2]
"""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The files of a good pack that has images of its own."""
    begin(tmp_path / "mine")
    return of_folder(tmp_path / "mine") | {"images.yaml": OWN}


def test_a_lesson_runs_an_image_of_its_pack_and_a_tag_that_is_not_there_fails(files: Files) -> None:
    """With its environment, on every node; a pull that `pulls` names takes its time."""
    files["01-first/cluster.yaml"] = 'preset: trio\npulls: {"shop/web:v2": 7s}\n'
    run = Run(of_files(files, Path("pack")).lessons["01-first"], 1)
    run.play(
        steps(
            "\n".join(f"kubectl run {name} --image=shop/web:{tag}" for name, tag in (("one", "v1"), ("two", "v2"), ("none", "v3")))
            + '\n@until ready(pod("one"))\n@wait 2s\nkubectl exec one -- env\nkubectl get pods\n@wait 8s\nkubectl get pods\n'
        )
    )
    printed = [text for _, text in run.printed]
    assert "GREETING=hello" in printed[3]
    assert ("ContainerCreating" in printed[4], "ErrImagePull" in printed[4]) == (True, True)
    assert "two" not in [line.split()[0] for line in printed[5].splitlines() if "ContainerCreating" in line]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("shop/web", "nginx", "images.yaml:2:10: the lab has an image 'nginx' itself"),
        ("shop/web", "shop/web:v1", "images.yaml:2:10: 'shop/web:v1' is no name of an image"),
        ("podlab/web", "podlab/wbe", "images.yaml:3:9: the lab has no image 'podlab/wbe' (did you mean 'podlab/web'?)"),
        ("[v1, v2]", "[v 1]", "images.yaml:5:10: 'v 1' is no tag"),
        ("GREETING", "MY-GREETING", "'MY-GREETING' is no name of an environment variable"),
        ("like:", "run:", "images.yaml:3:3: there is no field 'run' here"),
    ],
)
def test_what_is_wrong_with_them_is_told_at_its_place(files: Files, old: str, new: str, expected: str) -> None:
    """Names that there are already, programs that there are not."""
    files["images.yaml"] = OWN.replace(old, new)
    with pytest.raises(PackError) as error:
        of_files(files, Path("pack"))
    assert any(expected in str(each) for each in error.value.problems), error.value
