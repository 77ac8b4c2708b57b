"""What cells send and what they take: scalars, rows, columns and ranges to arrays and back.

A cell sends a number, text, a truth value, a blank (``None`` or ``""``) or an error (`CellError`). Ranges are
sequences of rows. NumPy arrays are taken too, and answered in kind. A range becomes an array in one step, and only
cells that are not what they should be are looked at one by one.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain, compress, zip_longest
from numbers import Complex, Number, Real
from operator import itemgetter
from typing import Any

import numpy as np

from xlalvh.formulas.errors import EXCEL_ERRORS, CellError, not_available, value_error
from xlalvh.numerics.arrays import Array

Shape = tuple[int, ...]  # () a scalar, (n,) a flat list, (rows, columns) a range

_EPOCH_1900 = dt.datetime(1899, 12, 30)  # serial 60 (1900-02-29) never existed; true from 1900-03-01
_DAYS_1904 = 1462
_LAST_SECOND = 2_958_466 * 86_400 - 1  # of 9999-12-31
_PLAIN = frozenset((int, float))  # as hosts send them
_PLAIN_RESULTS = frozenset((str, bool, type(None), CellError))
RANGES = (list, tuple, np.ndarray)  # types that hold several cells


def is_blank(cell: Any) -> bool:
    """Whether a cell is empty or holds only white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_error(cell: Any) -> CellError | None:
    """The error that a cell holds, as hosts hand it over (object or text), or None."""
    if isinstance(cell, CellError):
        return cell
    if isinstance(cell, str) and cell in EXCEL_ERRORS:
        return CellError(cell if cell in ("#VALUE!", "#NUM!", "#N/A") else "#VALUE!", f"the cell holds {cell}")
    return None


def number(cell: Any, name: str) -> float:
    """One cell as a number.

    Raises
    ------
    CellError
        ``#N/A`` for a blank, ``#VALUE!`` for text or a truth value, ``#NUM!`` for NaN or infinity, and the cell's own
        error where it holds one.
    """
    kind = type(cell)
    if kind is not float and kind is not int:
        error = as_error(cell)
        if error is not None:
            raise CellError(error.code, f"{name}: received an error ({error.message}); mend that cell first")
        if is_blank(cell):
            raise not_available(f"{name} is blank; enter a number")
        if isinstance(cell, (dt.date, dt.datetime)):
            return serial(cell)
        if isinstance(cell, (bool, np.bool_)) or not _is_number(cell):
            raise value_error(f"{name} is {_show(cell)}, which is not a number; enter a number")
    value = _as_float(cell)
    if not math.isfinite(value):
        raise CellError("#NUM!", f"{name} is {_show(cell)}, which is not finite; enter a number")
    return value


def text(cell: Any, name: str) -> str:
    """One cell as text; the same errors as `number`."""
    error = as_error(cell)
    if error is not None:
        raise CellError(error.code, f"{name}: received an error ({error.message}); mend that cell first")
    if is_blank(cell):
        raise not_available(f"{name} is blank; enter text")
    if not isinstance(cell, str):
        raise value_error(f"{name} is {_show(cell)}, which is not text; enter text")
    return cell.strip()


def flag(cell: Any, name: str) -> bool:
    """One cell as a truth value: TRUE or FALSE, 1 or 0."""
    error = as_error(cell)
    if error is not None:
        raise CellError(error.code, f"{name}: received an error ({error.message}); mend that cell first")
    if isinstance(cell, (bool, np.bool_)) or (isinstance(cell, (int, float)) and cell in (0, 1)):
        return bool(cell)
    raise value_error(f"{name} is {_show(cell)}; enter TRUE or FALSE")


def right_sign(cell: Any, name: str) -> float:
    """+1 for a call, -1 for a put, from C/P or call/put in any case."""
    word = text(cell, name).lower()
    if word in ("c", "call"):
        return 1.0
    if word in ("p", "put"):
        return -1.0
    raise value_error(f'{name} is {_show(cell)}; enter "C" for a call or "P" for a put')


def serial(when: dt.date | dt.datetime) -> float:
    """The serial of a date or of a wall time (1900 system)."""
    if not isinstance(when, dt.datetime):
        when = dt.datetime(when.year, when.month, when.day)
    return (when.replace(tzinfo=None) - _EPOCH_1900) / dt.timedelta(days=1)


def moment(cell: Any, name: str) -> dt.datetime:
    """A date cell as a wall time, to the second (1900 system).

    Raises
    ------
    CellError
        As `number`; ``#NUM!`` outside 1900-03-01 to 9999-12-31.
    """
    days = number(cell, name)
    if not 61 <= days < 2_958_466:
        raise CellError("#NUM!", f"{name} is {days:g}; enter a date between 1900-03-01 and 9999-12-31")
    return _EPOCH_1900 + dt.timedelta(seconds=min(round(days * 86_400), _LAST_SECOND))


