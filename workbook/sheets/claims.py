"""Claims: what the articles say in numbers, what we measured, and the verdict."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet, column
from xlalvh.formulas.claims import COLUMNS, alvh_claims
from xlalvh.formulas.research import SHIPPED
from xlalvh.market.tables import MarketTables
from xlalvh.research.claims.catalogue import CLAIMS
from xlalvh.research.claims.stated import RULES

_TOP = 7
_PER_LINE, _LINE = 1.05, 13.0  # characters a unit of width, and points that a line is high
_WIDTHS = dict(zip(COLUMNS, (18, 44, 17, 18, 10, 9, 9, 13, 11, 10, 44, 24, 30, 24), strict=True))
_FORMATS = {"measured": "decimal3", "95 % low": "decimal3", "95 % high": "decimal3", "n (episodes)": "integer"}
# The verdict's first words, how it looks, and what it means; no colour alone tells anything.
_LOOKS = (
    ("holds", styles.GREEN, "#FFFFFF", "the 95 % interval lies wholly inside what is claimed, in ten episodes or more"),
    ("fails", styles.VERMILION, "#FFFFFF", "it lies wholly outside, in ten episodes or more"),
    ("undecided", "#FCE9C4", styles.INK, "neither, or too few episodes (n), or the pricing model decides"),
    ("measured", "#D6ECF8", styles.INK, "one event, or no number is claimed: a figure without inference"),
    ("untestable", styles.BAND, styles.QUIET, "the reason stands beside it"),
)


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `claims_table`."""
    sheet = book.sheet("Claims", "#009E73")
    sheet.widths(**{column(i): width for i, width in enumerate(_WIDTHS.values())})
    sheet.heading("Claims", "What the articles claim in numbers, what we measured, and what follows from it.")
    about = 'INDEX(ALVH_CLAIMS("about",refresh_count),{},2)'
    sheet.formula(
        "A4", f'={about.format(2)}&": "&{about.format(3)}&". "&{about.format(4)}', role="subtitle", name="claims_source"
    )
    last = _table(book, sheet)
    last = _key(book, sheet, last + 2)
    last = _rules(sheet, last + 2)
    sheet.worksheet.freeze_panes(_TOP - 1, 2)
    sheet.page(f"{column(len(_WIDTHS) - 1)}{last}", tall=0)
    sheet.worksheet.set_paper(8)  # A3: the sentences need the room
    sheet.worksheet.repeat_rows(0, _TOP - 2)


def _table(book: Book, sheet: Sheet) -> int:
    sheet.put("A5", "Verdicts", role="section")
    last = _TOP - 1 + len(CLAIMS)
    area = f"A{_TOP - 1}:{column(len(_WIDTHS) - 1)}{last}"
    formats = [_FORMATS.get(name, "wrapped") for name in _WIDTHS]
    sheet.array(area, '=ALVH_CLAIMS("all",refresh_count)', formats, "entry", name="claims_table", header=True)
    sheet.worksheet.set_row(_TOP - 2, 30)
    for i, row in enumerate(alvh_claims("all", SHIPPED)[1 : len(CLAIMS) + 1]):
        sheet.worksheet.set_row(_TOP - 1 + i, _LINE * _lines(row) + 4)
    for words, fill, ink, _ in _LOOKS:
        look = book.file.add_format({"bg_color": fill, "font_color": ink, "bold": True})
        rule = {"type": "text", "criteria": "begins with", "value": words, "format": look}
        sheet.worksheet.conditional_format(f"A{_TOP}:A{last}", rule)
    return last


def _lines(row: tuple[object, ...]) -> int:
    """Lines that the longest cell of a row takes."""
    texts = zip(row, _WIDTHS.values(), strict=True)
    return max(-(-len(item) // int(width * _PER_LINE)) for item, width in texts if isinstance(item, str) and item)


def _key(book: Book, sheet: Sheet, top: int) -> int:
    sheet.put(f"A{top}", "How to read a verdict", role="section")
    for i, (words, fill, ink, meaning) in enumerate(_LOOKS, start=1):
        look = book.file.add_format(
            {**styles.properties("value", "general"), "bg_color": fill, "font_color": ink, "bold": True}
        )
        sheet.worksheet.write_string(f"A{top + i}", words, look)
        sheet.put(f"B{top + i}", meaning)
    return top + len(_LOOKS)


def _rules(sheet: Sheet, top: int) -> int:
    sheet.put(f"A{top}", "Numbers of the articles that are rules, not claims", role="section")
    sheet.row(f"A{top + 1}", ["article", "the article's words", "where it is set"], role="header")
    for i, stated in enumerate(RULES, start=top + 2):
        sheet.put(f"A{i}", stated.article, role="cell")
        sheet.put(
            f"B{i}", f"\N{LEFT DOUBLE QUOTATION MARK}{stated.quote}\N{RIGHT DOUBLE QUOTATION MARK}", "wrapped", "cell"
        )
        sheet.put(f"C{i}", stated.where)
        width = int(_WIDTHS["the article's words"] * _PER_LINE)
        sheet.worksheet.set_row(i - 1, _LINE * -(-len(stated.quote) // width) + 4)
    return top + 1 + len(RULES)
