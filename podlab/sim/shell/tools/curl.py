"""curl: asks a server.

Upstream: curl(1). Left out: TLS, upload of files, cookies, everything but HTTP.
"""

from __future__ import annotations

import re

from podlab.sim.linux.tool import Tool
from podlab.sim.linux.types import Context, Exit, Sleep, Wait, Wake
from podlab.sim.shell.printing import milliseconds, unescape
from podlab.sim.shell.tools.urls import REASONS, Url, split_url

TIMEOUT_MS = 134_000
VALUED = {"-m": "max-time", "-o": "output", "-w": "write-out", "-H": "header", "-d": "data", "-X": "request", "-A": "user-agent"}
LONG = (*VALUED.values(), "connect-timeout", "retry", "resolve")
SHORT = {"s": "silent", "S": "show-error", "i": "include", "I": "head", "f": "fail", "L": "location", "v": "verbose", "k": "insecure"}
CODES = {"dns": 6, "refused": 7, "unreachable": 7, "timeout": 28, "reset": 56}
REDIRECTS = 50


class Curl(Tool):
    """`curl [-sSifILvk] [-m S] [--connect-timeout S] [-o FILE] [-w FORMAT] [-H H] [-d D] [-X METHOD] URL`."""

    def start(self, ctx: Context) -> Wait:
        """Ask; the answer is known at once and printed when its time has come."""
        given, headers, urls = arguments(ctx.process.argv[1:])
        if not urls:
            ctx.err("curl: try 'curl --help' for more information\n")
            return Exit(2)
        ctx.process.state |= {"given": given, "headers": headers, "url": urls[0], "turns": 0, "spent": 0}
        return self._ask(ctx)

    def _ask(self, ctx: Context) -> Wait:
        state, given = ctx.process.state, ctx.process.state["given"]
        url = split_url(state["url"])
        most = milliseconds(given.get("max-time", "")) or TIMEOUT_MS
        connect = min(milliseconds(given.get("connect-timeout", "")) or TIMEOUT_MS, most)
        headers = {"Host": url.shown, "User-Agent": given.get("user-agent", "curl/8.14.1"), "Accept": "*/*"} | state["headers"]
        method = given.get("request") or ("HEAD" if "head" in given else "POST" if "data" in given else "GET")
        result = ctx.network.http(ctx.host, url.host, url.port, url.path, headers, most, url.scheme, method, given.get("data", ""))
        late = result.error in ("timeout", "unreachable") and not result.connected and result.after_ms >= connect
        state["result"] = [result.status, result.body, result.headers, "timeout" if late else result.error, result.address]
        state["connected"], after_ms = result.connected, connect if late else max(1, result.after_ms)
        state["spent"] += after_ms
        return Sleep(after_ms)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """The answer has come."""
        state, given = ctx.process.state, ctx.process.state["given"]
        status, body, headers, error, _ = state["result"]
        url = split_url(state["url"])
        if error:
            return self._failed(ctx, url, error)
        location = headers.get("Location", "")
        if "location" in given and 300 <= status < 400 and location and state["turns"] < REDIRECTS:
            state["turns"] += 1
            state["url"] = location if "://" in location else f"{url.scheme}://{url.shown}{location}"
            return self._ask(ctx)
        if "fail" in given and status >= 400:
            self._complain(ctx, f"curl: (22) The requested URL returned error: {status}")
            self._write_out(ctx, status)
            return Exit(22)
        self._print(ctx, given, status, body, headers)
        self._write_out(ctx, status)
        return Exit(0)

    def _print(self, ctx: Context, given: dict[str, str], status: int, body: str, headers: dict[str, str]) -> None:
        text = "" if "head" in given else body
        if "include" in given or "head" in given:
            shown = {"Content-Length": str(len(body.encode()))} | headers
            text = (
                f"HTTP/1.1 {status} {REASONS.get(status, '')}\r\n"
                + "".join(f"{name}: {value}\r\n" for name, value in shown.items())
                + "\r\n"
                + text
            )
        target = given.get("output", "-")
        if target == "-":
            ctx.out(text)
        elif target != "/dev/null":
            ctx.files.write(target, text)

    def _write_out(self, ctx: Context, status: int) -> None:
        form = ctx.process.state["given"].get("write-out", "")
        spent = ctx.process.state["spent"]
        values = {
            "http_code": f"{status:03d}",
            "response_code": f"{status:03d}",
            "time_total": f"{spent // 1000}.{spent % 1000:03d}000",
            "remote_ip": ctx.process.state["result"][4],
            "url": ctx.process.state["url"],
        }
        ctx.out(unescape(re.sub(r"%\{(\w+)\}", lambda match: values.get(match[1], ""), form)))

    @staticmethod
    def _complain(ctx: Context, words: str) -> None:
        given = ctx.process.state["given"]
        if "silent" not in given or "show-error" in given:
            ctx.err(words + "\n")

    def _failed(self, ctx: Context, url: Url, error: str) -> Wait:
        state = ctx.process.state
        spent, limited = state["spent"], bool({"max-time", "connect-timeout"} & set(state["given"]))
        words = {
            "dns": f"Could not resolve host: {url.host}",
            "refused": f"Failed to connect to {url.host} port {url.port} after {spent} ms: Couldn't connect to server",
            "unreachable": f"Failed to connect to {url.host} port {url.port} after {spent} ms: No route to host",
            "timeout": f"Connection timed out after {spent} milliseconds"
            if limited
            else f"Failed to connect to {url.host} port {url.port} after {spent} ms: Couldn't connect to server",
            "reset": "Recv failure: Connection reset by peer",
        }
        if error == "timeout" and state["connected"]:
            words["timeout"] = f"Operation timed out after {spent} milliseconds with 0 bytes received"
        code = CODES.get(error, 35)
        self._complain(ctx, f"curl: ({code}) {words.get(error, 'OpenSSL/3.5.0: error:0A00010B:SSL routines::wrong version number')}")
        self._write_out(ctx, 0)
        return Exit(code)


def arguments(words: list[str]) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Options by their long names, headers, URLs."""
    given: dict[str, str] = {}
    headers: dict[str, str] = {}
    urls, words = [], list(words)
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            _set(given, headers, word[2:], words.pop(0) if word[2:] in LONG and words else "")
        elif word[:2] in VALUED:
            _set(given, headers, VALUED[word[:2]], word[2:] or (words.pop(0) if words else ""))
        elif word.startswith("-") and len(word) > 1:
            _letters(given, headers, word[1:], words)
        else:
            urls.append(word)
    return given, headers, urls


def _letters(given: dict[str, str], headers: dict[str, str], letters: str, words: list[str]) -> None:
    for here, letter in enumerate(letters):
        name = VALUED.get(f"-{letter}")
        if name is not None:
            _set(given, headers, name, letters[here + 1 :] or (words.pop(0) if words else ""))
            return
        given[SHORT.get(letter, letter)] = ""


def _set(given: dict[str, str], headers: dict[str, str], name: str, value: str) -> None:
    if name == "header":
        key, _, text = value.partition(":")
        headers[key.strip()] = text.strip()
    else:
        given[name] = value
