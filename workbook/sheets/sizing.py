"""Sizing: how much ladder the condor needs, and what each number of units covers and costs."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet
from workbook.charts import dress
from workbook.sheets import sizing_methods
from xlalvh.market.tables import MarketTables
from xlalvh.strategy.presets import PER_TEN_CONDORS, PREMIUM

_TABLE = 33
_MOST_UNITS = 15


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `hedge_…`."""
    sheet = book.sheet("Sizing", "#E69F00")
    sheet.widths(A=46, B=11, C_I=11, J=48)
    sheet.heading(
        "Sizing", "Coverage is the ladder's dollars per VIX point over the condor's. 1 would offset the condor's vega."
    )
    _coverage(sheet)
    _table(book, sheet)
    sizing_methods.write(sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"J{sizing_methods.END}", tall=0)
    sheet.worksheet.set_h_pagebreaks([sizing_methods.TOP - 2, sizing_methods.LAYER - 2])


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
            "units nearest the target in the band",
            f"={by_band}",
            "integer",
            "hedge_units_band",
        ),
        (
            "units that the preset asks for",
            f'=IF(preset_sized_by="{PER_TEN_CONDORS}",MAX(1,ROUND(condor_lots/10,0)),'
            f'IF(preset_sized_by="{PREMIUM}",1,hedge_units_band))',
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
        "ALVH_EXPLAIN(hedge_units_band)))"
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
