"""Dashboard: the sheet that stays open all day. It shows; the other sheets compute."""

from __future__ import annotations

from xlsxwriter.utility import xl_cell_to_rowcol

from workbook import styles
from workbook.book import Book, Sheet, column
from workbook.charts import dress
from workbook.sheets import condor, ladder
from xlalvh.market.tables import MarketTables

_BLOCKS, _WARNINGS, _CHARTS = 11, 27, 36  # first rows
_END = _CHARTS + 15
_HALF_YEAR = 126  # sessions
_LINE = 13.5  # points that a line is high: the sheet prints on one page
_WORK = "Q"  # first column of the workings, right of what is printed
_MARKET_WARNINGS = 3  # of those on Market
_INPUTS = ",".join(
    [
        *("condor_expiry_yours", "hedge_units_yours", "spx_level_yours", "vix_level_yours", "fut_yours"),
        *(f"condor_strike_yours_{i}" for i in (1, 2, 3, 4)),
    ]
)
_DELTA_OFF = 0.02  # from the rule, worth a warning
_AGE = (
    'IF(refresh_count>0,IFERROR(IF(ABS(ALVH_QUOTE("SPX","time",refresh_count)-market_spx_time)<0.001,'
    'ALVH_QUOTE_AGE(refresh_count),"not those of the last refresh"),"not known"),"not refreshed yet")'
)


def place(book: Book) -> Sheet:
    """The empty sheet, first in the book."""
    return book.sheet("Dashboard", "#D55E00")


def write(book: Book, sheet: Sheet, tables: MarketTables) -> None:
    """Fill the sheet once the others have defined their names."""
    sheet.worksheet.set_default_row(_LINE)
    sheet.widths(A=29, B=14, C=1.5, D=26, E=13, F=1.5, G=33, H=12, I=1.5, J=28, K_M=10.5)
    sheet.heading(
        "ALVH Dashboard",
        "SPX iron condor hedged with a 4/4/2 ladder of VIX calls. Dollars are for all contracts; yellow cells on the "
        "other sheets are yours to change.",
    )
    _advice(sheet)
    _market(sheet)
    _condor(sheet)
    _hedge(sheet)
    _net(sheet)
    _risk(sheet)
    _warnings(sheet)
    _charts(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"M{_END}")


def _advice(sheet: Sheet) -> None:
    """What the playbook says, the rule that fired with its inputs, and what lies ahead."""
    sheet.put("A5", "What to do", role="section")
    for letter in "BCDEFGHIJKLM":
        sheet.put(f"{letter}5", None, role="section")
    deltas = (
        'IF(ISNUMBER(playbook_delta_low),"short deltas "&playbook_delta_low&IF(playbook_delta_high>playbook_delta_low,'
        '" to "&playbook_delta_high,"")&" (yours on Rules: put "&rule_put_delta&", call "&rule_call_delta&"); hedge "'
        '&ROUND(100*playbook_weight,0)&IF(playbook_weight_high>playbook_weight," to "'
        '&ROUND(100*playbook_weight_high,0),"")&" % of notional (three readings of it on Sizing)","")'
    )
    ahead = '&", "'.join(
        f'&IF(ISNUMBER(signal_next_{kind}),"{kind.upper()} in "&(signal_next_{kind}-INT(market_spx_time))&" days",'
        f'"{kind.upper()} not known")'
        for kind in ("fomc", "cpi", "ppi")
    )
    rows = (
        ("playbook", '=playbook_action&IF(LEN(playbook_rule)>0," - "&playbook_rule,"")', "what", "dashboard_action"),
        ("because of", "=playbook_inputs", "value", "dashboard_why"),
        ("it asks for", f"={deltas}", "value", "dashboard_asks"),
        (
            "ahead",
            f'=IF(ISNUMBER(signal_expiry_days),"nearest expiry in "&ROUND(signal_expiry_days,0)&" days; ",""){ahead}',
            "value",
            "dashboard_ahead",
        ),
    )
    for i, (label, text, role, name) in enumerate(rows):
        line = 6 + i
        sheet.put(f"A{line}", label, role="label")
        sheet.worksheet.merge_range(f"B{line}:M{line}", "", sheet.book.style(role, "general"))
        sheet.formula(f"B{line}", text, "general", role, name=name)


