"""wget: fetches a page.

Upstream: BusyBox wget. Left out: ftp, resuming, recursion, TLS.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool, integer
from podlab.sim.linux.types import Context, Exit, Sleep, Wait, Wake
from podlab.sim.network.state import HttpResult
from podlab.sim.shell.tools.urls import REASONS, split_url

TIMEOUT_MS = 900_000
REDIRECTS = 5


class Wget(Tool):
    """`wget [-q] [-O FILE|-] [-T SECONDS] [-S] [--header H] [--post-data D] [--spider] URL`."""

    def start(self, ctx: Context) -> Wait:
        """Ask; the answer is known at once and printed when its time has come."""
        given, urls = self._arguments(ctx.process.argv[1:])
        if not urls:
            ctx.err(
                "BusyBox v1.36.1 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-T SEC] [--header STR] [--post-data STR] URL...\n"
            )
            return Exit(1)
        ctx.process.state |= {"given": given, "url": urls[0], "turns": 0}
        return self._ask(ctx)

    @staticmethod
    def _arguments(words: list[str]) -> tuple[dict[str, str], list[str]]:
        given: dict[str, str] = {}
        urls, words = [], list(words)
        while words:
            word = words.pop(0)
            if word.startswith("--"):
                name, has_value, value = word[2:].partition("=")
                given[name] = value if has_value or name not in ("header", "post-data", "timeout") else words.pop(0) if words else ""
            elif word.startswith("-") and len(word) > 1:
                letters = word[1:]
                while letters:
                    letter, letters = letters[0], letters[1:]
                    if letter in "OTUtP":
                        given[letter], letters = letters or (words.pop(0) if words else ""), ""
                    else:
                        given[letter] = ""
            else:
                urls.append(word)
        return given, urls

    def _ask(self, ctx: Context) -> Wait:
        given, url = ctx.process.state["given"], split_url(ctx.process.state["url"])
        headers = {"Host": url.shown, "User-Agent": "Wget"}
        if "header" in given:
            name, _, value = given["header"].partition(":")
            headers[name.strip()] = value.strip()
        timeout = integer(given.get("T") or given.get("timeout") or "0") * 1000 or TIMEOUT_MS
        method = "POST" if "post-data" in given else "HEAD" if "spider" in given else "GET"
        result = ctx.network.http(ctx.host, url.host, url.port, url.path, headers, timeout, url.scheme, method, given.get("post-data", ""))
        ctx.process.state["result"] = [result.status, result.body, result.headers, result.error, result.address]
        return Sleep(max(1, result.after_ms))

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """The answer has come."""
        state, given = ctx.process.state, ctx.process.state["given"]
        status, body, headers, error, address = state["result"]
        result, url = HttpResult(status, body, headers, 0, error, address), split_url(state["url"])
        if "q" not in given and result.address:
            ctx.err(f"Connecting to {url.shown} ({result.address}:{url.port})\n")
        if result.error:
            return self._failed(ctx, result, url.shown, url.host)
        location = result.headers.get("Location", "")
        if result.status in (301, 302, 303, 307, 308) and location and state["turns"] < REDIRECTS:
            state["turns"] += 1
            state["url"] = location if "://" in location else f"{url.scheme}://{url.shown}{location}"
            return self._ask(ctx)
        if result.status >= 300:
            ctx.err(f"wget: server returned error: HTTP/1.1 {result.status} {REASONS.get(result.status, '')}\n")
            return Exit(1)
        return self._save(ctx, given, url.path, result.body)

    def _failed(self, ctx: Context, result: HttpResult, shown: str, host: str) -> Wait:
        words = {
            "dns": f"bad address '{shown}'",
            "refused": f"can't connect to remote host ({result.address}): Connection refused",
            "unreachable": f"can't connect to remote host ({result.address}): No route to host",
            "timeout": "download timed out",
            "reset": "error getting response: Connection reset by peer",
        }
        ctx.err(f"wget: {words.get(result.error, result.error)}\n")
        return Exit(1)

    def _save(self, ctx: Context, given: dict[str, str], path: str, body: str) -> Wait:
        target = given.get("O") or path.partition("?")[0].rpartition("/")[2] or "index.html"
        quiet = "q" in given
        if "spider" in given:
            if not quiet:
                ctx.err("remote file exists\n")
            return Exit(0)
        if target == "-":
            ctx.out(body)
        else:
            if "O" not in given and ctx.files.exists(target):
                ctx.err(f"wget: can't open '{target}': File exists\n")
                return Exit(1)
            ctx.files.write(target, body)
        if not quiet:
            name = "-" if target == "-" else target
            saving, saved = ("writing to stdout", "written to stdout") if target == "-" else (f"saving to '{name}'", f"'{name}' saved")
            ctx.err(f"{saving}\n{name:<20} 100% |********************************| {len(body.encode()):>5}  0:00:00 ETA\n{saved}\n")
        return Exit(0)
