"""`images.yaml`: names of its own, each like an image that the lab has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlab.packs.model import Pack
from podlab.packs.problems import Problem, meant
from podlab.packs.yamls import Places
from podlab.sim.images.registry import IMAGES, REFERENCE, canonical, find, short

TAG = re.compile(r"\w[\w.-]{0,127}")
VARIABLE = re.compile(r"[A-Za-z_]\w*")
KNOWN = [each.repository for each in IMAGES]


def problems(pack: Pack, places: Places) -> Iterator[Problem]:
    """What is wrong with it."""
    seen: set[str] = set()
    for number, each in enumerate(pack.images):
        match, name = REFERENCE.fullmatch(each.image), (canonical(each.image) or "").rpartition(":")[0]
        if match is None or match["tag"] or match["digest"]:
            yield places.problem(
                (number, "image"), f"{each.image!r} is no name of an image", "such as `shop/web`; its tags stand in `tags`"
            )
        elif short(name) in KNOWN:
            yield places.problem((number, "image"), f"the lab has an image {each.image!r} itself", "take another name")
        elif name in seen:
            yield places.problem((number, "image"), f"the image {each.image!r} stands here twice", "one entry with all its `tags`")
        seen.add(name)
        if find(each.like) is None:
            yield places.problem((number, "like"), f"the lab has no image {each.like!r}", meant(each.like, KNOWN))
        yield from _details(number, pack, places)


def _details(number: int, pack: Pack, places: Places) -> Iterator[Problem]:
    image = pack.images[number]
    if not image.tags:
        yield places.problem((number, "tags"), "`tags` is empty", "leave it out for `latest`")
    for index, tag in enumerate(image.tags):
        if TAG.fullmatch(tag) is None:
            yield places.problem((number, "tags", index), f"{tag!r} is no tag", "letters, digits, `.`, `_`, `-`")
    for variable in image.env:
        if VARIABLE.fullmatch(variable) is None:
            yield places.problem((number, "env", variable), f"{variable!r} is no name of an environment variable", "such as GREETING")