def _market(sheet: Sheet) -> None:
    _block(
        sheet,
        "A",
        _BLOCKS,
        "Market",
        (
            ("SPX (points)", "=spx_level", "points", ""),
            ("spot VIX (points)", "=vix_level", "points", ""),
            (
                "VIX future, 30 days (points)",
                '=ALVH_CONSTANT_MATURITY(fut_price,fut_days,30,IF(ISNUMBER(vix_level),vix_level,""))',
                "points",
                "curve_cm30",
            ),
            (
                "VIX future, 60 days (points)",
                '=ALVH_CONSTANT_MATURITY(fut_price,fut_days,60,IF(ISNUMBER(vix_level),vix_level,""))',
                "points",
                "curve_cm60",
            ),
            ("slope, 60 over 30 days", "=ALVH_CONTANGO(curve_cm30,curve_cm60)", "percent2", "curve_slope"),
            (
                "regime",
                '=ALVH_REGIME(IF(ISNUMBER(vix_level),vix_level,""),fut_price,fut_days,"",rule_regime_cuts)',
                "text",
                "regime",
            ),
            ("basis, 30-day future less spot (points)", "=ALVH_BASIS(vix_level,curve_cm30)", "points", "curve_basis"),
            (
                "roll-down a year, 60 to 30 days",
                "=ALVH_ROLL_YIELD(curve_cm30,curve_cm60,30,60)",
                "percent",
                "curve_roll_yield",
            ),
            ("quotes of (New York)", "=market_spx_time", "moment", ""),
            ("their age at the last refresh (minutes)", f"={_AGE}", "integer", "dashboard_age"),
            ("refreshes so far", "=refresh_count", "integer", "refresh_shown"),
        ),
    )
    for i, (label, name, colour) in enumerate(
        (
            ("SPX, last half year", "signal_spx", styles.BLUE),
            ("spot VIX, last half year", "signal_vix", styles.VERMILION),
        )
    ):
        line = _BLOCKS + 12 + i
        sheet.put(f"A{line}", label, role="label")
        sheet.put(f"B{line}", None, role="figure")
        where, area = sheet.book.names[name]
        end, col = xl_cell_to_rowcol(area.split(":")[1])
        days = f"{where}!{column(col)}{end + 2 - _HALF_YEAR}:{column(col)}{end + 1}"
        # Drawn by Excel; Calc 7.4 leaves these cells empty.
        sheet.worksheet.add_sparkline(f"B{line}", {"range": days, "series_color": colour, "weight": 1.5})


def _condor(sheet: Sheet) -> None:
    _block(
        sheet,
        "D",
        _BLOCKS,
        "Condor",
        (
            ("expiry", "=condor_expiry", "date", ""),
            ("days", "=condor_days", "days", ""),
            ("condors sold", "=condor_lots", "integer", ""),
            (
                "long put, short put (points)",
                '=IFERROR(INDEX(condor_strikes,1)&" / "&INDEX(condor_strikes,2),NA())',
                "text",
                "",
            ),
            (
                "short call, long call (points)",
                '=IFERROR(INDEX(condor_strikes,3)&" / "&INDEX(condor_strikes,4),NA())',
                "text",
                "",
            ),
            ("credit (points a condor)", "=condor_credit", "points", ""),
            ("credit (dollars)", "=condor_credit_dollars", "dollars", ""),
            ("maximum loss (dollars)", "=condor_max_loss", "dollars", ""),
            ("break-even below (points)", "=condor_break_even_low", "points", ""),
            ("break-even above (points)", "=condor_break_even_high", "points", ""),
            ("probability of profit", "=condor_probability", "percent", ""),
            ("margin, Reg-T (dollars)", "=condor_margin", "dollars", ""),
            (
                "prices are",
                '=IF(ISNUMBER(condor_credit),IF(COUNTIF(condor_price_from,"model")>0,'
                'COUNTIF(condor_price_from,"model")&" of 4 from the model",'
                'IF(COUNTIF(condor_price_from,"wide quote")>0,"mids, some of wide quotes","mid quotes")),"no condor")',
                "text",
                "condor_price_note",
            ),
        ),
    )


