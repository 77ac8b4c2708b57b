"""Condor: the expiry, the four legs on the smile and at the quotes, what they are worth and risk, and the payoff."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet, column, without_errors
from workbook.charts import dress
from workbook.sheets.market import FAR, quote
from xlalvh.market.quality import WIDE_POINTS, WIDE_RATIO
from xlalvh.market.tables import LISTED_DAYS, MarketTables
from xlalvh.numerics.black76 import Greeks
from xlalvh.numerics.smile import ROW
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.condor import Condor, Untested

_STRIKES, _VOLS, _PRICES, _SMILE = (
    without_errors(name) for name in ("condor_strikes", "condor_vols", "condor_prices", "condor_smile")
)
LEGS = ("long put", "short put", "short call", "long call")
_FIRST = 24  # first leg
_GREEKS = 31
_RESULT = 38
_CURVE = 62
_POINTS = 41
_WORK = 106  # calculation area


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `condor_…`."""
    sheet = book.sheet("Condor", "#0072B2")
    sheet.widths(A=40, B=15, C=12, D_O=12)
    sheet.heading(
        "Condor", "Four SPX legs at one expiry. Points are a unit; dollars are for all contracts (multiplier 100)."
    )
    _expiry(sheet)
    _legs(sheet)
    _results(sheet)
    _payoff(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page("L59")


def _expiry(sheet: Sheet) -> None:
    sheet.put("A5", "Expiry", role="section")
    usable = '(spx_root<>"SPX")*ISNUMBER(spx_atm_vol)'
    gap = "ABS(spx_days-rule_condor_days)"
    chosen = f"IF({usable},IF(spx_expiry=condor_expiry_yours,0,1),2)"
    nearest = f"IF({usable},{gap},{FAR})"
    sheet.put("A6", "your expiry (blank: nearest to the rule)", role="label")
    sheet.input("B6", None, "condor_expiry_yours", "date", "date")
    sheet.put("A7", "row on the Market sheet", role="label")
    sheet.array(
        "B7",
        f"=IF(ISNUMBER(condor_expiry_yours),IF(MIN({chosen})=0,MATCH(0,{chosen},0),NA()),"
        f"IF(MIN({nearest})<=rule_condor_days_tolerance,MATCH(MIN({nearest}),{nearest},0),NA()))",
        "integer",
        name="condor_row",
    )
    rows = (
        ("expiry (p.m. settlement)", "=INDEX(spx_expiry,condor_row)", "date", "condor_expiry"),
        ("days", "=INDEX(spx_days,condor_row)", "days", "condor_days"),
        ("years", "=INDEX(spx_years,condor_row)", "years", "condor_years"),
        (
            "forward at your level (points)",
            "=INDEX(spx_forward,condor_row)*spx_level/spx_spot",
            "points",
            "condor_forward",
        ),
        ("rate (decimal a year)", "=INDEX(spx_rate,condor_row)", "decimal4", "condor_rate"),
        ("ATM volatility", "=INDEX(spx_atm_vol,condor_row)", "percent2", "condor_atm_vol"),
        (
            "one-sigma move to expiry (points)",
            "=ALVH_EXPECTED_MOVE(condor_forward,condor_years,condor_atm_vol)",
            "points",
            "",
        ),
        ("condors sold", "=rule_lots", "integer", "condor_lots"),
    )
    sheet.lines("A8", rows)
    built = (
        'IF(ISNUMBER(condor_credit),"",IF(COUNTIF(spxq_expiry,condor_expiry)=0,"The book lists no strikes of this '
        f'expiry: it has those of {LISTED_DAYS[0]:g} to {LISTED_DAYS[1]:g} days",IF(ISNUMBER(condor_first_strike),'
        "ALVH_EXPLAIN(condor_first_result),ALVH_EXPLAIN(condor_first_strike))))"
    )
    sheet.array(
        "A16",
        f'=IF(ISNUMBER(condor_row),{built},IF(ISNUMBER(condor_expiry_yours),"Your expiry is not among the p.m. '
        f'expiries with a smile on Market",IF(MIN({nearest})={FAR},"No p.m. expiry has a smile",'
        '"No p.m. expiry within "&'
        f'rule_condor_days_tolerance&" days of "&rule_condor_days&": the nearest is "&ROUND(MIN({nearest}),0)'
        f'&" days off")))',
        role="alert",
        name="condor_reason",
    )
    sheet.put("D5", "Strikes from the rules", role="section")
    sheet.put("D6", "long put, short put, short call, long call (points)", role="label")
    sheet.array(
        "D7:G7",
        f"=ALVH_CONDOR_STRIKES(condor_forward,condor_years,{_SMILE},rule_put_delta,rule_call_delta,rule_wing_width,"
        'condor_rate,IF(spxq_expiry=condor_expiry,spxq_strike,""))',
        "strike",
        name="condor_auto_strikes",
    )
    sheet.book.name("condor_first_strike", sheet.name, "D7")
    sheet.put("D8", "snapped to the strikes listed at this expiry", role="label")
    sheet.put(f"A{_WORK - 2}", "Calculation area", role="section")
    sheet.put(f"A{_WORK - 1}", "smile of the expiry", role="label")
    sheet.row(f"B{_WORK - 1}", list(ROW), role="header")
    for i in range(len(ROW)):
        sheet.formula(f"{column(1 + i)}{_WORK}", f"=INDEX(spx_smile,condor_row,{i + 1})", "decimal6")
    sheet.book.name("condor_smile", sheet.name, f"B{_WORK}:{column(len(ROW))}{_WORK}")


def _legs(sheet: Sheet) -> None:
    first, last = _FIRST, _FIRST + 3
    sheet.put(f"A{first - 3}", "Legs", role="section")
    header = [
        "leg",
        "right",
        "contracts (+ long)",
        "strike from rules",
        "your strike",
        "strike used (points)",
        "bid (points)",
        "ask (points)",
        "mid (points)",
        "price used (points)",
        "price from",
        "IV of price used",
    ]
    sheet.row(f"A{first - 1}", header, role="header")
    sheet.worksheet.set_row(first - 2, 30)
    for i, leg in enumerate(LEGS):
        line = first + i
        right = "put" if "put" in leg else "call"
        sign = "" if "long" in leg else "-"
        sheet.put(f"A{line}", leg, role="cell")
        sheet.put(f"B{line}", right[0].upper(), role="cell")
        sheet.formula(f"C{line}", f"={sign}condor_lots", "signed", "cell")
        sheet.formula(f"D{line}", f"=INDEX(condor_auto_strikes,1,{i + 1})", "strike", "cell")
        sheet.input(f"E{line}", None, f"condor_strike_yours_{i + 1}", "strike", "positive")
        sheet.formula(f"F{line}", f"=IF(ISNUMBER(E{line}),E{line},D{line})", "strike", "cell")
        for letter, side in (("G", "bid"), ("H", "ask")):
            text = quote(f"{right}_{side}", "spxq", "condor_expiry", f"F{line}")
            sheet.formula(f"{letter}{line}", text, "points", "cell")
        sheet.formula(
            f"I{line}",
            f'=IF(ISNUMBER(G{line})*ISNUMBER(H{line}),IF(G{line}<=H{line},(G{line}+H{line})/2,"crossed"),"none")',
            "points",
            "cell",
        )
        # The quotes belong to the quoted level: at the trader's own, the model prices the leg.
        wide = f'IF((H{line}>{WIDE_RATIO:g}*G{line})*(H{line}-G{line}>{WIDE_POINTS:g}),"wide quote","mid quote")'
        source = f'IF(ISNUMBER(I{line}),IF(SUM(spx_level_yours)>0,"model",{wide}),"model")'
        sheet.formula(f"K{line}", f"={source}", "text", "cell")
        sheet.formula(f"J{line}", f'=IF(K{line}="model",B{_GREEKS + i},I{line})', "points", "cell")
        sheet.formula(
            f"L{line}",
            f"=ALVH_IV(B{line},J{line},condor_forward,F{line},condor_years,condor_rate)",
            "percent2",
            "cell",
        )
    for name, letter in (
        *(("rights", "B"), ("quantities", "C"), ("strikes", "F"), ("bids", "G"), ("asks", "H")),
        *(("prices", "J"), ("price_from", "K")),
    ):
        sheet.book.name(f"condor_{name}", sheet.name, f"{letter}{first}:{letter}{last}")
    top = _GREEKS
    sheet.put(f"A{top - 2}", "A unit, on the smile", role="label")
    header = ["leg", "model price (points)", "delta", "gamma", "vega (a vol point)", "theta (a day)", "rho (per 0.01)"]
    sheet.row(f"A{top - 1}", [*header, "vanna", "volga", "charm (a day)", "smile vol"], role="header")
    sheet.worksheet.set_row(top - 2, 30)
    for i, leg in enumerate(LEGS):
        sheet.put(f"A{top + i}", leg, role="cell")
    end = column(len(Greeks._fields))
    sheet.array(
        f"B{top}:{end}{top + 3}",
        f"=ALVH_GREEKS(condor_rights,condor_forward,{_STRIKES},condor_years,{_VOLS},condor_rate,FALSE)",
        ["points", *["decimal4"] * (len(Greeks._fields) - 1)],
        "cell",
    )
    sheet.book.name("condor_deltas", sheet.name, f"C{top}:C{top + 3}")
    sheet.array(
        f"K{top}:K{top + 3}",
        f"=ALVH_SMILE_VOL({_SMILE},{_STRIKES},condor_forward,condor_years)",
        "percent2",
        "cell",
        name="condor_vols",
    )


def _results(sheet: Sheet) -> None:
    width = len(Condor._fields)
    work = _WORK + 3
    sheet.put(f"A{work - 1}", "ALVH_CONDOR at the prices used", role="label")
    sheet.array(
        f"B{work}:{column(width)}{work + 1}",
        f"=ALVH_CONDOR({_STRIKES},condor_forward,condor_years,{_SMILE},condor_rate,condor_lots,{_PRICES})",
        "decimal4",
    )
    sheet.book.name("condor_first_result", sheet.name, f"B{work}")
    sheet.put(f"A{work + 3}", "ALVH_SECOND_ENGINE", role="label")
    sheet.array(
        f"B{work + 4}:{column(len(Untested._fields))}{work + 5}",
        f'=ALVH_SECOND_ENGINE({_STRIKES},condor_forward,condor_years,{_SMILE},"",condor_rate,condor_lots)',
        "decimal4",
    )
    cell = {name: f"{column(1 + i)}{work + 1}" for i, name in enumerate(Condor._fields)}
    engine = {name: f"{column(1 + i)}{work + 5}" for i, name in enumerate(Untested._fields)}
    first = _FIRST
    bids, asks = f"G{first}:G{first + 3}", f"H{first}:H{first + 3}"
    natural = f'=IF(COUNT({bids},{asks})=8,G{first + 1}+G{first + 2}-H{first}-H{first + 3},"a leg has no quote")'
    sheet.put(f"A{_RESULT - 2}", "Result", role="section")
    rows: list[tuple[str, str, str, str]] = [
        ("credit at prices used (points a condor)", f"={cell['credit_points']}", "points", "condor_credit"),
        ("credit if you cross every spread (points)", natural, "points", "condor_credit_natural"),
        ("credit (dollars)", f"={cell['credit_dollars']}", "dollars", "condor_credit_dollars"),
        ("maximum profit (dollars)", f"={cell['max_profit_dollars']}", "dollars", "condor_max_profit"),
        ("maximum loss (dollars)", f"={cell['max_loss_dollars']}", "dollars", "condor_max_loss"),
        ("break-even below (points)", f"={cell['break_even_low']}", "points", "condor_break_even_low"),
        ("break-even above (points)", f"={cell['break_even_high']}", "points", "condor_break_even_high"),
        ("probability of profit (risk-neutral)", f"={cell['probability_of_profit']}", "percent", "condor_probability"),
        ("credit less model value (dollars)", f"={cell['expected_value_dollars']}", "dollars", "condor_expected_value"),
        ("margin, Reg-T (dollars)", f"={cell['margin_dollars']}", "dollars", "condor_margin"),
        ("credit over maximum loss", f"={cell['return_on_risk']}", "percent", "condor_return_on_risk"),
        ("delta (dollars per SPX point)", f"={cell['delta_dollars']}", "points", "condor_delta"),
        ("gamma (dollars per SPX point squared)", f"={cell['gamma_dollars']}", "points", "condor_gamma"),
        ("vega (dollars per vol point)", f"={cell['vega_dollars']}", "dollars", "condor_vega"),
        ("theta (dollars a calendar day)", f"={cell['theta_dollars']}", "dollars", "condor_theta"),
        ("rho (dollars per 0.01 of rate)", f"={cell['rho_dollars']}", "dollars", "condor_rho"),
        (
            "tenor-weighted vega (dollars per VIX point)",
            "=ALVH_TENOR_VEGA(condor_vega,condor_days,rule_vega_tenor_exponent)",
            "dollars",
            "condor_vega_weighted",
        ),
        ("Second Engine: untested side", f"={engine['untested_side']}", "text", "condor_untested_side"),
        (
            "Second Engine: extrinsic value left (dollars)",
            f"={engine['extrinsic_dollars']}",
            "dollars",
            "condor_untested_extrinsic",
        ),
        ("Second Engine: theta (dollars a day)", f"={engine['theta_dollars']}", "dollars", "condor_untested_theta"),
    ]
    sheet.lines(f"A{_RESULT - 1}", rows)


def _payoff(book: Book, sheet: Sheet) -> None:
    top, last = _CURVE + 1, _CURVE + _POINTS
    sheet.put(f"A{_CURVE - 1}", "Profit by SPX level (each strike keeps its volatility)", role="section")
    header = ["SPX level (points)", "at expiry (dollars)", "today (dollars)", "smile vol at this strike"]
    sheet.row(f"A{_CURVE}", header, role="header")
    sheet.worksheet.set_row(_CURVE - 1, 30)
    spot = f"{{low}}+({{high}}-{{low}})*{{i}}/{_POINTS - 1}"
    low, high = "(INDEX(condor_strikes,1)-4*rule_wing_width)", "(INDEX(condor_strikes,4)+4*rule_wing_width)"
    for i in range(_POINTS):
        line = top + i
        sheet.formula(f"A{line}", "=" + spot.format(low=low, high=high, i=i), "integer")
        payoff = (
            f'(condor_quantities*{MULTIPLIER:g}*(((condor_rights="C")*(A{line}-condor_strikes)*(A{line}>condor_strikes))'
            f'+((condor_rights="P")*(condor_strikes-A{line})*(A{line}<condor_strikes))))'
        )
        sheet.array(f"B{line}", f"=SUM({payoff})+condor_credit_dollars", "dollars")
        sheet.array(
            f"C{line}",
            f"=SUM(condor_quantities*{MULTIPLIER:g}*ALVH_PRICE(condor_rights,A{line}*condor_forward/spx_level,"
            f"{_STRIKES},condor_years,{_VOLS},condor_rate))+condor_credit_dollars",
            "dollars",
        )
    levels = f"A{top}:A{last}"
    sheet.array(
        f"D{top}:D{last}", f'=ALVH_SMILE_VOL({_SMILE},IFERROR({levels},""),condor_forward,condor_years)', "percent2"
    )
    book.name("condor_curve", sheet.name, f"A{top}:D{last}")
    sheet.worksheet.insert_chart(f"D{_RESULT - 2}", payoff_chart(book), {"x_scale": 0.9, "y_scale": 1.4})
    sheet.worksheet.insert_chart(f"I{_RESULT - 2}", _smile_chart(book), {"x_scale": 0.72, "y_scale": 1.4})


def payoff_chart(book: Book) -> object:
    """The condor's profit by SPX level at expiry and today."""
    top, last = _CURVE + 1, _CURVE + _POINTS
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight"})
    for letter, name, colour, dash in ((1, "at expiry", styles.BLUE, "solid"), (2, "today", styles.ORANGE, "dash")):
        chart.add_series(
            {
                "name": name,
                "categories": ["Condor", top - 1, 0, last - 1, 0],
                "values": ["Condor", top - 1, letter, last - 1, letter],
                "line": {"color": colour, "width": 2.25, "dash_type": dash},
            }
        )
    dress(chart, "Condor: profit by SPX level", "SPX level (points)", "dollars")
    return chart


def _smile_chart(book: Book) -> object:
    """The fitted smile, with the four legs at the prices used."""
    top, last = _CURVE + 1, _CURVE + _POINTS
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight"})
    chart.add_series(
        {
            "name": "fitted smile",
            "categories": ["Condor", top - 1, 0, last - 1, 0],
            "values": ["Condor", top - 1, 3, last - 1, 3],
            "line": {"color": styles.BLUE, "width": 2.25},
        }
    )
    chart.add_series(
        {
            "name": "legs at prices used",
            "categories": ["Condor", _FIRST - 1, 5, _FIRST + 2, 5],
            "values": ["Condor", _FIRST - 1, 11, _FIRST + 2, 11],
            "line": {"none": True},
            "marker": {"type": "diamond", "size": 8, "fill": {"color": styles.VERMILION}},
        }
    )
    dress(chart, "Smile of the expiry", "strike (points)", "volatility", "0%")
    return chart
