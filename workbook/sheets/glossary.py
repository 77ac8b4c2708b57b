"""Glossary: every term of the articles, what it means here, and the sheet that computes it."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, column
from workbook.terms import COMPUTED, TERMS
from xlalvh.market.tables import MarketTables

_HEAD = 5
_LINE, _PER_LINE = 13.5, 92  # points a line is high, characters that the meaning's column shows
_LINKS = 3  # columns of links


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet, last: it links to the others; define `glossary_terms`."""
    sheet = book.sheet("Glossary", "#999999")
    sheet.widths(A=32, B=12, C=78, D=24, E_G=10)
    sheet.heading(
        "Glossary",
        "The words of the articles that the method comes from: what each means here, what computes it, or that it is "
        "an analogy.",
    )
    sheet.row(f"A{_HEAD}", ["term", "here it is", "meaning", "formulas", "go to", None, None], role="header")
    there = {worksheet.get_name() for worksheet in book.file.worksheets()}
    link = book.file.add_format({**styles.properties("cell", "wrapped"), "font_color": styles.BLUE, "underline": 1})
    for i, term in enumerate(sorted(TERMS, key=lambda t: t.name.lower().strip('"'))):
        line = _HEAD + 1 + i
        sheet.put(f"A{line}", term.name, "wrapped", "cell")
        sheet.put(f"B{line}", term.kind, "general", "cell")
        sheet.put(f"C{line}", term.meaning, "wrapped", "cell")
        sheet.put(f"D{line}", ", ".join(term.formulas), "wrapped", "cell")
        for j in range(_LINKS):
            cell = f"{column(4 + j)}{line}"
            if j < len(term.sheets) and term.sheets[j] in there:
                sheet.worksheet.write_url(cell, f"internal:'{term.sheets[j]}'!A1", link, term.sheets[j])
            else:
                sheet.put(cell, None, "general", "cell")
        lines = max(
            -(-len(term.meaning) // (_PER_LINE - 10)), -(-len(", ".join(term.formulas)) // 24), len(term.name) // 34 + 1
        )
        sheet.worksheet.set_row(line - 1, _LINE * lines + 2)
    last = _HEAD + len(TERMS)
    book.name("glossary_terms", sheet.name, f"A{_HEAD + 1}:D{last}")  # an upgrade knows our sheets by their names
    sheet.put(
        f"A{last + 2}",
        f"{sum(term.kind == COMPUTED for term in TERMS)} of {len(TERMS)} terms are computed. A sheet links to its top.",
        role="subtitle",
    )
    sheet.worksheet.freeze_panes(_HEAD, 1)
    sheet.page(f"G{last + 2}", tall=0)
    sheet.worksheet.repeat_rows(0, _HEAD - 1)
