"""Sizing: how much ladder the condor needs, what each number of units covers and costs, and the net book."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet, column, without_errors
from workbook.charts import dress
from xlalvh.market.tables import MarketTables
from xlalvh.strategy.book import Line
from xlalvh.strategy.presets import PER_TEN_CONDORS, PREMIUM

_TABLE = 32
_MOST_UNITS = 15
_BOOK = 54
_CONDOR_LEGS, _RUNGS = 4, 10
_LEGS = _CONDOR_LEGS + _RUNGS


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `hedge_…` and `net_…`."""
    sheet = book.sheet("Sizing", "#E69F00")
    sheet.widths(A=44, B=15, C_K=13)
    sheet.heading(
        "Sizing", "Coverage is the ladder's dollars per VIX point over the condor's. 1 would offset the condor's vega."
    )
    _coverage(sheet)
    _table(book, sheet)
    _net(sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"K{_BOOK + 2 * _LEGS + 6}", landscape=False)


def _coverage(sheet: Sheet) -> None:
    sheet.put("A5", "Hedge", role="section")
    by_band = (
        "ALVH_HEDGE_UNITS(condor_vega_weighted,ladder_unit_vol_exposure,rule_target_coverage,rule_coverage_low,"
        "rule_coverage_high)"
    )
    yours = "hedge_units_yours"
    rows = (
        ("condor, tenor-weighted vega (dollars per VIX point)", "=condor_vega_weighted", "points", ""),
        ("one unit's vol exposure (dollars per VIX point)", "=ladder_unit_vol_exposure", "points", ""),
        (
            "coverage of one unit",
            "=ALVH_COVERAGE(ladder_unit_vol_exposure,condor_vega_weighted)",
            "ratio",
            "hedge_unit_coverage",
        ),
        (
            "coverage of one unit, were beta 1",
            "=ALVH_COVERAGE(ladder_unit_beta_one,condor_vega_weighted)",
            "ratio",
            "hedge_unit_coverage_beta_one",
        ),
        ("target coverage", "=rule_target_coverage", "ratio", ""),
        ("band, low", "=rule_coverage_low", "ratio", ""),
        ("band, high", "=rule_coverage_high", "ratio", ""),
        (
            "units that the preset asks for",
            f'=IF(preset_sized_by="{PER_TEN_CONDORS}",MAX(1,ROUND(condor_lots/10,0)),'
            f'IF(preset_sized_by="{PREMIUM}",1,{by_band}))',
            "integer",
            "hedge_units_rule",
        ),
        ("your units (blank: the preset's)", None, "integer", "hedge_units_yours"),
        (
            "units used",
            f"=IF(ISNUMBER({yours}),IF(({yours}>=1)*({yours}=INT({yours})),{yours},NA()),hedge_units_rule)",
            "integer",
            "hedge_units",
        ),
        ("coverage", "=ALVH_COVERAGE(ladder_vol_exposure,condor_vega_weighted)", "ratio", "hedge_coverage"),
        (
            "coverage, were every future to move as far as spot VIX",
            "=ALVH_COVERAGE(ladder_beta_one,condor_vega_weighted)",
            "ratio",
            "hedge_coverage_beta_one",
        ),
        ("cost of the units (dollars)", "=ladder_cost", "dollars", ""),
        (
            "premium over the condor's credit",
            "=ladder_cost/condor_credit_dollars",
            "percent",
            "hedge_premium_to_credit",
        ),
        ("condor's theta (dollars a calendar day)", "=condor_theta", "points", ""),
        ("ladder's theta (dollars a calendar day)", "=ladder_theta", "points", ""),
        ("net theta (dollars a calendar day)", "=condor_theta+ladder_theta", "points", "hedge_net_theta"),
    )
    for i, (label, text, fmt, name) in enumerate(rows):
        line = 6 + i
        sheet.put(f"A{line}", label, role="label")
        if text is None:
            sheet.input(f"B{line}", None, name, fmt, "count")
        else:
            sheet.formula(f"B{line}", text, fmt, name=name)
    line = 6 + len(rows)
    sheet.put(f"A{line}", "why there are no units", role="label")
    reason = (
        '=IF(ISNUMBER(hedge_units),"",IF(ISNUMBER(hedge_units_yours),"Your units must be a whole number from 1",'
        "ALVH_EXPLAIN(hedge_units_rule)))"
    )
    sheet.formula(f"B{line}", reason, "text", "alert", name="hedge_reason")
    sheet.put(
        f"A{line + 2}",
        "Sizing as if beta were 1 is the mistake to avoid: the second coverage is what it would show.",
        role="subtitle",
    )


