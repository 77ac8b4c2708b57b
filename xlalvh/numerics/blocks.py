"""Arguments of any shape as flat arrays, and blocks that fit the processor's cache."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from itertools import repeat

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Flat = float | Array  # one number, or a contiguous array of one dimension

SIZE = 16384
FEW = 32  # up to so many options, one after the other in plain arithmetic costs less than arrays

_NUMBERS = frozenset((float, int))

_local = threading.local()


def all_numbers(*values: ArrayLike) -> bool:
    """Whether every argument is a plain number, which needs no array."""
    return _NUMBERS.issuperset(map(type, values))


def flatten(*values: ArrayLike) -> tuple[tuple[int, ...], list[Flat]]:
    """The common shape, and each argument flat in that shape; what has one element stays one number."""
    arrays = [np.asarray(value, dtype=float) for value in values]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    return shape, [
        float(array.reshape(())[()]) if array.size == 1 else np.broadcast_to(array, shape).reshape(-1)
        for array in arrays
    ]


def one_by_one(flat: list[Flat], count: int) -> Iterable[tuple[float, ...]]:
    """The arguments of each of `count` options as plain numbers."""
    return zip(*(repeat(x, count) if isinstance(x, float) else x.tolist() for x in flat), strict=True)


def slices(count: int) -> Iterator[slice]:
    """The blocks of `count` elements."""
    for start in range(0, count, SIZE):
        yield slice(start, min(start + SIZE, count))


def part(value: Flat, block: slice) -> Flat:
    """An argument's elements in a block."""
    return value[block] if isinstance(value, np.ndarray) else value


def workspace(rows: int, count: int) -> list[Array]:
    """Arrays of `count` elements to write into, this thread's own and the same at every call."""
    have: Array | None = getattr(_local, "rows", None)
    if have is None or len(have) < rows:
        have = _local.rows = np.empty((rows, SIZE))
    return [row[:count] for row in have[:rows]]


def within(value: Flat, low: float, *, open_below: bool) -> bool:
    """Whether all elements are finite and above `low`, or at it unless `open_below`; NaN is not."""
    if isinstance(value, np.ndarray):
        least, most = float(value.min()), float(value.max())
    else:
        least = most = value
    return (least > low or (least == low and not open_below)) and most < np.inf
