"""Trouble: what stops a command, worded for the one who can act on it."""

import errno
import re

from podlab.home import describe_place, home


class Trouble(Exception):
    """One clear sentence on what is wrong, and the way out. Shown without a traceback."""


UNREACHABLE = re.compile(
    r"[Nn]ame resolution|dns error|getaddrinfo|NewConnectionError|error sending request|Failed to fetch|"
    r"ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|[Nn]etwork request|[Cc]onnection refused|timed out"
)
UNTRUSTED = re.compile(r"UnknownIssuer|CERTIFICATE_VERIFY_FAILED|self.signed certificate", re.IGNORECASE)
FULL = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded", re.IGNORECASE)


def explain(what: str, output: str) -> Trouble:
    """The trouble behind the failed step `what`, read off the `output` of the tool that failed."""
    details = f"Details: {describe_place(home() / 'log' / 'setup.log')}"
    if FULL.search(output):
        return disk_full()
    if UNTRUSTED.search(output):
        return Trouble(
            f"{what}: the package registry's certificate is not trusted here. Name the file of your authorities in "
            f"SSL_CERT_FILE (and NODE_EXTRA_CA_CERTS), then run the command again. {details}"
        )
    if UNREACHABLE.search(output):
        return Trouble(
            f"{what}: the package registry is out of reach. Check the network, or name a mirror (PIP_INDEX_URL, "
            f"npm_config_registry), then run the command again. {details}"
        )
    tail = "\n".join(f"  {line}" for line in output.strip().splitlines()[-12:])
    return Trouble(f"{what} failed. {details}. It ended with:\n{tail}")


def disk_full() -> Trouble:
    """The trouble of a full disk."""
    return Trouble(
        f"The disk is full: make room for about 1 GB at {home()} (or set PODLAB_HOME to a folder on another disk), "
        "then run the command again."
    )


def from_os_error(error: OSError) -> Trouble | None:
    """The trouble behind an operating system's error, where a learner can do something about it."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full()
    if error.errno in {errno.EACCES, errno.EROFS}:
        return Trouble(f"{error.filename} cannot be written: give this user the right to, or set PODLAB_HOME to a folder of its own.")
    return None