def _table(book: Book, sheet: Sheet) -> None:
    top = _TABLE
    sheet.put(f"A{top - 3}", "What each number of units covers and costs", role="section")
    header = [
        "units",
        "coverage",
        "coverage were beta 1",
        "cost (dollars)",
        "premium over credit",
        "net theta (dollars a day)",
        "in the band",
    ]
    sheet.row(f"A{top - 1}", header, role="header")
    sheet.worksheet.set_row(top - 2, 30)
    for i in range(_MOST_UNITS):
        line = top + i
        sheet.put(f"A{line}", i + 1, "integer", "cell")
        sheet.formula(f"B{line}", f"=A{line}*hedge_unit_coverage", "ratio", "cell")
        sheet.formula(f"C{line}", f"=A{line}*hedge_unit_coverage_beta_one", "ratio", "cell")
        sheet.formula(f"D{line}", f"=A{line}*ladder_unit_cost", "dollars", "cell")
        sheet.formula(f"E{line}", f"=D{line}/condor_credit_dollars", "percent", "cell")
        sheet.formula(f"F{line}", f"=condor_theta+A{line}*ladder_unit_theta", "points", "cell")
        sheet.formula(
            f"G{line}", f'=IF((B{line}>=rule_coverage_low)*(B{line}<=rule_coverage_high),"yes","no")', "text", "cell"
        )
    chart = book.file.add_chart({"type": "line"})
    last = top + _MOST_UNITS - 1
    for letter, name, colour in (
        (1, "coverage", styles.BLUE),
        (2, "were beta 1", styles.ORANGE),
        (4, "premium over credit", styles.VERMILION),
    ):
        chart.add_series(
            {
                "name": name,
                "categories": ["Sizing", top - 1, 0, last - 1, 0],
                "values": ["Sizing", top - 1, letter, last - 1, letter],
                "line": {"color": colour, "width": 2.25},
            }
        )
    dress(chart, "Coverage and its price by units", "units", "ratio")
    sheet.worksheet.insert_chart("D5", chart, {"x_scale": 1.25, "y_scale": 1.2})


def _net(sheet: Sheet) -> None:
    top = _BOOK
    sheet.put(f"A{top - 2}", "The whole book (units used)", role="section")
    header = ["leg", "underlying", "contracts", "right", "strike", "years", "forward", "vol", "rate"]
    sheet.row(f"A{top - 1}", header, role="header")
    for i in range(_LEGS):
        line = top + i
        if i < _CONDOR_LEGS:
            n = i + 1
            cells = [
                f"INDEX(condor_quantities,{n})",
                f"INDEX(condor_rights,{n})",
                f"INDEX(condor_strikes,{n})",
                "condor_years",
                "condor_forward",
                f"INDEX(condor_vols,{n})",
                "condor_rate",
            ]
            sheet.put(f"A{line}", f"condor {n}", role="cell")
            sheet.put(f"B{line}", "SPX", role="cell")
        else:
            n = i - _CONDOR_LEGS + 1
            cells = [
                f"INDEX(ladder_rung_contracts,{n})*hedge_units",
                '"C"',
                f"INDEX(ladder_rung_strike,{n})",
                f"INDEX(ladder_rung_years,{n})",
                f"INDEX(ladder_rung_future,{n})",
                f"INDEX(ladder_rung_vol,{n})",
                "ladder_rate",
            ]
            sheet.put(f"A{line}", f"rung {n}", role="cell")
            sheet.put(f"B{line}", "VIX", role="cell")
        formats = ("signed", "text", "strike", "years", "points", "percent2", "decimal4")
        for letter, text, fmt in zip("CDEFGHI", cells, formats, strict=True):
            # A rung that is not there (a preset with fewer, or no VIX quotes) is no contracts at any price.
            blank = {"C": "0", "D": '"C"', "E": "2", "F": "0", "G": "1", "H": "0", "I": "0"}[letter]
            guard = f"IF(ISNUMBER(INDEX(ladder_rung_strike,{n})),{text},{blank})" if i >= _CONDOR_LEGS else text
            sheet.formula(f"{letter}{line}", f"={guard}", fmt, "cell")
    last = top + _LEGS - 1
    work = last + 3
    sheet.put(f"A{work - 1}", "ALVH_BOOK", role="label")
    height = 1 + _LEGS + 3
    width = len(Line._fields)
    args = ",".join(without_errors(f"{letter}{top}:{letter}{last}") for letter in "BCDEFGHI")
    sheet.array(f"B{work}:{column(width)}{work + height - 1}", f"=ALVH_BOOK({args})", "points", "cell", header=True)
    totals = {"spx": work + 1 + _LEGS, "vix": work + 2 + _LEGS, "all": work + 3 + _LEGS}
    for key, line in totals.items():
        for j, field in enumerate(Line._fields[3:]):
            if key == "all" and field in ("delta_dollars", "gamma_dollars", "vega_dollars"):
                continue
            sheet.book.name(f"net_{key}_{field.removesuffix('_dollars')}", sheet.name, f"{column(4 + j)}{line}")
