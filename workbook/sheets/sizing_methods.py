"""The lower part of Sizing: what every method and every preset asks for the same condor, and what the methods take."""

from __future__ import annotations

from workbook.book import Sheet, column, without_errors
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.equity_hedge import EquityHedge
from xlalvh.strategy.ladder import LAYERS
from xlalvh.strategy.layers import POLICIES
from xlalvh.strategy.notional import BASES, MAX_LOSS, NOTIONAL, PREMIUM, Sized
from xlalvh.strategy.preset_sizes import PresetSize
from xlalvh.strategy.presets import PRESETS
from xlalvh.strategy.tilt import INPUTS, Tilted

TOP = 50  # section of the table
_ROW = TOP + 2  # its first row
_NOTIONAL = _ROW + 2
_CAPM = _NOTIONAL + 2 * len(BASES)
_POLICY = _CAPM + 1
_TILTED = _POLICY + len(POLICIES)
_PRESET = _TILTED + 1
_AFTER = _PRESET + len(PRESETS)
LAYER = _AFTER + 4  # section of the blocks that the methods take
_TILT = LAYER + 14
_EQUITY = _TILT + len(INPUTS) + 6
END = _EQUITY + 16
_WORK = END + 4
_HEADER = [
    "method",
    "units",
    "contracts",
    "coverage",
    "coverage were beta 1",
    "cost (dollars)",
    "premium over credit",
    "net theta (dollars a day)",
    "in band",
    "note",
]
_BY_DOLLARS = {
    PREMIUM: ("condor_credit_dollars", "ladder_unit_cost"),
    MAX_LOSS: ("condor_max_loss", "ladder_unit_cost"),
}
_SAID = {PREMIUM: "premium over credit", MAX_LOSS: "premium over max. loss", NOTIONAL: "VIX futures over SPX"}
_NOTIONAL_DOLLARS = (
    f"{MULTIPLIER:g}*condor_forward*condor_lots",
    f"{MULTIPLIER:g}*SUMPRODUCT(method_contracts,method_futures)",
)
_LAYER_COLUMNS = (  # header, name, format
    ("contracts a unit", "contracts", "ratio"),
    ("mean delta", "deltas", "decimal4"),
    ("future (points)", "futures", "points"),
    ("future's beta to SPX", "betas", "ratio"),
    ("vol exposure (dollars per VIX point)", "exposures", "points"),
    ("the same were beta 1 (dollars)", "beta_ones", "points"),
    ("cost (dollars)", "costs", "dollars"),
    ("theta (dollars a day)", "thetas", "points"),
)


def write(sheet: Sheet) -> None:
    """Write the table and the blocks below it, and define `method_…`, `tilt_…`, `capm_…` and `equity_…`."""
    _work(sheet)
    _table(sheet)
    _layers(sheet)
    _tilt(sheet)
    _equity(sheet)


