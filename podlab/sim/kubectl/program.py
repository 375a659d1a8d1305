"""kubectl as a program: read the line, wait as long as a request takes, run the command, go on with its steps.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/cmd.go and cobra's command.go. Left out: plugins, kuberc.
"""

from __future__ import annotations

from podlab.sim.errors import StatusError
from podlab.sim.kubectl import commands
from podlab.sim.kubectl.command import Command
from podlab.sim.kubectl.definitions import COMMANDS, Definition, aliases, children, definition, global_flags
from podlab.sim.kubectl.errors import Failure, Usage, fatal
from podlab.sim.kubectl.flags import FlagError, Parsed, parse
from podlab.sim.kubectl.helptext import help_of
from podlab.sim.kubectl.invocation import MEMORY, Invocation
from podlab.sim.kubectl.jsonpath import JsonPathError
from podlab.sim.kubectl.suggest import unknown_command
from podlab.sim.linux.types import Context, Exit, Sleep, Wait, Wake

_VALUED = {"-n", "-s", "-v"}

_DIRECTIVES = ("strict", "true", "warn", "ignore", "false")
"""What `--validate` may say."""


class Kubectl:
    """The program `kubectl`."""

    @property
    def handles(self) -> frozenset[str]:
        """Signals that a command may want to see."""
        return frozenset({"INT"})

    def start(self, ctx: Context) -> Wait:
        """Nothing is answered before a request's time has passed."""
        ctx.process.state[MEMORY] = {}
        return Sleep(ctx.world.timings["kubectl.request"])

    def resume(self, ctx: Context, wake: Wake) -> Wait:
        """Run the command, or its next step."""
        try:
            return self._go_on(ctx, wake) or Exit(0)
        except BrokenPipeError:
            raise
        except (Failure, StatusError, JsonPathError, OSError) as error:
            text, code = fatal(error)
            ctx.err(text)
            return Exit(code)

    def _go_on(self, ctx: Context, wake: Wake) -> Wait | None:
        path, words = split(ctx.process.argv[1:])
        step = ctx.process.state[MEMORY].get("step")
        if wake.why == "signal" and (step is None or not commands.TABLE[path].handles_interrupt):
            return Exit(130)
        if step is None and path not in commands.TABLE:
            return _without_code(ctx, path, words)
        parsed = read(path, words)
        if parsed.help:
            ctx.out(help_of(path))
            return None
        command, inv = commands.TABLE[path], Invocation(ctx, path, parsed)
        if step is not None:
            return command.steps[step](inv, wake)
        return _first(command, inv)


def _first(command: Command, inv: Invocation) -> Wait | None:
    for notice in inv.parsed.notices:
        inv.err(notice)
    missing = [each for each in definition(inv.path).required if not inv.given(each)]
    if missing:
        raise Failure("required flag(s) " + ", ".join(f'"{each}"' for each in missing) + " not set")
    wanted = inv.flags.get("validate", "strict")
    if wanted not in _DIRECTIVES:
        raise Failure(f'invalid - validate option "{wanted}"; must be one of: strict (or true), warn, ignore (or false)')
    if not inv.flags.get("client"):
        inv.config.check_early(inv.path, placed=inv.namespace_given)
    return command.run(inv)


def split(words: list[str]) -> tuple[str, list[str]]:
    """The command's path and the words that are not its name: `-n lab get pods` → `get`, [`-n`, `lab`, `pods`]."""
    path, rest, at = "", [], 0
    while at < len(words):
        word = words[at]
        if word == "--":
            break
        if word.startswith("-") and len(word) > 1:
            taken = 2 if word in _VALUED or _takes_value(word) else 1
            rest += words[at : at + taken]
            at += taken
            continue
        below = children(path)
        name = word if word in below else aliases(path).get(word) if below else None
        if name is None:
            break
        path = f"{path} {name}".strip()
        at += 1
    return path, rest + words[at:]


def _takes_value(word: str) -> bool:
    flag = next((each for each in global_flags() if word == f"--{each.name}"), None)
    return flag is not None and flag.type != "bool"


def read(path: str, words: list[str]) -> Parsed:
    """The flags and arguments of a command; Usage."""
    own: Definition = definition(path) if path else Definition()
    try:
        return parse([*global_flags(), *own.flags], words)
    except FlagError as error:
        raise Usage(f"kubectl {path}".strip(), str(error), "--help' for usage.") from None


def _without_code(ctx: Context, path: str, words: list[str]) -> Wait | None:
    """A command that only has subcommands, one that the lab does not have, or none at all."""
    if not path and (typed := _first_word(words)):
        raise Failure(unknown_command(typed))
    parsed = read(path, words)
    if path == "help":
        return _help(ctx, parsed.args)
    if parsed.help or not path:
        ctx.out(help_of(path))
        return None
    if not children(path):
        raise Failure(f"not supported in this lab: kubectl {path}")
    if parsed.args:
        raise Usage(f"kubectl {path}", f'unknown command "{" ".join(parsed.args)}"')
    ctx.out(help_of(path)) if definition(path).nothing == "out" else ctx.err(help_of(path))
    return Exit(0 if path == "certificate" else 1)


def _first_word(words: list[str]) -> str:
    """The first word that is neither a global flag nor its value."""
    at = 0
    while at < len(words):
        if not words[at].startswith("-"):
            return words[at]
        at += 2 if words[at] in _VALUED or _takes_value(words[at]) else 1
    return ""


def _help(ctx: Context, words: list[str]) -> Wait | None:
    path, rest = split(words)
    if rest:
        ctx.err(f"Unknown help topic [`{' '.join(words)}`]. See 'kubectl help'.\n")
        return Exit(1)
    ctx.out(help_of(path))
    return None


def supported(path: str) -> bool:
    """Whether the lab runs that command."""
    return path in commands.TABLE and path in COMMANDS
