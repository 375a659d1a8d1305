"""`static/src/{questions,wire}.ts` are what `podlab/wire` says."""

from podlab.wire.typescript import FOLDER, render


def test_the_typescript_is_not_stale() -> None:
    """Run `python manage.py wire` after every change of a frame."""
    made = render()
    assert made == {name: (FOLDER / name).read_text("utf-8") for name in made}
