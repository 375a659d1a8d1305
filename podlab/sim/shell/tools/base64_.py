"""base64: binary as letters, and back.

Upstream: base64(1). Left out: -i.
"""

from __future__ import annotations

import base64
import binascii

from podlab.sim.linux.tool import Feed, Filter, integer
from podlab.sim.linux.types import Context
from podlab.sim.shell.printing import options


class Base64(Filter):
    """`base64 [-d] [-w N] [FILE]`."""

    def begin(self, ctx: Context, feed: Feed, args: list[str]) -> int | None:
        """Which way."""
        feed.options, feed.files = options(args, "w")
        return None

    def line(self, ctx: Context, feed: Feed, text: str) -> bool:
        """Keep it."""
        feed.held.append(text)
        return True

    def end(self, ctx: Context, feed: Feed) -> int:
        """All of it."""
        text = "".join(feed.held)
        if "d" in feed.options or "decode" in feed.options:
            try:
                ctx.out(base64.b64decode("".join(text.split()), validate=True).decode(errors="replace"))
            except binascii.Error:
                ctx.err("base64: truncated input\n" if ctx.busybox else "base64: invalid input\n")
                return 1
            return feed.code
        whole = base64.b64encode(text.encode()).decode()
        width = integer(feed.options.get("w") or "76") or len(whole) or 1
        ctx.out(
            "\n".join(whole[here : here + width] for here in range(0, len(whole), width)) + ("" if feed.options.get("w") == "0" else "\n")
        )
        return feed.code