def _table(sheet: Sheet) -> None:
    sheet.put(f"A{TOP}", "What each method and each preset asks for the same condor", role="section")
    sheet.row(f"A{TOP + 1}", _HEADER, role="header")
    sheet.worksheet.set_row(TOP, 30)
    used = 'IF(ISNUMBER(hedge_units),hedge_units,"none")'
    _by_units(sheet, _ROW, '="units used now"', used, '"what Ladder and Dashboard show"')
    band = "hedge_units_band"
    why = f'IF(ISNUMBER({band}),"whole units nearest the target on Rules",ALVH_EXPLAIN({band}))'
    _by_units(sheet, _ROW + 1, '="coverage band, target "&rule_target_coverage', _whole(band), why)
    for i, basis in enumerate(BASES):
        for j, end in enumerate(("low", "high")):
            line, n = _NOTIONAL + 2 * i + j, 2 * i + j + 1
            units = f"INDEX(method_notional,{n},3)/ladder_unit_contracts"
            label = f'=ROUND(100*rule_hedge_weight_{end},0)&" % notional: {_SAID[basis]}"'
            _by_units(sheet, line, label, _whole(units), f'IFERROR(INDEX(method_notional,{n},5),"no condor or ladder")')
    said = (
        'IF(ISNUMBER(capm_loss),"put side loses "&ROUND(capm_loss,0)&" dollars at unchanged volatilities; '
        'the gain leaves gamma out","no condor")'
    )
    label = '="CAPM ratio: SPX falls by "&ROUND(100*capm_move,1)&" %"'
    units = "ROUNDUP(capm_units*ladder_unit_contracts,0)/ladder_unit_contracts"
    _by_units(sheet, _CAPM, label, _whole(units), said)
    for i, policy in enumerate(POLICIES):
        _by_policy(sheet, _POLICY + i, policy)
    tilted = "method_tilt_units"
    why = (
        f'IF(ISNUMBER({tilted}),"target "&ROUND(tilt_target,2)&IF(SUM(tilt_moved)=0,": all weights on Rules are 0, so '
        f'nothing tilts",""),IF(ISNUMBER(tilt_target),ALVH_EXPLAIN({tilted}),ALVH_EXPLAIN(tilt_target)))'
    )
    _by_units(sheet, _TILTED, '="tilt of the target"', _whole(tilted), why)
    for i in range(len(PRESETS)):
        _by_preset(sheet, _PRESET + i, i + 1)
    sheet.book.name("method_units", sheet.name, f"B{_ROW}:B{_AFTER - 1}")
    sheet.book.name("method_table", sheet.name, f"A{_ROW}:J{_AFTER - 1}")
    for i, text in enumerate(
        (
            "Above the presets, units are those of the preset in use; each preset has its own expiries, rungs and "
            "size. Cost is at the asks, at the model's price where there is none.",
            "Notional and CAPM sizes are rounded to whole contracts, which a layer's rungs cannot always share.",
        )
    ):
        sheet.put(f"A{_AFTER + i}", text, role="subtitle")


def _whole(units: str) -> str:
    return f'IF(ISNUMBER({units}),{units},"none")'


def _row(sheet: Sheet, line: int, label: str, cells: list[str], note: str) -> None:
    """Label, units to net theta, whether the coverage is in the band, and the note."""
    sheet.worksheet.set_row(line - 1, 26)  # two lines of note
    sheet.formula(f"A{line}", label, "text", "cell")
    formats = ("ratio", "integer", "ratio", "ratio", "dollars", "percent", "points")
    for letter, text, fmt in zip("BCDEFGH", cells, formats, strict=True):
        shown = text if letter == "B" else f'IF(ISNUMBER(B{line}),{text},"")'
        sheet.formula(f"{letter}{line}", f"={shown}", fmt, "cell")
    inside = f'IF((D{line}>=rule_coverage_low)*(D{line}<=rule_coverage_high),"yes","no")'
    sheet.formula(f"I{line}", f'=IF(ISNUMBER(D{line}),{inside},"")', "text", "cell")
    sheet.formula(f"J{line}", f"={note}", "wrapped", "cell")


def _by_units(sheet: Sheet, line: int, label: str, units: str, note: str) -> None:
    """A method that asks for units of the preset in use."""
    n = f"B{line}"
    cells = [
        f'IF(ISNUMBER(ladder_unit_cost),{units},"none")',
        f"{n}*ladder_unit_contracts",
        f"{n}*hedge_unit_coverage",
        f"{n}*hedge_unit_coverage_beta_one",
        f"{n}*ladder_unit_cost",
        f"F{line}/condor_credit_dollars",
        f"condor_theta+{n}*ladder_unit_theta",
    ]
    _row(sheet, line, label, cells, f'IF(ISNUMBER(ladder_unit_cost),{note},"no ladder")')