def shift_1904(cell: Any, *, into_1900: bool) -> Any:
    """A date serial moved between the 1904 system of a book and the 1900 system inside; other values pass."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell + _DAYS_1904 if into_1900 else cell - _DAYS_1904
    if isinstance(cell, (list, tuple)):
        return tuple(shift_1904(item, into_1900=into_1900) for item in cell)
    return cell


Resolve = Callable[[str], Any]


class Cell:
    """A cell as a host hands it to a formula that takes the cell itself.

    Parameters
    ----------
    formula : str
        Its formula text, empty where it holds a value.
    resolve : callable
        Gives the value of a reference or name in that text: a value, or rows; a `CellError` for an error cell and
        for a name that it does not know.
    date_1904 : bool
        Whether the book counts dates from 1904.
    """

    def __init__(self, formula: str, resolve: Resolve, date_1904: bool = False) -> None:
        self.formula = formula
        self.resolve = resolve
        self.date_1904 = date_1904


class Grid:
    """A range, flattened by rows, with the shape it had."""

    def __init__(self, flat: list[Any] | Array, shape: Shape) -> None:
        self.flat = flat
        self.shape = shape

    @cached_property
    def cells(self) -> list[Any]:
        return self.flat if isinstance(self.flat, list) else self.flat.tolist()

    @property
    def size(self) -> int:
        return len(self.flat)

    @property
    def is_scalar(self) -> bool:
        return self.size == 1

    @property
    def is_vector(self) -> bool:
        return len(self.shape) == 1 or (len(self.shape) == 2 and 1 in self.shape)

    def rows(self) -> list[list[Any]]:
        """The cells as rows; a flat list is one column."""
        if len(self.shape) == 2:
            width = self.shape[1]
            return [self.cells[i : i + width] for i in range(0, self.size, width)]
        return [[cell] for cell in self.cells]

    def floats(self) -> Array:
        """The plain numbers, and NaN for any other cell. Not to be written to: it may be the caller's own array."""
        if isinstance(self.flat, np.ndarray):
            return self.flat
        try:
            if _PLAIN.issuperset(map(type, self.flat)):
                return np.array(self.flat, dtype=float)
            good = list(map(_PLAIN.__contains__, map(type, self.flat)))
            found = np.full(self.size, math.nan)
            found[good] = np.array(list(compress(self.flat, good)), dtype=float)
        except OverflowError:  # an int beyond all floats
            return np.array([_as_float(cell) if type(cell) in _PLAIN else math.nan for cell in self.flat])
        return found


def grid(value: Any, name: str) -> Grid:
    """Whatever a host or a Python caller hands over, as a `Grid`.

    Raises
    ------
    CellError
        ``#VALUE!`` for an empty, ragged or three-dimensional argument.
    """
    if isinstance(value, np.ndarray):
        if value.ndim > 2:
            raise value_error(f"{name} has {value.ndim} dimensions; give a row, a column or a range")
        if value.size == 0:
            raise value_error(f"{name} is empty; give at least one cell")
        if value.dtype.kind in "iuf":
            return Grid(value.ravel().astype(float, copy=False), value.shape)
        return Grid(value.ravel().tolist(), value.shape)
    if not isinstance(value, (list, tuple)):
        return Grid([value], ())
    if len(value) == 0:
        raise value_error(f"{name} is empty; give at least one cell")
    kinds = set(map(type, value))
    if np.ndarray in kinds:  # one without dimensions is a number
        value = [item.item() if isinstance(item, np.ndarray) and item.ndim == 0 else item for item in value]
        kinds = set(map(type, value))
    nested = [kind for kind in kinds if issubclass(kind, RANGES)]
    if not nested:
        return Grid(list(value), (len(value),))
    rows = value if len(nested) == len(kinds) else [row if isinstance(row, RANGES) else [row] for row in value]
    widths = set(map(len, rows))
    if len(widths) > 1 or 0 in widths:
        raise value_error(f"{name} has rows of unequal length; give a rectangular range")
    width = widths.pop()
    flat = list(map(itemgetter(0), rows) if width == 1 else chain.from_iterable(rows))  # a column costs half so
    return Grid(flat, (len(rows), width))


def vector(value: Any, name: str) -> np.ndarray:
    """A row or a column as floats; whatever is no number (blank, text, error) is missing, that is NaN."""
    cells = grid(value, name)
    if not (cells.is_scalar or cells.is_vector):
        raise value_error(f"{name} is a range of {cells.shape[0]} x {cells.shape[1]} cells; give one row or one column")
    return _with_missing(cells)


def matrix(value: Any, name: str, columns: int) -> np.ndarray:
    """A range of at least `columns` columns as floats, what is no number being NaN.

    A single row or a flat list of `columns` cells is one row.
    """
    cells = grid(value, name)
    width = cells.shape[1] if len(cells.shape) == 2 else cells.size
    if width < columns:
        raise value_error(f"{name} has {width} columns; give {columns}")
    return _with_missing(cells).reshape(-1, width)