def _hedge(sheet: Sheet) -> None:
    _block(
        sheet,
        "G",
        _BLOCKS,
        "Hedge",
        (
            ("preset", "=rule_preset", "text", ""),
            ("units used", "=hedge_units", "integer", ""),
            ("coverage", "=hedge_coverage", "ratio", ""),
            ("band", '=rule_coverage_low&" to "&rule_coverage_high', "text", ""),
            ("coverage were beta 1 (do not size by it)", "=hedge_coverage_beta_one", "ratio", ""),
            ("coverage of one unit", "=hedge_unit_coverage", "ratio", ""),
            ("cost (dollars)", "=ladder_cost", "dollars", ""),
            (
                "rungs priced by",
                '=IF(ISNUMBER(ladder_unit_cost),IF(COUNTIF(ladder_cost_from,"model")=0,"asks",'
                'COUNTIF(ladder_cost_from,"model")&" from the model"),"no ladder")',
                "text",
                "",
            ),
            ("premium over the condor's credit", "=hedge_premium_to_credit", "percent", ""),
            ("condor's theta (dollars a day)", "=condor_theta", "dollars", ""),
            ("ladder's theta (dollars a day)", "=ladder_theta", "dollars", ""),
            ("net theta (dollars a day)", "=hedge_net_theta", "dollars", ""),
            (
                "gain of the units if VIX rises 10 points",
                '{=hedge_units*INDEX(ALVH_LADDER_RESPONSE(IFERROR(ladder_unit,""),vix_level,vix_level+10,0,ladder_rate,'
                'IFERROR(rule_beta_params,""),FALSE),1,5)}',
                "dollars",
                "hedge_gain_ten",
            ),
        ),
    )


def _block(sheet: Sheet, letter: str, top: int, title: str, rows: tuple[tuple[str, str, str, str], ...]) -> None:
    value = chr(ord(letter) + 1)
    sheet.put(f"{letter}{top}", title, role="section")
    sheet.put(f"{value}{top}", None, role="section")
    sheet.lines(f"{letter}{top + 1}", [row for row in rows if row[1]], "figure")


def _net(sheet: Sheet) -> None:
    """The book in use, an underlying a column."""
    top = _BLOCKS
    sheet.put(f"J{top}", "Net of the book (dollars)", role="section")
    for letter, title in zip("KLM", ("SPX", "VIX", "all"), strict=True):
        sheet.put(f"{letter}{top}", title, role="section_right")
    rows = (
        ("value", "value"),
        ("delta, per point", "delta"),
        ("gamma, per point squared", "gamma"),
        ("vega, per point of own volatility", "vega"),
        ("theta, a calendar day", "theta"),
        ("rho, per 0.01 of rate", "rho"),
    )
    for i, (label, name) in enumerate(rows):
        line = top + 1 + i
        sheet.put(f"J{line}", label, role="label")
        for letter, key in (("K", "spx"), ("L", "vix"), ("M", "all")):
            figure = f"net_{key}_{name}"
            if figure in sheet.book.names:
                sheet.formula(f"{letter}{line}", f'=IF(ISNUMBER({figure}),{figure},"none")', "points", "figure")
            else:  # points of SPX and of VIX differ: never added
                sheet.put(f"{letter}{line}", None, role="figure")


