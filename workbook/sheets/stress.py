"""Stress: the book in use over joint moves of SPX and VIX and on named days; its break-evens and margin."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet, column, without_errors
from workbook.charts import dress
from xlalvh.market.tables import MarketTables
from xlalvh.risk.breakevens import Interval
from xlalvh.risk.margin import Margin
from xlalvh.risk.stress import SCENARIOS, Stressed

SPX_SHOCKS = (-0.20, -0.15, -0.10, -0.07, -0.05, -0.03, 0.0, 0.02, 0.04, 0.06, 0.10)
VIX_SHOCKS = (-4.0, -2.0, 0.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0)

_GRID, _DAYS, _TABLES, _CHART = 20, 35, 49, 70  # first rows of the blocks
_ROWS = 16  # of break-evens and of margins
_WORK = "N"  # first column of the workings
_MOVES = tuple(round(-0.22 + 0.01 * i, 2) for i in range(37))  # of SPX, on the chart
_MARKET = 'stress_vix,IF(stress_by_smiles=1,spx_years,""),IF(stress_by_smiles=1,spx_smile,"")'
_SHOCK = without_errors("rule_shock")


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `stress_…`."""
    sheet = book.sheet("Stress", "#56B4E9")
    sheet.widths(A=40, B=14, C=25, D_L=13, M=3, N_T=12)
    sheet.heading(
        "Stress",
        "The book in use over joint moves: VIX futures follow by tenor beta, both smiles move until VIX has moved by "
        "the shock. A model's prices, not quotes.",
    )
    _start(sheet)
    _grid(sheet)
    _named_days(sheet)
    _break_evens(sheet)
    _margin(sheet)
    _chart(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"L{_CHART + 21}", tall=0)
    sheet.worksheet.set_h_pagebreaks([_TABLES - 3])


def _section(sheet: Sheet, cell: str, text: str, letters: str) -> None:
    line = cell[1:]
    sheet.put(cell, text, role="section")
    for letter in letters:
        sheet.put(f"{letter}{line}", None, role="section")


def _start(sheet: Sheet) -> None:
    _section(sheet, "A5", "What the shocks start from", "BCDEFGHIJKL")
    with_smiles = f'ALVH_PNL_GRID(book,0,0,0,IF(ISNUMBER(vix_level),vix_level,""),spx_years,spx_smile,{_SHOCK})'
    probe = f"ALVH_PNL_GRID(book,0,0,stress_days,{_MARKET},{_SHOCK})"
    value = "SUM(IF(ISNUMBER(book_entry),IF(ISNUMBER(book_quantity),book_entry*book_quantity*100)))"
    # Joined to a text: Calc 7.4 finds one out of an add-in's array, as the book's are, equal to no other.
    index_years = 'IF(ISNUMBER(book_years),IF((book_underlying&""="SPX")+(book_underlying&""="XSP")>0,book_years))'
    sheet.put("A6", "calendar days that pass before the shock", role="label")
    sheet.input("B6", 0.0, "stress_days", "integer", "number")
    rows = (
        ("legs in the book (see Positions)", "=book_legs", "integer", ""),
        ("spot VIX (points)", '=IF(ISNUMBER(vix_level),vix_level,"not known")', "points", ""),
        ("days to the nearest SPX expiry", f'{{=IF(COUNT({index_years})>0,MIN({index_years})*365,"none")}}', "days",
         "stress_expiry_days"),
        ("cost of the book, credit below 0 (dollars)",
         f'{{=IF(AND(book_legs>0,COUNT(book_entry)=book_legs),{value},"not known")}}', "dollars", "stress_cost"),
        ("its model value now (dollars)", '=IF(ISNUMBER(net_all_value),net_all_value,"not known")', "dollars",
         "stress_value"),
        ("gain if nothing but these days passes (dollars)", '=IF(ISNUMBER(stress_probe),stress_probe,"not known")',
         "dollars", "stress_decay"),
    )  # fmt: skip
    sheet.lines("A7", rows, "figure")
    sheet.put("A13", "volatilities move", role="label")
    sheet.formula(
        "B13",
        '=IF(stress_by_smiles=1,"with the smiles of the quotes","through the legs\' own volatilities, for: "&'
        "ALVH_EXPLAIN(stress_with_smiles))",
        "text",
        name="stress_volatilities",
    )
    sheet.put("A14", "why there are no figures", role="label")
    axes = f"COUNT(stress_spx_shocks)+COUNT(stress_vix_shocks)={len(SPX_SHOCKS) + len(VIX_SHOCKS)}"
    sheet.formula(
        "B14",
        f'=IF(book_legs=0,"the book has no legs: "&book_reason,IF(ISNUMBER(stress_probe),IF({axes},"",'
        '"an axis of the grid has a cell that is no number"),ALVH_EXPLAIN(stress_probe)))',
        "text",
        "alert",
        name="stress_reason",
    )
    sheet.put("A15", "what is not whole", role="label")
    sheet.formula("B15", '=IF(book_reason="","","The book lacks legs: "&book_reason)', "text", "alert")
    sheet.put(f"{_WORK}5", "the grid at no move: with the smiles; as used", role="label")
    sheet.formula(f"{_WORK}9", '=IF(ISNUMBER(vix_level),vix_level,"")', "points", "label", name="stress_vix")
    sheet.array(f"{_WORK}6", f'=IF(book_legs>0,{with_smiles},"")', "dollars", name="stress_with_smiles")
    sheet.formula(f"{_WORK}7", "=IF(ISNUMBER(stress_with_smiles),1,0)", "integer", name="stress_by_smiles")
    sheet.array(f"{_WORK}8", f'=IF(book_legs>0,{probe},"")', "dollars", name="stress_probe")


