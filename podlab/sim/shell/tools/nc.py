"""nc: connects or listens.

Upstream: BusyBox nc. Left out: what is sent over TCP beyond one HTTP request or one line; -k.
"""

from __future__ import annotations

from podlab.sim.linux.tool import Tool, integer
from podlab.sim.linux.types import Context, Exit, Forever, HttpRequest, HttpResponse, Read, Sleep, Wait, Wake
from podlab.sim.shell.printing import milliseconds

TIMEOUT_MS = 127_000


class Nc(Tool):
    """`nc [-zvu] [-w SECONDS] HOST PORT`, `nc -l -p PORT [-e PROGRAM…]`."""

    def start(self, ctx: Context) -> Wait:
        """Listen, or connect."""
        args, given = list(ctx.process.argv[1:]), {}
        words: list[str] = []
        while args:
            word = args.pop(0)
            if word == "-e":
                given["e"], args = " ".join(args), []
                ctx.process.state["program"] = given["e"].split(" ")
            elif word in ("-p", "-w", "-s") and args:
                given[word[1]] = args.pop(0)
            elif word.startswith("-"):
                _letters(word[1:], given, args)
            else:
                words.append(word)
        ctx.process.state |= {"given": given, "text": ""}
        return self._listen(ctx, given, words) if "l" in given else self._connect(ctx, given, words)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """A connection was accepted; or more standard input; or the answer has come."""
        state = ctx.process.state
        if state.get("accepted"):
            return ctx.exec(state["program"]) if "program" in state else Exit(0)
        if "l" in state["given"]:
            return Forever()
        if "answer" in state:
            ctx.out(state["answer"])
            ctx.err(state["error"])
            return Exit(state["code"])
        return self._send(ctx)

    def _listen(self, ctx: Context, given: dict[str, str], words: list[str]) -> Wait:
        port = integer(given.get("p") or (words[-1] if words else "0"))
        if not ctx.listen(-port if "u" in given else port):
            ctx.err("nc: bind: Address already in use\n")
            return Exit(1)
        return Forever()

    def serve(self, ctx: Context, port: int, request: HttpRequest) -> HttpResponse | None:
        """It accepts, says nothing, and listens no more; what came is written to standard output."""
        if "program" not in ctx.process.state:
            ctx.out(
                f"{request.method} {request.path} HTTP/1.1\r\nHost: {request.host}\r\n"
                + "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
                + "\r\n"
            )
        self.accept(ctx, port)
        return None

    def accept(self, ctx: Context, port: int) -> None:
        """One connection is all that it takes."""
        ctx.process.state["accepted"] = True
        ctx.linux.processes.unlisten(ctx.process, port)
        ctx.linux.processes.wake(ctx.process.pid)

    def _connect(self, ctx: Context, given: dict[str, str], words: list[str]) -> Wait:
        if len(words) < 2 or not words[-1].isdecimal():
            ctx.err(
                "BusyBox v1.36.1 multi-call binary.\n\nUsage: nc [OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen\n"
            )
            return Exit(1)
        ctx.process.state |= {"host": words[-2], "port": int(words[-1])}
        if "z" in given:
            return self._probe(ctx, given)
        return self._send(ctx)

    def _probe(self, ctx: Context, given: dict[str, str]) -> Wait:
        state = ctx.process.state
        timeout = milliseconds(given.get("w", "")) or TIMEOUT_MS
        result = ctx.network.tcp(ctx.host, state["host"], state["port"], timeout)
        return self._answered(ctx, result.error, "", result.after_ms)

    def _answered(self, ctx: Context, error: str, answer: str, after_ms: int) -> Wait:
        state, given = ctx.process.state, ctx.process.state["given"]
        address = (ctx.network.resolve(ctx.host, state["host"]).addresses or [state["host"]])[0]
        words = {
            "refused": f"nc: {state['host']} ({address}:{state['port']}): Connection refused\n",
            "timeout": f"nc: {state['host']} ({address}:{state['port']}): Connection timed out\n",
        }
        words |= {
            "unreachable": f"nc: {state['host']} ({address}:{state['port']}): No route to host\n",
            "dns": f"nc: bad address '{state['host']}'\n",
        }
        opened = f"{state['host']} ({address}:{state['port']}) open\n" if "v" in given and not error else ""
        state |= {"answer": answer, "error": words.get(error, "") if error else opened, "code": int(error in words)}
        return Sleep(max(1, after_ms))

    def _send(self, ctx: Context) -> Wait:
        state = ctx.process.state
        while (text := ctx.read(0)) is not None:
            if text == "":
                return Read(0)
            state["text"] += text
        if "u" in state["given"]:
            address = (ctx.network.resolve(ctx.host, state["host"]).addresses or [state["host"]])[0]
            result = ctx.network.udp(ctx.host, address, state["port"], state["text"])
            return self._answered(ctx, "", result.answer, milliseconds(state["given"].get("w", "")) or 1)
        first = state["text"].split("\n")[0].split()
        if len(first) >= 2 and first[0] in ("GET", "HEAD", "POST"):
            answer = ctx.network.http(ctx.host, state["host"], state["port"], first[1], {}, TIMEOUT_MS, method=first[0])
            return self._answered(ctx, answer.error, f"HTTP/1.1 {answer.status} \r\n\r\n{answer.body}", answer.after_ms)
        timeout = milliseconds(state["given"].get("w", "")) or TIMEOUT_MS
        said = ctx.network.line(ctx.host, state["host"], state["port"], state["text"].strip(), "TCP", timeout)
        return self._answered(ctx, said.error, said.answer and said.answer + "\n", said.after_ms)


def _letters(letters: str, given: dict[str, str], args: list[str]) -> None:
    for here, letter in enumerate(letters):
        if letter in "pw":
            given[letter] = letters[here + 1 :] or (args.pop(0) if args else "")
            return
        given[letter] = ""
