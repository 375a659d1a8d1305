"""How kubectl ends when it cannot go on.

Upstream: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (CheckErr, StandardErrorMessage). Left out: connection errors.
"""

from __future__ import annotations

from collections.abc import Sequence

from podlab.sim.errors import StatusError


class Failure(Exception):
    """kubectl prints `message` (`error: ` in front of it unless `bare`) on stderr and exits with `code`."""

    def __init__(self, message: str = "", *, code: int = 1, bare: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.bare = bare

    @property
    def text(self) -> str:
        """What is printed, with its newline; nothing for an empty message."""
        if not self.message:
            return ""
        text = self.message if self.bare or self.message.startswith("error: ") else f"error: {self.message}"
        return text if text.endswith("\n") else text + "\n"


class Usage(Failure):
    """A wrong argument or flag: the second line says where help is. `hint`: "-h' for help and examples" or "--help' for usage."."""

    def __init__(self, command: str, message: str, hint: str = "-h' for help and examples") -> None:
        super().__init__(f"{message}\nSee '{command} {hint}")


class Several(Failure):
    """Several errors at once, a line each (an Aggregate)."""

    def __init__(self, errors: Sequence[Exception]) -> None:
        super().__init__("".join(message_of(each) + "\n" for each in errors), bare=True)
        self.errors = list(errors)


def aggregate(errors: Sequence[Exception]) -> Exception:
    """One error out of some (at least one)."""
    return errors[0] if len(errors) == 1 else Several(errors)


def message_of(error: Exception) -> str:
    """An error inside a list: a Status says where it is from, others only speak."""
    if isinstance(error, StatusError):
        return standard(error)
    if isinstance(error, Failure):
        return error.message.removesuffix("\n")
    return str(error)


def standard(error: StatusError) -> str:
    """`Error from server (Reason): message`."""
    if error.reason == "Unauthorized":
        return f"error: You must be logged in to the server ({error.message})"
    reason = f" ({error.reason})" if error.reason else ""
    return f"Error from server{reason}: {error.message}"


def fatal(error: Exception) -> tuple[str, int]:
    """What kubectl prints at its end, and its exit code."""
    if isinstance(error, Failure):
        return error.text, error.code
    if isinstance(error, StatusError) and error.reason == "Invalid":
        return _invalid(error), 1
    if isinstance(error, StatusError):
        text = standard(error)
        return text if text.endswith("\n") else text + "\n", 1
    if isinstance(error, OSError):
        return f"error: open {error.filename}: {(error.strerror or 'input/output error').lower()}\n", 1
    return f"error: {error}\n", 1


def _invalid(error: StatusError) -> str:
    details = error.details
    if details is None:
        return "The request is invalid" + (f": {error.message}" if error.message else "") + "\n"
    causes = list(dict.fromkeys(f"{each['field']}: {each['message']}" for each in details.get("causes") or []))
    head = "The request is invalid"
    if details.get("kind") or details.get("name"):
        head = f'The {details.get("kind", "")} "{details.get("name", "")}" is invalid'
    elif error.message and not causes:
        head += f": {error.message}"
    if len(causes) == 1:
        return f"{head}: {causes[0]}\n"
    if causes:
        return f"{head}: \n" + "".join(f"* {each}\n" for each in causes)
    return head if head.endswith("\n") else head + "\n"


def with_source(error: Exception, verb: str, source: str) -> Exception:
    """`error when creating "x.yaml": …` in front of the server's message."""
    if not source:
        return error
    if isinstance(error, StatusError):
        return StatusError(error.reason, f'error when {verb} "{source}": {error.message}', code=error.code, details=error.details)
    return Failure(f'error when {verb} "{source}": {message_of(error)}')


def with_prefix(error: Exception, prefix: str) -> Exception:
    """An error that was wrapped with words of kubectl's own: no Status any more."""
    text = error.message if isinstance(error, (StatusError, Failure)) else str(error)
    return Failure(f"{prefix}{text}")