def _guarded(text: str, otherwise: str = '""') -> str:
    """A formula's text where the book can be shocked at all."""
    return f"=IF(ISNUMBER(stress_probe),{text},{otherwise})"


def _grid(sheet: Sheet) -> None:
    top = _GRID
    _section(sheet, f"A{top - 3}", "Gain by joint moves (dollars against today's model value)", "BCDEFGHIJKL")
    sheet.put(f"A{top - 2}", "VIX after the shock (points)", role="label")
    sheet.worksheet.set_row(top - 2, 18)
    sheet.put(f"A{top - 1}", "SPX return down, VIX change across (points)", role="header")
    last = column(len(VIX_SHOCKS))
    for j, shock in enumerate(VIX_SHOCKS, start=1):
        letter = column(j)
        sheet.formula(
            f"{letter}{top - 2}", f'=IF(ISNUMBER(vix_level),vix_level+{letter}{top - 1},"")', "points", "figure"
        )
        sheet.input(f"{letter}{top - 1}", shock, "", "change")
    bottom = top + len(SPX_SHOCKS) - 1
    for i, shock in enumerate(SPX_SHOCKS):
        sheet.input(f"A{top + i}", shock, "", "return")
    sheet.book.name("stress_spx_shocks", sheet.name, f"A{top}:A{bottom}")
    sheet.book.name("stress_vix_shocks", sheet.name, f"B{top - 1}:{last}{top - 1}")
    area = f"B{top}:{last}{bottom}"
    found = f"ALVH_PNL_GRID(book,stress_spx_shocks,stress_vix_shocks,stress_days,{_MARKET},{_SHOCK})"
    sheet.array(area, _guarded(f'IFERROR({found},"no level")'), "signed", "cell", name="stress_grid")
    sheet.worksheet.conditional_format(
        area,
        {
            "type": "3_color_scale",
            "min_color": styles.LOSS,
            "mid_color": "#FFFFFF",
            "max_color": styles.GAIN,
            "mid_type": "num",
            "mid_value": 0,
        },
    )
    sheet.put(
        f"A{bottom + 1}",
        '"no level": VIX or one of its futures would fall to 0 or below there. Shocks are yours to change.',
        role="subtitle",
    )