def _by_policy(sheet: Sheet, line: int, policy: str) -> None:
    """Contracts by layer, those of the band times the policy's shares."""
    contracts = f"method_{policy}"
    share = f"SUMPRODUCT(method_share_{policy},{{}})"
    known = f"COUNT({contracts})=3"
    words = "the same in every regime" if policy == POLICIES[0] else "raised in backwardation"
    note = (
        f'IF({known},"{words}, by layer "&INDEX({contracts},1)&" + "&INDEX({contracts},2)&" + "&INDEX({contracts},3)'
        f'&IF(SUMPRODUCT(ABS({contracts}-hedge_units_band*method_contracts))<1,"; as the band, for its weights on '
        'Rules are 0 or nothing moves them",""),"no units in the band, or the regime is not known")'
    )
    cells = [
        f'IF({known},SUM({contracts})/ladder_unit_contracts,"none")',
        f"SUM({contracts})",
        f"ALVH_COVERAGE({share.format('method_exposures')},condor_vega_weighted)",
        f"ALVH_COVERAGE({share.format('method_beta_ones')},condor_vega_weighted)",
        share.format("method_costs"),
        f"F{line}/condor_credit_dollars",
        f"condor_theta+{share.format('method_thetas')}",
    ]
    _row(sheet, line, f'="layer weights, {policy}"', cells, note)


def _by_preset(sheet: Sheet, line: int, n: int) -> None:
    """A row of ALVH_PRESETS."""
    at = {name: f"INDEX(method_presets,{n},{i + 1})" for i, name in enumerate(PresetSize._fields)}
    names = ("units", "contracts", "coverage", "coverage_beta_one", "cost_dollars", "premium_to_credit")
    cells = [_whole(at["units"]), *(at[name] for name in names[1:]), at["net_theta_dollars"]]
    sized = (
        f'IFERROR("sized by "&{at["sized_by"]}&IF(LEN({at["note"]})=0,"","; "&{at["note"]}),'
        "ALVH_EXPLAIN(method_presets_first))"
    )
    place = 3 * (n - 1) + 1
    _row(
        sheet,
        line,
        f'="preset "&INDEX(preset_names,{place})&IF(rule_preset=INDEX(preset_names,{place})," (in use)","")',
        cells,
        sized,
    )


def _layers(sheet: Sheet) -> None:
    """One unit of the preset in use by layer, and the fall of SPX that CAPM's ratio looks at."""
    top = LAYER + 2
    sheet.put(f"A{LAYER}", "One unit of the preset in use, by layer", role="section")
    header = ["layer", *(title for title, _, _ in _LAYER_COLUMNS)]
    sheet.row(f"A{LAYER + 1}", header, role="header")
    sheet.worksheet.set_row(LAYER, 45)
    for i, layer in enumerate(LAYERS):
        line = top + i
        sheet.put(f"A{line}", layer, role="cell")
        mine = f'(ladder_rung_layer="{layer}")*ladder_rung_contracts*{{}}'
        # A rung that the preset does not have is an empty text.
        total = "SUM(IF(ISNUMBER(ladder_rung_strike),{},0))"
        rung_sum = {
            "contracts": total.format(mine.format("1")),
            "exposures": f'SUMIF(ladder_rung_layer,"{layer}",ladder_rung_vol_exposure_dollars)',
            "beta_ones": f"B{line}*C{line}*{MULTIPLIER:g}",
            "costs": f'SUMIF(ladder_rung_layer,"{layer}",ladder_ask_costs)',
            "thetas": f'SUMIF(ladder_rung_layer,"{layer}",ladder_rung_theta_dollars)',
            "deltas": f"IF(B{line}>0,{total.format(mine.format('ladder_rung_delta'))}/B{line},0)",
            "futures": f"INDEX(ladder_futures,{i + 1})",
            "betas": f"INDEX(rule_future_betas,{i + 1})",
        }
        for j, (_, name, fmt) in enumerate(_LAYER_COLUMNS):
            text = f'=IF(ISNUMBER(ladder_unit_cost),{rung_sum[name]},"")'
            sheet.array(f"{column(1 + j)}{line}", text, fmt, "cell")
    last = top + len(LAYERS) - 1
    for j, (_, name, _) in enumerate(_LAYER_COLUMNS):
        sheet.book.name(f"method_{name}", sheet.name, f"{column(1 + j)}{top}:{column(1 + j)}{last}")
    sheet.put(f"A{last + 2}", "CAPM ratio: gain of one unit against the put side's loss", role="section")
    sheet.put(f"A{last + 3}", "fall of SPX, at once", role="label")
    sheet.input(f"B{last + 3}", 0.05, "capm_move", "percent", "positive")
    value = (
        f'=SUM((condor_rights="P")*condor_quantities*{MULTIPLIER:g}*ALVH_PRICE(condor_rights,condor_forward{{}},'
        f"{without_errors('condor_strikes')},condor_years,{without_errors('condor_vols')},condor_rate))"
    )
    rows = (
        ("put side now (dollars, model)", "{" + value.format("") + "}", "dollars", "capm_now"),
        (
            "put side after the fall (dollars, model)",
            "{" + value.format("*(1-capm_move)") + "}",
            "dollars",
            "capm_after",
        ),
        (
            "its loss (dollars)",
            '=IF(ISNUMBER(capm_now)*ISNUMBER(capm_after),MAX(0,capm_now-capm_after),"")',
            "dollars",
            "capm_loss",
        ),
        (
            "units that offset it",
            "=IF(ISNUMBER(capm_loss)*ISNUMBER(ladder_unit_cost),IFERROR(ALVH_CAPM_RATIO(capm_loss,capm_move,"
            'method_deltas,method_futures,method_betas,method_contracts),"none"),"")',
            "ratio",
            "capm_units",
        ),
    )
    sheet.lines(f"A{last + 4}", rows)


