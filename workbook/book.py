"""A thin layer over XlsxWriter: names, inputs, and formulas with the values that an engine computed for them.

The same code writes the Excel file (plain function names) and the one for Calc (programmatic names, the only ones
that bind when a file loads there). A first pass without values gives an engine something to compute; the second pass
writes what it computed beside each formula, so that the book opens with values where no add-in is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from workbook import styles, template
from xlalvh import __version__

Values = Mapping[tuple[str, str], Any]  # (sheet, cell) to float, str, bool or an error's text

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
CREATED = dt.datetime(2026, 1, 1)  # fixed, so that a build is reproducible
_NUMBER = {"validate": "decimal", "criteria": "between", "minimum": -1e9, "maximum": 1e9}
_VALIDATIONS: dict[str, dict[str, Any]] = {
    "number": {**_NUMBER, "error_message": "Enter a number."},
    "positive": {"validate": "decimal", "criteria": ">", "value": 0, "error_message": "Enter a number above 0."},
    "share": {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": 1,
        "error_message": "Enter a number from 0 to 1.",
    },
    "count": {"validate": "integer", "criteria": ">=", "value": 1, "error_message": "Enter a whole number from 1."},
    "date": {
        "validate": "date",
        "criteria": ">",
        "value": dt.date(2000, 1, 1),
        "error_message": "Enter a date.",
    },
}
_OUR_FUNCTION = re.compile(r"\bALVH_\w+")


class Typed(NamedTuple):
    """What a trader typed into a cell: its value, and the formula where it is one."""

    value: Any  # number, text, truth value, date, moment or None
    formula: str = ""  # with its "="


Inputs = Mapping[tuple[str, str], Typed]  # (sheet, cell) to what stands there in place of our default


class _Cached(NamedTuple):
    """A cell inside a spilled range: its value without a formula."""

    value: Any
    format: Format | None


class _Sheet(Worksheet):
    """XlsxWriter's sheet, which here also caches errors and truth values of array formulas as what they are."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        value = getattr(cell, "value", None)
        is_array = type(cell).__name__ == "ArrayFormula"
        if not (isinstance(cell, _Cached) or (is_array and (isinstance(value, bool) or value in ERRORS))):
            super()._write_cell(row, col, cell)
            return
        attributes: list[tuple[str, Any]] = [("r", xl_rowcol_to_cell(row, col))]
        if cell.format is not None:
            attributes.append(("s", cell.format._get_xf_index()))
        if isinstance(value, bool):
            attributes.append(("t", "b"))
            value = int(value)
        elif isinstance(value, str):
            attributes.append(("t", "e" if value in ERRORS else "str"))
        self._xml_start_tag("c", attributes)
        if is_array:
            self._write_cell_array_formula(cell.formula, cell.range)
        self._write_cell_value(value)
        self._xml_end_tag("c")


