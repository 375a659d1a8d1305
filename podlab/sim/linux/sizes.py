"""How large a text is as a file; a file of zeros is kept as its size.

Upstream: none (sparse files). Left out: nothing.
"""

from __future__ import annotations

ZEROS = "\0zeros:"
"""A file of so many zero bytes is kept as this and the number."""


def size_of(text: str) -> int:
    """The bytes of a file's text."""
    return int(text.removeprefix(ZEROS)) if text.startswith(ZEROS) else len(text.encode())


def zeros(size: int) -> str:
    """The text of a file of `size` zero bytes."""
    return f"{ZEROS}{size}"