def _with_missing(cells: Grid) -> np.ndarray:
    found = cells.floats()
    bad = ~np.isfinite(found)
    if not bad.any():
        return found.copy() if found is cells.flat else found
    found = found.copy()
    found[bad] = [missing_or_number(cell) for cell in compress(cells.cells, bad.tolist())]
    return found


def missing_or_number(cell: Any) -> float:
    """A number, or NaN for anything else."""
    if isinstance(cell, (bool, np.bool_)):
        return math.nan
    if _is_number(cell):
        result = _as_float(cell)
        return result if math.isfinite(result) else math.nan
    if isinstance(cell, (dt.date, dt.datetime)):
        return serial(cell)
    return math.nan


def common_shape(shapes: Sequence[Shape], sizes: Sequence[int], names: Sequence[str], *, grids: bool) -> Shape:
    """The shape in which arguments pair.

    One cell goes with everything. Vectors of equal length pair whatever their orientation, in the shape of the
    first. A row and a column of different lengths make a grid where `grids` allows it.

    Raises
    ------
    CellError
        ``#VALUE!`` where the shapes do not fit, naming the two arguments.
    """
    result: Shape = ()
    size, owner = 1, ""
    for shape, count, name in zip(shapes, sizes, names, strict=True):
        if count == 1:
            if size == 1 and len(shape) > len(result):
                result = shape
            continue
        if size == 1:
            result, size, owner = shape, count, name
        elif shape != result and not (count == size and _is_line(shape) and _is_line(result)):
            joined = _outer(result, shape) if grids else None
            if joined is None:
                raise value_error(
                    f"{owner} has {_say(result)} and {name} {_say(shape)}; give one cell or ranges of equal size"
                )
            result, size, owner = joined, joined[0] * joined[1], f"{owner} with {name}"
    return result


def spread(items: np.ndarray, shape: Shape, target: Shape) -> np.ndarray:
    """Flat `items` of `shape` repeated to `target`, flattened by rows."""
    size = math.prod(target)
    if len(items) == size:
        return items
    if len(items) == 1:
        return np.repeat(items, size)
    rows, columns = target
    return np.tile(items, rows) if len(shape) == 2 and shape[0] == 1 else np.repeat(items, columns)


def shaped(flat: list[Any], shape: Shape) -> Any:
    """Flat results in `shape`: a scalar, a tuple or a tuple of row tuples."""
    if shape == ():
        return flat[0]
    if len(shape) == 1:
        return tuple(flat)
    return tuple(zip(*[iter(flat)] * shape[1], strict=True))


def plain(value: Any) -> Any:
    """A result as hosts take it: float, str, bool, None or `CellError`, in tuples; never NaN, infinity or NumPy."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        if value and all(type(row) is tuple for row in value) and all(map(_is_plain, zip_longest(*value))):
            return tuple(value)
        return tuple(value) if _is_plain(value) else tuple(plain(item) for item in value)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if _is_number(value):
        result = _as_float(value)
        if math.isfinite(result):
            return result
        return CellError("#NUM!", "the result is not a finite number for these arguments")
    if isinstance(value, (dt.date, dt.datetime)):
        return serial(value)
    if value is None or isinstance(value, (str, CellError)):
        return value
    return CellError("#VALUE!", f"the result would be {_show(value)}, which no cell holds; mend the cell it came from")


def _is_plain(line: Sequence[Any]) -> bool:
    """Whether a row or column can go to a host as it is."""
    kinds = set(map(type, line))
    if float in kinds:
        kinds.remove(float)
        if not all(map(math.isfinite, line if not kinds else [x for x in line if type(x) is float])):
            return False
    return kinds <= _PLAIN_RESULTS


def _is_number(cell: Any) -> bool:
    """Whether a cell is a real number of Python, NumPy or another library, such as a Decimal."""
    return isinstance(cell, (int, float, Real)) or (isinstance(cell, Number) and not isinstance(cell, Complex))


def _as_float(cell: Any) -> float:
    """A Python or NumPy number as a float, NaN where it is too large for one or signals."""
    try:
        return float(cell)
    except (OverflowError, ValueError):
        return math.nan


def _is_line(shape: Shape) -> bool:
    return len(shape) == 1 or 1 in shape


def _outer(first: Shape, second: Shape) -> tuple[int, int] | None:
    """The grid of a row and a column, or of a grid with a row or a column that fits it."""
    if len(first) != 2 or len(second) != 2:
        return None
    rows, columns = max(first[0], second[0]), max(first[1], second[1])
    fits = all(shape[0] in (1, rows) and shape[1] in (1, columns) for shape in (first, second))
    return (rows, columns) if fits else None


def _say(shape: Shape) -> str:
    return f"{shape[0]} cells" if len(shape) == 1 else f"{shape[0]} x {shape[1]} cells"


def _show(cell: Any) -> str:
    shown = repr(cell) if isinstance(cell, str) else str(cell)
    return shown if len(shown) <= 40 else shown[:37] + "..."
