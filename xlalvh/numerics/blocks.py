"""Arguments of any shape as flat arrays, and room to compute in, a block at a time, that fits the processor's cache.

Every row of a room starts at a cache line: arithmetic on rows that do not takes up to twice as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import repeat
from typing import Any, TypeVar

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike, Mask, Places

Flat = float | Array  # one number, or a contiguous array of one dimension
Rows = Callable[[int, int], Array]  # number of rows and their length to rows that are not yet set
Room = TypeVar("Room")

SIZE = 10_000
FEW = 20  # up to so many options, one after the other in plain arithmetic costs less than arrays

_LINE = 8  # numbers in a cache line
_ROWS = 32  # of the longest block that a room has space for

_NUMBERS = frozenset((float, int))


def all_numbers(values: tuple[ArrayLike, ...]) -> bool:
    """Whether every argument is a plain number, which needs no array."""
    return _NUMBERS.issuperset(map(type, values))


def flatten(*values: ArrayLike) -> tuple[tuple[int, ...], list[Flat]]:
    """The common shape, and each argument flat in that shape; what has one element stays one number."""
    arrays = [None if type(value) is float else np.asarray(value, dtype=float) for value in values]
    shapes = {array.shape for array in arrays if array is not None}
    shape = shapes.pop() if len(shapes) == 1 else np.broadcast_shapes(*shapes)
    return shape, [value if array is None else _flat(array, shape) for value, array in zip(values, arrays, strict=True)]


def _flat(array: Array, shape: tuple[int, ...]) -> Flat:
    if array.size == 1:
        return float(array.reshape(())[()])
    return (array if array.shape == shape else np.broadcast_to(array, shape)).reshape(-1)


def one_by_one(flat: list[Flat], count: int) -> Iterable[tuple[float, ...]]:
    """The arguments of each of `count` options as plain numbers."""
    return zip(*(repeat(x, count) if isinstance(x, float) else x.tolist() for x in flat), strict=True)


def slices(count: int, most: int = SIZE) -> Iterator[slice]:
    """Parts of `count` elements, `most` at most, of equal lengths but the last."""
    if count:
        length = whole_lines(-(-count // -(-count // most)))
        for start in range(0, count, length):
            yield slice(start, min(start + length, count))


def cut(flat: list[Flat], results: Array) -> Iterator[tuple[list[Flat], list[Array]]]:
    """The arguments and the rows of results, block by block."""
    count = results.shape[1]
    if 0 < count <= SIZE:
        yield flat, list(results)
    else:
        for block in slices(count):
            yield [part(x, block) for x in flat], list(results[:, block])


def part(value: Flat, where: slice | Places) -> Flat:
    """An argument's elements in a block or at some places."""
    return value[where] if isinstance(value, np.ndarray) else value


def places(where: Mask) -> Places | None:
    """Where a condition is true; None where it is so nowhere, which is told soonest."""
    return np.flatnonzero(where) if where.any() else None


def shaped(results: Array, shape: tuple[int, ...]) -> Array:
    """The rows of results, each in the arguments' common shape."""
    return results if len(shape) == 1 else results.reshape(len(results), *shape)


def whole_lines(count: int) -> int:
    """Numbers in as many whole cache lines as hold `count`."""
    return -(-count // _LINE) * _LINE


def rows(number: int, count: int) -> Array:
    """So many rows of `count` numbers, each from a cache line on, not yet set."""
    return _Space(number * whole_lines(count)).rows(number, count)


class _Space:
    """A stretch of memory from which rows are cut, one after the other."""

    def __init__(self, size: int) -> None:
        whole = np.empty(size + _LINE)
        first = -(whole.ctypes.data // whole.itemsize) % _LINE
        self._whole = whole[first : first + size]
        self.used = 0

    def rows(self, number: int, count: int) -> Array:
        length = whole_lines(count)
        start, self.used = self.used, self.used + number * length
        return self._whole[start : self.used].reshape(number, length)[:, :count]


@cache
def _thread() -> Any:
    """Attributes that every thread has its own of. Two threads that ask first at once get one each: as good."""
    from threading import local  # a large module, that single options do without

    return local()


def room(make: Callable[[int, Rows], Room], count: int) -> Room:
    """This thread's own `make(count, rows)`, to compute a block in, the same while the length of blocks is.

    One of another length takes its place and its memory: fresh memory would cost as much as the block.
    """
    kept: dict[Any, Any] = _thread().__dict__
    length, found, space = kept.pop(make, (None, None, None))
    if length != count:
        space = space or _Space(_ROWS * whole_lines(SIZE))
        space.used = 0
        found = make(count, space.rows)
    kept[make] = count, found, space
    answer: Room = found
    return answer
