"""Ladder: three layers of VIX calls, ten rungs a unit, their cost at the quotes and their response to VIX."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet, column, without_errors
from workbook.charts import dress
from workbook.sheets.market import FAR, quote
from xlalvh.market.tables import MarketTables
from xlalvh.numerics.smile import ROW
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.ladder import LAYERS, Response, Rung
from xlalvh.strategy.presets import EXPOSURE, MONTHS, PREMIUM

_SMILES, _BETA = (without_errors(name) for name in ("ladder_smiles", "rule_beta_params"))
# A blank where the layer's cell holds an error. Cells of their own keep the array formulas short: a macro can set one
# of 255 characters.
_WITHOUT_ERRORS = {"rung_years": "E", "rung_futures": "F", "rung_allocation": "I"}
_LAYER = 12  # first layer row
_RUNG = 21  # header of the ladder
MAX_RUNGS = 10
_RESPONSE = 45
_LEVELS = 26
_WORK = 78
_WIDTH = len(Rung._fields)
_HEADER = (
    "layer",
    "contracts",
    "strike (points)",
    "premium (points)",
    "cost at model (dollars)",
    "delta (a contract)",
    "vega (dollars a vol point)",
    "theta (dollars a day)",
    "tenor beta",
    "vol exposure (dollars per VIX point)",
    "years",
    "future (points)",
    "vol",
)
_FORMATS = (
    "text",
    "ratio",
    "strike",
    "points",
    "dollars",
    "decimal4",
    "points",
    "points",
    "ratio",
    "points",
    "years",
    "points",
    "percent",
)


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `ladder_…`."""
    sheet = book.sheet("Ladder", "#009E73")
    sheet.widths(A=34, B=13, C=11, D=11, E=11, F=11, G_T=11)
    sheet.heading("Ladder", "VIX calls in three layers, priced on the future of their own expiry, never on spot VIX.")
    _preset(sheet)
    _layers(sheet)
    _rungs(sheet)
    _totals(sheet)
    _response(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"Q{_RESPONSE + _LEVELS + 1}")


def _preset(sheet: Sheet) -> None:
    sheet.put("A5", "Preset", role="section")
    rows = (
        ("preset (choose on Rules)", "=rule_preset", "text", ""),
        ("first row of the preset", "=MATCH(rule_preset,preset_names,0)", "integer", "preset_row"),
        ("sized by", "=INDEX(preset_sizing,preset_row)", "text", "preset_sized_by"),
    )
    sheet.lines("A6", rows)
    reason = (
        '=IF(ISNUMBER(vix_spot),IF(ISNUMBER(ladder_unit_cost),"",IF(ISNUMBER(preset_row),'
        f'IF(SUM(ladder_rung_counts)>{MAX_RUNGS},"The ladder holds {MAX_RUNGS} rungs: clear a delta on Rules",'
        'ALVH_EXPLAIN(ladder_first)),"The preset is not one of those on Rules")),market_vix_source)'
    )
    sheet.formula("D6", reason, role="alert", name="ladder_reason")


