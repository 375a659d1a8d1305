"""Trouble is told in one sentence, with the way out."""

import errno

import pytest

from podlab.cli.trouble import explain, from_os_error


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("error: failed to write: No space left on device (os error 28)", "The disk is full: make room"),
        ("npm error code ENOSPC", "The disk is full: make room"),
        ("npm error code ENOTFOUND", "registry is out of reach. Check the network, or name a mirror"),
        ("Caused by: dns error: failed to lookup address", "registry is out of reach. Check the network, or name a mirror"),
        ("timed out after 240 s", "registry is out of reach. Check the network, or name a mirror"),
        ("invalid peer certificate: UnknownIssuer", "certificate is not trusted here. Name the file"),
        ("ModuleNotFoundError: No module named 'x'", "failed. Details: "),
    ],
)
def test_what_a_tool_said_becomes_a_way_out(output: str, said: str) -> None:
    """Read off the tool's output; what nobody knows is quoted."""
    assert said in str(explain("Installing", output))


def test_a_full_disk_is_told_wherever_it_is_met() -> None:
    """Also where our own file does not fit."""
    assert "The disk is full" in str(from_os_error(OSError(errno.ENOSPC, "No space left on device")))


def test_an_error_that_nobody_can_act_on_is_not_dressed_up() -> None:
    """It keeps its traceback."""
    assert from_os_error(OSError(errno.EIO, "Input/output error")) is None
