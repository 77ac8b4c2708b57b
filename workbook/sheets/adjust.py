"""Adjust: whether a wing is tested, what the other still earns, and what hold, leg out, layer and roll bring."""

from __future__ import annotations

import string

from workbook.book import Book, Sheet, column, without_errors
from workbook.sheets import edge
from workbook.sheets.edge import NO_CONDOR
from workbook.sheets.market import FAR
from xlalvh.market.tables import MarketTables
from xlalvh.numerics.smile import ROW
from xlalvh.strategy.adjust import Rolled, SpreadHedge
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.cash_press import CashPress
from xlalvh.strategy.condor import Untested
from xlalvh.strategy.ladder import LAYERS

_WINGS, _INPUTS, _EDGE, _ROLL = 6, 13, 32, 55
_WORK = _ROLL + 11
_SECOND, _THIRD = ("D", "G"), ("I", "L")  # columns of labels and figures of the blocks beside the inputs
_LEGS = {"put": (2, 1), "call": (3, 4)}  # short and long leg of a vertical
_ROLL_DAYS = 30  # later, where the trader names no expiry
_STEP = 5  # points between listed SPX strikes


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `adjust_…` and `edge_…`."""
    sheet = book.sheet("Adjust", "#D55E00")
    sheet.widths(A=46, B=15, C_M=13)
    sheet.heading(
        "Adjust", "A wing is tested: hold, leg out, layer VIX calls, or roll. Dollars are for all condors, after costs."
    )
    _wings(sheet)
    _inputs(sheet)
    _engine(sheet)
    _spread(sheet)
    edge.place(book, sheet, _EDGE, _WORK + 14)
    _roll(sheet)
    _cash_press(sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"M{_ROLL + 8}")


def _wings(sheet: Sheet) -> None:
    top = _WINGS + 1
    sheet.put(f"A{_WINGS - 1}", "Wings", role="section")
    header = [
        "short strike",
        "strike (points)",
        "delta now",
        "delta at entry (blank: the rule's)",
        "delta at entry used",
        "tested from (delta)",
        "watch from (delta)",
        "status",
        "rule that fired",
    ]
    sheet.row(f"A{_WINGS}", header, role="header")
    sheet.worksheet.set_row(_WINGS - 1, 42)
    for i, (side, (short, _)) in enumerate(_LEGS.items()):
        line = top + i
        sheet.put(f"A{line}", f"short {side}", role="cell")
        sheet.formula(f"B{line}", f'=IFERROR(INDEX(condor_strikes,{short}),"{NO_CONDOR}")', "strike", "cell")
        sheet.formula(f"C{line}", f'=IFERROR(INDEX(condor_deltas,{short}),"{NO_CONDOR}")', "decimal4", "cell")
        sheet.input(f"D{line}", None, f"adjust_entry_delta_{side}", "decimal4", "positive")
        sheet.formula(f"E{line}", f"=IF(SUM(D{line})>0,D{line},rule_{side}_delta)", "decimal4", "cell")
        sheet.formula(f"F{line}", f"=MAX(rule_wing_trigger,rule_wing_multiple*E{line})", "decimal4", "cell")
        sheet.formula(f"G{line}", f"=rule_wing_watch*F{line}", "decimal4", "cell")
        # Calc finds a text that an add-in gave equal to nothing until it was joined.
        status = f'ALVH_WING_STATUS(C{line},E{line},rule_wing_trigger,rule_wing_multiple,rule_wing_watch)&""'
        sheet.formula(
            f"H{line}", f'=IF(ISNUMBER(C{line}),{status},"{NO_CONDOR}")', "text", "alert", f"adjust_status_{side}"
        )
        by = (
            f'IF(F{line}=rule_wing_trigger,"wing_trigger: the seed\'s "&rule_wing_trigger,"wing_multiple: "&'
            f'rule_wing_multiple&" x the delta at entry, above the seed\'s "&rule_wing_trigger)'
        )
        sheet.formula(f"I{line}", f'=IF(ISNUMBER(C{line}),{by},"")', "text", "cell")
    sheet.book.name("adjust_deltas", sheet.name, f"C{top}:C{top + 1}")
    advice = (
        '=IF(adjust_status_put="tested","The put wing is tested: compare hold, leg out and layer below",'
        'IF(adjust_status_call="tested","The call wing is tested: VIX calls gain when SPX falls and do not hedge it",'
        'IF((adjust_status_put="watch")+(adjust_status_call="watch")>0,"On watch: no action yet, below is what a test '
        f'would mean",IF(adjust_status_put="safe","No wing is tested: nothing to adjust","{NO_CONDOR}"))))'
    )
    sheet.formula(f"A{top + 3}", advice, "text", "alert", name="adjust_advice")


def _inputs(sheet: Sheet) -> None:
    top = _INPUTS
    sheet.put(f"A{top - 1}", "Your inputs", role="section")
    rows: tuple[tuple[str, object, str, str, str | list[str]], ...] = (
        ("wing that counts", "put", "adjust_wing", "text", ["put", "call"]),
        ("fall (rise for a call wing) of SPX to hedge (0.05 is 5 %)", 0.05, "adjust_move", "percent", "positive"),
        ("VIX calls of the layer", "front", "adjust_layer", "text", list(LAYERS)),
        ("delta of the calls bought", 0.45, "adjust_long_delta", "ratio", "positive"),
        ("delta of the calls sold", 0.15, "adjust_short_delta", "ratio", "positive"),
        ("calls sold for each bought (the seeds name no ratio)", 1.0, "adjust_ratio", "ratio", "number"),
        ("simulate (it takes a moment at every change)", "yes", "adjust_simulate", "text", ["yes", "no"]),
        ("simulated paths", 8000.0, "adjust_paths", "integer", "count"),
        ("seed of the random numbers", 1.0, "adjust_seed", "integer", "count"),
        ("law of the paths", "real-world", "adjust_law", "text", ["real-world", "risk-neutral"]),
        ("sold for (points a condor; blank: model less half-spreads)", None, "adjust_credit", "points", "number"),
        ("forward when sold (points; blank: sold now)", None, "adjust_forward", "points", "positive"),
        ("days to expiry when sold (blank: sold now)", None, "adjust_days", "days", "positive"),
        ("VIX when sold (points; blank: sold now)", None, "adjust_vix", "points", "positive"),
        ("roll to this expiry (blank: a month later)", None, "adjust_roll_expiry", "date", "date"),
        ("ladder last rebalanced on", None, "adjust_rebalanced", "date", "date"),
    )
    for i, (label, value, name, fmt, takes) in enumerate(rows):
        sheet.put(f"A{top + i}", label, role="label")
        sheet.input(f"B{top + i}", value, name, fmt, takes)


def _block(sheet: Sheet, where: tuple[str, str], line: int, title: str, rows: list[tuple[str, str, str, str]]) -> None:
    label, figure = where
    sheet.put(f"{label}{line}", title, role="section")
    for i, (text, formula, fmt, name) in enumerate(rows, start=1):
        sheet.put(f"{label}{line + i}", text, role="label")
        write = sheet.array if formula.startswith("{") else sheet.formula
        write(f"{figure}{line + i}", formula.strip("{}"), fmt, "figure", name=name)


def _engine(sheet: Sheet) -> None:
    work = _WORK
    sheet.put(f"A{work - 1}", "Calculation area", role="section")
    sheet.put(f"A{work}", "ALVH_SECOND_ENGINE", role="label")
    sheet.array(
        f"B{work}:{column(len(Untested._fields))}{work}",
        f"=ALVH_SECOND_ENGINE({without_errors('condor_strikes')},condor_forward,condor_years,"
        f'{without_errors("condor_smile")},IF(adjust_wing="put","P","C"),condor_rate,condor_lots,FALSE)',
        "decimal4",
    )
    cell = {name: f"{column(1 + i)}{work}" for i, name in enumerate(Untested._fields)}

    def shown(name: str) -> str:
        return f'=IFERROR({cell[name]},"{NO_CONDOR}")'

    _block(
        sheet,
        _SECOND,
        _INPUTS - 1,
        "Second Engine: the untested wing",
        [
            ("untested side", shown("untested_side"), "text", "adjust_untested"),
            ("its vertical is worth (points)", shown("spread_points"), "points", ""),
            ("extrinsic value left (points)", shown("extrinsic_points"), "points", ""),
            ("extrinsic value left (dollars)", shown("extrinsic_dollars"), "dollars", "adjust_engine_dollars"),
            ("it earns (dollars a calendar day)", shown("theta_dollars"), "dollars", "adjust_engine_theta"),
        ],
    )


def _spread(sheet: Sheet) -> None:
    work = _WORK + 2
    smile_end = column(len(ROW))
    layer = 'IF(adjust_layer="front",1,IF(adjust_layer="mid",2,3))'
    sheet.put(f"A{work}", "layer: number, future (points), years, beta of the future, expiry", role="label")
    for letter, text, name, fmt in (
        ("B", layer, "adjust_layer_row", "integer"),
        ("C", "INDEX(rung_futures,adjust_layer_row)", "edge_future", "points"),
        ("D", "INDEX(rung_years,adjust_layer_row)", "edge_years", "years"),
        ("E", "INDEX(rule_future_betas,adjust_layer_row)", "adjust_future_beta", "ratio"),
        ("F", 'IFERROR(INDEX(ladder_expiries,adjust_layer_row),"")', "adjust_layer_expiry", "date"),
    ):
        sheet.formula(f"{letter}{work}", f"={text}", fmt, name=name)
    sheet.put(f"A{work + 1}", "smiles: VIX calls of the layer, and the condor's expiry", role="label")
    for line, source, name in (
        (work + 1, "ladder_smiles,adjust_layer_row,{}", "adjust_vix_smile"),
        (work + 2, "condor_smile,1,{}", "edge_smile"),
    ):
        for i in range(len(ROW)):
            text = without_errors(f"INDEX({source.format(i + 1)})")
            sheet.formula(f"{column(1 + i)}{line}", f"={text}", "decimal6")
        sheet.book.name(name, sheet.name, f"B{line}:{smile_end}{line}")
    sheet.put(f"A{work + 3}", "the condor's strikes (points)", role="label")
    for i in range(4):
        sheet.formula(f"{column(1 + i)}{work + 3}", f"={without_errors(f'INDEX(condor_strikes,{i + 1})')}", "strike")
    sheet.book.name("edge_legs", sheet.name, f"B{work + 3}:E{work + 3}")

    def vertical(side: str, forward: str) -> str:
        short, long = (
            f'ALVH_PRICE("{side[0].upper()}",{forward},INDEX(edge_legs,1,{leg}),condor_years,'
            f"INDEX(condor_vols,{leg}),condor_rate)"
            for leg in _LEGS[side]
        )
        return f"({short}-{long})"

    for i, (side, sign) in enumerate((("put", "-"), ("call", "+"))):
        line = work + 4 + i
        sheet.put(f"A{line}", f"{side} vertical: worth now, and after the move (points)", role="label")
        sheet.formula(f"B{line}", f"={vertical(side, 'condor_forward')}", "points")
        sheet.formula(f"C{line}", f"={vertical(side, f'condor_forward*(1{sign}adjust_move)')}", "points")
    loss = f'IF(adjust_wing="put",C{work + 4}-B{work + 4},C{work + 5}-B{work + 5})*condor_lots*{MULTIPLIER:g}'
    raw = work + 7
    sheet.put(f"A{raw}", "ALVH_SPREAD_HEDGE", role="label")
    listed = 'IFERROR(IF(vixq_expiry=adjust_layer_expiry,vixq_strike,""),"")'
    sheet.array(
        f"B{raw}:{column(len(SpreadHedge._fields))}{raw}",
        "=ALVH_SPREAD_HEDGE(adjust_wing_loss,adjust_move,edge_future,edge_years,adjust_vix_smile,adjust_long_delta,"
        f"adjust_short_delta,adjust_ratio,adjust_future_beta,ladder_rate,{listed},FALSE)",
        "decimal4",
    )
    sheet.book.name("adjust_first_spread", sheet.name, f"B{raw}")
    cell = {name: f"{column(1 + i)}{raw}" for i, name in enumerate(SpreadHedge._fields)}
    for i, side in enumerate(("long", "short")):
        line = raw + 1 + i
        sheet.put(f"A{line}", f"calls {'bought' if i == 0 else 'sold'}: contracts, strike (points), vol", role="label")
        sheet.formula(f"B{line}", f"={without_errors(cell[f'{side}_contracts'])}", "signed")
        sheet.formula(f"C{line}", f"={without_errors(cell[f'{side}_strike'])}", "strike")
        vol = f"ALVH_SMILE_VOL(adjust_vix_smile,C{line},edge_future,edge_years)"
        sheet.formula(f"D{line}", f'=IF(ISNUMBER(C{line}),{vol},"")', "percent")
    sheet.book.name("edge_hedge", sheet.name, f"B{raw + 1}:D{raw + 2}")
    delta = f'ALVH_DELTA("C",edge_future,{cell["long_strike"]},edge_years,D{raw + 1},ladder_rate)'
    explained = 'IF(ISNUMBER(vix_spot),ALVH_EXPLAIN(adjust_first_spread),"no VIX quotes")'
    why = f'IF(ISNUMBER({cell["long_strike"]}),"",{explained})'

    def shown(name: str) -> str:
        return f'=IFERROR({cell[name]},"none")'

    _block(
        sheet,
        _THIRD,
        _INPUTS - 1,
        "VIX call spread against the wing, at model prices",
        [
            ("the wing loses at the move (dollars)", f'=IFERROR({loss},"{NO_CONDOR}")', "dollars", "adjust_wing_loss"),
            (
                "single calls that offset it (CAPM ratio)",
                f"=IFERROR(ALVH_CAPM_RATIO(adjust_wing_loss,adjust_move,{delta},"
                'edge_future,adjust_future_beta,1),"none")',
                "points",
                "adjust_capm_ratio",
            ),
            ("strike bought (points)", shown("long_strike"), "strike", "adjust_spread_long"),
            ("strike sold (points)", shown("short_strike"), "strike", "adjust_spread_short"),
            ("calls bought (contracts)", shown("long_contracts"), "signed", "adjust_spread_bought"),
            ("calls sold (contracts)", shown("short_contracts"), "signed", "adjust_spread_sold"),
            ("debit of one spread (points)", shown("debit_points"), "points", ""),
            ("cost (dollars)", shown("cost_dollars"), "dollars", "adjust_spread_cost"),
            ("gain at the move, repriced (dollars)", shown("gain_dollars"), "dollars", "adjust_spread_gain"),
            ("share of the wing's loss", shown("share_of_loss"), "percent", ""),
            ("theta (dollars a calendar day)", shown("theta_dollars"), "dollars", ""),
            (
                "loses at expiry above (VIX future, points)",
                f'=IFERROR(IF(ISNUMBER({cell["loses_above_points"]}),{cell["loses_above_points"]},"nowhere"),"none")',
                "points",
                "",
            ),
            (
                "cost over the condor's credit",
                f'=IFERROR({cell["cost_dollars"]}/condor_credit_dollars,"none")',
                "percent",
                "",
            ),
        ],
    )
    sheet.formula(f"I{_INPUTS + 13}", f"={why}", "text", "alert", "adjust_spread_reason")
    note = '=IF(adjust_wing="call","These calls gain when SPX falls: they do not hedge a call wing.","")'
    sheet.formula(f"I{_INPUTS + 14}", note, "text", "alert")


def _roll(sheet: Sheet) -> None:
    top, work = _ROLL, _WORK + 22
    usable = '(spx_root<>"SPX")*ISNUMBER(spx_atm_vol)*(spx_days>condor_days+1)'
    chosen = f"IF({usable},IF(spx_expiry=adjust_roll_expiry,0,1),2)"
    nearest = f"IF({usable},ABS(spx_days-condor_days-{_ROLL_DAYS}),{FAR})"
    sheet.put(f"A{work}", "roll to: row on Market, days, years, forward (points), rate", role="label")
    sheet.array(
        f"B{work}",
        f"=IF(ISNUMBER(adjust_roll_expiry),IF(MIN({chosen})=0,MATCH(0,{chosen},0),NA()),"
        f"IF(MIN({nearest})<{FAR},MATCH(MIN({nearest}),{nearest},0),NA()))",
        "integer",
        name="adjust_roll_row",
    )
    for letter, text, name, fmt in (
        ("C", "INDEX(spx_days,adjust_roll_row)", "adjust_roll_days", "days"),
        ("D", "INDEX(spx_years,adjust_roll_row)", "adjust_roll_years", "years"),
        ("E", "INDEX(spx_forward,adjust_roll_row)*spx_level/spx_spot", "adjust_roll_forward", "points"),
    ):
        sheet.formula(f"{letter}{work}", f"={text}", fmt, name=name)
    sheet.put(f"A{work + 1}", "its smile", role="label")
    for i in range(len(ROW)):
        text = without_errors(f"INDEX(spx_smile,adjust_roll_row,{i + 1})")
        sheet.formula(f"{column(1 + i)}{work + 1}", f"={text}", "decimal6")
    smile_end = column(len(ROW))
    sheet.book.name("adjust_roll_smile", sheet.name, f"B{work + 1}:{smile_end}{work + 1}")
    sheet.put(f"A{work + 2}", "its strikes by the rules (points)", role="label")
    sheet.array(
        f"B{work + 2}:E{work + 2}",
        "=ALVH_CONDOR_STRIKES(adjust_roll_forward,adjust_roll_years,adjust_roll_smile,rule_put_delta,rule_call_delta,"
        f"rule_wing_width,condor_rate,{_STEP})",
        "strike",
    )
    sheet.put(f"A{work + 3}", "ALVH_ROLL", role="label")
    width = len(Rolled._fields)
    sheet.array(
        f"B{work + 3}:{column(width)}{work + 5}",
        "=ALVH_ROLL(edge_legs,condor_forward,condor_years,edge_smile,adjust_roll_strikes,adjust_roll_forward,"
        "adjust_roll_years,adjust_roll_smile,condor_rate,condor_lots,FALSE)",
        "decimal4",
        name="adjust_roll_table",
    )
    sheet.book.name("adjust_first_roll", sheet.name, f"B{work + 3}")
    sheet.put(
        f"A{top - 1}",
        "Roll (the seeds' Time-Shifting): all four legs to a later expiry, at model prices",
        role="section",
    )
    header = [
        "position",
        "days to expiry",
        "it brings in (points)",
        "it brings in (dollars)",
        "delta (dollars per point)",
        "gamma (dollars per point squared)",
        "vega (dollars a vol point)",
        "theta (dollars a day)",
        "maximum loss (dollars)",
        "probability of profit",
    ]
    sheet.row(f"A{top}", header, role="header")
    sheet.worksheet.set_row(top - 1, 42)
    formats = ("text", "days", "points", "dollars", "points", "points", "dollars", "dollars", "dollars", "percent")
    for i in range(3):
        for j, fmt in enumerate(formats):
            found = f"INDEX(adjust_roll_table,{i + 1},{j + 1})"
            other = '""' if j else f'"{("now", "rolled", "change")[i]}"'
            sheet.formula(f"{column(j)}{top + 1 + i}", f"=IFERROR({found},{other})", fmt, "cell")
    sheet.put(f"A{top + 4}", "roll to", role="label")
    sheet.formula(f"B{top + 4}", '=IFERROR(INDEX(spx_expiry,adjust_roll_row),"no later p.m. expiry")', "date", "figure")
    sheet.put(f"A{top + 5}", "strikes from the rules (points)", role="label")
    sheet.put(f"A{top + 6}", "your strikes (points; blank: the rules')", role="label")
    for i in range(4):
        letter = column(1 + i)
        sheet.formula(f"{letter}{top + 5}", f'=IFERROR({letter}{work + 2},"none")', "strike", "figure")
        sheet.input(f"{letter}{top + 6}", None, f"adjust_roll_strike_{i + 1}", "strike", "positive")
        used = f"IF(ISNUMBER({letter}{top + 6}),{letter}{top + 6},{letter}{top + 5})"
        sheet.formula(f"{column(6 + i)}{work + 2}", f'=IF(ISNUMBER({used}),{used},"")', "strike")
    sheet.book.name("adjust_roll_strikes", sheet.name, f"G{work + 2}:J{work + 2}")
    told = (
        '=IF(ISNUMBER(INDEX(adjust_roll_table,3,3)),IF(INDEX(adjust_roll_table,3,3)>=0,"The roll brings in ","The roll '
        'costs ")&ABS(ROUND(INDEX(adjust_roll_table,3,3),2))&" points a condor before costs",'
        'IF(ISNUMBER(condor_credit),IF(ISNUMBER(adjust_roll_row),ALVH_EXPLAIN(adjust_first_roll),"no later p.m. expiry '
        f'with a smile on Market"),"{NO_CONDOR}"))'
    )
    sheet.formula(f"A{top + 7}", told, "text", "alert", name="adjust_roll_words")


def _cash_press(sheet: Sheet) -> None:
    work = _WORK + 29
    _sessions(sheet)
    sheet.put(f"A{work}", "ALVH_CASH_PRESS, one unit", role="label")
    sheet.array(
        f"B{work}:{column(len(CashPress._fields))}{work}",
        "=IFERROR(ALVH_CASH_PRESS(adjust_slopes,vix_level,signal_vix,"
        f"{without_errors('ladder_unit')},adjust_rebalanced_used,market_spx_time,ladder_rate,rule_cut_contango,"
        'rule_cash_press_days,FALSE),"")',
        "decimal4",
    )
    sheet.put(f"A{work + 1}", "last rebalance; without one, the market time", role="label")
    sheet.formula(
        f"B{work + 1}",
        "=IF(ISNUMBER(adjust_rebalanced),adjust_rebalanced,market_spx_time)",
        "date",
        name="adjust_rebalanced_used",
    )
    cell = {name: f"{column(1 + i)}{work}" for i, name in enumerate(CashPress._fields)}

    def shown(name: str, times: str = "", needed: str = "") -> str:
        found = f'IF(ISNUMBER({cell[name]}),{cell[name]}{times},"none")'
        return "=" + (f'IF({needed},{found},"not known")' if needed else found)

    dated = "ISNUMBER(adjust_rebalanced)"
    _block(
        sheet,
        _SECOND,
        _INPUTS + 6,
        "Cash Press: contango, and the ladder's time value",
        [
            (
                "sessions of contango in a row",
                shown("contango_sessions", needed="COUNT(adjust_slopes)>0"),
                "integer",
                "adjust_streak",
            ),
            ("percentile of VIX in the closes of Signals", shown("vix_percentile"), "percent", "adjust_percentile"),
            (
                "extrinsic value, units used (dollars)",
                shown("extrinsic_dollars", "*hedge_units"),
                "dollars",
                "adjust_extrinsic",
            ),
            ("it runs off by (dollars a calendar day)", shown("theta_dollars", "*hedge_units"), "dollars", ""),
            ("days since the last rebalance", shown("days_since_rebalance", needed=dated), "days", ""),
            ("rebalance", f'=IF({dated},IFERROR({cell["rebalance"]},"none"),"not known")', "text", "adjust_rebalance"),
        ],
    )
    needs = (
        '=IF(ISNUMBER(ladder_unit_cost),IF(COUNT(signal_vix)=0,"It needs VIX closes: see Signals",'
        'IF(COUNT(adjust_slopes)=0,"The streak needs slopes of the curve: see Signals",'
        f'IF({dated},IF(rule_cash_press_days=0,"No period is set: cash_press_days on Rules",'
        '"by cash_press_days on Rules"),"Enter when the ladder was last rebalanced"))),"no ladder")'
    )
    sheet.formula(f"D{_INPUTS + 13}", needs, "text", "alert", name="adjust_press_words")


def _sessions(sheet: Sheet) -> None:
    """Slopes and VIX closes by session are those of Signals."""
    where, area = sheet.book.names["signal_regimes"]
    first, last = area.split(":")
    letter = first.rstrip("0123456789")
    sheet.book.name("adjust_slopes", where, f"{first}:{letter}{last.lstrip(string.ascii_uppercase)}")
