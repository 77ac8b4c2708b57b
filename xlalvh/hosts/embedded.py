"""The embedded engine: evaluates a workbook in our own process, where there is no spreadsheet program.

The package `formulas` (EUPL 1.1+) evaluates the ordinary functions; ours come from the registry.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl.utils import column_index_from_string, get_column_letter

from xlalvh.formulas import CellError, catalogue, registry
from xlalvh.formulas.errors import NA, VALUE

Cells = dict[tuple[str, str], Any]  # (sheet, cell) to float, str, bool, None or an error's text

_EXPLAIN = "ALVH_EXPLAIN"
_AREA = re.compile(r"'\[[^]]*\](?P<sheet>[^']+)'!(?P<left>[A-Z]+)(?P<top>\d+)(:[A-Z]+\d+)?")


def evaluate(path: Path, wanted: Iterable[tuple[str, str]]) -> Cells:
    """Values of the `wanted` (sheet, cell) pairs of an .xlsx file; errors come as their text, such as ``#N/A``."""
    os.environ.setdefault("TQDM_DISABLE", "1")  # no progress bars: this is one step of a command
    import formulas

    _register()
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    known: Cells = {}
    for key, found in solution.items():
        area = _AREA.fullmatch(key) if isinstance(key, str) else None
        if area is None:
            continue
        left, top = column_index_from_string(area["left"]), int(area["top"])
        for i, row in enumerate(np.atleast_2d(np.asarray(found.value, dtype=object))):
            for j, item in enumerate(row):
                known[area["sheet"].upper(), f"{get_column_letter(left + j)}{top + i}"] = item
    return {(sheet, cell): _outside(known.get((sheet.upper(), cell))) for sheet, cell in wanted}


def _register() -> None:
    """Give the catalogue to `formulas`."""
    import formulas
    from formulas.functions import wrap_ranges_func

    known = formulas.get_functions()
    for name in catalogue:
        known[name] = wrap_ranges_func(_explain if name == _EXPLAIN else _function(name))


def _function(name: str) -> Callable[..., Any]:
    def evaluate_one(*args: Any) -> Any:
        return _inside(registry.call(name, [_argument(arg) for arg in args]), name)

    return evaluate_one


def _argument(value: Any) -> Any:
    """A value of `formulas` as the registry takes it."""
    import schedula
    from formulas.functions import XlError

    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return _argument(value.item())
        rows = value if value.ndim == 2 else value.reshape(1, -1)
        if rows.size == 1:
            return _argument(rows.flat[0])
        return tuple(tuple(_argument(item) for item in row) for row in rows)
    if value is schedula.EMPTY:
        return None
    if isinstance(value, XlError):
        code = str(value)
        return CellError(code if code in (NA, "#NUM!") else VALUE, getattr(value, "reason", f"the cell holds {code}"))
    if isinstance(value, np.generic):
        return value.item()
    return value


def _inside(answer: Any, name: str) -> Any:
    """An answer of the registry as `formulas` takes it; an error carries its reason along."""
    if isinstance(answer, tuple):
        rows = [row if isinstance(row, tuple) else (row,) for row in answer]
        result = np.empty((len(rows), len(rows[0])), dtype=object)
        for i, row in enumerate(rows):
            for j, item in enumerate(row):
                result[i, j] = _inside(item, name)
        return result
    return _error(answer, name) if isinstance(answer, CellError) else answer


def _error(error: CellError, name: str) -> Any:
    from formulas.functions import XlError

    found = XlError(error.code)
    found.reason = error.message if error.message.startswith(name) else f"{name}: {error.message}"
    return found


def _explain(value: Any) -> Any:
    """Why a cell failed. Values arrive here without their cell, but errors of our functions carry their reason."""
    from formulas.functions import XlError

    while isinstance(value, np.ndarray):
        value = value.flat[0]
    if not isinstance(value, XlError):
        return "no failure"
    return f"{value} {getattr(value, 'reason', 'an ordinary function failed here; look at the cells it refers to')}"


def _outside(value: Any) -> Any:
    """A cell's value as hosts exchange it."""
    plain = _argument(value)
    if isinstance(plain, CellError):
        return str(value)
    if isinstance(plain, (int, float)) and not isinstance(plain, bool):
        return float(plain)
    return plain