def _tilt(sheet: Sheet) -> None:
    top = _TILT + 2
    sheet.put(f"A{_TILT}", "Tilt of the target within the band", role="section")
    header = ["input", "percentile (0 to 1)", "weight (Rules)", "adds to coverage"]
    sheet.row(f"A{_TILT + 1}", header, role="header")
    sheet.worksheet.set_row(_TILT, 30)
    last = top + len(INPUTS) - 1
    for i, name in enumerate(INPUTS):
        sheet.put(f"A{top + i}", name, role="cell")
        sheet.input(f"B{top + i}", None, "", "ratio", "share")
        for letter, j, fmt in (("C", 3, "ratio"), ("D", 4, "decimal4")):
            found = f"INDEX(tilt_raw,{i + 1},{j})"
            sheet.formula(f"{letter}{top + i}", f'=IF(ISNUMBER({found}),{found},"needs its percentile")', fmt, "cell")
    sheet.book.name("tilt_percentiles", sheet.name, f"B{top}:B{last}")
    sheet.book.name("tilt_moved", sheet.name, f"D{top}:D{last}")
    sheet.put(f"A{last + 1}", "coverage to aim at", role="total")
    for letter in "BC":
        sheet.put(f"{letter}{last + 1}", None, role="total")
    sheet.formula(f"D{last + 1}", '=IF(ISNUMBER(tilt_target),tilt_target,"see below")', "ratio", "total")
    sheet.formula(
        f"A{last + 2}", '=IF(ISNUMBER(tilt_target),"",ALVH_EXPLAIN(tilt_target))', "text", "alert", name="tilt_reason"
    )
    for i, text in enumerate(
        (
            "Enter where each input stands in its own history: 0.5 is its median, 1 its highest.",
            "The articles name these inputs and give them no weight: all are 0 on Rules, and nothing tilts until you",
            "set one. A weight of 1 moves the target by half the band as the input goes from its median to its",
            "highest; below 0 it lowers the hedge.",
        )
    ):
        sheet.put(f"F{_TILT + 2 + i}", text, role="subtitle")


