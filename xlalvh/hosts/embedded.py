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

from xlalvh.formulas import CellError, catalogue, foreign, registry
from xlalvh.formulas.explain import NO_FAILURE

Cells = dict[tuple[str, str], Any]  # (sheet, cell) to float, str, bool, None or an error's text

_EXPLAIN = "ALVH_EXPLAIN"
_AREA = re.compile(r"'\[[^]]*\](?P<sheet>[^']+)'!(?P<left>[A-Z]+)(?P<top>\d+)(:[A-Z]+\d+)?")


def evaluate(path: Path, wanted: Iterable[tuple[str, str]]) -> Cells:
    """Values of the `wanted` (sheet, cell) pairs of an .xlsx file; errors come as their text, such as ``#N/A``."""
    os.environ.setdefault("TQDM_DISABLE", "1")  # no progress bars: this is one step of a command
    _register()
    solution = _model().loads(str(path)).finish().calculate()
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


def _model() -> Any:
    """A model that passes over blank cells, which it would compile one by one; `finish` adds those that are read."""
    import formulas

    class Model(formulas.ExcelModel):  # type: ignore[misc] # the package has no types
        def push(self, worksheet: Any, context: Any) -> Any:
            worksheet, context = self.add_sheet(worksheet, context)
            references, arrays = self.references, self.formula_references(context)
            outer = {"external_links": self.external_links(context), **context}
            filled = [cell for row in worksheet.iter_rows() for cell in row if cell.value is not None]
            ranges = self.formula_ranges(context)
            for cell in [self.compile_cell(cell, outer, references, arrays) for cell in filled]:
                self.add_cell(cell, outer, ranges)
            return self

    return Model()


def _register() -> None:
    """Give the catalogue to `formulas`."""
    import formulas
    from formulas.functions import wrap_ranges_func

    known = formulas.get_functions()
    for name in catalogue:
        known[name] = wrap_ranges_func(_explain if name == _EXPLAIN else _function(name))


def _function(name: str) -> Callable[..., Any]:
    def evaluate_one(*args: Any) -> Any:
        return foreign.from_cells(registry.call(name, [foreign.to_cells(arg) for arg in args]), name)

    return evaluate_one


def _explain(value: Any) -> Any:
    """Why a cell failed. Values arrive here without their cell, but errors of our functions carry their reason."""
    found = foreign.to_cells(value)
    while isinstance(found, tuple):
        found = found[0]
    return str(found) if isinstance(found, CellError) else NO_FAILURE


def _outside(value: Any) -> Any:
    """A cell's value as hosts exchange it: floats, text, truth values, None, and errors by their code."""
    found = foreign.to_cells(value)
    if isinstance(found, CellError):
        return str(value)
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else found