def _risk(sheet: Sheet) -> None:
    """Break-evens of condor and ladder, the worst named day, and the wings."""
    top = _BLOCKS + 8
    sheet.put(f"J{top}", "Condor and ladder together", role="section")
    for letter in "KLM":
        sheet.put(f"{letter}{top}", None, role="section")
    for i, at in enumerate(("today", "expiry")):
        _break_evens(sheet, 12 + i, at)
    wing = (
        '=IF(ISTEXT(adjust_status_{0}),adjust_status_{0}&", delta "&ROUND(ABS(INDEX(condor_deltas,{1})),2),"no condor")'
    )
    rows = (
        ("break-evens today (SPX points)", "=dashboard_even_today", "text"),
        ("break-evens at its expiry (SPX points)", "=dashboard_even_expiry", "text"),
        (
            "worst named day",
            '=IF(ISNUMBER(stress_worst),INDEX(stress_named,MATCH(stress_worst,stress_totals,0),1),"not known")',
            "text",
        ),
        ("what it would do (dollars)", '=IF(ISNUMBER(stress_worst),stress_worst,"not known")', "dollars"),
        ("put wing", wing.format("put", 2), "text"),
        ("call wing", wing.format("call", 3), "text"),
    )
    for i, (label, text, fmt) in enumerate(rows):
        line = top + 1 + i
        sheet.put(f"J{line}", label, role="label")
        sheet.worksheet.merge_range(f"K{line}:M{line}", "", sheet.book.style("figure", fmt))
        sheet.formula(f"K{line}", text, fmt, "figure")


def _break_evens(sheet: Sheet, line: int, at: str) -> None:
    """The upper ends of the stretches that Stress lists, as one text: dashboard_even_…"""
    where, area = sheet.book.names["stress_break_evens"]
    first, last = area.split(":")
    (start, left), (end, _) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
    kinds, ends = (f"{where}!${column(left + j)}${start + 1}:${column(left + j)}${end + 1}" for j in (0, 3))
    # Calc 7.4 finds a text out of an add-in's array equal to no other until it is joined to one.
    found = f'IF(({kinds}&""="{at}")*ISNUMBER({ends}),{ends})'
    sheet.put(f"{_WORK}{line}", f"break-evens, {at}", role="label")
    cells = [f"{letter}{line}" for letter in "RSTU"]
    for n, cell in enumerate(cells, start=1):
        sheet.array(cell, f'=IFERROR(SMALL({found},{n}),"")', "integer")
    sheet.array(f"V{line}", f"=COUNT({found})", "integer")
    listed = "".join(
        f'&IF(ISNUMBER({cell}),IF(ISNUMBER({before})," / ","")&ROUND({cell},0),"")'
        for before, cell in zip([f"W{line}", *cells], cells, strict=False)
    )
    known = f'SUMPRODUCT(({kinds}&""="{at}")*1)>0'
    sheet.formula(
        f"X{line}",
        f'=IF({known},IF(V{line}=0,"none",""{listed}&IF(V{line}>4," and more","")),"not known")',
        "text",
        name=f"dashboard_even_{at}",
    )