def _equity(sheet: Sheet) -> None:
    top = _EQUITY
    sheet.put(f"A{top}", "VIX calls for a position in SPY", role="section")
    front = 'IFERROR(INDEX(ladder_futures,1),"")'
    inputs = (
        ("value of the position (dollars; an example)", 100_000.0, "value", "dollars", "positive"),
        ("beta to SPX", 1.0, "beta", "ratio", "positive"),
        ("fall of SPX while stocks move as today", 0.05, "move", "percent", "positive"),
        ("average correlation of the stocks (COR1M / 100; an example)", 0.30, "correlation", "ratio", "share"),
        ("stocks", 500.0, "names", "integer", "count"),
    )
    for i, (label, value, name, fmt, takes) in enumerate(inputs):
        sheet.put(f"A{top + 1 + i}", label, role="label")
        sheet.input(f"B{top + 1 + i}", value, f"equity_{name}", fmt, takes)
    line = top + 1 + len(inputs)
    given = {name: f'IF(ISNUMBER(equity_{name}),equity_{name},"")' for _, _, name, _, _ in inputs}
    delta = 'IFERROR(INDEX(ladder_rung_delta,1),"")'
    sheet.lines(
        f"A{line}",
        (
            ("call: front future (points)", f"={front}", "points", "equity_future"),
            ("call: delta of the front layer's first rung", f"={delta}", "decimal4", "equity_delta"),
            (
                "call: its ask, or model price (points)",
                '=IFERROR(INDEX(ladder_ask_costs,1)/INDEX(ladder_rung_contracts,1)/100,"")',
                "points",
                "equity_price",
            ),
        ),
    )
    head = line + 4
    header = [
        "correlation of the stocks",
        "share of a single stock's risk left",
        "fall of SPX",
        "loss (dollars)",
        "calls",
        "whole calls",
        "their cost (dollars)",
    ]
    sheet.row(f"A{head}", header, role="header")
    sheet.worksheet.set_row(head - 1, 45)
    formats = ("ratio", "percent", "percent", "dollars", "ratio", "integer")
    call = (
        f"ALVH_EQUITY_HEDGE({given['value']},{given['beta']},{given['move']},equity_future,equity_delta,"
        "rule_future_beta_front,equity_used_correlation,equity_used_names,FALSE)"
    )
    width = len(EquityHedge._fields)
    work = _WORK + 32
    sheet.put(f"A{work - 1}", "ALVH_EQUITY_HEDGE", role="label")
    sheet.array(f"A{work}:{column(width - 1)}{work + 1}", f"={call}", formats, name="equity_raw")
    sheet.book.name("equity_first", sheet.name, f"A{work}")
    for letter, name in (("A", "correlation"), ("B", "names")):
        sheet.formula(f"{letter}{work + 3}", f"={given[name]}", "ratio", "label", name=f"equity_used_{name}")
    for i in range(2):
        for j, fmt in enumerate(formats):
            found = f"INDEX(equity_raw,{i + 1},{j + 1})"
            sheet.formula(f"{column(j)}{head + 1 + i}", f'=IF(ISNUMBER({found}),{found},"")', fmt, "cell")
        cost = f"F{head + 1 + i}*{MULTIPLIER:g}*equity_price"
        sheet.formula(f"G{head + 1 + i}", f'=IF(ISNUMBER(F{head + 1 + i}),{cost},"")', "dollars", "cell")
    sheet.formula(
        f"A{head + 3}",
        '=IF(ISNUMBER(equity_first),"Diversification leaves the second row as correlations go to one: the loss grows, '
        'and the same calls gain with it.",IF(ISNUMBER(equity_future),ALVH_EXPLAIN(equity_first),"no ladder"))',
        "text",
        "subtitle",
    )
    assert head + 3 <= END


