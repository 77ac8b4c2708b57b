"""Capital: what the book earns on its cash, what that capital must earn, and what the hedge takes of it."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet, column, without_errors
from workbook.charts import dress
from xlalvh.market.tables import MarketTables
from xlalvh.risk.capital import Drip
from xlalvh.risk.carry import Carry
from xlalvh.strategy.ladder import LAYERS

_CARRY, _COST, _WORDS = 18, 26, 38  # first rows of the blocks at the left
_FLOWS, _OWN_FLOWS = 7, 12  # first row and number of the trader's flows
_CAPITAL = 23
_DRIP, _DRIP_YEARS = 53, 10
_WORK = 72  # calculation area
_LEVELS = (*LAYERS, "total")
_YEAR = 365


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `capital_…`, `carry_…` and `drip_…`."""
    sheet = book.sheet("Capital", "#56B4E9")
    sheet.widths(A=48, B=14, C=14, D=14, E=14, F=3, G=44, H=15, I=14)
    sheet.heading(
        "Capital",
        "What the book earns on its cash, what that capital must earn, and what the ladder takes of it. Rates are "
        "decimals shown as per cent a year.",
    )
    _work(sheet)
    _book_flows(sheet)
    _carry(sheet)
    _own_flows(sheet)
    _cost_of_capital(sheet)
    _cost_of_hedge(sheet)
    _words(sheet)
    _drip(sheet)
    _charts(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"I{_DRIP + 17}", tall=0)
    sheet.worksheet.set_h_pagebreaks([_DRIP - 3])


def _work(sheet: Sheet) -> None:
    """ALVH_CARRY of one unit over a day and over the condor's life."""
    sheet.put(f"A{_WORK}", "Calculation area", role="section")
    for i, (name, passed) in enumerate((("carry_day", "1"), ("carry_condor", "condor_days"))):
        top = _WORK + 2 + 6 * i
        sheet.put(f"A{top - 1}", f"ALVH_CARRY of one unit, days passed: {passed}", role="label")
        sheet.array(
            f"B{top}:{column(len(Carry._fields))}{top + len(_LEVELS) - 1}",
            f"=ALVH_CARRY({without_errors('ladder_unit')},vix_level,fut_price,fut_days,{passed},ladder_rate,FALSE)",
            "points",
            name=name,
        )


def _book_flows(sheet: Sheet) -> None:
    sheet.put("A5", "The book's flows if nothing moves", role="section")
    header = ["flow", "date", "condor alone (dollars)", "condor and ladder (dollars)", "ladder alone (dollars)"]
    sheet.row("A6", header, role="header")
    sheet.worksheet.set_row(5, 30)
    left = "(ladder_cost_model+hedge_units*INDEX(carry_condor,4,4))"
    cash = "(condor_margin-condor_credit_dollars)"
    rows = (
        ("today: margin less credit; the ladder at the asks", "INT(market_spx_time)", f"-{cash}", "-ladder_cost"),
        ("condor's expiry: margin back; the ladder's model value", "condor_expiry", "condor_margin", left),
    )
    for i, (label, date, condor, ladder) in enumerate(rows):
        line = 7 + i
        sheet.put(f"A{line}", label, role="cell")
        sheet.formula(f"B{line}", f"={date}", "date", "cell")
        sheet.formula(f"C{line}", _or("condor_margin", condor, "no condor"), "dollars", "cell")
        sheet.formula(f"D{line}", _or(f"C{line}+E{line}", f"C{line}+E{line}", ""), "dollars", "cell")
        sheet.formula(f"E{line}", _or(ladder, ladder, "no ladder"), "dollars", "cell")
    for i, (label, text, fmt) in enumerate(
        (
            ("gain (dollars)", "{0}7+{0}8", "dollars"),
            ("over the cash, to the condor's expiry", "({0}7+{0}8)/-{0}7", "percent"),
            ("the same a year, not compounded", f"({{0}}7+{{0}}8)/-{{0}}7*{_YEAR}/condor_days", "percent"),
            ("IRR (a year, compounded)", 'IFERROR(ALVH_IRR({0}7:{0}8,B7:B8),"none")', "percent"),
        )
    ):
        line = 9 + i
        sheet.put(f"A{line}", label, role="label")
        for letter in "CDE":
            numbers = f"(COUNT({letter}7:{letter}8)=2)*({letter}8>0)"
            sheet.formula(f"{letter}{line}", f'=IF({numbers},{text.format(letter)},"")', fmt, "figure")
    sheet.book.name("capital_irr_condor", sheet.name, "C12")
    sheet.book.name("capital_irr_book", sheet.name, "D12")
    sheet.book.name("capital_gain_condor", sheet.name, "C9")
    sheet.book.name("capital_gain_book", sheet.name, "D9")
    for i, text in enumerate(
        (
            "SPX ends between the short strikes, VIX, its curve and volatilities stay: the quiet outcome, not the",
            "expected one. The condor's largest loss is its cash today. Other flows: enter yours at the right.",
        )
    ):
        sheet.put(f"A{13 + i}", text, role="subtitle")


