"""Backtest: what the condor and each hedge of it earned over the years, how sure that is, and the crises apart."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet, column
from workbook.charts import dress
from xlalvh.market.tables import MarketTables
from xlalvh.research.backtest import CHANCE, CONDOR, PUTS, SCENARIOS, STEWARD, UNDECIDED, Settings
from xlalvh.research.backtest_tables import POINTS, SUMMARY
from xlalvh.research.measures import CRISES
from xlalvh.strategy.layers import PROMOTER

_VARIANTS = Settings().variants()
_COUNT = len(_VARIANTS)
_TABLE = 13  # header of the first table
_SENSITIVITY = _TABLE + _COUNT + 3
_DIFFERENCE = _SENSITIVITY + _COUNT + 3
_NOTES = _DIFFERENCE + _COUNT + 3
_CRISES = _NOTES + 13
_CHARTS = _CRISES + _COUNT + 3
_CHART_ROWS = 21
_END = _CHARTS + 2 * _CHART_ROWS
_WORK = _END + 6
_HEADER = (
    "variant",
    "profit a year (mean)",
    "standard error",
    "growth a year (compounded)",
    "volatility a year",
    "Sharpe ratio",
    "Sortino ratio",
    "largest drawdown",
    "worst month",
    "drag a year against the condor",
    "standard error of the drag",
    "costs a year",
    "hedge premium a year",
    "alone it",
    "against the condor it is",
)
_FORMATS = ("text", *["percent"] * 4, "ratio", "ratio", *["percent"] * 6, "text", "text")
_LINES = (
    (CONDOR, styles.INK),
    ("+ ALVH seeds", styles.VERMILION),
    ("+ ALVH 30/110/220 days", styles.GREEN),
    ("+ ALVH 30-45/60-90/120+ days", styles.PURPLE),
    ("+ ALVH 40/40/20 of exposure", styles.ORANGE),
    ("+ ALVH 4/4/2 % of maximum loss", styles.BLUE),
    ("legging out", styles.SKY),
)
NOTES = (
    "Condors: rule_lots at the deltas and wings of Rules, p.m. expiry (a Friday) nearest to condor_days, held to their "
    "cash settlement; the next is decided at that close.",
    "Ladders: decided and sized with their condor, formed anew with the same units when the nearest layer has settled "
    "at the final settlement of VIX, sold when the condor has settled.",
    "A decision at a close uses that close's data; it is filled at the next close, at mid and half-spread and "
    "commission (cost_ rules). The column 'same close' fills at once.",
    "SPX puts: for the premium of the seeds' ladder, at each of its rolls, at the condor's expiry and "
    "backtest_put_delta. Legging out: a wing that wing_trigger calls tested is bought back.",
    "Steward: the seeds' ladder, the same in every regime, so the same figures. Promoter: aims at the band's low end, "
    "in backwardation at its high end, and promoter_increase.",
    "The capital is the Reg-T margin and backtest_reserve; it stays the same, profits are added, not compounded: a "
    "drawdown may be more than all of it. No interest is counted. Growth of -100 % means that the capital was lost.",
    "Gains, loses, better, worse stand only where the sign is the same with condor credits 15 % lower and higher and "
    "with VIX option volatilities 20 % lower and higher; else it is undecided.",
    "A question mark: the sign outlasts the error of the prices, but the figure is less than two of its standard "
    "errors, so chance could have made it. All of it speaks of the past alone.",
    "Wings of 50 points were far wider against the index of 2010 than they are now, and no SPXW expiry was listed "
    "six weeks ahead in the first years: those condors could not have been traded just so.",
)


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `backtest_…`."""
    sheet = book.sheet("Backtest", "#882255")
    sheet.widths(A=31, B_M=11, N_O=13)
    sheet.heading(
        "Backtest", "Ten condors, alone and hedged, over the years. Figures are shares of a fixed capital, losses too."
    )
    _about(sheet)
    _summary(sheet)
    scenarios = [f"{scenario.name}" for scenario in SCENARIOS]
    _table(
        sheet, _SENSITIVITY, "sensitivity", scenarios, _VARIANTS,
        "Profit a year if option prices were other than modelled (share of the capital)", "N",
    )  # fmt: skip
    _table(
        sheet, _DIFFERENCE, "difference", scenarios, _VARIANTS[1:],
        "Profit a year less the condor's alone (share of the capital)", "O",
    )  # fmt: skip
    crises = [f"{name}: {first:%d %b %Y} to {last:%d %b %Y}" for name, first, last in CRISES]
    _table(
        sheet, _CRISES, "crises", crises, _VARIANTS,
        "Profit in each crisis, from SPX's high to its low (share of the capital)", "",
    )  # fmt: skip
    _curves(book, sheet)
    sheet.put(f"A{_NOTES - 1}", "How it was measured", role="section")
    for i, note in enumerate(NOTES):
        sheet.put(f"A{_NOTES + i}", note)
    _raw(sheet)
    sheet.worksheet.freeze_panes(3, 1)
    sheet.page(f"O{_END}", tall=2)


def _about(sheet: Sheet) -> None:
    sheet.put("A5", "What this shows", role="section")
    capital = (
        '=IF(ISNUMBER(INDEX(backtest_size,2,1)),"A share of 100 % is "&TEXT(INDEX(backtest_size,2,1),"$#,##0")&": the '
        'condors\' margin and the reserve. "&INDEX(backtest_size,2,3)&" condors in "&INDEX(backtest_size,2,2)&" '
        'sessions.","")'
    )
    lines = ("results", "data", "error")
    for i, label in enumerate(lines):
        sheet.put(f"A{6 + i}", "model error" if label == "error" else label, role="label")
        sheet.formula(f"B{6 + i}", f"=INDEX(backtest_about,{i + 2},2)")
    sheet.put("A9", "capital", role="label")
    sheet.formula("B9", capital)
    sheet.put("A10", "your own run", role="label")
    sheet.put("B10", "xlalvh history update, then xlalvh backtest --rules with this book's name; then recalculate all.")


