"""A cluster's bytes: its state as rows of text, each kept once as a shape with holes and the words that fill them.

Most of a cluster is the same again with other names: Pods of one template, their Events, processes, hosts. So the state's JSON is cut
after each `}` into rows; in a row every word with a digit in it or a generated end (names, uids,
instants, addresses) becomes a hole. Equal rows, shapes and words are kept once, in the order in which they first come up: the same state
always gives the same bytes.

Upstream: none (etcd's snapshot and the machines' disks). Left out: nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from itertools import chain

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

CACHED_ROWS = 50_000
_ENDS = r"\"\\,{}\[\]/ "
_WORD = re.compile(rf"(?<=[{_ENDS}:])(?!:)([^{_ENDS}\d]*\d[^{_ENDS}]*|[a-z-]+-[b-df-hj-np-tv-xz]{{5}}(?=[{_ENDS}]))")
_HOLE = "%s"


class Packed(Struct, array_like=True):
    """`rows`: for each distinct row its shape's number; `fill`: the numbers of the words of all their holes; `order`: the rows of the text.

    `known`: how many known shapes and words were numbered before the ones in here.
    """

    known: tuple[int, int]
    shapes: str
    words: str
    rows: list[int]
    fill: list[int]
    order: list[int]


_encoder = Encoder()
_decoder = Decoder(Packed)


def _known(name: str) -> list[str]:
    return files("podlab.sim").joinpath(name).read_text("utf-8").split("\n")[:-1]


KNOWN_SHAPES, KNOWN_WORDS = _known("shapes.txt"), _known("words.txt")
"""What nearly every cluster has. Lines may be added at the end, none be changed: older checkpoints count on them."""


def pack(text: str) -> bytes:
    """The bytes of a JSON text (compact, hence without line ends)."""
    lines = text.replace("}", "}\n").split("\n")
    rows = _numbered(lines)
    cut = [_cut(row) for row in rows]
    fill = list(chain.from_iterable([words for _, words in cut]))
    shapes, words = _numbered([*KNOWN_SHAPES, *(shape for shape, _ in cut)]), _numbered([*KNOWN_WORDS, *fill])
    known = len(KNOWN_SHAPES), len(KNOWN_WORDS)
    return _encoder.encode(
        Packed(
            known,
            "\n".join(list(shapes)[known[0] :]),
            "\n".join(list(words)[known[1] :]),
            [shapes[shape] for shape, _ in cut],
            list(map(words.__getitem__, fill)),
            list(map(rows.__getitem__, lines)),
        )
    )


def unpack(data: bytes) -> str:
    """The text out of `pack`'s bytes."""
    packed = _decoder.decode(data)
    shapes = KNOWN_SHAPES[: packed.known[0]] + packed.shapes.split("\n")
    words = KNOWN_WORDS[: packed.known[1]] + packed.words.split("\n")
    form = "\n".join(map(shapes.__getitem__, packed.rows))
    rows = (form % tuple(map(words.__getitem__, packed.fill))).split("\n")
    return "".join(map(rows.__getitem__, packed.order))


def _numbered(texts: list[str]) -> dict[str, int]:
    """The distinct ones in order, numbered."""
    return {text: number for number, text in enumerate(dict.fromkeys(texts))}


@lru_cache(CACHED_ROWS)
def _cut(row: str) -> tuple[str, list[str]]:
    """The row's shape and the words that fill it."""
    parts = _WORD.split(row.replace("%", "%%"))
    return _HOLE.join(parts[::2]), [word.replace("%%", "%") for word in parts[1::2]]
