"""A cluster's bytes: its state as rows of text, each kept once as a shape with holes and the words that fill them.

Most of a cluster is the same again with other names: Pods of one template, their Events, processes, hosts. So the state's JSON is cut
at each `}` into rows; in a row every word with a digit in it or a generated end (names, uids, instants, addresses) becomes a hole. Equal
rows, shapes and words are kept once, in the order in which they first come up: the same state always gives the same bytes. What nearly
every cluster has (gathered from the booted presets and some with Pods, Services and Deployments) is in `shapes.txt` and `words.txt`.

Upstream: none (etcd's snapshot and the machines' disks). Left out: nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import chain, count, islice
from operator import itemgetter

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

CACHED_ROWS, CACHED_FORMS = 50_000, 2_000
_ENDS = r"\"\\,{}\[\]/ "
_WORD = re.compile(rf"(?<=[{_ENDS}:])(?!:)([^{_ENDS}\d]*\d[^{_ENDS}]*|[a-z-]+-[b-df-hj-np-tv-xz]{{5}}(?=[{_ENDS}]))")
_HOLE = "%s"
_SHAPE, _WORDS = itemgetter(0), itemgetter(1)


class Form(Struct, array_like=True, frozen=True):
    """What objects have in common: JSON with holes for words, and for each hole which of the object's words it takes."""

    text: str
    holes: tuple[int, ...]


class Folded(Struct, array_like=True, frozen=True):
    """An object's JSON: its form, and its own words in lines, each once."""

    form: Form
    words: str


Shelves = dict[str, dict[str, Folded]]
"""The API objects: resource → key → object."""


class Packed(Struct, array_like=True):
    """`rows`: for each distinct row its shape's number; `fill`: the numbers of the words of all their holes; `order`: the rows of the text.

    `known`: how many known shapes and words were numbered before the ones in here. `forms`: the shapes' numbers and the holes of each form;
    `objects`: of each object its form's number and its words. Checkpoints of before have the objects in the text.
    """

    known: tuple[int, int]
    shapes: str
    words: str
    rows: list[int]
    fill: list[int]
    order: list[int]
    forms: list[tuple[list[int], tuple[int, ...]]] = []
    objects: dict[str, dict[str, tuple[int, str]]] = {}


_encoder = Encoder()
_decoder = Decoder(Packed)


def _known(name: str) -> list[str]:
    return files("podlab.sim").joinpath(name).read_text("utf-8").split("\n")[:-1]


KNOWN_SHAPES, KNOWN_WORDS = _known("shapes.txt"), _known("words.txt")
"""What nearly every cluster has, the frequent first. Lines may be added at the end, none be changed: older checkpoints count on them."""
_SHAPE_NUMBERS, _WORD_NUMBERS = dict(zip(KNOWN_SHAPES, count())), dict(zip(KNOWN_WORDS, count()))


class _Numbers(defaultdict[str, int]):
    """Gives each text that is asked for the next number."""

    def __init__(self, known: dict[str, int]) -> None:
        self.known = len(known)
        super().__init__(count(self.known).__next__, known)

    def of(self, texts: Iterable[str]) -> list[int]:
        """The number of each."""
        return list(map(self.__getitem__, texts))

    def new(self) -> str:
        """The texts that were not known, in lines."""
        return "\n".join(islice(self, self.known, None))


def pack(text: str, objects: Shelves) -> bytes:
    """The bytes of a JSON text (compact, hence without line ends) and of the objects beside it."""
    rows, shapes, words = _Numbers({}), _Numbers(_SHAPE_NUMBERS), _Numbers(_WORD_NUMBERS)
    order = rows.of(text.split("}"))
    cut = list(map(_cut, rows))
    shaped = shapes.of(map(_SHAPE, cut))
    fill = words.of(chain.from_iterable(map(_WORDS, cut)))
    forms: dict[Form, int] = {}
    lying = {
        name: {key: (forms.setdefault(each.form, len(forms)), each.words) for key, each in held.items()} for name, held in objects.items()
    }
    formed = [(shapes.of(_rows(form.text)), form.holes) for form in forms]
    return _encoder.encode(Packed((shapes.known, words.known), shapes.new(), words.new(), shaped, fill, order, formed, lying))


def unpack(data: bytes) -> tuple[str, Shelves]:
    """The text and the objects out of `pack`'s bytes."""
    packed = _decoder.decode(data)
    shapes = KNOWN_SHAPES[: packed.known[0]] + packed.shapes.split("\n")
    words = KNOWN_WORDS[: packed.known[1]] + packed.words.split("\n")
    form = "\n".join(map(shapes.__getitem__, packed.rows))
    rows = (form % tuple(map(words.__getitem__, packed.fill))).split("\n")
    forms = [Form("}".join(map(shapes.__getitem__, numbers)), holes) for numbers, holes in packed.forms]
    objects = {name: {key: Folded(forms[form], own) for key, (form, own) in held.items()} for name, held in packed.objects.items()}
    return "}".join(map(rows.__getitem__, packed.order)), objects


def fold(text: str) -> Folded:
    """An object's JSON, in parts of which others have the same."""
    cut, words = list(map(_cut, text.split("}"))), _Numbers({})
    holes = words.of(chain.from_iterable(map(_WORDS, cut)))
    return Folded(Form("}".join(map(_SHAPE, cut)), tuple(holes)), words.new())


def unfold(folded: Folded) -> str:
    """The object's JSON."""
    words = folded.words.split("\n")
    return folded.form.text % tuple(map(words.__getitem__, folded.form.holes))


@lru_cache(CACHED_FORMS)
def _rows(form: str) -> list[str]:
    """A form's rows."""
    return form.split("}")


@lru_cache(CACHED_ROWS)
def _cut(row: str) -> tuple[str, list[str]]:
    """The row's shape and the words that fill it."""
    parts = _WORD.split(row.replace("%", "%%"))
    return _HOLE.join(parts[::2]), [word.replace("%%", "%") for word in parts[1::2]]
