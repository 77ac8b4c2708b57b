"""What Excel's VBA reaches in Python, through the ``CallUDF`` of xlwings' server.

VBA sends values: numbers and text as they are, a blank as None, an error cell or a missing argument as the whole number
that COM makes of it. It gets plain values back. An error is the text of `MARK` and Excel's number for it; an array that
holds one goes as a flat list - `MARK`, rows, columns, then the cells by rows - so that VBA looks at single cells only
where there is something to do.
"""

from __future__ import annotations

import faulthandler
import os
import traceback
from collections.abc import Callable
from typing import Any

import xlwings

from xlalvh.formulas import explain as explaining
from xlalvh.formulas import registry
from xlalvh.formulas.cells import Cell, as_error
from xlalvh.formulas.errors import CellError

MARK = "\x01"
LIMIT = 30.0  # seconds for a call; then this process ends, Excel goes on and starts another

_NUMBERS = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2050: "#CALC!",
}
_CODES = {text: number for number, text in _NUMBERS.items()}
_ERROR = -2146828288  # HRESULT 0x800A0000, to which Excel adds its number of the error
_ERRORS = range(_ERROR + 2000, _ERROR + 2100)
_MISSING = -2147352572  # DISP_E_PARAMNOTFOUND
_LONGEST = 32_767  # characters in a cell

_nowhere = open(os.devnull, "w")  # noqa: SIM115 - pythonw has no standard error; open as long as the process lives


@xlwings.func
@xlwings.arg("name", "raw")
@xlwings.arg("date_1904", "raw")
@xlwings.arg("*cells", "raw")
@xlwings.ret("raw")
def answer(name: str, date_1904: bool, *cells: Any) -> list[list[Any]]:
    """Evaluate a formula."""
    return guarded(lambda: registry.call(name, [inward(cell) for cell in cells], date_1904=bool(date_1904)))


@xlwings.func
@xlwings.arg("formula", "raw")
@xlwings.ret("raw")
def references(formula: str) -> list[list[Any]]:
    """The references and names in a formula text, a line each; an error where it cannot be read."""
    return guarded(lambda: _references(formula))


@xlwings.func
@xlwings.arg("formula", "raw")
@xlwings.arg("date_1904", "raw")
@xlwings.arg("*values", "raw")
@xlwings.ret("raw")
def explain(formula: str, date_1904: bool, *values: Any) -> list[list[Any]]:
    """Why a cell with this formula fails, given the values of its references in the order of `references`."""
    return guarded(lambda: _explained(formula, bool(date_1904), values))


def inward(cell: Any) -> Any:
    """A value from COM as formulas take it.

    >>> inward(((1.0, None), ("C", -2146826252)))
    ((1.0, None), ('C', CellError('#NUM!', 'the cell holds #NUM!')))
    """
    if isinstance(cell, (list, tuple)):
        return tuple(inward(item) for item in cell)
    if type(cell) is int:
        if cell == _MISSING:
            return None
        if cell in _ERRORS:
            return as_error(_NUMBERS.get(cell - _ERROR, "#VALUE!"))
    return cell


def outward(result: Any) -> list[list[Any]]:
    """A result as rows, of which VBA gets one value, one row or all.

    >>> outward(((1.0, CellError("#NUM!", "")),))
    [['\\x01', 1, 2, 1.0, '\\x012036']]
    """
    if not isinstance(result, tuple):
        return [[_cell(result)]]
    rows = [[_cell(item) for item in row] for row in (result if isinstance(result[0], tuple) else (result,))]
    if any(isinstance(cell, str) and cell.startswith(MARK) for row in rows for cell in row):
        return [[MARK, len(rows), len(rows[0]), *(cell for row in rows for cell in row)]]
    return rows


def _references(formula: str) -> str | CellError:
    try:
        return "\n".join(explaining.references(formula))
    except CellError as error:
        return error


def _explained(formula: str, date_1904: bool, values: tuple[Any, ...]) -> Any:
    known = dict(zip(explaining.references(formula), map(inward, values), strict=True))
    return registry.call("ALVH_EXPLAIN", [Cell(formula, known.__getitem__, date_1904)])


def guarded(work: Callable[[], Any]) -> list[list[Any]]:
    """The result of a call, for VBA.

    A fault in our own code is ``#N/A`` and a trace. VBA cannot give up a call, so one that takes longer than `LIMIT`
    ends this process, which Excel takes for an error and starts again.
    """
    faulthandler.dump_traceback_later(LIMIT, exit=True, file=_nowhere)
    try:
        return outward(work())
    except Exception:
        traceback.print_exc()
        return outward(CellError("#N/A", "a fault in the program"))
    finally:
        faulthandler.cancel_dump_traceback_later()


def _cell(value: Any) -> Any:
    if isinstance(value, CellError):
        return f"{MARK}{_CODES[value.code]}"
    if isinstance(value, str):
        return value.lstrip(MARK)[:_LONGEST]
    return "" if value is None else value