def _named_days(sheet: Sheet) -> None:
    top = _DAYS
    _section(
        sheet,
        f"A{top - 2}",
        "Named days: their real moves of SPX, VIX and VIX futures from today's levels",
        "BCDEFGHIJKL",
    )
    header = [
        "scenario",
        "days",
        "period",
        "SPX return",
        "VIX change (points)",
        "futures moved by",
        "SPX legs (dollars)",
        "VIX legs (dollars)",
        "all (dollars)",
    ]
    sheet.row(f"A{top - 1}", header, role="header")
    sheet.worksheet.set_row(top - 2, 30)
    work = top - 1
    sheet.put(f"{_WORK}{work - 1}", "ALVH_STRESS", role="label")
    width = len(Stressed._fields)
    end = column(13 + width - 1)
    sheet.array(
        f"{_WORK}{work + 1}:{end}{work + len(SCENARIOS)}",
        _guarded(f'IFERROR(ALVH_STRESS(book,"all",{_MARKET},{_SHOCK},FALSE),"")'),
        "general",
        "label",
        name="stress_days_table",
    )
    order = ("scenario", "days", "period", *Stressed._fields[3:])
    formats = ("text", "integer", "text", "return", "change", "text", "signed", "signed", "signed")
    for i in range(len(SCENARIOS)):
        for j, (field, fmt) in enumerate(zip(order, formats, strict=True)):
            source = column(13 + Stressed._fields.index(field))
            sheet.formula(f"{column(j)}{top + i}", f"={source}{top + i}", fmt, "cell")
    last = top + len(SCENARIOS) - 1
    sheet.book.name("stress_named", sheet.name, f"A{top}:I{last}")
    sheet.book.name("stress_totals", sheet.name, f"I{top}:I{last}")
    sheet.formula(f"A{last + 2}", '="worst of these days: "&IF(COUNT(stress_totals)>0,INDEX(stress_named,'
                  'MATCH(MIN(stress_totals),stress_totals,0),1),"none")', "text", name="stress_worst_day")  # fmt: skip
    sheet.formula(
        f"I{last + 2}", '=IF(COUNT(stress_totals)>0,MIN(stress_totals),"")', "signed", "total", name="stress_worst"
    )


def _break_evens(sheet: Sheet) -> None:
    top = _TABLES
    _section(sheet, f"A{top - 2}", "Break-evens along the path of VIX", "BCDEF")
    header = ["at", "outcome", "from SPX (points)", "to SPX (points)", "from VIX (points)", "to VIX (points)"]
    sheet.row(f"A{top}", header, role="header")
    sheet.worksheet.set_row(top - 1, 30)
    width = len(Interval._fields)
    path = without_errors("rule_path")
    cost = 'IF(ISNUMBER(stress_cost),stress_cost,"")'
    text = f"ALVH_BREAKEVENS(book,{cost},{_MARKET},{path},{_SHOCK},FALSE,{_ROWS})"
    sheet.array(f"{_WORK}{top + 1}", _guarded(f"INDEX({text},1,1)"), "text", "label", name="stress_break_probe")
    sheet.array(
        f"A{top + 1}:{column(width - 1)}{top + _ROWS}",
        _guarded(f'IFERROR({text},"")'),
        ("text", "text", *["points"] * 4),
        "cell",
        name="stress_break_evens",
    )
    sheet.formula(
        f"A{top - 1}",
        '=IF(ISTEXT(stress_break_probe),IF(stress_break_probe="","",'
        '"Profit and loss against "&IF(ISNUMBER(stress_cost),"the cost of the book","the model\'s value today")&'
        '"; a blank end: the path ends there (Rules)"),ALVH_EXPLAIN(stress_break_probe))',
        "text",
        "subtitle",
        name="stress_break_note",
    )


