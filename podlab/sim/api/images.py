"""Image names: repository, tag and digest of a reference.

Upstream: pkg/util/parsers, github.com/distribution/reference. Left out: nothing that a Pod may name.
"""

from __future__ import annotations

import re

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"^(?P<name>(?:{_HOST}/)?{_PART}(?:/{_PART})*)(?::(?P<tag>[\w][\w.-]{{0,127}}))?(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{{32,}}))?$",
    re.ASCII,
)


def parse(image: str) -> tuple[str, str, str] | None:
    """Name, tag and digest as written (absent: empty); None when it is no image name (containerd's InvalidImageName)."""
    found = _REFERENCE.match(image)
    if found is None or len(found["name"]) > 255:
        return None
    return found["name"], found["tag"] or "", found["digest"] or ""


def tag_of(image: str) -> str:
    """The tag, `latest` where neither tag nor digest is given; empty for what is no image name."""
    found = parse(image)
    if found is None:
        return ""
    return found[1] or ("" if found[2] else "latest")