def _summary(sheet: Sheet) -> None:
    top = _TABLE
    sheet.put(f"A{top - 1}", "By variant, prices as modelled (shares of the capital)", role="section")
    sheet.row(f"A{top}", list(_HEADER), role="header")
    sheet.worksheet.set_row(top - 1, 40)
    assert len(_HEADER) == len(SUMMARY)
    for i in range(_COUNT):
        for j, fmt in enumerate(_FORMATS):
            sheet.formula(f"{column(j)}{top + 1 + i}", _cell("summary", i, j), fmt, "cell")
    _colours(sheet, f"N{top + 1}:O{top + _COUNT}")


def _table(
    sheet: Sheet, top: int, name: str, titles: list[str], variants: tuple[str, ...], section: str, verdict: str
) -> None:
    """A stored table, and beside it a column of the verdicts where that is asked."""
    sheet.put(f"A{top - 1}", section, role="section")
    header = ["variant", *titles, *(["verdict"] if verdict else [])]
    sheet.row(f"A{top}", header, role="header")
    sheet.worksheet.set_row(top - 1, 52 if name == "crises" else 27)
    first = _COUNT - len(variants)  # of the summary's rows
    for i in range(len(variants)):
        line = top + 1 + i
        for j in range(len(titles) + 1):
            sheet.formula(f"{column(j)}{line}", _cell(name, i, j), "percent" if j else "text", "cell")
        if verdict:
            sheet.formula(f"{column(len(titles) + 1)}{line}", f"={verdict}{_TABLE + 1 + first + i}", "text", "cell")
    if verdict:
        letter = column(len(titles) + 1)
        _colours(sheet, f"{letter}{top + 1}:{letter}{top + len(variants)}")


def _cell(name: str, i: int, j: int) -> str:
    """A cell of a stored table; a crisis outside the days, or a missing table, is a blank."""
    found = f"INDEX(backtest_{name},{i + 2},{j + 1})"
    return f'=IFERROR(IF(LEN({found})=0,"",{found}),"")'


def _colours(sheet: Sheet, area: str) -> None:
    for words, fill in ((("gains", "better"), "#CFE5F5"), (("loses", "worse"), styles.ALARM_FILL)):
        for word in words:
            style = sheet.book.file.add_format({"bg_color": fill, "bold": True})
            _where(sheet, area, word, style)
            _where(sheet, area, word + CHANCE, sheet.book.file.add_format({"bg_color": fill}))
    _where(sheet, area, UNDECIDED, sheet.book.file.add_format({"bg_color": styles.BAND}))


def _where(sheet: Sheet, area: str, word: str, style: object) -> None:
    sheet.worksheet.conditional_format(area, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style})


def _raw(sheet: Sheet) -> None:
    line = _WORK
    sheet.put(f"A{line - 2}", "Calculation area: ALVH_BACKTEST", role="section")
    sizes = (
        ("about", 4, 2),
        ("size", 2, 4),
        ("summary", 1 + _COUNT, len(SUMMARY)),
        ("sensitivity", 1 + _COUNT, 1 + len(SCENARIOS)),
        ("difference", _COUNT, 1 + len(SCENARIOS)),
        ("crises", 1 + _COUNT, 1 + len(CRISES)),
        ("equity", 1 + POINTS, 1 + _COUNT),
        ("drawdown", 1 + POINTS, 1 + _COUNT),
    )
    for name, height, width in sizes:
        assert name not in ("equity", "drawdown") or _curve_top(name) == line
        area = f"A{line}:{column(width - 1)}{line + height - 1}"
        sheet.array(area, f'=ALVH_BACKTEST("{name}",refresh_count)', "general", name=f"backtest_{name}")
        line += height + 1


def _curve_top(name: str) -> int:
    """The line of a curve's header in the calculation area."""
    equity = _WORK + 5 + 3 + (2 + _COUNT) * 2 + (1 + _COUNT) + (2 + _COUNT)
    return equity if name == "equity" else equity + POINTS + 2


def _curves(book: Book, sheet: Sheet) -> None:
    sheet.put(f"A{_CHARTS - 1}", "Over the years, prices as modelled", role="section")
    for i, (name, title) in enumerate(
        (
            ("equity", "Cumulated profit (share of the capital; SPX puts and promoter left out)"),
            ("drawdown", "Drawdown: cumulated profit below its high so far (share of the capital)"),
        )
    ):
        chart = book.file.add_chart({"type": "line"})
        top = _curve_top(name)
        for variant, colour in _LINES:
            place = 1 + _VARIANTS.index(variant)
            chart.add_series(
                {
                    "name": variant,
                    "categories": ["Backtest", top, 0, top + POINTS - 1, 0],
                    "values": ["Backtest", top, place, top + POINTS - 1, place],
                    "line": {"color": colour, "width": 2.5 if variant == CONDOR else 1.75},
                }
            )
        dress(chart, title, "close of", "share of the capital", "0%")
        axis = {"name": "close of", "label_position": "low", "interval_unit": 12, "interval_tick": 12}
        chart.set_x_axis({**axis, "num_font": {"size": 9}})
        sheet.worksheet.insert_chart(f"A{_CHARTS + _CHART_ROWS * i}", chart, {"x_scale": 2.35, "y_scale": 1.4})


assert {PUTS, STEWARD, PROMOTER} == set(_VARIANTS) - {name for name, _ in _LINES}