def _carry(sheet: Sheet) -> None:
    sheet.put(f"A{_CARRY - 2}", "Carry of the ladder (all units; curve and volatilities stay)", role="section")
    header = ["layer", "theta (dollars a day)", "roll-down (dollars a day)", "carry (dollars a day)"]
    sheet.row(f"A{_CARRY - 1}", [*header, "carry (dollars a year)"], role="header")
    sheet.worksheet.set_row(_CARRY - 2, 30)
    for i, layer in enumerate(_LEVELS):
        line = _CARRY + i
        role = "total" if layer == "total" else "cell"
        sheet.put(f"A{line}", layer, role=role)
        for j, letter in enumerate("BCD", start=2):
            text = f"hedge_units*INDEX(carry_day,{i + 1},{j})"
            sheet.formula(f"{letter}{line}", _or(text, text, "not known"), "points", role)
        sheet.formula(f"E{line}", _or(f"D{line}", f"{_YEAR}*D{line}", ""), "dollars", role)
    last = _CARRY + len(_LEVELS) - 1
    for letter, name in (("B", "theta"), ("C", "roll"), ("D", "total"), ("E", "year")):
        sheet.book.name(f"carry_{name}", sheet.name, f"{letter}{last}")
    sheet.put(
        f"A{last + 1}",
        "Roll-down is the slide along the curve: a loss to long calls in contango, a gain in backwardation.",
        role="subtitle",
    )


def _own_flows(sheet: Sheet) -> None:
    sheet.put("G5", "Your dated flows (blank: none)", role="section")
    sheet.row("G6", ["what it was", "date", "dollars, paid below 0"], role="header")
    last = _FLOWS + _OWN_FLOWS - 1
    for line in range(_FLOWS, last + 1):
        sheet.open_cell(f"G{line}", None, "text")
        sheet.input(f"H{line}", None, "", "date", "date")
        sheet.input(f"I{line}", None, "", "dollars")
    for name, letter in (("notes", "G"), ("dates", "H"), ("amounts", "I")):
        sheet.book.name(f"capital_{name}", sheet.name, f"{letter}{_FLOWS}:{letter}{last}")
    sheet.put(f"G{last + 1}", "which IRR, counted from the lowest, where there are several", role="label")
    sheet.input(f"H{last + 1}", None, "capital_root", "integer", "count")
    sheet.put(f"G{last + 2}", "IRR of your flows (a year, compounded)", role="label")
    sheet.formula(
        f"H{last + 2}",
        '=IF(COUNT(capital_amounts)=0,"no flows yet",IF(ISNUMBER(capital_irr_raw),capital_irr_raw,"see the reason"))',
        "percent",
        "total",
        name="capital_irr_own",
    )
    sheet.formula(
        f"G{last + 3}",
        '=IF((COUNT(capital_amounts)=0)+ISNUMBER(capital_irr_raw)>0,"",ALVH_EXPLAIN(capital_irr_raw))',
        "text",
        "alert",
    )
    sheet.put(f"G{_WORK + 1}", "ALVH_IRR of your flows", role="label")
    root = 'IF(ISNUMBER(capital_root),capital_root,"")'
    sheet.formula(
        f"H{_WORK + 1}",
        f'=IF(COUNT(capital_amounts)=0,"",ALVH_IRR(capital_amounts,capital_dates,{root}))',
        "percent",
        name="capital_irr_raw",
    )


