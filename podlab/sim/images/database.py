"""podlab/db, podlab/sql-client, podlab/db-ambassador: one-line SQL over TCP 5432.

db: ROLE primary or replica; a replica follows PRIMARY (db-primary:5432) and refuses writes, until the fault `promote` makes a primary of it.
sql-client: a SELECT and an UPDATE each second to DB (localhost:5432). db-ambassador: listens on PORT (5432), sends SELECT to REPLICA and
everything else to PRIMARY, and logs where. One can ask by hand: `echo "SELECT n FROM orders" | nc db-primary 5432`.

Upstream: none. Left out: every other statement, sessions, authentication.
"""

from __future__ import annotations

from podlab.sim.images import own, settings
from podlab.sim.images.server import Server
from podlab.sim.linux.tool import UsageError
from podlab.sim.linux.types import Context, Exit, Sleep, Wait, Wake
from podlab.sim.network.state import LineResult

PORT, PERIOD_MS, TIMEOUT_MS = 5432, 1000, 1000
SELECT, UPDATE = "SELECT n FROM orders", "UPDATE orders SET n = n + 1"
READ_ONLY = "ERROR:  cannot execute UPDATE in a read-only transaction"


def place(ctx: Context, name: str, default: str) -> tuple[str, int]:
    """A setting `host:port`; UsageError."""
    host, _, port = settings.text(ctx, name, default).partition(":")
    if not host or not (port or str(PORT)).isdecimal():
        raise UsageError(f"{name}: not a host:port: {settings.text(ctx, name)!r}")
    return host, int(port or PORT)


def ask(ctx: Context, name: str, default: str, text: str) -> LineResult:
    """Send a statement to where that setting points; the answer, or in words why there is none."""
    host, port = place(ctx, name, default)
    result = ctx.network.line(ctx.host, host, port, text, "sql", TIMEOUT_MS)
    if result.error in own.UNREACHED:
        result.answer = f"ERROR:  {host}:{port}: {own.UNREACHED[result.error]}"
    return result


class Db(Server):
    """`/db`."""

    def ports(self, ctx: Context) -> list[int]:
        """The database's port."""
        return [settings.number(ctx, "PORT", PORT)]

    def opened(self, ctx: Context) -> None:
        """Its role."""
        ctx.process.state.setdefault("role", settings.text(ctx, "ROLE", "primary"))
        ctx.out(f"ready to accept connections, {ctx.process.state['role']}\n")

    def promote(self, ctx: Context) -> None:
        """It is the primary from now on, with what it has."""
        ctx.process.state["role"] = "primary"
        ctx.out("promoted to primary\n")

    def line(self, ctx: Context, port: int, text: str) -> tuple[str, str]:
        """The answer to a statement, and the error's word (`readonly`)."""
        state, verb = ctx.process.state, text.strip().partition(" ")[0].upper()
        if verb == "SELECT":
            return self._rows(ctx), ""
        if verb not in ("UPDATE", "INSERT", "DELETE"):
            return f'ERROR:  syntax error at or near "{verb}"', "syntax"
        if state["role"] != "primary":
            return READ_ONLY.replace("UPDATE", verb), "readonly"
        state["n"] = state.get("n", 0) + 1
        return f"{verb} 1", ""

    def _rows(self, ctx: Context) -> str:
        state = ctx.process.state
        if state["role"] != "primary":
            host, port = place(ctx, "PRIMARY", f"db-primary:{PORT}")
            known = ctx.network.line(ctx.host, host, port, SELECT, "", TIMEOUT_MS)
            if not known.error and known.answer.isdecimal():
                state["n"] = int(known.answer)
        return str(state.get("n", 0))


class SqlClient:
    """`/sql-client`."""

    handles = frozenset({"TERM", "INT"})

    def start(self, ctx: Context) -> Wait:
        """Where it asks."""
        host, port = place(ctx, "DB", f"localhost:{PORT}")
        ctx.out(f"database: {host}:{port}\n")
        return Sleep(PERIOD_MS)

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """One SELECT, one UPDATE."""
        if wake.why == "signal":
            return Exit(0)
        for text in (SELECT, UPDATE):
            result = ask(ctx, "DB", f"localhost:{PORT}", text)
            ctx.out(f"{text.partition(' ')[0]}: {result.answer}\n")
        return Sleep(PERIOD_MS)


class Ambassador(Server):
    """`/db-ambassador`."""

    def ports(self, ctx: Context) -> list[int]:
        """Where the application finds it."""
        return [settings.number(ctx, "PORT", PORT)]

    def line(self, ctx: Context, port: int, text: str) -> tuple[str, str]:
        """Pass a statement on, to the one whose work it is."""
        verb = text.strip().partition(" ")[0].upper()
        name = "REPLICA" if verb == "SELECT" else "PRIMARY"
        result = ask(ctx, name, f"db-{name.lower()}:{PORT}", text)
        ctx.out(f"{verb} -> {settings.text(ctx, name, f'db-{name.lower()}:{PORT}')} ({name.lower()}): {result.answer}\n")
        return result.answer, result.error


IMAGES = (
    own.image("podlab/db", "db", 31_000_000),
    own.image("podlab/sql-client", "sql-client", 7_200_000),
    own.image("podlab/db-ambassador", "db-ambassador", 6_900_000),
)
PROGRAMS = own.programs(db=Db(), sql_client=SqlClient(), db_ambassador=Ambassador())
