"""Wrong lines are answered in kubectl's words; none of them is an error of ours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podlab.sim.kubectl.commands import TABLE
from tests.sim.kubectl.kit import Kit

WRONG = [
    ("kubectl frob", 'error: unknown command "frob" for "kubectl"\n'),
    ("kubectl get", "error: Required resource not specified.\n"),
    ("kubectl get pods --frob", "error: unknown flag: --frob\nSee 'kubectl get --help' for usage.\n"),
    ("kubectl get pods -Z", "error: unknown shorthand flag: 'Z' in -Z\nSee 'kubectl get --help' for usage.\n"),
    ("kubectl get pods -n", "error: flag needs an argument: 'n' in -n\nSee 'kubectl get --help' for usage.\n"),
    ("kubectl apply", "error: must specify one of -f and -k\n"),
    ("kubectl scale deploy x", 'error: required flag(s) "replicas" not set\n'),
]


@pytest.mark.parametrize(("line", "words"), WRONG)
def test_a_wrong_line_is_answered_as_kubectl_does(line: str, words: str) -> None:
    """On stderr, with exit code 1."""
    code, out, err = Kit().run(line)
    assert (code, out) == (1, "")
    assert words.splitlines()[0] in err


def test_a_word_close_to_a_command_is_suggested() -> None:
    """`gte` may have meant get or set."""
    assert "Did you mean this?\n\tget" in Kit().says("kubectl gte pods")


@pytest.mark.parametrize("path", sorted(TABLE))
def test_every_command_explains_itself(path: str) -> None:
    """`--help` prints its usage on stdout."""
    code, out, err = Kit().run(f"kubectl {path} --help")
    assert (code, err) == (0, "")
    assert f"Usage:\n  kubectl {path}" in out


WORDS = st.sampled_from(
    [
        "-",
        "--",
        "-o",
        "yaml",
        "-n",
        "x",
        "pods",
        "pod/x",
        "/",
        "a=b",
        "a-",
        "=",
        "-l",
        "a in (",
        "--all",
        "-f",
        "-A",
        "cm",
        "no",
        "*",
        "-o=wide",
        "--tail=1",
        "--for=delete",
        "",
        "é",
        "{",
        "-p",
        "{}",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TABLE)), st.lists(WORDS, max_size=5))
def test_no_line_brings_it_down(path: str, words: list[str]) -> None:
    """Whatever is typed, the program ends or waits; it says something when it fails."""
    kit = Kit()
    line = " ".join(["kubectl", path, *(f"'{each}'" for each in words)])
    ctx = kit.start(line)
    code = kit.go_on(ctx, kit.world.now + 120_000)
    assert code in (None, 0) or ctx.stderr or ctx.stdout
