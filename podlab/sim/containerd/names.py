"""Image names that do not parse, in the parser's own words.

Upstream: github.com/distribution/reference (ParseNormalizedNamed), pkg/util/parsers. Left out: nothing.
"""

from __future__ import annotations

from podlab.sim.images.registry import canonical


class InvalidName(ValueError):
    """The name does not parse; its text says why."""


def normalise(name: str) -> str:
    """`nginx` → `docker.io/library/nginx:latest`; InvalidName."""
    full = canonical(name)
    if full is not None:
        return full
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    failed = f"couldn't parse image name {quoted}: invalid reference format"
    repository = _repository(name)
    if repository.lower() != repository:
        failed += f": repository name ({repository}) must be lowercase"
    raise InvalidName(failed)


def _repository(name: str) -> str:
    first, slash, rest = name.partition("/")
    path = rest if slash and ("." in first or ":" in first or first == "localhost") else name
    path = path.split("@")[0]
    if ":" in path:
        path = path.rpartition(":")[0]
    return path if "/" in path else f"library/{path}"