def _layers(sheet: Sheet) -> None:
    top = _LAYER
    sheet.put(f"A{top - 2}", "Layers", role="section")
    header = [
        "layer",
        "expiry",
        "row on Market",
        "days",
        "years",
        "future (points)",
        "rate (decimal)",
        "ATM vol",
        "contracts a unit",
        "target days",
        "deltas",
        "",
        "",
        "",
        "future from",
    ]
    sheet.row(f"A{top - 1}", header, role="header")
    sheet.worksheet.set_row(top - 2, 30)
    sheet.put(f"A{top + 4}", "first monthly far enough (row on Market)", role="label")
    sheet.array(
        f"D{top + 4}",
        '=MATCH(1,(vix_root="VIX")*(vix_days>=rule_front_min_days)*ISNUMBER(vix_atm_vol),0)',
        "integer",
        name="ladder_front_row",
    )
    for i, layer in enumerate(LAYERS):
        line = top + i
        sheet.put(f"A{line}", layer, role="cell")
        sheet.formula(f"B{line}", f"=INDEX(vix_expiry,C{line})", "date", "cell")
        usable = '(vix_root="VIX")*ISNUMBER(vix_atm_vol)'
        gap = f"IF({usable},ABS(vix_days-J{line}),{FAR})"
        months = f"MATCH(INDEX(vix_monthly,ladder_front_row)+{i},vix_monthly,0)"
        sheet.array(
            f"C{line}",
            f'=IF(ISNUMBER(vix_spot),IF(INDEX(preset_tenor,preset_row)="{MONTHS}",{months},'
            f"IF(MIN({gap})<=J{line}/2,MATCH(MIN({gap}),{gap},0),NA())),NA())",
            "integer",
            "cell",
        )
        sheet.formula(f"D{line}", f"=INDEX(vix_days,C{line})", "days", "cell")
        sheet.formula(f"E{line}", f"=INDEX(vix_years,C{line})", "years", "cell")
        yours = f"SUMIF(fut_expiry,B{line},fut_yours)"  # 0 where the trader's cell is blank or no number
        sheet.formula(f"F{line}", f"=IF({yours}>0,{yours},INDEX(vix_forward,C{line}))", "points", "cell")
        sheet.formula(f"O{line}", f'=IF({yours}>0,"yours",INDEX(vix_source,C{line}))', "text", "cell")
        sheet.formula(f"G{line}", f"=INDEX(vix_rate,C{line})", "decimal4", "cell")
        sheet.formula(f"H{line}", f"=INDEX(vix_atm_vol,C{line})", "percent", "cell")
        sheet.formula(f"J{line}", f"=INDEX(preset_days,preset_row+{i})", "integer", "cell")
        for j in range(4):
            found = f"INDEX(preset_deltas,preset_row+{i},{j + 1})"
            sheet.formula(f"{column(10 + j)}{line}", f'=IF(LEN({found})=0,"",{found})', "ratio", "cell")
        rungs = f"COUNT(K{line}:N{line})"
        share = f"INDEX(preset_weights,preset_row+{i})"
        mean = f"SUMIF(ladder_pricing_years,E{line},{{}})/{rungs}"
        exposures = "+".join(
            f"INDEX(preset_weights,preset_row+{k})*COUNT(K{top + k}:N{top + k})/SUMIF(ladder_pricing_years,E{top + k},"
            "ladder_pricing_exposures)"
            for k in range(3)
        )
        by_exposure = f"{share}/({mean.format('ladder_pricing_exposures')})*40/({exposures})"
        by_premium = f"{share}*condor_max_loss/({mean.format('ladder_pricing_costs')})"
        sheet.formula(
            f"I{line}",
            f'=IF(preset_sized_by="{EXPOSURE}",MAX(1,ROUND({by_exposure}/{rungs},0))*{rungs},'
            f'IF(preset_sized_by="{PREMIUM}",ROUND({by_premium}/{rungs},0)*{rungs},{share}))',
            "ratio",
            "cell",
        )
        sheet.put(f"A{_WORK + 3 + i}", f"smile, {layer}", role="label")
        for j in range(len(ROW)):
            text = f"=INDEX(vix_smile,C{line},{j + 1})"
            sheet.formula(f"{column(2 + j)}{_WORK + 3 + i}", text, "decimal6")
    last = top + 2
    end = column(1 + len(ROW))
    for name, area in (
        ("expiries", f"B{top}:B{last}"),
        ("days", f"D{top}:D{last}"),
        ("years", f"E{top}:E{last}"),
        ("futures", f"F{top}:F{last}"),
        ("futures_from", f"O{top}:O{last}"),
        ("allocation", f"I{top}:I{last}"),
        ("deltas", f"K{top}:N{last}"),
        ("smiles", f"C{_WORK + 3}:{end}{_WORK + 5}"),
    ):
        sheet.book.name(f"ladder_{name}", sheet.name, area)
    sheet.book.name("ladder_rate", sheet.name, f"G{top}")


