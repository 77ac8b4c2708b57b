"""Formulas evaluated element by element: ranges to arrays, one call, arrays to ranges.

A range is converted in one step; only cells that are no value are looked at one by one, and each spoils its own result.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from xlalvh.formulas import cells
from xlalvh.formulas.arguments import PAIRED, Argument, Kind
from xlalvh.formulas.errors import CellError

if TYPE_CHECKING:
    from xlalvh.formulas.registry import Formula

Faults = dict[int, CellError]  # by the place of the cell, or of the result

_ALIKE = frozenset((str, type(None), CellError))  # types whose equal values no formula tells apart


def evaluate(formula: Formula, given: list[Any]) -> Any:
    """A paired formula on what was given for each argument."""
    if formula.broadcasts and not any(isinstance(value, cells.RANGES) for value in given):
        return _one(formula, given)
    return _many(formula, given)


def _one(formula: Formula, given: list[Any]) -> Any:
    """Single cells only: no array is made."""
    values = {}
    try:
        for argument, cell in zip(formula.arguments, given, strict=True):
            if argument.is_left_out(cell):
                values[argument.name] = argument.default
            elif argument.kind in PAIRED:
                values[argument.name] = argument.convert(cell)
            else:
                values[argument.name] = argument.convert_whole(cell)
    except CellError:
        return _many(formula, given)  # which says where it belongs
    headers = values.pop("headers", True)
    answer = formula.function(**values)
    if not formula.columns:
        return formula.checked(answer)
    row = tuple(map(formula.checked, answer))
    return (formula.columns, row) if headers else (row,)


def _many(formula: Formula, given: list[Any]) -> Any:
    """The whole: shapes that pair, ranges as arrays, good elements to the function, results and errors in place."""
    both = list(zip(formula.arguments, given, strict=True))
    others = {a.name: a.convert_whole(v) for a, v in both if a.kind not in PAIRED}
    headers = others.pop("headers", True)
    paired = [(a, cells.grid(v, a.name)) for a, v in both if a.kind in PAIRED]
    shape = cells.common_shape(
        [g.shape for _, g in paired],
        [g.size for _, g in paired],
        [a.name for a, _ in paired],
        grids=not formula.columns,
    )
    count = math.prod(shape)
    values: dict[str, np.ndarray] = {}
    errors: Faults = {}
    for argument, grid in paired:
        found, faults = convert(argument, grid)
        if faults:
            errors = _spread(faults, grid, shape) | errors  # the first argument's fault is told
        values[argument.name] = (
            found if formula.broadcasts and len(found) == 1 else cells.spread(found, grid.shape, shape)
        )
    columns = _call(formula, values, others, errors, count)
    as_array = any(isinstance(v, np.ndarray) for a, v in both if a.kind in PAIRED)
    if not formula.columns:
        return columns[0].reshape(shape) if as_array and shape else cells.shaped(columns[0].tolist(), shape)
    if as_array and not headers and formula.footer is None:
        return (columns if isinstance(columns, np.ndarray) else np.stack(columns)).T
    lines = columns.tolist() if isinstance(columns, np.ndarray) else [column.tolist() for column in columns]
    rows: Iterable[Any] = zip(*lines, strict=True)
    if formula.footer is not None:
        rows = list(rows)
        rows += formula.footer(rows, {a.name: g.cells if g.size == count else g.cells * count for a, g in paired})
    return (formula.columns, *rows) if headers else tuple(rows)


def _call(
    formula: Formula, values: dict[str, np.ndarray], others: dict[str, Any], errors: Faults, count: int
) -> list[np.ndarray] | np.ndarray:
    """The columns of results, one where the formula makes no table, with errors in their places.

    They are the rows of one array where the formula made one and nothing is wrong.
    """
    if not errors:
        return _answer(formula, values, others)
    good = np.ones(count, dtype=bool)
    good[list(errors)] = False
    columns = [np.empty(count, dtype=object) for _ in formula.columns or (None,)]
    if good.any():
        kept = {name: array if len(array) == 1 else array[good] for name, array in values.items()}
        for column, found in zip(columns, _answer(formula, kept, others), strict=True):
            column[good] = found
    for column in columns:
        column[list(errors)] = list(errors.values())
    return columns


def _answer(formula: Formula, values: dict[str, np.ndarray], others: dict[str, Any]) -> list[np.ndarray] | np.ndarray:
    if formula.broadcasts:
        values = {name: array.tolist()[0] if len(array) == 1 else array for name, array in values.items()}
    answer = formula.function(**values, **others)
    if formula.columns and isinstance(answer, np.ndarray) and np.isfinite(answer).all():
        return answer
    return [_finite(formula, column) for column in (answer if formula.columns else (answer,))]


def _finite(formula: Formula, answer: Any) -> np.ndarray:
    """Results, flat: floats, or objects where one has to be an error."""
    found = np.asarray(answer).reshape(-1)
    if found.dtype != float:
        checked = np.empty(len(found), dtype=object)
        checked[:] = list(map(formula.checked, found.tolist()))
        return checked
    good = np.isfinite(found)
    if good.all():
        return found
    found = found.astype(object)
    found[~good] = formula.no_result()
    return found


def convert(argument: Argument, grid: cells.Grid) -> tuple[np.ndarray, Faults]:
    """Every cell of a range, flat, and the errors of those that have no value."""
    floats = argument.kind in (Kind.NUMBER, Kind.RIGHT)
    if grid.is_scalar and argument.is_left_out(grid.cells[0]):
        return np.array([argument.default], dtype=float if floats else object), {}
    if argument.kind is Kind.NUMBER:
        return _numbers(argument, grid)
    found = _each(argument, grid.cells)
    faults: Faults = {}
    if CellError in set(map(type, found)):
        faults = {i: x for i, x in enumerate(found) if type(x) is CellError}
        found = [math.nan if type(x) is CellError else x for x in found]
    return np.array(found, dtype=float if floats else object), faults


def _numbers(argument: Argument, grid: cells.Grid) -> tuple[np.ndarray, Faults]:
    values = grid.floats()
    low, above, high = argument.low, argument.above, argument.high
    least, most = float(values.min()), float(values.max())  # NaN where there is one
    if above < least >= low and most <= high and math.isfinite(least) and math.isfinite(most):
        return values, {}
    values, faults = values.copy(), {}
    inside = np.isfinite(values) & (values > above) & (values >= low) & (values <= high)
    bad = np.flatnonzero(~inside).tolist()
    for i, found in zip(bad, _each(argument, [grid.cells[i] for i in bad]), strict=True):
        if isinstance(found, CellError):
            faults[i] = found
        else:
            values[i] = found
    return values, faults


def _each(argument: Argument, items: list[Any]) -> list[Any]:
    """Each cell or its error; of equal cells, where that says it all, only one is looked at."""
    kinds = set(map(type, items)) - _ALIKE
    if kinds - {float} and kinds - {int}:
        return [_attempt(argument, cell) for cell in items]
    known = {cell: _attempt(argument, cell) for cell in set(items)}
    return list(map(known.__getitem__, items))


def _attempt(argument: Argument, cell: Any) -> Any:
    try:
        return argument.convert(cell)
    except CellError as error:
        return error.with_traceback(None)  # it would keep the whole range alive


def _spread(faults: Faults, grid: cells.Grid, shape: cells.Shape) -> Faults:
    """The faults of a range by the places of the results that they spoil."""
    if grid.size == math.prod(shape):
        return faults
    source = cells.spread(np.arange(grid.size), grid.shape, shape)
    spoilt = np.flatnonzero(np.isin(source, list(faults)))
    return {place: faults[source[place]] for place in spoilt.tolist()}
