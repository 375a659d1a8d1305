"""Values as Go's `%v` prints them, for the messages that show a piece of a patch.

Upstream: fmt. Left out: pointers and structs.
"""

from __future__ import annotations

from typing import Any


def go_value(value: Any) -> str:
    """`map[image:x]`, `[a b]`, `true`, `<nil>`."""
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{go_value(value[key])}' for key in sorted(value))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(go_value, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "<nil>" if value is None else str(value)
