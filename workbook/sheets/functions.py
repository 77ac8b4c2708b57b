"""Functions: every formula of the catalogue, its arguments in cells, the call, and what it gives."""

from __future__ import annotations

from typing import Any

from workbook.book import Book, Sheet, column
from xlalvh.formulas import catalogue, cells
from xlalvh.formulas.registry import Argument, Formula, Kind
from xlalvh.market.tables import MarketTables

_VALUES = 3  # column D
_PER_LINE, _LINE = 11, 13.0  # characters that a narrow column shows, and points that a line is high


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet; the result of each formula gets the name `example_…`."""
    sheet = book.sheet("Functions", "#5F6B7A")
    sheet.widths(A=30, B=20, C=78, D=18, E_R=12)
    sheet.heading("Functions", "Every formula with a live example. Change a yellow cell and see the result change.")
    line = 5
    for entry in sorted(catalogue.values(), key=lambda f: (f.category, f.name)):
        line = _example(sheet, entry, line) + 2
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"R{line}", tall=0)


def _example(sheet: Sheet, entry: Formula, line: int) -> int:
    """One block; returns its last line."""
    sheet.put(f"A{line}", entry.name, role="section")
    sheet.put(f"B{line}", entry.category, role="label")
    sheet.put(f"C{line}", entry.help, role="value")
    line += 1
    words = []
    for argument in entry.arguments:
        given = entry.example.get(argument.name)
        sheet.put(f"A{line}", f"[{argument.name}]" if argument.optional else argument.name, role="label")
        sheet.put(f"B{line}", argument.unit or argument.kind.value, role="label")
        sheet.put(f"C{line}", argument.help, role="label")
        if given is None:
            words.append("")
            line += 1
            continue
        area, line = _inputs(sheet, argument, given, line)
        words.append(area)
    while words and not words[-1]:
        words.pop()
    call = f"={entry.name}({','.join(words)})"
    rows = _answer(entry)
    area = f"D{line}:{column(_VALUES + len(rows[0]) - 1)}{line + len(rows) - 1}" if _is_range(rows) else f"D{line}"
    sheet.put(f"A{line}", "gives", role="label")
    sheet.put(f"B{line}", call)
    fmt = "date" if entry.gives_date else "general"
    if entry.columns:
        sheet.worksheet.set_row(line - 1, 30)
    if _is_range(rows):
        formats = ["date" if name in entry.date_columns else "decimal4" for name in entry.columns]
        formats = formats or ["decimal4"] * len(rows[0])
        for i in _long_texts(rows):
            formats[i] = "wrapped"
            sheet.worksheet.set_row(line, _LINE * -(-len(rows[1][i]) // _PER_LINE))
        sheet.array(area, call, formats, "cell", name=f"example_{entry.name}", header=bool(entry.columns))
    else:
        sheet.formula(area, call, fmt, "total", name=f"example_{entry.name}")
    last = line + len(rows) - 1
    sheet.put(f"C{last + 1}", f"{entry.result} Source: {entry.source}", role="subtitle")
    return last + 1


def _inputs(sheet: Sheet, argument: Argument, given: Any, line: int) -> tuple[str, int]:
    """The example's cells; their area, and the next free line."""
    if argument.kind is Kind.REFERENCE:
        sheet.formula(f"D{line}", given.formula, role="cell")
        sheet.put(f"E{line}", "fails on purpose", role="label")
        return f"D{line}", line + 1
    grid = cells.grid(given, argument.name)
    rows = grid.rows() if len(grid.shape) == 2 else [grid.cells]
    fmt = "date" if argument.kind in (Kind.DATE, Kind.MOMENT) or argument.unit == "date" else "general"
    if argument.name == "now":
        fmt = "moment"
    for i, row in enumerate(rows):
        for j, item in enumerate(row):
            sheet.open_cell(f"{column(_VALUES + j)}{line + i}", item, fmt)
    end = f"{column(_VALUES + len(rows[0]) - 1)}{line + len(rows) - 1}"
    return (f"D{line}" if end == f"D{line}" else f"D{line}:{end}"), line + len(rows)


def _answer(entry: Formula) -> list[list[Any]]:
    """The example's result as rows, for its size."""
    if any(a.kind is Kind.REFERENCE for a in entry.arguments):
        return [[""]]
    return cells.grid(entry(**entry.example), entry.name).rows()


def _long_texts(rows: list[list[Any]]) -> list[int]:
    """Columns of the first row below a header whose text the next column would cut."""
    first = rows[1][:-1] if len(rows) > 1 else []
    return [i for i, item in enumerate(first) if isinstance(item, str) and len(item) > _PER_LINE]


def _is_range(rows: list[list[Any]]) -> bool:
    return len(rows) > 1 or len(rows[0]) > 1