def _margin(sheet: Sheet) -> None:
    top, left = _TABLES, 7
    letters = [column(left + j) for j in range(len(Margin._fields))]
    _section(sheet, f"{letters[0]}{top - 2}", "Margin, Reg-T", "".join(letters[1:]))
    header = ["underlying", "days", "requirement (dollars)", "premium (dollars)", "cash needed (dollars)"]
    sheet.row(f"{letters[0]}{top}", header, role="header")
    text = f"ALVH_MARGIN(book,{without_errors('rule_margin')},FALSE,{_ROWS})"
    sheet.array(
        f"{_WORK}{top + 3}", f'=IF(book_legs>0,INDEX({text},1,1),"")', "text", "label", name="stress_margin_probe"
    )
    sheet.array(
        f"{letters[0]}{top + 1}:{letters[-1]}{top + _ROWS}",
        f'=IF(book_legs>0,IFERROR({text},""),"")',
        ("text", "days", *["dollars"] * 3),
        "cell",
        name="stress_margin",
    )
    sheet.formula(
        f"{letters[0]}{top - 1}",
        '=IF(ISTEXT(stress_margin_probe),"Minimum rules of the exchange: brokers may ask for more",'
        "ALVH_EXPLAIN(stress_margin_probe))",
        "text",
        "subtitle",
    )


def _chart(book: Book, sheet: Sheet) -> None:
    top, n = _CHART, len(_MOVES)
    letters = [column(13 + j) for j in range(5)]
    move, level, change, today, expiry = letters
    _section(sheet, f"A{top - 1}", "Profit by level of SPX, VIX along its path", "BCDEFGHIJKL")
    header = ["SPX return", "SPX (points)", "VIX change (points)", "today (dollars)", "at expiry (dollars)"]
    sheet.row(f"{move}{top - 1}", header, role="header")
    shift = "=IF(AND(ISNUMBER(stress_value),ISNUMBER(stress_cost)),stress_value-stress_cost,0)"
    sheet.formula(f"{_WORK}10", shift, "dollars", "label", name="stress_shift")
    for i, by in enumerate(_MOVES):
        line = top + i
        sheet.put(f"{move}{line}", by, "percent", "label")
        sheet.formula(f"{level}{line}", f"=spx_level*(1+{move}{line})", "points", "label")
        beta = "rule_path_beta_down" if by < 0.0 else "rule_path_beta_up"
        path = f"IF(ISNUMBER(vix_level),vix_level*((1+{move}{line})^{beta}-1),0)"
        sheet.formula(f"{change}{line}", f"={path}", "points", "label")
    last = top + n - 1
    moves, changes = f"{move}{top}:{move}{last}", f"{change}{top}:{change}{last}"
    for letter, days in ((today, "0"), (expiry, "stress_expiry_days")):
        gain = f"ALVH_PNL_GRID(book,{moves},{changes},{days},{_MARKET},{_SHOCK},TRUE)+stress_shift"
        area = f"{letter}{top}:{letter}{last}"
        sheet.array(area, _guarded(f"IFERROR({gain},NA())", "NA()"), "dollars", "label")
    sheet.book.name("stress_path", sheet.name, f"{move}{top}:{expiry}{top + n - 1}")
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight"})
    for letter, name, colour, width in (
        (today, "today", styles.BLUE, 2.25),
        (expiry, "at the nearest SPX expiry", styles.VERMILION, 2.25),
    ):
        chart.add_series(
            {
                "name": name,
                "categories": f"=Stress!${level}${top}:${level}${top + n - 1}",
                "values": f"=Stress!${letter}${top}:${letter}${top + n - 1}",
                "line": {"color": colour, "width": width},
            }
        )
    dress(chart, "Profit by level of SPX, VIX along its path", "SPX (points)", "dollars")
    sheet.worksheet.insert_chart(f"A{top}", chart, {"x_scale": 2.5, "y_scale": 1.4})