def _cost_of_capital(sheet: Sheet) -> None:
    top = _CAPITAL + 1
    sheet.put(f"G{_CAPITAL}", "Cost of capital", role="section")
    tied = "IF(ISNUMBER(ladder_cost),ladder_cost,0)+condor_margin-condor_credit_dollars"
    inputs = (
        ("your capital (dollars; blank: the book's cash today)", None, "equity", "dollars", tied),
        ("borrowed (dollars)", 0.0, "debt", "dollars", "0"),
        ("interest on what is borrowed (a year; an example)", 0.07, "interest", "percent", "0"),
        ("tax given back on interest (share)", 0.0, "tax", "percent", "0"),
        ("rate without risk (a year; blank: the condor's)", None, "free", "percent2", "EXP(condor_rate)-1"),
        ("beta to SPX (1: what SPX itself would earn)", 1.0, "beta", "ratio", "1"),
        ("return expected of SPX (a year; an example)", 0.08, "market", "percent", "0"),
    )
    sheet.put(f"I{_CAPITAL}", "in use", role="header")
    for i, (label, value, name, fmt, otherwise) in enumerate(inputs):
        line = top + i
        sheet.put(f"G{line}", label, role="label")
        sheet.input(f"H{line}", value, f"capital_{name}_yours", fmt)
        text = f"IF(ISNUMBER(capital_{name}_yours),capital_{name}_yours,{otherwise})"
        sheet.formula(f"I{line}", _or(text, text, "no condor"), fmt, name=f"capital_{name}")
    line = top + len(inputs)
    capm = "ALVH_CAPM(capital_free,capital_beta,capital_market)"
    wacc = "ALVH_WACC(capital_equity,capital_debt,capital_capm,capital_interest,capital_tax)"
    for label, text, name in (
        ("CAPM: what your capital must earn (a year)", capm, "capital_capm"),
        ("WACC: what all capital costs (a year)", wacc, "capital_wacc"),
    ):
        sheet.put(f"G{line}", label, role="label")
        sheet.formula(f"H{line}", f'=IF(ISNUMBER(capital_equity),{text},"no condor")', "percent2", "total", name=name)
        line += 1
    sheet.put(f"G{line}", "for comparison: the condor's delta x SPX / capital", role="label")
    own = "condor_delta*spx_level/capital_equity"
    sheet.formula(f"H{line}", _or(own, own, ""), "ratio")
    line += 1
    sheet.formula(
        f"G{line}",
        '=IF(ISNUMBER(capital_equity)*NOT(ISNUMBER(capital_wacc)),ALVH_EXPLAIN(capital_wacc),"")',
        "text",
        "alert",
    )


