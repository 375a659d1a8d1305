"""The programs in containers, one file an image, and the table of them.

`find(reference)` answers as a registry would. Upstream: OCI distribution. Left out: layers, manifests of several platforms.
"""

from __future__ import annotations

from podlab.sim.images.registry import PROGRAMS, Found, digest, files_of, find, find_image

__all__ = ["PROGRAMS", "Found", "digest", "files_of", "find", "find_image"]
