"""The process table: starting, signalling, running and ending processes, each as a step of the world's heap.

Timers: `linux.wake <pid>` goes on with a process, `linux.signal <pid>` delivers a signal, `linux.exit <pid>` tells its owner that it ended.

Upstream: the Linux kernel. Left out: users and permissions, threads, memory but for what programs say that they hold.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from podlab.sim.api.resources import RESOURCES
from podlab.sim.changes import ObjectChange
from podlab.sim.errors import SimulationBug
from podlab.sim.linux import signals
from podlab.sim.linux.context import ProcessContext
from podlab.sim.linux.programs import Programs
from podlab.sim.linux.state import LinuxState
from podlab.sim.linux.tool import UsageError
from podlab.sim.linux.types import Child, Exit, ExitHandler, Host, Process, Program, Read, Sleep, Wait, Wake, Watch
from podlab.sim.world import World

if TYPE_CHECKING:
    from podlab.sim.linux.linux import Linux

OOM = "OOM"
"""`ended_by` of a process that the out-of-memory killer ended (its signal is KILL)."""


ENTERING = 6
"""Numbers that `exec` into a container takes."""


class Processes:
    """All processes of all machines; `linux` gives them files, streams and hosts."""

    def __init__(self, linux: Linux, programs: dict[str, Program]) -> None:
        self._linux = linux
        self.world: World = linux.world
        self.state: LinuxState = linux.state
        self.programs = Programs(linux, programs)
        self._exits: dict[str, ExitHandler] = {}
        self.world.kernel.handle("linux.wake", self._run)
        self.world.kernel.handle("linux.signal", self._signal)
        self.world.kernel.handle("linux.exit", self._report)
        for resource in RESOURCES:
            self.world.subscribe(resource, self._changed)

    # Processes.

    def namespace(self, host: Host) -> str:
        """The pid namespace of a host."""
        return host.pid_namespace or host.name

    def visible(self, host: str) -> list[Process]:
        """The processes that one sees on that host, by number."""
        space = self.namespace(self.state.hosts[host])
        seen = [
            each
            for each in self.state.processes.values()
            if each.exit_code is None and self.namespace(self.state.hosts[each.host]) == space
        ]
        return sorted(seen, key=lambda each: each.number)

    def by_number(self, host: str, number: int) -> Process | None:
        """The process that has that pid on that host, or None."""
        return next((each for each in self.visible(host) if each.number == number), None)

    def spawn(
        self,
        host: str,
        argv: list[str],
        *,
        env: dict[str, str],
        cwd: str,
        fds: dict[int, str],
        owner: str = "",
        parent: int = 0,
        state: dict[str, Any] | None = None,
    ) -> int:
        """Start a process (FileNotFoundError: no such program or directory; PermissionError); returns its pid. It runs from its next step on."""
        where = self.state.hosts[host]
        if not self._linux.files(host).is_dir(cwd):
            raise FileNotFoundError(2, "No such file or directory", cwd)
        program, argv = self.programs.find(where, argv, cwd, env.get("PATH", ""))
        space = self.namespace(where)
        number = self.state.numbers[space] = self.state.numbers.get(space, 0) + self._step(where, parent)
        pid, self.state.next_pid = self.state.next_pid, self.state.next_pid + 1
        process = Process(
            pid,
            parent,
            host,
            program,
            argv,
            dict(env),
            cwd,
            dict(fds),
            dict(state or {}),
            owner=owner,
            started_ms=self.world.now,
            number=number,
            group=pid,
        )
        self.state.processes[pid] = process
        for name in process.fds.values():
            self._linux.streams.hold(name)
        self.world.kernel.after(self.world.timings["linux.fork" if state else "linux.exec"], "linux.wake", str(pid))
        return pid

    def _step(self, host: Host, parent: int) -> int:
        """How many numbers a new process takes: one that comes into a container from outside has used some up on its way (runc's own)."""
        own = self.state.processes.get(parent)
        entered = (
            host.name.startswith("container/") and self.namespace(host) in self.state.numbers and (own is None or own.host != host.name)
        )
        return ENTERING if entered else 1

    def alive(self, pid: int) -> bool:
        """Whether the process runs."""
        process = self.state.processes.get(pid)
        return process is not None and process.exit_code is None

    def context(self, process: Process) -> ProcessContext:
        """The view that a program of this process has."""
        return ProcessContext(self._linux, process)

    def reap(self, pid: int) -> int | None:
        """The code of an ended process, which is forgotten thereby; None while it runs; 127 when there is none."""
        process = self.state.processes.get(pid)
        if process is None:
            return 127
        if process.exit_code is not None:
            process.parent = 0
            if self.world.kernel.due("linux.exit", str(pid)) is None:
                del self.state.processes[pid]
        return process.exit_code

    def on_exit(self, kind: str, handler: ExitHandler) -> None:
        """Processes whose owner is `kind key` report their end to `handler` (which may act: it runs as a step of its own)."""
        if kind in self._exits:
            raise SimulationBug(f"exits of {kind!r} are handled already")
        self._exits[kind] = handler

    def listen(self, process: Process, port: int) -> bool:
        """Let the process listen on a TCP port (UDP: negative); False when somebody in its network already does."""
        if port not in process.ports:
            if self.listener(process.host, port) is not None:
                return False
            process.ports.append(port)
            self._linux.touch(process.host)
        return True

    def unlisten(self, process: Process, port: int) -> None:
        """The process no longer listens there."""
        process.ports.remove(port)
        self._linux.touch(process.host)

    def listener(self, host: str, port: int) -> Process | None:
        """Who listens on that port in the host's network."""
        network = self.state.hosts[host].network or host
        for process in self.state.processes.values():
            if port in process.ports and (self.state.hosts[process.host].network or process.host) == network:
                return process
        return None

    # Signals.

    def kill_group(self, group: int, signal: str) -> None:
        """Send a signal to all processes of a group."""
        for process in list(self.state.processes.values()):
            if process.group == group and process.exit_code is None:
                self.kill(process.pid, signal)

    def kill(self, pid: int, signal: str, sender: Process | None = None) -> None:
        """Send a signal; a container's PID 1 does not get those that it has no handler for (KILL from inside neither)."""
        process = self.state.processes.get(pid)
        if process is None or process.exit_code is not None:
            return
        if signal == "CONT":
            self.release(pid, "stop")
        inside = sender is not None and self.namespace(self.state.hosts[sender.host]) == self.namespace(self.state.hosts[process.host])
        if not self._minds(process, signal, inside):
            return
        if signal not in process.signals:
            process.signals.append(signal)
        self.world.kernel.sooner(self.world.now, "linux.signal", str(pid))

    def _minds(self, process: Process, signal: str, inside: bool) -> bool:
        first = process.number == 1 and process.host.startswith("container/")
        if signal in ("KILL", "STOP"):
            return not (first and inside)
        if signal in process.ignored:
            return False
        handled = signal in process.caught or signal in self.programs.code(process.program).handles
        return handled or not (first or signal in signals.HARMLESS)

    def oom_kill(self, pid: int) -> None:
        """The kernel has no memory left for this process: it ends at once, with exit code 137."""
        process = self.state.processes.get(pid)
        if process is not None and process.exit_code is None:
            self.end(process, 137, OOM)

    def touched(self, host: str) -> None:
        """Something changed on that host: those that follow its files go on."""
        for process in self.state.processes.values():
            if process.follows and process.host == host and process.exit_code is None:
                self.wake(process.pid)

    def detach(self, pid: int) -> None:
        """The process belongs to nobody any more (a daemon)."""
        self.state.processes[pid].parent = 0

    def finish(self, pid: int, code: int) -> None:
        """The process ends by itself, in the middle of something else (an answer, say)."""
        process = self.state.processes[pid]
        process.state["finish"] = code
        self.wake(pid)

    # Running.

    def wake(self, pid: int) -> None:
        """Go on with a process now (what it waits for has come true)."""
        self.world.kernel.sooner(self.world.now, "linux.wake", str(pid))

    def release(self, pid: int, why: str = "") -> None:
        """A process is no longer held."""
        process = self.state.processes.get(pid)
        if process is None or not process.held or (why and process.held != why):
            return
        process.held = ""
        if process.woken:
            process.woken = False
            self.wake(pid)

    def _run(self, key: str) -> None:
        process = self.state.processes.get(int(key))
        if process is None or process.exit_code is not None:
            return
        if "finish" in process.state:
            self.end(process, process.state["finish"], "")
        elif process.held:
            process.woken = True
        else:
            self._resume(process, self._wake_of(process) if process.started else None)
            if process.signals:
                self.world.kernel.sooner(self.world.now, "linux.signal", key)

    def _signal(self, key: str) -> None:
        """Deliver the oldest signal; one with a handler waits until the program has started."""
        process = self.state.processes.get(int(key))
        if process is None or process.exit_code is not None or not process.signals:
            return
        signal = process.signals[0]
        handled = signal not in ("KILL", "STOP") and (signal in process.caught or signal in self.programs.code(process.program).handles)
        if handled and not process.started:
            return
        process.signals.pop(0)
        self._deliver(process, signal, handled=handled)
        if process.signals:
            self.world.kernel.sooner(self.world.now, "linux.signal", key)

    def _deliver(self, process: Process, signal: str, *, handled: bool) -> None:
        if handled:
            self.world.kernel.cancel("linux.wake", str(process.pid))
            self._resume(process, Wake("signal", signal))
        elif signal in signals.STOPPING:
            process.held = "stop"
            self._notify_parent(process)
        else:
            self.end(process, signals.exit_code(signal), signal)

    def _wake_of(self, process: Process) -> Wake:
        wait = process.wait
        if isinstance(wait, Read) and self._linux.streams.ready(process, process.fds.get(wait.fd, "null")):
            return Wake("input")
        if isinstance(wait, Child):
            return Wake("child")
        if isinstance(wait, Watch) and process.seen:
            return Wake("watch")
        return Wake("timer")

    def _resume(self, process: Process, wake: Wake | None) -> None:
        """Let the program go on (None: start) and note what it waits for next."""
        program = self.programs.code(process.program)
        ctx = self.context(process)
        process.started = True
        try:
            wait = program.start(ctx) if wake is None else program.resume(ctx, wake)
        except BrokenPipeError:
            self.end(process, signals.exit_code("PIPE"), "PIPE")
            return
        except (OSError, UsageError) as error:
            wait = self._failed(ctx, error)
        if process.exit_code is None:
            self._settle(process, wait)

    @staticmethod
    def _failed(ctx: ProcessContext, error: OSError | UsageError) -> Wait:
        """The program gives up on an error that it did not expect."""
        words = str(error) if isinstance(error, UsageError) else ": ".join(each for each in (error.filename, error.strerror) if each)
        with suppress(OSError):
            ctx.err(f"{ctx.process.argv[0].rpartition('/')[2]}: {words}\n")
        return Exit(1)

    def _settle(self, process: Process, wait: Wait) -> None:
        process.wait, process.seen = wait, []
        kernel, key = self.world.kernel, str(process.pid)
        if isinstance(wait, Exit):
            self.end(process, wait.code & 255, "")
        elif isinstance(wait, Sleep):
            kernel.sooner(self.world.now + wait.ms, "linux.wake", key)
        elif isinstance(wait, Read):
            name = process.fds.get(wait.fd, "null")
            if self._linux.streams.ready(process, name):
                self.wake(process.pid)
            else:
                self._linux.streams.wait(process, name)
        elif isinstance(wait, Child) and self._has_ended(process, wait.pid):
            self.wake(process.pid)
        if isinstance(wait, Read | Watch | Child) and wait.timeout_ms is not None:
            kernel.sooner(self.world.now + wait.timeout_ms, "linux.wake", key)

    def _has_ended(self, process: Process, pid: int) -> bool:
        if pid:
            child = self.state.processes.get(pid)
            return child is None or child.exit_code is not None
        return any(each.parent == process.pid and each.exit_code is not None for each in self.state.processes.values())

    def end(self, process: Process, code: int, signal: str) -> None:
        """The process is over: its streams close, its children are orphans, its parent and its owner are told."""
        process.exit_code, process.ended_by, process.ended_ms, process.wait = code, signal, self.world.now, None
        held, process.memory, process.growth, process.state = process.memory or process.growth, 0, None, {}
        if held:
            self._linux.memory.tell(process.host)
        self.world.kernel.cancel("linux.wake", str(process.pid))
        self.world.kernel.cancel("linux.signal", str(process.pid))
        if process.ports:
            process.ports = []
            self._linux.touch(process.host)
        for name in process.fds.values():
            self._linux.streams.close(name)
        process.fds = {}
        if process.number == 1 and process.host.startswith("container/"):
            self._end_namespace(process)
        self._orphan_children(process)
        self.world.kernel.after(0, "linux.exit", str(process.pid))
        self._notify_parent(process)

    def _end_namespace(self, first: Process) -> None:
        for other in self.visible(first.host):
            self.end(other, 137, "KILL")

    def _orphan_children(self, process: Process) -> None:
        for child in [each for each in self.state.processes.values() if each.parent == process.pid]:
            child.parent = 0
            if child.exit_code is not None and self.world.kernel.due("linux.exit", str(child.pid)) is None:
                del self.state.processes[child.pid]

    def _notify_parent(self, process: Process) -> None:
        parent = self.state.processes.get(process.parent)
        if parent is not None and isinstance(parent.wait, Child) and parent.wait.pid in (0, process.pid):
            self.wake(parent.pid)

    def _report(self, key: str) -> None:
        process = self.state.processes[int(key)]
        if not process.parent:
            del self.state.processes[process.pid]
        kind, _, owner = process.owner.partition(" ")
        if process.owner:
            self._exits[kind](owner, process.exit_code or 0, process.ended_by)

    def _changed(self, change: ObjectChange) -> None:
        """Wake those that watch such objects."""
        for process in self.state.processes.values():
            wait = process.wait
            if not isinstance(wait, Watch) or wait.resource != change.resource:
                continue
            if wait.namespace in ("", change.namespace) and wait.name in ("", change.name):
                process.seen.append(change)
                self.wake(process.pid)