def _cost_of_hedge(sheet: Sheet) -> None:
    top = _COST
    sheet.put(f"A{top - 2}", "What the hedge costs", role="section")
    paid, left = "-E7", "E8"
    both = "ISNUMBER(E7)*ISNUMBER(E8)*ISNUMBER(capital_equity)"
    beta = without_errors("rule_beta_params")
    rise = f"ALVH_BREAK_EVEN_VIX({without_errors('ladder_unit')},vix_level,{{}},ladder_rate,{beta})"
    rows = (
        ("premium at the asks (dollars)", _or("ladder_cost", "ladder_cost", "no ladder"), "dollars", ""),
        ("left of it at the condor's expiry, if nothing moves (dollars)", '=IF(ISNUMBER(E8),E8,"")', "dollars", ""),
        (
            "drag on your capital (a year)",
            f'=IF({both},ALVH_HEDGE_DRAG({paid},MAX(0,{left}),condor_days,capital_equity),"")',
            "percent",
            "capital_drag",
        ),
        (
            "the condor's credit on your capital (a year)",
            f'=IF(ISNUMBER(capital_equity),condor_credit_dollars/capital_equity*{_YEAR}/condor_days,"")',
            "percent",
            "capital_credit_rate",
        ),
        (
            "share of the credit that the hedge takes",
            '=IF(ISNUMBER(capital_drag)*ISNUMBER(capital_credit_rate),capital_drag/capital_credit_rate,"")',
            "percent",
            "capital_drag_share",
        ),
        (
            "rise of VIX that pays a year's carry (points)",
            f'=IF(ISNUMBER(carry_year),IF(carry_year<0,{rise.format("-carry_year/hedge_units")},0),"")',
            "points",
            "capital_rise_year",
        ),
        (
            "rise of VIX that pays back the premium (points)",
            f'=IF(ISNUMBER(ladder_unit_cost)*ISNUMBER(vix_level),{rise.format("ladder_unit_cost")},"")',
            "points",
            "capital_rise_premium",
        ),
    )
    sheet.lines(f"A{top - 1}", rows)
    sheet.put(
        f"A{top + len(rows) - 1}",
        "Rises are at once: futures move by their tenor beta, volatilities stay. The number of units does not matter.",
        role="subtitle",
    )


def _words(sheet: Sheet) -> None:
    """The comparison that the articles ask for, in sentences."""
    sheet.put(f"A{_WORDS - 2}", "The comparison in words", role="section")

    def per_cent(name: str) -> str:
        return f'ROUND(100*{name},1)&" %"'

    irr = "IF(ISNUMBER(capital_irr_own),capital_irr_own,capital_irr_book)"
    sheet.put(f"G{_WORK + 2}", "IRR that is compared: yours, else the book's", role="label")
    sheet.formula(f"H{_WORK + 2}", f"={irr}", "percent", name="capital_irr")
    whose = 'IF(ISNUMBER(capital_irr_own),"Your flows earn ","Condor and ladder earn ")'
    outcome = 'IF(ISNUMBER(capital_irr_own),""," if nothing moves")'
    lines = (
        f'=IF(ISNUMBER(capital_irr),{whose}&{per_cent("capital_irr")}&" a year (IRR)"&{outcome}&".",'
        '"There is no IRR: no condor, no ladder, or nothing comes back.")',
        "=IF(ISNUMBER(capital_irr)*ISNUMBER(capital_wacc),IF(capital_irr>capital_wacc,"
        f'"That is above","That is not above")&" the WACC of "&{per_cent("capital_wacc")}&" and "'
        f'&IF(capital_irr>capital_capm,"above","not above")&" the "&{per_cent("capital_capm")}&" that CAPM asks.","")',
        '=IF(ISNUMBER(capital_irr_condor)*ISNUMBER(capital_irr_book),"Without the ladder the same condor would earn "'
        f'&{per_cent("capital_irr_condor")}&" a year: the ladder takes "'
        '&ROUND(capital_gain_condor-capital_gain_book,0)&" of "&ROUND(capital_gain_condor,0)&" dollars.","")',
        f'=IF(ISNUMBER(capital_drag),"Its drag is "&{per_cent("capital_drag")}&" of your capital a year, "'
        f'&{per_cent("capital_drag_share")}&" of the credit"&IF(capital_drag>capital_credit_rate,'
        '": more than the condor brings in.","."),"")',
        '=IF(ISNUMBER(capital_rise_year),"VIX must once a year jump by "&ROUND(capital_rise_year,1)&" points, from "'
        '&ROUND(vix_level,1)&", for the ladder to earn its own carry.","")',
    )
    for i, text in enumerate(lines):
        sheet.formula(f"A{_WORDS - 1 + i}", text, "text", name=f"capital_words_{i + 1}")
    sheet.put(
        f"A{_WORDS + len(lines) - 1}",
        "The IRR compounds the condor's life over a year; drag and credit do not: compare them with each other.",
        role="subtitle",
    )


