"""Quantities: exact numbers with a suffix, and the one canonical way to write each.

Upstream: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go. Left out: numbers beyond what int64 and inf.Dec cap.
"""

from __future__ import annotations

import functools
import re
from fractions import Fraction

PATTERN = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"
BAD_FORMAT = f"quantities must match the regular expression '{PATTERN}'"
BAD_NUMBER = "unable to parse numeric part of quantity"
BAD_SUFFIX = "unable to parse quantity's suffix"
_SHAPE = re.compile(PATTERN)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$")
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_DECIMAL_NAMES = {exponent: name for name, exponent in DECIMAL.items()}
_BINARY_NAMES = {exponent: name for name, exponent in BINARY.items()}
LARGEST = 2**63 - 1


def _suffix(text: str) -> tuple[str, Fraction]:
    """The format (binary, decimal, exponent) and the factor of a suffix; ValueError."""
    if text in BINARY:
        return "binary", Fraction(1 << BINARY[text])
    if text in DECIMAL:
        return "decimal", Fraction(10) ** DECIMAL[text]
    if text[:1] in ("e", "E") and re.fullmatch(r"[+-]?[0-9]+", text[1:]) and abs(int(text[1:])) <= 1000:
        return "exponent", Fraction(10) ** int(text[1:])
    raise ValueError(BAD_SUFFIX)


@functools.lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[Fraction, str]:
    """Value (rounded up to 1n, capped at 2^63-1) and format; ValueError in the API server's words."""
    if not text:
        raise ValueError(BAD_FORMAT)
    shape = _SHAPE.match(text)
    if shape is None:
        raise ValueError(BAD_FORMAT)
    if not _NUMBER.match(shape[1]):
        raise ValueError(BAD_NUMBER if shape[1].strip("+-") else BAD_FORMAT)
    format_, factor = _suffix(shape[2])
    number = shape[1]
    value = Fraction(number + "0" if number.endswith(".") else number) * factor
    if format_ == "binary" and abs(value) < 1:
        format_ = "decimal"
    nano = value * 10**9
    if nano.denominator != 1:
        ceiling = -(-abs(nano.numerator) // nano.denominator)
        value = Fraction(ceiling if value > 0 else -ceiling, 10**9)
    return (max(-Fraction(LARGEST), min(Fraction(LARGEST), value)) if format_ == "binary" or abs(value) > 10**27 else value), format_


def parse(text: str | int | float) -> Fraction:
    """The exact value of a quantity: `parse("100m") == Fraction(1, 10)`; ValueError in the API server's words."""
    return _parse(str(text))[0]


def milli(text: str | int | float) -> int:
    """In thousandths, rounded up: `milli("0.5") == 500`."""
    value = parse(text) * 1000
    return -(-value.numerator // value.denominator)


def whole(text: str | int | float) -> int:
    """Whole units, rounded up: `whole("1Ki") == 1024`, `whole("100m") == 1`."""
    value = parse(text)
    return -(-value.numerator // value.denominator)


@functools.lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """The canonical text: mantissa whole, suffix as large as can be; a number comes without its needless zeros."""
    value, format_ = _parse(text)
    return render(value, format_)


def render(value: Fraction, format_: str = "decimal") -> str:
    """A value in `decimal`, `binary` or `exponent` format."""
    if value == 0:
        return "0"
    if format_ == "binary" and value.denominator == 1:
        return _binary(value.numerator)
    exponent = -9
    mantissa = int(value * 10**9)
    while mantissa % 1000 == 0 and exponent < 18:
        mantissa //= 1000
        exponent += 3
    if format_ == "exponent":
        return f"{mantissa}e{exponent}" if exponent else str(mantissa)
    return f"{mantissa}{_DECIMAL_NAMES[exponent]}"


def _binary(value: int) -> str:
    exponent = 0
    while value % 1024 == 0 and exponent < 60:
        value //= 1024
        exponent += 10
    return f"{value}{_BINARY_NAMES.get(exponent, '')}"
