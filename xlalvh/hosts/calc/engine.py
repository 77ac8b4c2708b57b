"""Calc as the engine that computes a workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from openpyxl.utils import coordinate_to_tuple, get_column_letter

from xlalvh.formulas import CellError
from xlalvh.hosts.calc import locate
from xlalvh.hosts.calc.idl import programmatic
from xlalvh.hosts.calc.session import CalcSession

Cells = dict[tuple[str, str], Any]  # (sheet, cell) to float, str or an error's text

spell = programmatic  # how a file for Calc names our functions


def available() -> bool:
    """Whether everything is here that evaluating with Calc takes."""
    try:
        locate.soffice(), locate.unopkg(), locate.unoidl_write(), locate.type_libraries(), locate.calc_python()
    except locate.ProgramMissingError:
        return False
    return True


def evaluate(path: Path, wanted: Iterable[tuple[str, str]], ods: Path) -> Cells:
    """Values of the `wanted` (sheet, cell) pairs of an .xlsx file with programmatic names, from a Calc of our own.

    Calc's own copy of the book is written to `ods`; its formulas bind when Calc opens it.
    """
    with CalcSession() as session:
        book = session.open(path)
        book.recalculate()
        values = read(book, wanted)
        book.store_ods(ods)
        book.close()
    return values


class Readable(Protocol):
    """An open book of any program."""

    def read(self, sheet: str, area: str) -> Sequence[Sequence[Any]]:
        """Values of a range as rows."""


def read(book: Readable, wanted: Iterable[tuple[str, str]]) -> Cells:
    """Values of the `wanted` cells of an open book; errors as their text."""
    sheets: dict[str, list[str]] = defaultdict(list)
    for sheet, cell in wanted:
        sheets[sheet].append(cell)
    values: Cells = {}
    for sheet, cells in sheets.items():
        places = [coordinate_to_tuple(cell) for cell in cells]
        bottom, right = (max(part) for part in zip(*places, strict=True))
        rows = book.read(sheet, f"A1:{get_column_letter(right)}{bottom}")
        for cell, (row, column) in zip(cells, places, strict=True):
            item = rows[row - 1][column - 1]
            values[sheet, cell] = item.code if isinstance(item, CellError) else item
    return values
