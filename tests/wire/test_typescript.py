"""`static/src/wire.ts` is what `podlab/wire` says."""

from podlab.wire.typescript import TARGET, render


def test_the_typescript_is_not_stale() -> None:
    """Run `python manage.py wire` after every change of a frame."""
    assert render() == TARGET.read_text("utf-8")
