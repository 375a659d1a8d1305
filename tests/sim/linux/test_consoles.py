"""A container's own terminal: `kubectl run -it`, `attach -it`, `debug -it`, as typed by a learner."""

from __future__ import annotations

from podlab.sim.cluster import Cluster
from podlab.sim.commands import CloseTerminal, OpenTerminal, Signal, TypeLine
from tests.sim.story import started

SAVED = "If you don't see a command prompt, try pressing enter.\r\n"


class Typist:
    """A terminal of a started cluster; the cluster is saved and loaded between any two lines."""

    def __init__(self) -> None:
        self.cluster = started()
        self.cluster.apply(OpenTerminal("t"))

    def type(self, line: str, ms: int = 3_000, terminal: str = "t") -> str:
        """Type a line, wait; what the terminal shows since then."""
        before = len(self._screen(terminal))
        self.cluster.apply(TypeLine(terminal, line))
        self.cluster.advance(self.cluster.world.now + ms)
        self.cluster = Cluster.load(self.cluster.dump())
        view = self.cluster.linux.terminals.view(terminal)
        return self._screen(terminal)[before:] + f"[{view.prompt}]"

    def _screen(self, terminal: str) -> str:
        return self.cluster.linux.terminals.view(terminal).scrollback

    def phase(self, name: str) -> str:
        """A Pod's phase, "" where it is not."""
        return self.cluster.finish(self.cluster.script(f"kubectl get pod {name} -o jsonpath='{{.status.phase}}' --ignore-not-found")).out


def test_a_shell_that_was_run_is_typed_into_and_its_pod_removed_at_its_end() -> None:
    """`run -it --rm`: its prompt, its files, its children; the workstation's prompt afterwards."""
    typist = Typist()
    begun = typist.type("kubectl run box -it --rm --image=busybox:1.28 --restart=Never -- sh", 10_000)
    assert begun.endswith(SAVED + "[/ # ]")
    assert "/ # hostname; cat /etc/hostname\r\nbox\r\nbox\r\n[/ # ]" == typist.type("hostname; cat /etc/hostname")
    assert "/ # echo a > b; for i in 1 2; do cat b; done\r\na\r\na\r\n[/ # ]" == typist.type("echo a > b; for i in 1 2; do cat b; done")
    assert "Running" == typist.phase("box")
    ended = typist.type("exit 3", 10_000)
    assert ended.startswith('/ # exit 3\r\npod "box" deleted from default namespace\r\n')
    assert ended.endswith("[$ ]")
    assert "" == typist.phase("box")


def test_interrupts_reach_what_runs_in_the_container() -> None:
    """Ctrl-C ends the sleep, not the session; the second shell of a Pod that restarts can be attached to again."""
    typist = Typist()
    typist.type("kubectl run box -it --image=busybox:1.28 -- sh", 10_000)
    typist.type("sleep 1000")
    typist.cluster.apply(Signal("t"))
    typist.cluster.advance(typist.cluster.world.now + 500)
    assert "/ # echo after\r\nafter\r\n[/ # ]" == typist.type("echo after")
    ended = typist.type("exit")
    assert "Session ended, resume using 'kubectl attach box -c box -i -t' command when the pod is running\r\n[$ ]" in ended
    again = typist.type("kubectl attach box -c box -i -t", 10_000)
    assert again.endswith(SAVED + "[/ # ]")
    assert "/ # echo again\r\nagain\r\n[/ # ]" == typist.type("echo again")
    assert "again" in typist.cluster.finish(typist.cluster.script("kubectl logs box")).out


def test_a_closed_terminal_ends_the_input() -> None:
    """Nobody is left to type: the shell is at its end, as with stdinOnce."""
    typist = Typist()
    typist.cluster.apply(OpenTerminal("u"))
    typist.type("kubectl run box -it --image=busybox:1.28 --restart=Never -- sh", 10_000, terminal="u")
    typist.cluster.apply(CloseTerminal("u"))
    typist.cluster.advance(typist.cluster.world.now + 5_000)
    assert "Succeeded" == typist.phase("box")


def test_a_debugging_shell_stands_beside_the_containers_of_a_pod() -> None:
    """`debug -it`: it sees the Pod's network, and ends without the Pod."""
    typist = Typist()
    typist.type("kubectl run web --image=nginx", 10_000)
    begun = typist.type("kubectl debug web -it --image=busybox:1.28 -c peek -- sh", 10_000)
    assert begun.endswith(SAVED + "[/ # ]")
    assert "Welcome to nginx" in typist.type("wget -qO- localhost")
    assert "the ephemeral container will not be restarted" in typist.type("exit")
    assert "Running" == typist.phase("web")


def test_what_has_no_terminal_says_so() -> None:
    """A shell without -t is refused openly; attach -it to a container without one follows its log."""
    typist = Typist()
    assert "not supported in this lab: typing into a container that has no terminal (add -t)" in typist.type(
        "kubectl run box -i --image=busybox:1.28 -- sh"
    )
    typist.type("kubectl run web --image=nginx", 10_000)
    assert "error: Unable to use a TTY - container web did not allocate one\r\n" in typist.type("kubectl attach web -it")