def _warnings(sheet: Sheet) -> None:
    top = _WARNINGS
    sheet.put(f"A{top}", "Warnings", role="section")
    put, call = "-INDEX(condor_deltas,2)", "INDEX(condor_deltas,3)"
    put_wing = "(INDEX(condor_strikes,2)-INDEX(condor_strikes,1))"
    call_wing = "(INDEX(condor_strikes,4)-INDEX(condor_strikes,3))"
    sparse = ': the strikes listed here are sparse, or yours. "'
    condor_notes = (
        'IF(COUNTIF(condor_price_from,"model")>0,"The model prices a leg: no quote at its strike or level. ","")'
        '&IF(COUNTIF(condor_price_from,"wide quote")>0,"A leg\'s quote is wide. ","")'
        f"&IF(MAX(ABS({put}-rule_put_delta),ABS({call}-rule_call_delta))>{_DELTA_OFF},"
        f'"Short deltas are "&ROUND({put},2)&" and "&ROUND({call},2)&"{sparse},"")'
        f"&IF(MAX(ABS({put_wing}-rule_wing_width),ABS({call_wing}-rule_wing_width))>0,"
        f'"Wings are "&{put_wing}&" and "&{call_wing}&" points wide{sparse},"")'
    )
    ladder_notes = (
        'IF(COUNTIF(ladder_cost_from,"model")>0,COUNTIF(ladder_cost_from,"model")&" rungs have no ask: the model '
        'prices them. ","")&IF(SUMPRODUCT(ABS(ladder_whole))>0.000001,"Some rungs are no whole contracts: see '
        'the preset on Rules. ","")&IF(AND(preset_sized_by="premium shares",ISNUMBER(condor_max_loss)),"Premium is "&'
        'ROUND(100*ladder_cost/condor_max_loss,0)&" % of maximum loss.","")'
    )
    shown = _MARKET_WARNINGS
    lines = [
        '=IF(condor_reason="",IF(ladder_reason="",hedge_reason,ladder_reason),IF(ladder_reason="",condor_reason,'
        'condor_reason&"; "&ladder_reason))',
        f'=IF(ISNUMBER(condor_credit),{condor_notes},"")',
        '=IF(SUM(spx_level_yours)>0,"SPX level is yours: the model prices the condor. ","")'
        '&IF(SUM(vix_level_yours)>0,"Spot VIX is yours, not the quote. ","")'
        '&IF(COUNT(fut_yours)>0,"VIX futures are yours: the model prices their rungs. ","")'
        f'&IF(COUNTA({_INPUTS})>COUNT({_INPUTS}),"An input holds text and is not used. ","")&rule_problem',
        f'=IF(ISNUMBER(ladder_unit_cost),{ladder_notes},"")',
        *(f'=IF(market_warning_{i}="","",market_warning_{i})' for i in range(1, shown)),
        f'=IF(market_warning_{shown}="","",market_warning_{shown}'
        f'&IF(market_warning_{shown + 1}="",""," (more on Market)"))',
    ]
    for i, text in enumerate(lines):
        sheet.formula(f"A{top + 1 + i}", text, "text", "alert", name=f"dashboard_warning_{i + 1}")


def _charts(book: Book, sheet: Sheet) -> None:
    gauge = book.file.add_chart({"type": "bar"})
    sheet.row(f"{_WORK}5", ["coverage gauge", "ratio"], role="header")
    for i, (label, text) in enumerate(
        (
            ("band, high", "=rule_coverage_high"),
            ("band, low", "=rule_coverage_low"),
            ("target", "=rule_target_coverage"),
            ("were beta 1", "=hedge_coverage_beta_one"),
            ("coverage", "=hedge_coverage"),
        )
    ):
        sheet.put(f"{_WORK}{6 + i}", label, role="label")
        sheet.formula(f"R{6 + i}", text, "ratio")
    colours = (styles.QUIET, styles.QUIET, styles.GREEN, styles.ORANGE, styles.BLUE)
    gauge.add_series(
        {
            "name": "ratio",
            "categories": f"=Dashboard!${_WORK}$6:${_WORK}$10",
            "values": "=Dashboard!$R$6:$R$10",
            "points": [{"fill": {"color": colour}} for colour in colours],
            "data_labels": {"value": True, "num_format": "0.00"},
            "gap": 40,
        }
    )
    dress(gauge, "Coverage against its band", "ratio", "")
    gauge.set_legend({"none": True})
    gauge.set_x_axis({"num_format": "0.0", "major_gridlines": {"visible": True, "line": {"color": styles.LINE}}})
    charts = (_together(book), condor.payoff_chart(book), ladder.response_chart(book), gauge)
    for i, chart in enumerate(charts):
        place = {"x_scale": 0.70, "y_scale": 0.93, "x_offset": 342 * i}
        sheet.worksheet.insert_chart(f"A{_CHARTS}", chart, place)


def _together(book: Book) -> object:
    """Profit of condor and ladder by level of SPX, as Stress computes it along the path of VIX."""
    where, area = book.names["stress_path"]
    first, last = area.split(":")
    (start, left), (end, _) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight"})
    for j, name, colour, dash in ((4, "at expiry", styles.BLUE, "solid"), (3, "today", styles.ORANGE, "dash")):
        chart.add_series(
            {
                "name": name,
                "categories": [where, start, left + 1, end, left + 1],
                "values": [where, start, left + j, end, left + j],
                "line": {"color": colour, "width": 2.25, "dash_type": dash},
            }
        )
    dress(chart, "Condor and ladder, VIX along its path", "SPX level (points)", "dollars")
    return chart
