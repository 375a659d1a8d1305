"""The running runtime, see `tests.session.conftest`."""

from tests.session.conftest import stack

__all__ = ["stack"]