class Sheet:
    """One sheet under construction; cells are named as in `B7`."""

    def __init__(self, book: Book, name: str, worksheet: Worksheet) -> None:
        self.book, self.name, self.worksheet = book, name, worksheet

    def put(self, cell: str, value: Any, fmt: str = "general", role: str = "value") -> None:
        """A constant: number, text, truth value, date or moment; None leaves a formatted blank."""
        row, col = xl_cell_to_rowcol(cell)
        style = self.book.style(role, fmt)
        if value is None:
            self.worksheet.write_blank(row, col, None, style)
        elif isinstance(value, bool):
            self.worksheet.write_boolean(row, col, value, style)
        elif isinstance(value, (dt.datetime, dt.date)):
            self.worksheet.write_datetime(row, col, value, style)
        elif isinstance(value, str):
            self.worksheet.write_string(row, col, value, style)
        else:
            self.worksheet.write_number(row, col, float(value), style)

    def input(
        self,
        cell: str,
        value: Any,
        name: str = "",
        fmt: str = "general",
        takes: str | list[str] | tuple[float, float] = "number",
    ) -> None:
        """A cell that the trader edits, with a defined name where it has one.

        `takes` says what may be typed: a key of `_VALIDATIONS`, the list to choose from, or the least and the most.
        """
        self.open_cell(cell, value, fmt)
        if name:
            self.book.name(name, self.name, cell)
        if isinstance(takes, list):
            rule: dict[str, Any] = {"validate": "list", "source": takes}
        elif isinstance(takes, tuple):
            least, most = takes
            said = f"Enter a number from {least:g} to {most:g}."
            rule = {**_NUMBER, "minimum": least, "maximum": most, "error_message": said}
        else:
            rule = _VALIDATIONS[takes]
        self.worksheet.data_validation(cell, {**rule, "error_title": "xlalvh"})

    def open_cell(self, cell: str, value: Any, fmt: str = "general") -> None:
        """An input without a rule for what may be typed: what the book is given for it, else `value`."""
        self.book.opened.append((self.name, cell))
        given = self.book.inputs.get((self.name, cell), Typed(value))
        # A trader's formula may read sheets that we do not build: the engine gets what it gave.
        if given.formula and self.book.computed:
            style = self.book.style("input", fmt)
            self.worksheet.write_formula(cell, given.formula, style, "" if given.value is None else given.value)
        else:
            self.put(cell, given.value, fmt, "input")

    def formula(self, cell: str, text: str, fmt: str = "general", role: str = "value", name: str = "") -> None:
        """A formula that gives one cell and needs no array evaluation."""
        self.worksheet.write_formula(
            cell, self.book.spell(text), self.book.style(role, fmt), self.book.value(self.name, cell)
        )
        self.book.formulas.append((self.name, cell))
        if name:
            self.book.name(name, self.name, cell)

    def array(
        self,
        area: str,
        text: str,
        fmt: str | Sequence[str] = "general",
        role: str = "value",
        name: str = "",
        *,
        header: bool = False,
    ) -> None:
        """A formula evaluated as an array, filling `area` (one cell too); `fmt` may be one a column."""
        first, last = (area.split(":") * 2)[:2]
        (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
        formats = [fmt] * (right - left + 1) if isinstance(fmt, str) else fmt

        def style(row: int, col: int) -> Format:
            if header and row == top:
                return self.book.style("header", "text")
            return self.book.style(role, formats[col - left])

        value = self.book.value(self.name, first)
        # A fixed array fills its area whatever comes back: one error stands in every cell. A dynamic one would leave
        # all cells but the first empty, and an empty cell counts as 0.
        self.worksheet.write_array_formula(top, left, bottom, right, self.book.spell(text), style(top, left), value)
        for row in range(top, bottom + 1):
            for col in range(left, right + 1):
                here = xl_rowcol_to_cell(row, col)
                self.book.formulas.append((self.name, here))
                if (row, col) != (top, left):
                    self.worksheet.table[row][col] = _Cached(self.book.value(self.name, here), style(row, col))
        if name:
            self.book.name(name, self.name, area)

    def lines(self, cell: str, rows: Sequence[tuple[str, str, str, str]], role: str = "value") -> None:
        """A label and a formula a line from `cell` down: (label, text, format, name or "").

        A text that begins with "{=" is evaluated as an array.
        """
        top, left = xl_cell_to_rowcol(cell)
        for i, (label, text, fmt, name) in enumerate(rows):
            self.put(xl_rowcol_to_cell(top + i, left), label, role="label")
            write = self.array if text.startswith("{") else self.formula
            write(xl_rowcol_to_cell(top + i, left + 1), text.strip("{}"), fmt, role, name=name)

    def area(
        self,
        name: str,
        cell: str,
        rows: Sequence[Sequence[Any]],
        formats: Sequence[str],
        *,
        ruled: bool = False,
        blanks: bool = True,
    ) -> None:
        """Constants from `cell` on, named as a whole; each column has its format, in blank cells too if `blanks`.

        Rows that are not empty get a line below if `ruled`.
        """
        top, left = xl_cell_to_rowcol(cell)
        bottom, right = top + len(rows) - 1, left + len(formats) - 1
        for i, row in enumerate(rows):
            for j, (value, fmt) in enumerate(zip(row, formats, strict=True)):
                if value is not None or blanks:
                    self.put(xl_rowcol_to_cell(top + i, left + j), value, fmt)
        if ruled:
            filled = f"=LEN(${xl_col_to_name(left)}{top + 1})>0"
            line = self.book.file.add_format({"bottom": 4, "bottom_color": styles.LINE})
            self.worksheet.conditional_format(
                top, left, bottom, right, {"type": "formula", "criteria": filled, "format": line}
            )
        last = "" if (top, left) == (bottom, right) else f":{xl_rowcol_to_cell(bottom, right)}"
        self.book.name(name, self.name, cell + last)

    def row(self, cell: str, values: list[Any], fmt: str = "general", role: str = "value") -> None:
        """Constants to the right of `cell`."""
        top, left = xl_cell_to_rowcol(cell)
        for i, value in enumerate(values):
            self.put(xl_rowcol_to_cell(top, left + i), value, fmt, role)

    def widths(self, **columns: float) -> None:
        """Column widths in characters, as in A=20, B_D=12."""
        for key, width in columns.items():
            first, last = (key.split("_") * 2)[:2]
            self.worksheet.set_column(f"{first}:{last}", width)

    def heading(self, title: str, subtitle: str) -> None:
        """Title, one line of what the sheet is for, and the banner of the sample or of old quotes."""
        self.put("A1", title, role="title")
        self.put("A2", subtitle, role="subtitle")
        self.worksheet.set_row(0, 28)
        self.formula("A3", "=refresh_banner", role="banner")

    def page(self, last_cell: str, *, landscape: bool = True, tall: int = 1) -> None:
        """Print area, one page wide and `tall` pages (0: as many as it takes), with a footer.

        The banner runs across the page and stands on each; the sheet is protected without a password.
        """
        sheet = self.worksheet
        sheet.print_area(f"A1:{last_cell}")
        sheet.fit_to_pages(1, tall)
        sheet.repeat_rows(0, 2)
        for col in range(1, xl_cell_to_rowcol(last_cell)[1] + 1):
            sheet.write_blank(2, col, None, self.book.style("banner", "general"))
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L&8xlalvh: {self.name}&C&8&D &T&R&8page &P of &N")
        sheet.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})
        sheet.hide_gridlines(2)


