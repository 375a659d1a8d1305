"""What a pull comes to, and how long it takes.

Upstream: github.com/containerd/containerd (client pull, remotes/docker resolver). Left out: credentials, mirrors, layers shared by images.
"""

from __future__ import annotations

from podlab.sim.containerd.types import ContainerdState, PullResult
from podlab.sim.images.registry import find, refusal
from podlab.sim.timings import Timings

TIMEOUT_MS = 30_000


def pull(reference: str, present: bool, timings: Timings, state: ContainerdState) -> PullResult:
    """The outcome of pulling a normalised reference; an image that is there already is only looked up."""
    if state.registry_down:
        registry, _, rest = reference.partition("/")
        path, _, tag = rest.rpartition(":")
        failed = f'failed to pull and unpack image "{reference}": failed to resolve reference "{reference}": failed to do request: '
        return PullResult(TIMEOUT_MS, f'{failed}Head "https://{registry}/v2/{path}/manifests/{tag}": dial tcp: i/o timeout')
    found = find(reference)
    if found is None:
        text = refusal(reference)
        missing = text.endswith(": not found")
        return PullResult(timings["containerd.refusal"], f"rpc error: code = NotFound desc = {text}" if missing else text)
    if present:
        return PullResult(timings["containerd.check"], "", found.image.size)
    return PullResult(timings["containerd.pull"] + state.slow_ms, "", found.image.size)