def _drip(sheet: Sheet) -> None:
    top = _DRIP
    sheet.put(f"A{top - 1}", "Dividends reinvested (DRIP)", role="section")
    inputs = (
        ("position (dollars; an example)", 100_000.0, "value", "dollars", "positive"),
        ("dividend yield (a year; an example)", 0.013, "yield", "percent2", "number"),
        ("growth of the price (a year; an example)", 0.05, "growth", "percent2", "number"),
        ("dividends a year", 4.0, "payments", "integer", "count"),
    )
    for i, (label, value, name, fmt, takes) in enumerate(inputs):
        sheet.put(f"A{top + i}", label, role="label")
        sheet.input(f"B{top + i}", value, f"drip_{name}", fmt, takes)
    head = top + len(inputs) + 1
    header = [
        "after years",
        "price alone (dollars)",
        "dividends taken (dollars)",
        "both (dollars)",
        "all reinvested (dollars)",
    ]
    sheet.row(f"A{head}", header, role="header")
    sheet.worksheet.set_row(head - 1, 30)
    width = len(Drip._fields)
    guard = "".join(f'IF(ISNUMBER(drip_{name}),drip_{name},""),' for _, _, name, _, _ in inputs[:3])
    payments = 'IF(ISNUMBER(drip_payments),drip_payments,"")'
    sheet.array(
        f"A{head + 1}:{column(width - 1)}{head + _DRIP_YEARS}",
        f"=ALVH_DRIP({guard}{_DRIP_YEARS},{payments},FALSE)",
        ["integer", *["dollars"] * (width - 1)],
        "cell",
    )
    sheet.put(f"A{head + _DRIP_YEARS + 1}", "No tax and no cost; taken dividends earn nothing.", role="subtitle")


def _charts(book: Book, sheet: Sheet) -> None:
    carry = book.file.add_chart({"type": "column", "subtype": "stacked"})
    first, last = _CARRY - 1, _CARRY + 1
    for col, name, colour in ((1, "theta", styles.ORANGE), (2, "roll-down", styles.BLUE)):
        carry.add_series(
            {
                "name": name,
                "categories": ["Capital", first, 0, last, 0],
                "values": ["Capital", first, col, last, col],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    dress(carry, "Carry of the ladder by layer", "layer", "dollars a day")
    sheet.worksheet.insert_chart(f"G{_WORDS - 3}", carry, {"x_scale": 1.05, "y_scale": 0.95})
    drip = book.file.add_chart({"type": "line"})
    head = _DRIP + 5
    for col, name, colour in (
        (1, "price alone", styles.QUIET),
        (3, "dividends taken", styles.ORANGE),
        (4, "dividends reinvested", styles.BLUE),
    ):
        drip.add_series(
            {
                "name": name,
                "categories": ["Capital", head, 0, head + _DRIP_YEARS - 1, 0],
                "values": ["Capital", head, col, head + _DRIP_YEARS - 1, col],
                "line": {"color": colour, "width": 2.25},
            }
        )
    dress(drip, "A position with its dividends", "years", "dollars")
    sheet.worksheet.insert_chart(f"G{_DRIP}", drip, {"x_scale": 1.05, "y_scale": 1.05})


def _or(test: str, text: str, otherwise: str) -> str:
    """A formula that gives words where its parts are not numbers."""
    return f'=IF(ISNUMBER({test}),{text},"{otherwise}")'
