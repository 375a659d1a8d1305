"""Go's `sort.Sort`: not stable, so equal items of more than twelve stand where its pattern-defeating quicksort leaves them.

Upstream: Go, src/sort/zsortinterface.go. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")

INSERTION = 12
NINTHER = 50
MOST_SWAPS = 12
MASK = 2**64 - 1


def go_sort(items: list[T], less: Callable[[T, T], bool]) -> list[T]:
    """The items in the order that `sort.Sort` gives them."""
    made = list(items)
    _Sort(made, less).quick(0, len(made), len(made).bit_length())
    return made


class Pivot(Struct):
    """Where it is, and after how many swaps: none means in order already, twelve in the reverse one."""

    at: int
    swaps: int = 0


class _Sort(Generic[T]):
    def __init__(self, items: list[T], less: Callable[[T, T], bool]) -> None:
        self.items, self.before = items, less

    def less(self, i: int, j: int) -> bool:
        return self.before(self.items[i], self.items[j])

    def swap(self, i: int, j: int) -> None:
        self.items[i], self.items[j] = self.items[j], self.items[i]

    def quick(self, a: int, b: int, limit: int) -> None:
        balanced = partitioned = True
        while (length := b - a) > INSERTION:
            if limit == 0:
                return self.heap(a, b)
            if not balanced:
                self.break_patterns(a, b)
                limit -= 1
            pivot = self.choose(a, b)
            if pivot.swaps == MOST_SWAPS:
                self.items[a:b] = self.items[a:b][::-1]
                pivot = Pivot(b - 1 - (pivot.at - a))
            if balanced and partitioned and pivot.swaps == 0 and self.nearly(a, b):
                return None
            if a > 0 and not self.less(a - 1, pivot.at):
                a = self.partition_equal(a, b, pivot.at)
                continue
            middle, partitioned = self.partition(a, b, pivot.at)
            balanced = min(middle - a, b - middle) >= length // 8
            if middle - a < b - middle:
                self.quick(a, middle, limit)
                a = middle + 1
            else:
                self.quick(middle + 1, b, limit)
                b = middle
        return self.insert(a, b)

    def insert(self, a: int, b: int) -> None:
        for i in range(a + 1, b):
            while i > a and self.less(i, i - 1):
                self.swap(i, i - 1)
                i -= 1

    def heap(self, a: int, b: int) -> None:
        length = b - a
        for root in range((length - 1) // 2, -1, -1):
            self.sift(root, length, a)
        for i in range(length - 1, -1, -1):
            self.swap(a, a + i)
            self.sift(0, i, a)

    def sift(self, root: int, end: int, first: int) -> None:
        while (child := 2 * root + 1) < end:
            if child + 1 < end and self.less(first + child, first + child + 1):
                child += 1
            if not self.less(first + root, first + child):
                return
            self.swap(first + root, first + child)
            root = child

    def break_patterns(self, a: int, b: int) -> None:
        length = dice = b - a
        at = a + length // 4 * 2
        for i in range(3):
            dice ^= dice << 13 & MASK
            dice ^= dice >> 7
            dice ^= dice << 17 & MASK
            other = dice & ((1 << length.bit_length()) - 1)
            self.swap(at - 1 + i, a + (other - length if other >= length else other))

    def choose(self, a: int, b: int) -> Pivot:
        pivot = Pivot(0)
        quarter = (b - a) // 4
        i, j, k = a + quarter, a + 2 * quarter, a + 3 * quarter
        if b - a >= NINTHER:
            i, j, k = (self.median(each - 1, each, each + 1, pivot) for each in (i, j, k))
        pivot.at = self.median(i, j, k, pivot)
        return pivot

    def median(self, a: int, b: int, c: int, pivot: Pivot) -> int:
        a, b = self.ordered(a, b, pivot)
        b, c = self.ordered(b, c, pivot)
        return self.ordered(a, b, pivot)[1]

    def ordered(self, a: int, b: int, pivot: Pivot) -> tuple[int, int]:
        if self.less(b, a):
            pivot.swaps += 1
            return b, a
        return a, b

    def nearly(self, a: int, b: int) -> bool:
        """Whether a few shifts sort it."""
        i = a + 1
        for _ in range(5):
            while i < b and not self.less(i, i - 1):
                i += 1
            if i == b or b - a < NINTHER:
                return i == b
            self.swap(i, i - 1)
            if i - a >= 2:
                self.shift(range(i - 1, 0, -1))
            if b - i >= 2:
                self.shift(range(i + 1, b))
        return False

    def shift(self, places: range) -> None:
        for j in places:
            if not self.less(j, j - 1):
                return
            self.swap(j, j - 1)

    def partition(self, a: int, b: int, pivot: int) -> tuple[int, bool]:
        """Where the pivot is afterwards, and whether nothing had to change places."""
        self.swap(a, pivot)
        i, j = self.narrowed(a, a + 1, b - 1)
        already = i > j
        while i <= j:
            self.swap(i, j)
            i, j = self.narrowed(a, i + 1, j - 1)
        self.swap(j, a)
        return j, already

    def narrowed(self, a: int, i: int, j: int) -> tuple[int, int]:
        while i <= j and self.less(i, a):
            i += 1
        while i <= j and not self.less(j, a):
            j -= 1
        return i, j

    def partition_equal(self, a: int, b: int, pivot: int) -> int:
        """Those equal to the pivot first; where the others begin."""
        self.swap(a, pivot)
        i, j = a + 1, b - 1
        while True:
            while i <= j and not self.less(a, i):
                i += 1
            while i <= j and self.less(a, j):
                j -= 1
            if i > j:
                return i
            self.swap(i, j)
            i, j = i + 1, j - 1
