"""Dashboard: the sheet that stays open all day. It shows; the other sheets compute."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet
from workbook.charts import dress
from workbook.sheets import condor, ladder
from xlalvh.market.tables import MarketTables

_CHARTS = 36
_MARKET_WARNINGS = 3  # of those on Market
_INPUTS = ",".join(
    [
        *("condor_expiry_yours", "hedge_units_yours", "spx_level_yours", "vix_level_yours", "fut_yours"),
        *(f"condor_strike_yours_{i}" for i in (1, 2, 3, 4)),
    ]
)
_DELTA_OFF = 0.02  # from the rule, worth a warning


def place(book: Book) -> Sheet:
    """The empty sheet, first in the book."""
    return book.sheet("Dashboard", "#D55E00")


def write(book: Book, sheet: Sheet, tables: MarketTables) -> None:
    """Fill the sheet once the others have defined their names."""
    sheet.widths(A=36, B=16, C=3, D=36, E=16, F=3, G=38, H=16)
    sheet.heading(
        "ALVH Dashboard",
        "SPX iron condor hedged with a 4/4/2 ladder of VIX calls. Dollars are for all contracts; yellow cells on the "
        "other sheets are yours to change.",
    )
    _block(
        sheet,
        "A",
        5,
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
            (
                "short delta the seeds ask for here",
                '=IF(ISTEXT(regime),IF(ISNUMBER(SEARCH("contango",regime)),"0.30 to 0.45",'
                'IF(ISNUMBER(SEARCH("backwardation",regime)),"0.15 to 0.20","none named")),"")',
                "text",
                "",
            ),
            ("short deltas used (put, call)", '=rule_put_delta&", "&rule_call_delta', "text", ""),
            ("quotes of (New York)", "=market_spx_time", "moment", ""),
            ("refreshes so far", "=refresh_count", "integer", "refresh_shown"),
            ("last refresh", '=IF(refresh_status="",IF(refresh_count>0,"done","none yet"),"failed")', "text", ""),
        ),
    )
    _block(
        sheet,
        "D",
        5,
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
    _block(
        sheet,
        "G",
        5,
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
    _net(book, sheet)
    _warnings(sheet)
    _charts(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"H{_CHARTS + 18}")


def _block(sheet: Sheet, letter: str, top: int, title: str, rows: tuple[tuple[str, str, str, str], ...]) -> None:
    value = chr(ord(letter) + 1)
    sheet.put(f"{letter}{top}", title, role="section")
    sheet.put(f"{value}{top}", None, role="section")
    sheet.lines(f"{letter}{top + 1}", rows, "figure")


def _net(book: Book, sheet: Sheet) -> None:
    rows = (
        ("value (dollars)", "value"),
        ("delta (dollars per point)", "delta"),
        ("gamma (dollars per point squared)", "gamma"),
        ("vega (dollars per point of own volatility)", "vega"),
        ("theta (dollars a calendar day)", "theta"),
        ("rho (dollars per 0.01 of rate)", "rho"),
    )
    for letter, key, title in (("A", "spx", "Net SPX"), ("D", "vix", "Net VIX"), ("G", "all", "Net total")):
        shown = f'=IF(ISNUMBER(net_{key}_value),{{}},"no legs")'
        part = tuple(
            (label, shown.format(f"net_{key}_{name}"), "points", "")
            for label, name in rows
            if f"net_{key}_{name}" in book.names
        )
        _block(sheet, letter, 20, title, part)
    sheet.put("G24", "Points of SPX and of VIX differ: delta, gamma and vega are never added.", role="subtitle")


def _warnings(sheet: Sheet) -> None:
    top = 28
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
        f'&IF(COUNTA({_INPUTS})>COUNT({_INPUTS}),"An input holds text and is not used.","")',
        f'=IF(ISNUMBER(ladder_unit_cost),{ladder_notes},"")',
        *(f'=IF(market_warning_{i}="","",market_warning_{i})' for i in range(1, shown)),
        f'=IF(market_warning_{shown}="","",market_warning_{shown}'
        f'&IF(market_warning_{shown + 1}="",""," (more on Market)"))',
    ]
    for i, text in enumerate(lines):
        sheet.formula(f"A{top + 1 + i}", text, "text", "alert", name=f"dashboard_warning_{i + 1}")


def _charts(book: Book, sheet: Sheet) -> None:
    place = {"x_scale": 0.79, "y_scale": 1.15}
    sheet.worksheet.insert_chart(f"A{_CHARTS}", condor.payoff_chart(book), place)
    sheet.worksheet.insert_chart(f"A{_CHARTS}", ladder.response_chart(book), {**place, "x_offset": 388})
    gauge = book.file.add_chart({"type": "bar"})
    sheet.row("J5", ["coverage gauge", "ratio"], role="header")
    for i, (label, text) in enumerate(
        (
            ("band, high", "=rule_coverage_high"),
            ("band, low", "=rule_coverage_low"),
            ("target", "=rule_target_coverage"),
            ("were beta 1", "=hedge_coverage_beta_one"),
            ("coverage", "=hedge_coverage"),
        )
    ):
        sheet.put(f"J{6 + i}", label, role="label")
        sheet.formula(f"K{6 + i}", text, "ratio")
    colours = (styles.QUIET, styles.QUIET, styles.GREEN, styles.ORANGE, styles.BLUE)
    gauge.add_series(
        {
            "name": "ratio",
            "categories": "=Dashboard!$J$6:$J$10",
            "values": "=Dashboard!$K$6:$K$10",
            "points": [{"fill": {"color": colour}} for colour in colours],
            "data_labels": {"value": True, "num_format": "0.00"},
            "gap": 40,
        }
    )
    dress(gauge, "Coverage against its band", "ratio", "")
    gauge.set_legend({"none": True})
    gauge.set_x_axis({"num_format": "0.0", "major_gridlines": {"visible": True, "line": {"color": styles.LINE}}})
    sheet.worksheet.insert_chart(f"A{_CHARTS}", gauge, {**place, "x_offset": 776})
