"""What a pull comes to, and how long it takes.

Upstream: github.com/containerd/containerd (client pull, remotes/docker resolver). Left out: credentials, mirrors, layers shared by images.
"""

from __future__ import annotations

from podlab.sim.containerd.catalogue import look_up, refused
from podlab.sim.containerd.types import ContainerdState, PullResult
from podlab.sim.timings import Timings

TIMEOUT_MS = 30_000
APART_MS = 23


def pull(reference: str, present: bool, timings: Timings, state: ContainerdState, count: int) -> PullResult:
    """The outcome of pulling a normalised reference; an image that is there already is only looked up.

    No two pulls take the same time, so that their Events differ; `count`: how many the node has seen.
    """
    apart = count * 7 % APART_MS
    if state.registry_down:
        registry, _, rest = reference.partition("/")
        path, _, tag = rest.rpartition(":")
        failed = f'failed to pull and unpack image "{reference}": failed to resolve reference "{reference}": failed to do request: '
        return PullResult(TIMEOUT_MS, f'{failed}Head "https://{registry}/v2/{path}/manifests/{tag}": dial tcp: i/o timeout')
    found = look_up(state, reference)
    if found is None:
        text = refused(state, reference)
        missing = text.endswith(": not found")
        return PullResult(timings["containerd.refusal"], f"rpc error: code = NotFound desc = {text}" if missing else text)
    if present:
        return PullResult(timings["containerd.check"] + apart, "", found.image.size)
    return PullResult(state.pull_ms.get(reference, timings["containerd.pull"]) + state.slow_ms + apart, "", found.image.size)
