"""Whatever grows has an end, and nothing takes Python's time without taking the cluster's."""

from __future__ import annotations

import pytest

from podlab.sim.linux.files import STORE_BYTES
from podlab.sim.shell.expansion import matches, trim
from tests.sim.linux.machines import Machines


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x=aaaaaaaa; while :; do x=$x$x; done", "Argument list too long"),
        ("echo {1..999999999} | wc -w", ""),
        ("printf '%999999999d' 1 | wc -c", ""),
        ("grep -E '(a+)+$' /etc/passwd", "not supported in this lab: so many repetitions, or one in another"),
        ("sed 's/\\(a*\\)*b//' /etc/passwd", "not supported in this lab: so many repetitions, or one in another"),
        ("head -n 99999999999999999999 /etc/group", "invalid number '99999999999999999999'"),
        ("sleep 99999999999999999999d & echo $(( 9223372036854775807 + 1 ))", ""),
        ("echo x > /f; while cat /f /f > /g && cat /g > /f; do :; done", "No space left on device"),
    ],
)
def test_growth_ends_with_words(line: str, words: str) -> None:
    """In a second of virtual time, within memory, and the state can still be saved."""
    machines = Machines()
    done = machines.run(machines.container(), line, within_ms=1_000)
    assert words in done.err
    machines.again()


def test_a_machine_holds_two_megabytes() -> None:
    """All files together."""
    machines = Machines()
    host = machines.container()
    machines.run(host, "i=0; while [ $i -lt 40 ]; do i=$((i+1)); seq 20000 > /f$i; done")
    assert sum(map(len, machines.linux.state.hosts[host].files.values())) <= STORE_BYTES


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("abc", "a*", True),
        ("abc", "a?c", True),
        ("abc", "[a-c]b[!x]", True),
        ("abc", "ab", False),
        ("a*c", "a\\*c", True),
        ("abc", "a\\*c", False),
        ("", "*", True),
        ("a" * 5_000, "*a*a*a*a*a*b", False),
    ],
)
def test_patterns_match_in_one_pass(text: str, pattern: str, expected: bool) -> None:
    """However many stars there are."""
    assert expected == matches(text, pattern)


@pytest.mark.parametrize(("operator", "expected"), [("#", "b.c.d"), ("##", "d"), ("%", "a.b.c"), ("%%", "a")])
def test_trimming(operator: str, expected: str) -> None:
    """Shortest and longest, at both ends."""
    assert expected == trim("a.b.c.d", operator, "*." if operator[0] == "#" else ".*")