def _rungs(sheet: Sheet) -> None:
    call = (
        f"=ALVH_LADDER(1,rung_years,rung_futures,{_SMILES},ladder_deltas,{{allocation}},ladder_rate,"
        f'IFERROR(IF(TRANSPOSE(vixq_expiry)=ladder_expiries,TRANSPOSE(vixq_strike),""),""),{_BETA}{{headers}})'
    )
    top = _RUNG
    sheet.put(f"A{top - 2}", "One unit (delta and premium a contract, dollars for its contracts)", role="section")
    sheet.worksheet.set_row(top - 1, 30)
    header = [*_HEADER, "bid (points)", "ask (points)", "cost at prices (dollars)", "cost from"]
    sheet.row(f"A{top}", header, role="header")
    for i in range(MAX_RUNGS):
        for j, fmt in enumerate(_FORMATS):
            # A preset with fewer rungs leaves the rest blank. Calc 7.4 finds a text out of an add-in's array equal to
            # no other until it is joined to one.
            text = '&""' if fmt == "text" else ""
            shown = f'=IF({i + 1}<=SUM(ladder_rung_counts),INDEX(ladder_raw,{i + 1},{j + 1}){text},"")'
            sheet.formula(f"{column(j)}{top + 1 + i}", shown, fmt, "cell")
    sheet.book.name("ladder_unit", sheet.name, f"A{top + 1}:{column(_WIDTH - 1)}{top + MAX_RUNGS}")
    years = column(Rung._fields.index("years"))
    for i in range(MAX_RUNGS):
        line = top + 1 + i
        expiry = f"INDEX(ladder_expiries,MATCH({years}{line},ladder_years,0))"
        for letter, side in (("N", "bid"), ("O", "ask")):
            text = quote(f"call_{side}", "vixq", expiry, f"C{line}")
            sheet.formula(f"{letter}{line}", text, "points", "cell")
        # The asks belong to the quoted future: where the trader puts his own, the model prices the rung.
        source = f"INDEX(ladder_futures_from,MATCH({years}{line},ladder_years,0))"
        quoted = f'IF(ISNUMBER(O{line}),IF({source}<>"yours","ask","model"),"model")'
        sheet.formula(f"Q{line}", f'=IF(ISNUMBER(C{line}),{quoted},"")', "text", "cell")
        sheet.formula(
            f"P{line}",
            f'=IF(ISNUMBER(C{line}),IF(Q{line}="ask",B{line}*{MULTIPLIER:g}*O{line},E{line}),"")',
            "dollars",
            "cell",
        )
        sheet.formula(f"R{line}", f"=IF(ISNUMBER(B{line}),ROUND(B{line},0)-B{line},0)", "ratio", "label")
    sheet.book.name("ladder_bids", sheet.name, f"N{top + 1}:N{top + MAX_RUNGS}")
    sheet.book.name("ladder_asks", sheet.name, f"O{top + 1}:O{top + MAX_RUNGS}")
    sheet.book.name("ladder_whole", sheet.name, f"R{top + 1}:R{top + MAX_RUNGS}")
    sheet.book.name("ladder_cost_from", sheet.name, f"Q{top + 1}:Q{top + MAX_RUNGS}")
    sheet.book.name("ladder_ask_costs", sheet.name, f"P{top + 1}:P{top + MAX_RUNGS}")
    for i, name in enumerate(Rung._fields):
        letter = column(i)
        sheet.book.name(f"ladder_rung_{name}", sheet.name, f"{letter}{top + 1}:{letter}{top + MAX_RUNGS}")
    work = _WORK + 8
    sheet.put(f"A{_WORK}", "Calculation area", role="section")
    sheet.row(f"C{_WORK + 2}", list(ROW), role="header")
    sheet.put(f"A{work - 1}", "the same rungs with one contract each: what a contract costs and carries", role="label")
    sheet.array(
        f"A{work}:{column(_WIDTH - 1)}{work + MAX_RUNGS - 1}",
        call.format(allocation="ladder_rung_counts", headers=",FALSE"),
        "decimal4",
    )
    raw = work + MAX_RUNGS + 2
    sheet.put(f"A{raw - 1}", "ALVH_LADDER, one unit", role="label")
    sheet.array(
        f"A{raw}:{column(_WIDTH - 1)}{raw + MAX_RUNGS - 1}",
        call.format(allocation="rung_allocation", headers=",FALSE"),
        "decimal4",
        name="ladder_raw",
    )
    sheet.book.name("ladder_first", sheet.name, f"A{raw}")
    for i in range(3):
        sheet.formula(f"P{work + i}", f"=COUNT(K{_LAYER + i}:N{_LAYER + i})", "integer")
    sheet.book.name("ladder_rung_counts", sheet.name, f"P{work}:P{work + 2}")
    for j, (name, source) in enumerate(_WITHOUT_ERRORS.items()):
        letter = column(16 + j)
        for i in range(3):
            sheet.formula(f"{letter}{work + i}", f"={without_errors(f'{source}{_LAYER + i}')}", "decimal4")
        sheet.book.name(name, sheet.name, f"{letter}{work}:{letter}{work + 2}")
    end = work + MAX_RUNGS - 1
    cost, exposure = (column(Rung._fields.index(f)) for f in ("cost_dollars", "vol_exposure_dollars"))
    sheet.book.name("ladder_pricing_years", sheet.name, f"{years}{work}:{years}{end}")
    sheet.book.name("ladder_pricing_costs", sheet.name, f"{cost}{work}:{cost}{end}")
    sheet.book.name("ladder_pricing_exposures", sheet.name, f"{exposure}{work}:{exposure}{end}")


