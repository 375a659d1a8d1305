"""Jobs: what runs in the background, `wait`, `jobs`, `fg`, `bg`, `kill`.

Upstream: POSIX Shell Command Language 2.9.3, bash's job control. Left out: `disown`, `%name`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from podlab.sim.linux import signals
from podlab.sim.linux.types import Child, Wait
from podlab.sim.shell.expansion import ShellError
from podlab.sim.shell.state import Job, Shell

if TYPE_CHECKING:
    from podlab.sim.shell.commands import Commands


def started(machine: Commands, pids: list[int], text: str, *, background: bool) -> Job:
    """A new job; an interactive shell shows its number."""
    sh, ctx = machine.sh, machine.ctx
    number = max((each.number for each in sh.jobs), default=0) + 1
    shown = ctx.linux.state.processes[pids[-1]].number
    job = Job(number, pids[0], list(pids), text, pids[-1], shown)
    sh.jobs.append(job)
    sh.last_background = shown
    if background and sh.interactive:
        ctx.err(f"[{number}] {sh.last_background}\n")
    return job


def stopped(machine: Commands) -> Wait:
    """The foreground was stopped by Ctrl-Z: it becomes a job, the shell has its terminal again."""
    sh = machine.sh
    job = started(machine, sh.pids, sh.output, background=False)
    job.stopped = True
    machine.ctx.err(f"\n[{job.number}]+  Stopped                 {job.text}\n")
    machine.ctx.foreground(machine.ctx.process.group)
    machine.abandon()
    sh.status = signals.exit_code("TSTP")
    return machine.run()


def reap(machine: Commands) -> None:
    """Take the codes of jobs' processes that have ended; the jobs stay until somebody is told (`take`)."""
    ctx = machine.ctx
    for job in machine.sh.jobs:
        for pid in list(job.pids):
            process = ctx.linux.state.processes.get(pid)
            signal = process.ended_by if process is not None else ""
            code = ctx.exit_code(pid)
            if code is None:
                continue
            job.pids.remove(pid)
            if pid == job.last:
                job.code = code
                job.words = signals.WORDS.get(signal, signal) if signal else f"Exit {code}" if code else "Done"


def take(machine: Commands) -> list[Job]:
    """The jobs that have ended, which are forgotten thereby."""
    sh = machine.sh
    reap(machine)
    ended = [job for job in sh.jobs if not job.pids]
    sh.jobs = [job for job in sh.jobs if job.pids]
    return ended


def report(machine: Commands) -> None:
    """An interactive shell tells of jobs that have ended, before it prompts."""
    for job in take(machine):
        machine.ctx.err(f"[{job.number}]+  {job.words:<24}{job.text}\n")


def has_stopped(sh: Shell) -> bool:
    """Whether a job is stopped."""
    return any(job.stopped for job in sh.jobs)


def _find(machine: Commands, word: str) -> Job:
    sh = machine.sh
    if not sh.jobs:
        raise ShellError(f"{word or '%%'}: no such job", 1)
    if word in ("", "%", "%%", "%+"):
        return sh.jobs[-1]
    digits = word.removeprefix("%")
    job = machine.job(int(digits)) if digits.isdecimal() else None
    if job is None:
        raise ShellError(f"{word}: no such job", 1)
    return job


def jobs(machine: Commands, args: list[str]) -> None:
    """`jobs`."""
    reap(machine)
    for job in machine.sh.jobs:
        word = "Stopped" if job.stopped else "Running" if job.pids else job.words
        mark = "+" if job is machine.sh.jobs[-1] else "-" if job in machine.sh.jobs[-2:-1] else " "
        machine.ctx.out(f"[{job.number}]{mark}  {word:<24}{job.text}{' &' if job.pids and not job.stopped else ''}\n")
    take(machine)
    machine.sh.status = 0


def fg(machine: Commands, args: list[str]) -> Wait | None:
    """`fg [%N]`."""
    job = _find(machine, args[1] if len(args) > 1 else "")
    machine.ctx.out(job.text + "\n")
    machine.sh.jobs.remove(job)
    machine.ctx.linux.processes.kill_group(job.group, "CONT")
    machine.close_redirects()
    wait = machine.await_foreground(job.pids, job.text)
    machine.push_redirects()
    return wait


def bg(machine: Commands, args: list[str]) -> None:
    """`bg [%N]`."""
    job = _find(machine, args[1] if len(args) > 1 else "")
    job.stopped = False
    machine.ctx.out(f"[{job.number}]+ {job.text} &\n")
    machine.ctx.linux.processes.kill_group(job.group, "CONT")
    machine.sh.status = 0


def kill(machine: Commands, args: list[str]) -> None:
    """`kill [-SIGNAL|-s SIGNAL] PID|%JOB…`, `kill -l`."""
    signal, targets = "TERM", args[1:]
    if targets[:1] == ["-l"]:
        machine.ctx.out("".join(f"{number:>2}) {name}\n" for number, name in sorted(signals.NAMES.items())))
        machine.sh.status = 0
        return
    if targets[:1] == ["-s"] and len(targets) > 1:
        targets = [f"-{targets[1]}", *targets[2:]]
    if targets and targets[0].startswith("-") and len(targets[0]) > 1:
        name = signals.name_of(targets.pop(0)[1:])
        if name is None:
            raise ShellError(
                f"kill: invalid signal '{args[1].lstrip('-')}'"
                if machine.ctx.busybox
                else f"kill: {args[1].lstrip('-')}: invalid signal specification",
                1,
            )
        signal = name
    if not targets:
        raise ShellError(
            "kill: you need to specify whom to kill"
            if machine.ctx.busybox
            else "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ...",
            2,
        )
    machine.sh.status = 0
    for word in targets:
        if not _kill_one(machine, word, signal):
            machine.sh.status = 1


def _kill_one(machine: Commands, word: str, signal: str) -> bool:
    if word.startswith("%"):
        pids = list(_find(machine, word).pids)
    else:
        process = machine.ctx.linux.processes.by_number(machine.ctx.process.host, int(word)) if word.isdecimal() else None
        if process is None:
            bad = not word.isdecimal()
            words = f"kill: invalid number '{word}'" if bad else f"kill: can't kill pid {word}: No such process"
            if not machine.ctx.busybox:
                words = f"kill: {word}: arguments must be process or job IDs" if bad else f"kill: ({word}) - No such process"
            machine.complain(words)
            return False
        pids = [process.pid]
    for pid in pids:
        if signal != "0":
            machine.ctx.kill(pid, signal)
    return True


def wait(machine: Commands, args: list[str]) -> Wait | None:
    """`wait [PID|%JOB…]`: interrupted by a signal that has a trap."""
    sh = machine.sh
    sh.wanted = 0
    if len(args) > 1:
        job = _find(machine, args[-1]) if args[-1].startswith("%") else _by_pid(machine, args[-1])
        if job is None:
            sh.status = 127
            return None
        sh.wanted = job.last
    sh.waiting = "wait"
    return after_wait(machine)


def _by_pid(machine: Commands, word: str) -> Job | None:
    return next((job for job in machine.sh.jobs if word == str(job.shown)), None)


def after_wait(machine: Commands) -> Wait | None:
    """Something ended: enough? Then the builtin is over."""
    sh = machine.sh
    reap(machine)
    wanted = next((job for job in sh.jobs if job.last == sh.wanted), None)
    if wanted.pids if wanted is not None else any(job.pids and not job.stopped for job in sh.jobs):
        return Child()
    sh.waiting, sh.status = "", wanted.code if wanted is not None else 0
    sh.jobs = [job for job in sh.jobs if job.pids]
    return None
