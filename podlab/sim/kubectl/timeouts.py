"""`--request-timeout`: how long a request may take; a watch is one request.

Upstream: staging/src/k8s.io/client-go/tools/clientcmd/helpers.go (ParseTimeout). Left out: requests that answer at once cannot time out.
"""

from __future__ import annotations

from podlab.sim.human import parse_go_duration
from podlab.sim.kubectl.errors import Failure

_WRONG = (
    "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit "
    "(e.g. 1s | 2m | 3h)"
)


def parse(text: str) -> int:
    """Milliseconds, 0 for none; Failure for what is no span of time."""
    if text.isdigit():
        return int(text) * 1000
    try:
        return parse_go_duration(text)
    except ValueError:
        raise Failure(_WRONG) from None
