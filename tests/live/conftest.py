"""The runtime, see `tests.session.conftest`."""

from tests.session.conftest import runtime, stack

__all__ = ["runtime", "stack"]
