"""Values as the package ``formulas`` has them, which evaluates ordinary functions: to cells and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlalvh.formulas import cells
from xlalvh.formulas.errors import CellError


def to_cells(value: Any) -> Any:
    """A value of `formulas` as our formulas take it: None for empty, tuples of rows, a `CellError` for an error."""
    from formulas.functions import XlError
    from schedula import EMPTY

    if isinstance(value, np.ndarray):
        rows = np.atleast_2d(value)
        if rows.size == 1:
            return to_cells(rows.flat[0])
        return tuple(tuple(to_cells(item) for item in row) for row in rows)
    if value is EMPTY:
        return None
    if isinstance(value, XlError):
        code = str(value)
        return CellError(code, getattr(value, "reason", f"it gives {code}"))
    return value.item() if isinstance(value, np.generic) else value


def from_cells(value: Any, source: str = "") -> Any:
    """Cells, or an answer of ours, as `formulas` takes them; an error carries its reason and its `source` along."""
    from formulas.functions import XlError
    from schedula import EMPTY

    if isinstance(value, (list, tuple)):
        shaped = cells.grid(value, "range")
        array = np.empty(len(shaped.cells), dtype=object)
        array[:] = [from_cells(cell, source) for cell in shaped.cells]
        return array.reshape(len(shaped.rows()), -1)
    error = cells.as_error(value)
    if error is not None:
        found = XlError(error.code)
        found.reason = (
            f"{source}: {error.message}" if source and not error.message.startswith(source) else error.message
        )
        return found
    return EMPTY if value is None else value
