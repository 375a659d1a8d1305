"""Counter-based draws: what one consumer draws never shifts what another one gets.

Upstream: none; Kubernetes draws from math/rand. Left out: nothing.
"""

from __future__ import annotations

from hashlib import blake2b

# The letters of generated names: no vowels, no 0 1 3 (apimachinery/pkg/util/rand).
ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


def draw(seed: int, uid: str, purpose: str, n: int) -> int:
    """The n-th 64-bit draw of `purpose` for the object `uid`."""
    text = f"{seed}\x00{uid}\x00{purpose}\x00{n}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def letters(value: int, length: int) -> str:
    """`length` letters of a generated name out of one draw."""
    out = []
    for _ in range(length):
        value, rest = divmod(value, len(ALPHABET))
        out.append(ALPHABET[rest])
    return "".join(out)


def uuid(high: int, low: int) -> str:
    """A version 4 UUID out of two draws."""
    text = f"{high:016x}{low:016x}"
    variant = "89ab"[low >> 62]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"
