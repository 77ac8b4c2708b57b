"""A book of legs as cells give it: the table that the Risk group takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlalvh.formulas import cells
from xlalvh.formulas.errors import CellError, num_error, value_error
from xlalvh.formulas.registry import Argument, Kind
from xlalvh.formulas.vocabulary import FORWARD, RATE, STRIKE, VOL, YEARS
from xlalvh.risk.legs import INDEX_OF, Legs

COLUMNS = Legs._fields
_NUMBERS = {a.name: a for a in (STRIKE, YEARS, FORWARD, VOL, RATE)}

BOOK = Argument(
    "book",
    Kind.RANGE,
    f"a leg a row: {', '.join(COLUMNS)}, as ALVH_BOOK takes them; a header and blank rows are passed over",
)
# Ten condors and a ladder, for the examples.
EXAMPLE = (
    ("SPX", 10.0, "P", 3875.0, 0.12, 4210.0, 0.215, 0.05),
    ("SPX", -10.0, "P", 3925.0, 0.12, 4210.0, 0.206, 0.05),
    ("SPX", -10.0, "C", 4375.0, 0.12, 4210.0, 0.131, 0.05),
    ("SPX", 10.0, "C", 4425.0, 0.12, 4210.0, 0.128, 0.05),
    ("VIX", 40.0, "C", 21.0, 0.10, 20.1, 0.80, 0.05),
    ("VIX", 40.0, "C", 23.0, 0.18, 21.7, 0.70, 0.05),
    ("VIX", 20.0, "C", 25.0, 0.26, 22.5, 0.62, 0.05),
)


def read_book(value: Any) -> Legs:
    """The rows as legs. `CellError` names the leg and the column of a cell that does not serve."""
    given = cells.grid(value, "book")
    rows = [given.cells] if len(given.shape) == 1 else given.rows()
    if len(rows[0]) != len(COLUMNS):
        raise value_error(f"book has {len(rows[0])} columns; give {len(COLUMNS)}: {', '.join(COLUMNS)}")
    if isinstance(rows[0][0], str) and rows[0][0].strip().lower() == COLUMNS[0]:
        rows = rows[1:]
    legs = [_leg(row, i) for i, row in enumerate(rows, start=1) if not all(cells.is_blank(cell) for cell in row)]
    if not legs:
        raise value_error("book has no leg; give at least one row")
    names, *numbers = zip(*legs, strict=True)
    return Legs(np.array(names), *(np.array(column, dtype=float) for column in numbers))


def _leg(row: list[Any], number: int) -> tuple[Any, ...]:
    labels = {name: f"book ({name} of leg {number})" for name in COLUMNS}
    root = cells.text(row[0], labels["underlying"])
    if root.upper() not in INDEX_OF:
        raise value_error(f"{labels['underlying']} is {root!r}; enter one of: {', '.join(INDEX_OF)}")
    found: list[Any] = [INDEX_OF[root.upper()]]
    found += [cells.number(row[1], labels["quantity"]), cells.right_sign(row[2], labels["right"])]
    for name, cell in zip(COLUMNS[3:], row[3:], strict=True):
        argument = _NUMBERS[name]
        value = 0.0 if argument.optional and cells.is_blank(cell) else cells.number(cell, labels[name])
        try:
            argument.check(value)
        except CellError as error:
            raise CellError(error.code, f"book, leg {number}: {error.message}") from error
        found.append(value)
    if not found[6] > 0.0:
        raise num_error(f"{labels['vol']} is {found[6]:g}; enter a volatility as a decimal above 0, 0.18 for 18 %")
    return tuple(found)