def _work(sheet: Sheet) -> None:
    """ALVH_HEDGE_NOTIONAL, ALVH_PRESETS and ALVH_TILT as they come."""
    top = _WORK
    sheet.put(f"A{top - 1}", "Calculation area", role="section")
    sheet.put(f"A{top}", "ALVH_HEDGE_NOTIONAL by basis and weight", role="label")
    width = len(Sized._fields)
    for i, basis in enumerate(BASES):
        condor, unit = _BY_DOLLARS.get(basis, _NOTIONAL_DOLLARS)
        for j, end in enumerate(("low", "high")):
            line = top + 1 + 2 * i + j
            text = (
                f'=ALVH_HEDGE_NOTIONAL("{basis}",rule_hedge_weight_{end},{condor},{unit},ladder_unit_contracts,'
                "rule_notional_warn_units,FALSE)"
            )
            sheet.array(f"B{line}:{column(width)}{line}", text, ("text", "ratio", "integer", "dollars", "text"))
    sheet.book.name("method_notional", sheet.name, f"B{top + 1}:{column(width)}{top + 2 * len(BASES)}")
    line = top + 8
    sheet.put(f"A{line}", "condors, weighted vega, credit, maximum loss, theta", role="label")
    facts = ("condor_lots", "condor_vega_weighted", "condor_credit_dollars", "condor_max_loss", "condor_theta")
    for j, name in enumerate(facts):
        sheet.formula(f"{column(1 + j)}{line}", f"={without_errors(name)}", "points")
    sheet.book.name("method_condor", sheet.name, f"B{line}:{column(len(facts))}{line}")
    sheet.put(f"A{line + 1}", "target, low, high", role="label")
    for j, name in enumerate(("target_coverage", "coverage_low", "coverage_high")):
        sheet.formula(f"{column(1 + j)}{line + 1}", f"={without_errors(f'rule_{name}')}", "ratio")
    sheet.book.name("method_band", sheet.name, f"B{line + 1}:D{line + 1}")
    line += 3
    sheet.put(f"A{line - 1}", "ALVH_PRESETS", role="label")
    width = len(PresetSize._fields)
    sheet.array(
        f"A{line}:{column(width - 1)}{line + len(PRESETS) - 1}",
        "=ALVH_PRESETS(preset_table,vix_table,vix_smile,vixq_table,method_condor,method_band,rule_front_min_days,"
        f"{without_errors('rule_beta_params')},fut_expiry,fut_yours,FALSE)",
        ("text", "text", "integer", "integer", "ratio", "ratio", "dollars", "percent", "points", "text"),
        name="method_presets",
    )
    sheet.book.name("method_presets_first", sheet.name, f"A{line}")
    line += len(PRESETS) + 1
    sheet.put(f"F{line - 1}", "units and contracts by layer: steward, promoter", role="label")
    sheet.put(f"F{line}", "tilt's units", role="label")
    sheet.formula(
        f"G{line}",
        "=ALVH_HEDGE_UNITS(condor_vega_weighted,ladder_unit_vol_exposure,tilt_target,rule_coverage_low,"
        "rule_coverage_high)",
        "integer",
        name="method_tilt_units",
    )
    for j, policy in enumerate(POLICIES):
        letter, other = column(6 + 2 * j), column(7 + 2 * j)
        for i in range(len(LAYERS)):
            share = f"INDEX(signal_weights_{policy},{i + 1},2)/INDEX(signal_weights_{policy},{i + 1},3)"
            text = f"ROUND(hedge_units_band*{share}*INDEX(method_contracts,{i + 1}),0)"
            sheet.formula(f"{letter}{line + 1 + i}", f'=IFERROR({text},"")', "integer")
            each = f"{letter}{line + 1 + i}/INDEX(method_contracts,{i + 1})"
            sheet.formula(f"{other}{line + 1 + i}", f"=IFERROR({each},0)", "ratio")
        sheet.book.name(f"method_{policy}", sheet.name, f"{letter}{line + 1}:{letter}{line + 3}")
        sheet.book.name(f"method_share_{policy}", sheet.name, f"{other}{line + 1}:{other}{line + 3}")
    sheet.put(f"A{line - 1}", "ALVH_TILT", role="label")
    width = len(Tilted._fields)
    bottom = line + len(INPUTS)
    sheet.array(
        f"A{line}:{column(width - 1)}{bottom}",
        "=ALVH_TILT(tilt_percentiles,rule_tilt,rule_target_coverage,rule_coverage_low,rule_coverage_high,FALSE)",
        ("text", "ratio", "ratio", "decimal4"),
        name="tilt_raw",
    )
    sheet.book.name("tilt_target", sheet.name, f"{column(width - 1)}{bottom}")
    assert bottom < _WORK + 31