class Book:
    """The workbook under construction.

    Parameters
    ----------
    path : Path
    values : mapping
        What an engine computed, by sheet and cell; empty in the first pass.
    spell : callable
        How a host spells the name of one of our functions in a file.
    inputs : mapping
        What a trader typed, in place of the defaults.
    """

    def __init__(self, path: Path, values: Values, spell: Callable[[str], str], inputs: Inputs | None = None) -> None:
        self.file = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "calc_on_load": False})
        self.file.set_properties({"title": "xlalvh: SPX iron condors and the 4/4/2 VIX ladder", "created": CREATED})
        self.file.set_calc_mode("auto", 191029)
        self.file.calc_on_load = False
        self.formulas: list[tuple[str, str]] = []
        self.names: dict[str, tuple[str, str]] = {}
        self.inputs, self.computed = inputs or {}, bool(values)
        self.opened: list[tuple[str, str]] = []  # input cells
        self._texts: list[tuple[str, ...]] = []  # of formulas, for the stamp
        self._values = values
        self._spell = spell
        self._styles: dict[tuple[str, str], Format] = {}

    def sheet(self, name: str, colour: str) -> Sheet:
        """A new sheet with a coloured tab."""
        worksheet = self.file.add_worksheet(name, worksheet_class=_Sheet)
        worksheet.set_tab_color(colour)
        return Sheet(self, name, worksheet)

    def style(self, role: str, fmt: str) -> Format:
        """The cell format of a role with a number format."""
        key = (role, fmt)
        if key not in self._styles:
            self._styles[key] = self.file.add_format(styles.properties(role, fmt))
        return self._styles[key]

    def name(self, name: str, sheet: str, area: str) -> None:
        """Define a workbook name."""
        first, last = (area.split(":") * 2)[:2]
        (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
        self.file.define_name(name, f"={sheet}!{xl_range_abs(top, left, bottom, right)}")
        self.names[name] = (sheet, area)

    def spell(self, text: str) -> str:
        """A formula with our functions as the target host spells them."""
        self._texts.append((text,))
        return _OUR_FUNCTION.sub(lambda match: self._spell(match.group()), text)

    def value(self, sheet: str, cell: str) -> Any:
        """What the engine computed for a cell; 0 in the first pass."""
        found = self._values.get((sheet, cell), 0)
        return "" if found is None else found

    def add_macros(self, project: Callable[[tuple[str, ...]], bytes]) -> None:
        """Put in a VBA project, made for the code names of the sheets, which are Sheet1, Sheet2 and so on."""
        sheets = self.file.worksheets()
        names = tuple(f"Sheet{i}" for i in range(1, len(sheets) + 1))
        binary = project(names)
        self._texts.append((hashlib.sha256(binary).hexdigest(),))
        self.file.add_vba_project(io.BytesIO(binary), True)
        self.file.set_vba_name("ThisWorkbook")
        for sheet, name in zip(sheets, names, strict=True):
            sheet.set_vba_name(name)

    def button(self, sheet: str, cell: str, caption: str, macro: str) -> None:
        """A button over a cell that runs a macro of this file."""
        self.file.get_worksheet_by_name(sheet).insert_button(
            cell, {"caption": caption, "macro": macro, "width": 110, "height": 24, "x_offset": 2, "y_offset": 2}
        )

    def close(self) -> None:
        """Write the file."""
        names = sorted((name, *where) for name, where in self.names.items())
        layout = [*names, *self.formulas, *self._texts, *self.opened]
        self.file.set_custom_property(template.PROPERTY, template.stamp(__version__, layout), "text")
        self.file.close()


def without_errors(area: str) -> str:
    """A range with blanks for its errors: one error in a range keeps Calc from calling a formula at all."""
    return f'IFERROR({area},"")'


def column(index: int) -> str:
    """Letters of a zero-based column."""
    return str(xl_col_to_name(index))


def cells_of(area: str) -> list[str]:
    """The cells of an area, by rows."""
    first, last = (area.split(":") * 2)[:2]
    (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
    return [xl_rowcol_to_cell(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)]