def _totals(sheet: Sheet) -> None:
    top = _RUNG + MAX_RUNGS + 2
    sheet.row(f"A{top}", ["totals", "one unit", "all units"], role="header")

    def total(name: str) -> str:
        return f'SUMIF(ladder_rung_strike,">0",ladder_rung_{name})'

    # All rungs that the preset asks for, or none: a rung without a strike must not shrink a sum.
    guarded = "IF((COUNT(ladder_rung_strike)=SUM(ladder_rung_counts))*(SUM(ladder_rung_counts)>0),{},NA())"
    rows = (
        ("contracts", total("contracts"), "ratio", "contracts"),
        ("cost at model (dollars)", total("cost_dollars"), "dollars", "cost_model"),
        ("cost (dollars)", "SUM(ladder_ask_costs)", "dollars", "cost"),
        ("vol exposure (dollars per VIX point)", total("vol_exposure_dollars"), "points", "vol_exposure"),
        (
            "vol exposure were beta 1 (dollars)",
            f"SUM(IF(ISNUMBER(ladder_rung_strike),ladder_rung_contracts*ladder_rung_delta,0))*{MULTIPLIER:g}",
            "points",
            "beta_one",
        ),
        ("theta (dollars a calendar day)", total("theta_dollars"), "points", "theta"),
    )
    for i, (label, text, fmt, name) in enumerate(rows):
        line = top + 1 + i
        sheet.put(f"A{line}", label, role="label")
        sheet.array(f"B{line}", "=" + guarded.format(text), fmt, "total", name=f"ladder_unit_{name}")
        sheet.formula(f"C{line}", f"=B{line}*hedge_units", fmt, "total", name=f"ladder_{name}")


def _response(book: Book, sheet: Sheet) -> None:
    top = _RESPONSE + 1
    width = len(Response._fields)
    sheet.put(
        f"A{_RESPONSE - 1}", "One unit's profit as VIX moves, each future by its tenor beta (dollars)", role="section"
    )
    sheet.array(
        f"B{top}:{column(width)}{top + _LEVELS}",
        f'=ALVH_LADDER_RESPONSE(IFERROR(ladder_unit,""),vix_level,A{top + 1}:A{top + _LEVELS},0,ladder_rate,{_BETA})',
        "integer",
        "cell",
        name="ladder_response",
        header=True,
    )
    sheet.put(f"A{top}", "levels of VIX to look at", role="header")
    for i in range(_LEVELS):
        sheet.formula(f"A{top + 1 + i}", f"=MAX(9,ROUND(vix_level,0)-6)+{2 * i}", "integer")
    chart = response_chart(book)
    sheet.worksheet.insert_chart(f"H{_RESPONSE}", chart, {"x_scale": 1.45, "y_scale": 1.6})


def response_chart(book: Book) -> object:
    """Profit of one unit by layer as VIX moves."""
    top = _RESPONSE + 1
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight"})
    colours = (styles.SKY, styles.GREEN, styles.PURPLE, styles.BLUE)
    for j, (name, colour) in enumerate(zip(Response._fields[1:], colours, strict=True)):
        chart.add_series(
            {
                "name": name,
                "categories": ["Ladder", top, 1, top + _LEVELS - 1, 1],
                "values": ["Ladder", top, 2 + j, top + _LEVELS - 1, 2 + j],
                "line": {"color": colour, "width": 2.75 if name == "total" else 1.75},
            }
        )
    dress(chart, "Ladder: one unit's profit as spot VIX moves", "spot VIX (points)", "dollars")
    return chart
