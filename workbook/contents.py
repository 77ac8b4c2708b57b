"""The cells and names of a book of ours as its file has them, and which of the cells are the trader's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

from workbook.book import Typed
from xlalvh.hosts.excel.opc import PackageError

_ROWS_BY_TEXT = {"preset_": "preset_names"}  # areas whose rows are known by what stands in another area, not by number
_EXAMPLES = "Functions"
_END_OF_ARGUMENTS = "gives"


class Cell(NamedTuple):
    """A cell: its value, its formula with "=" or "", and whether it may be typed into."""

    value: Any
    formula: str
    open: bool


class Area(NamedTuple):
    """A rectangle of cells, from 1, ends included."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return (self.right - self.left + 1) * (self.bottom - self.top + 1)

    def places(self) -> Iterator[tuple[int, int]]:
        """(row, column) of every cell, by rows."""
        for row in range(self.top, self.bottom + 1):
            for col in range(self.left, self.right + 1):
                yield row, col


class Key(NamedTuple):
    """What an input is called, whatever version of the template it stands in."""

    name: str  # a defined name, or that of a formula on Functions
    row: str = ""  # within the name's area: a number, or the text that says which row; an argument on Functions
    column: int = 0


class Contents:
    """What a book holds on some of its sheets.

    Parameters
    ----------
    path : Path
    titles : collection of str
        The sheets to read; those that are not there are left out.

    Raises
    ------
    PackageError
        Where the cells cannot be read.
    """

    def __init__(self, path: Path, titles: Collection[str]) -> None:
        self.path = path
        try:
            self.sheets, self.names = _read(path, titles)
        except PackageError:
            raise
        except Exception as error:  # openpyxl has no one class for what it cannot read
            raise PackageError(f"the cells of {path} cannot be read ({error}); open it, save it, try again") from error

    def rows(self, name: str) -> list[list[Any]]:
        """The values of a name's area; nothing where there is no such name."""
        area = self.names.get(name)
        if area is None or area.sheet not in self.sheets:
            return []
        return [
            [self.cell(area.sheet, row, col).value for col in range(area.left, area.right + 1)]
            for row in range(area.top, area.bottom + 1)
        ]

    def cell(self, sheet: str, row: int, col: int) -> Cell:
        """One cell; a blank and closed one where the file has none."""
        return self.sheets[sheet].get((row, col), _BLANK)

    def inputs(self) -> dict[Key, tuple[str, str]]:
        """(sheet, cell) of every input that another version of the template knows too; one may have several keys."""
        found: dict[Key, tuple[str, str]] = {}
        for name, area in self.names.items():
            if area.sheet in self.sheets and any(self.cell(area.sheet, *place).open for place in area.places()):
                labels = self.labels(name)
                for row, col in area.places():
                    if self.cell(area.sheet, row, col).open:
                        key = Key(name) if area.size == 1 else Key(name, labels[row - area.top], col - area.left)
                        found[key] = (area.sheet, address(row, col))
        return found | self._examples()

    def opened(self) -> Iterator[tuple[str, str]]:
        """(sheet, cell) of every cell that may be typed into."""
        for sheet, cells in self.sheets.items():
            for (row, col), cell in cells.items():
                if cell.open:
                    yield sheet, address(row, col)

    def typed(self, sheet: str, cell: str) -> Typed:
        """What stands in a cell."""
        col, row, _, _ = range_boundaries(cell)
        found = self.cell(sheet, row, col)
        return Typed(found.value, found.formula)

    def labels(self, name: str) -> list[str]:
        """What each row of a name's area is called: its number, or a text and how often it stood there before."""
        area = self.names[name]
        other = next((value for key, value in _ROWS_BY_TEXT.items() if name.startswith(key)), "")
        texts = [str(row[0]) for row in self.rows(other)]
        if len(texts) != area.bottom - area.top + 1:
            return [str(i) for i in range(area.bottom - area.top + 1)]
        seen: Counter[str] = Counter()
        labels = []
        for text in texts:
            labels.append(f"{text} {seen[text]}")
            seen[text] += 1
        return labels

    def _examples(self) -> dict[Key, tuple[str, str]]:
        """Arguments on Functions: those of one shape are the same argument."""
        cells = self.sheets.get(_EXAMPLES, {})
        blocks: dict[tuple[str, str], list[tuple[int, int]]] = {}
        function = argument = ""
        for row in range(1, max((row for row, _ in cells), default=0) + 1):
            text = self.cell(_EXAMPLES, row, 1).value
            if isinstance(text, str) and text.startswith("ALVH_"):
                function, argument = text, ""
            elif isinstance(text, str):
                argument = "" if text == _END_OF_ARGUMENTS else text.strip("[]")
            if function and argument:
                opened = [(row, col) for (r, col), cell in cells.items() if r == row and cell.open]
                blocks.setdefault((function, argument), []).extend(sorted(opened))
        found = {}
        for (function, argument), places in blocks.items():
            if places:
                top, left = places[0]
                shape = f"{places[-1][0] - top + 1}x{places[-1][1] - left + 1}"
                for i, (row, col) in enumerate(places):
                    found[Key(function, f"{argument} {shape}", i)] = (_EXAMPLES, address(row, col))
        return found


_BLANK = Cell(None, "", False)


def address(row: int, col: int) -> str:
    """A cell as in B7."""
    return f"{get_column_letter(col)}{row}"


def area(text: str) -> Area | None:
    """The rectangle that a defined name stands for; None where it is none."""
    sheet, mark, cells = text.rpartition("!")
    if not mark or "[" in sheet:
        return None
    try:
        left, top, right, bottom = range_boundaries(cells)
    except ValueError:
        return None
    if None in (left, top, right, bottom):
        return None
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return Area(sheet, left, top, right, bottom)


def _read(path: Path, titles: Collection[str]) -> tuple[dict[str, dict[tuple[int, int], Cell]], dict[str, Area]]:
    formulas, values = (
        openpyxl.load_workbook(path, read_only=True, keep_links=False, data_only=only) for only in (False, True)
    )
    try:
        if formulas.excel_base_date.year == 1904:
            raise PackageError(f"{path} counts days from 1904; turn that off in Excel's options, check its dates, save")
        sheets = {}
        for title in formulas.sheetnames:
            if title in titles:
                rows = zip(formulas[title].iter_rows(), values[title].iter_rows(), strict=True)
                sheets[title] = {
                    (ours.row, ours.column): _cell(ours, theirs)
                    for row, other in rows
                    for ours, theirs in zip(row, other, strict=True)
                    if hasattr(ours, "row")  # a gap between cells has none
                }
        areas = {name: area(defined.attr_text or "") for name, defined in formulas.defined_names.items()}
        return sheets, {name: found for name, found in areas.items() if found is not None}
    finally:
        formulas.close()
        values.close()


def _cell(cell: Any, computed: Any) -> Cell:
    formula = ""
    if cell.data_type == "f":
        text = getattr(cell.value, "text", cell.value)
        formula = str(text) if str(text).startswith("=") else f"={text}"
    return Cell(computed.value, formula, cell.protection.locked is False)
