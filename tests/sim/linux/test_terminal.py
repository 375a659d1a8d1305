"""Terminals: prompts, echo, jobs, signals."""

from __future__ import annotations

from podlab.sim.changes import Output
from tests.sim.linux.machines import Machines


class Screen:
    """A terminal and what it showed."""

    def __init__(self) -> None:
        self.machines = Machines()
        self.terminals = self.machines.linux.terminals
        self.terminals.open("t")
        self.machines.wait(100)
        self.read()

    def read(self) -> str:
        """What was written since the last call, and the prompt."""
        outputs = [change for change in self.machines.told() if isinstance(change, Output)]
        prompt = outputs[-1].prompt if outputs else None
        return "".join(change.text for change in outputs) + (f"[{prompt}]" if prompt is not None else "")

    def type(self, text: str, ms: int = 300) -> str:
        """Type a line, wait, read."""
        self.terminals.line("t", text)
        self.machines.wait(ms)
        return self.read()

    def signal(self, name: str) -> str:
        """Ctrl-C and its kin."""
        self.terminals.signal("t", name)
        self.machines.wait(100)
        return self.read()


def test_a_line_is_echoed_behind_its_prompt() -> None:
    """Prompt, text, CR LF; then the output; then the next prompt."""
    screen = Screen()
    assert "$ echo hi\r\nhi\r\n[$ ]" == screen.type("echo hi")
    assert screen.terminals.view("t").scrollback == "$ echo hi\r\nhi\r\n"
    assert not screen.terminals.view("t").busy


def test_an_unfinished_command_asks_for_more() -> None:
    """The second prompt."""
    screen = Screen()
    assert "$ for i in 1 2\r\n[> ]" == screen.type("for i in 1 2")
    assert "> do echo $i; done\r\n1\r\n2\r\n[$ ]" == screen.type("do echo $i; done")


def test_an_unknown_command_says_that_the_lab_lacks_it() -> None:
    """The shell's words, and ours."""
    assert (
        "$ nope\r\nbash: nope: command not found\r\nnot supported in this lab: nope (`help` lists what there is)\r\n[$ ]"
        == Screen().type("nope")
    )


def test_ctrl_c_ends_the_foreground() -> None:
    """And only it; $? is 130."""
    screen = Screen()
    screen.type("sleep 100")
    assert "^C\r\n[$ ]" == screen.signal("INT")
    assert "$ echo $?\r\n130\r\n[$ ]" == screen.type("echo $?")


def test_ctrl_c_ends_a_loop_of_builtins() -> None:
    """The loop, not only its command."""
    screen = Screen()
    screen.type("while true; do echo x; sleep 1; done", 2_500)
    assert screen.signal("INT").endswith("^C\r\n[$ ]")
    screen.machines.wait(5_000)
    assert "" == screen.read()


def test_ctrl_c_at_the_prompt_drops_the_line() -> None:
    """What was begun is forgotten."""
    screen = Screen()
    screen.type("if true")
    assert "> ^C\r\n[$ ]" == screen.signal("INT")
    assert "$ echo a\r\na\r\n[$ ]" == screen.type("echo a")


def test_a_background_job_is_numbered_and_reported() -> None:
    """[1] and its pid; Done before the next prompt."""
    screen = Screen()
    assert "$ sleep 1 &\r\n[1] 2\r\n[$ ]" == screen.type("sleep 1 &")
    assert "[1]+  Running                 sleep 1 &\r\n" in screen.type("jobs", 1_500)
    assert "$ \r\n[1]+  Done                    sleep 1\r\n[$ ]" == screen.type("")


def test_ctrl_z_stops_and_fg_goes_on() -> None:
    """Job control."""
    screen = Screen()
    screen.type("sleep 3")
    assert "^Z\r\n\r\n[1]+  Stopped                 sleep 3\r\n[$ ]" == screen.signal("TSTP")
    assert "$ fg\r\nsleep 3\r\n[$ ]" == screen.type("fg", 4_000)


def test_typed_lines_reach_the_program_that_reads() -> None:
    """And Ctrl-D ends it."""
    screen = Screen()
    screen.type("cat")
    assert "abc\r\nabc\r\n" == screen.type("abc")
    screen.terminals.eof("t")
    screen.machines.wait(100)
    assert "[$ ]" == screen.read()


def test_what_is_typed_ahead_is_run_later() -> None:
    """A busy shell reads it when it is done."""
    screen = Screen()
    screen.type("sleep 1")
    assert "echo later\r\nlater\r\n[$ ]" == screen.type("echo later", 2_000)


def test_output_is_bundled() -> None:
    """At most one frame in 100 ms while something runs."""
    screen = Screen()
    screen.terminals.line("t", "while true; do echo x; done")
    screen.machines.wait(1_000)
    assert len([change for change in screen.machines.told() if isinstance(change, Output)]) <= 11


def test_a_shell_that_exits_is_started_anew() -> None:
    """There is always a shell."""
    screen = Screen()
    assert "$ exit\r\nexit\r\n[the shell has ended; here is a new one]\r\n[$ ]" == screen.type("exit")


def test_closing_a_terminal_ends_what_it_runs() -> None:
    """SIGHUP."""
    screen = Screen()
    screen.type("sleep 100")
    screen.terminals.close("t")
    screen.machines.wait(100)
    assert {} == screen.machines.linux.state.processes


def test_ssh_is_a_shell_on_the_node() -> None:
    """Its files, its name, its prompt."""
    screen = Screen()
    assert screen.type("ssh node-1", 1_000).endswith("[root@node-1:~# ]")
    assert "root@node-1:~# ^C\r\n[root@node-1:~# ]" == screen.signal("INT")
    assert "root@node-1:~# hostname\r\nnode-1\r\n[root@node-1:~# ]" == screen.type("hostname")
    assert "root@node-1:~# exit\r\nexit\r\nlogout\r\nConnection to node-1 closed.\r\n[$ ]" == screen.type("exit")
