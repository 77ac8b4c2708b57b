"""The simulation on Adjust: what hold, leg out and layer earn once a wing is tested, with errors and a chart."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet, column
from workbook.charts import dress
from xlalvh.formulas.edge import alvh_edge

NO_CONDOR = "no condor"

_MEASURES = (
    ("expected profit since entry (dollars)", "expected_dollars", "dollars"),
    ("its standard error (dollars)", "standard_error_dollars", "dollars"),
    ("mean of the worst 5 % (dollars)", "shortfall_5pct_dollars", "dollars"),
    ("edge kept: R, over the edge at entry", "edge_kept", "percent"),
    ("its standard error", "edge_kept_error", "percent"),
    ("more than legging out (dollars)", "over_leg_out_dollars", "dollars"),
    ("its standard error (dollars)", "over_leg_out_error", "dollars"),
    ("R less that of legging out (seed: 35-55 %)", "edge_over_leg_out", "percent"),
    ("its standard error", "edge_over_leg_out_error", "percent"),
    ("share of the tested vertical's credit (seed: 40-60 %)", "share_of_credit", "percent"),
    ("its standard error", "share_of_credit_error", "percent"),
)


def place(book: Book, sheet: Sheet, head: int, raw: int) -> None:
    """Write the block with its header on line `head` and its calculation area around line `raw`; define `edge_…`.

    The names edge_legs, edge_smile, edge_hedge, edge_future and edge_years, and the inputs adjust_…, are the sheet's.
    """
    top = head + 1
    sheet.put(f"A{raw - 2}", "when sold: credit (points), forward (points), years, VIX (points)", role="label")
    for letter, name, divided in (("B", "credit", ""), ("C", "forward", ""), ("D", "days", "/365"), ("E", "vix", "")):
        given = f"adjust_{name}"
        sheet.formula(f"{letter}{raw - 2}", f'=IF(ISNUMBER({given}),{given}{divided},"")', "decimal4")
    book.name("edge_entry", sheet.name, f"B{raw - 2}:E{raw - 2}")
    sheet.put(f"A{raw - 1}", "wing, paths", role="label")
    sheet.formula(f"B{raw - 1}", "=adjust_wing", "text", name="edge_wing")
    sheet.formula(f"C{raw - 1}", '=IF(adjust_simulate="yes",adjust_paths,"off")', "integer", name="edge_paths")
    columns = alvh_edge.columns
    sheet.put(f"A{raw}", "ALVH_EDGE", role="label")
    sheet.array(
        f"B{raw}:{column(len(columns))}{raw + 2}",
        "=IFERROR(ALVH_EDGE(edge_legs,condor_forward,condor_years,edge_smile,vix_level,edge_hedge,edge_future,"
        "edge_years,condor_rate,condor_lots,edge_wing,adjust_law,edge_paths,adjust_seed,edge_entry,rule_wing,"
        'rule_shock,rule_costs,rule_simulation,FALSE),"")',
        ["text", *["decimal4"] * (len(columns) - 1)],
        name="edge_table",
    )
    place = {name: i + 1 for i, name in enumerate(columns)}
    sheet.put(f"A{head - 1}", "Once the wing is tested: hold, leg out, layer", role="section")
    sheet.row(f"A{head}", ["by simulation, present values", "hold", "leg out", "layer"], role="header")
    for i, (label, name, fmt) in enumerate(_MEASURES):
        sheet.put(f"A{top + i}", label, role="label")
        for j in range(3):
            found = f"INDEX(edge_table,{j + 1},{place[name]})"
            shown = f'IF(ISNUMBER({found}),{found},"–")'
            if name.startswith("edge_"):  # a share of an edge below 0 would read as kept
                shown = f'IF(SUM(INDEX(edge_table,1,{place["edge_at_entry_dollars"]}))<0,"no edge",{shown})'
            sheet.formula(f"{column(1 + j)}{top + i}", f"={shown}", fmt, "figure")
    line = {name: top + i for i, (_, name, _) in enumerate(_MEASURES)}
    for action, letter in (("hold", "B"), ("out", "C"), ("layer", "D")):
        book.name(f"edge_{action}", sheet.name, f"{letter}{line['expected_dollars']}")
    below = top + len(_MEASURES)
    for i, (label, name, fmt, own) in enumerate(
        (
            ("edge at entry, condor held (dollars)", "edge_at_entry_dollars", "dollars", "edge_at_entry"),
            ("its standard error (dollars)", "edge_at_entry_error", "dollars", "edge_at_entry_error"),
            ("share of paths on which the wing is tested", "tested_share", "percent", "edge_tested"),
        )
    ):
        sheet.put(f"A{below + i}", label, role="label")
        found = f"INDEX(edge_table,1,{place[name]})"
        sheet.formula(f"B{below + i}", f'=IF(ISNUMBER({found}),{found},"–")', fmt, "figure", name=own)
    more, error = line["over_leg_out_dollars"], line["over_leg_out_error"]
    off = 'IF(adjust_simulate="yes","Not simulated: "&edge_reason,"Not simulated: the switch above says no")'
    words = (
        '=IF(ISNUMBER(edge_hold),IF((adjust_status_put="tested")+(adjust_status_call="tested")>0,"","If tested: ")&'
        f'IF((D{more}>2*D{error})*(edge_layer>=edge_hold)=1,"Layer",IF(B{more}>2*B{error},"Hold",'
        f'IF((B{more}<-2*B{error})*(D{more}<-2*D{error})=1,"Leg out","Undecided")))'
        '&": by the larger expected profit, where it is more than two standard errors from legging out",' + off + ")"
    )
    sheet.put(f"A{below + 4}", "Advice", role="label")
    sheet.formula(f"B{below + 4}", words, "text", "alert", name="edge_advice")
    edge_words = (
        '=IF(ISNUMBER(edge_hold),IF(ABS(edge_at_entry)<2*edge_at_entry_error,"The edge at entry is within two standard '
        'errors of nothing: no share of it can be told",IF(edge_at_entry<0,"The edge at entry is negative: there was '
        'none to keep","R is the expected profit over the edge at entry: '
        'above 100 % the state is better than the entry was")),"")'
    )
    sheet.put(f"A{below + 5}", "Edge at entry", role="label")
    sheet.formula(f"B{below + 5}", edge_words, "text")
    sheet.put(f"A{below + 6}", "Error bars", role="label")
    bars = (
        '=IF(ISNUMBER(edge_hold),"two standard errors: hold ± "&ROUND(2*{0}B{1},0)&", leg out ± "&ROUND(2*{0}C{1},0)'
        '&", layer ± "&ROUND(2*{0}D{1},0)&" dollars at "&adjust_paths&" paths; four times as many halve them","")'
    ).format("", line["standard_error_dollars"])
    sheet.formula(f"B{below + 6}", bars, "text")
    sheet.put(
        f"A{below + 7}",
        "Leg out trades all four legs away. Layer buys the VIX calls above at their asks and sells them when the "
        "condor ends. Laws, costs and their sources: Rules, cost_ and sim_.",
        role="subtitle",
    )
    start = raw + 4
    book.name("edge_first", sheet.name, f"B{raw}")
    sheet.put(f"A{start}", "why there is no simulation", role="label")
    reason = (
        'IF(ISNUMBER(edge_hold),"",IF(ISNUMBER(condor_credit),IF(ISNUMBER(vix_level),ALVH_EXPLAIN(edge_first),'
        f'"no VIX"),"{NO_CONDOR}"))'
    )
    sheet.formula(f"B{start}", f"={reason}", "text", name="edge_reason")
    sheet.put(f"A{start + 1}", "bars of the chart: two standard errors (dollars)", role="label")
    for j in range(3):
        letter = column(1 + j)
        sheet.formula(f"{letter}{start + 1}", f"=2*SUM({letter}{line['standard_error_dollars']})", "dollars")
    chart = book.file.add_chart({"type": "column"})
    errors = f"=Adjust!$B${start + 1}:$D${start + 1}"
    chart.add_series(
        {
            "name": "expected profit since entry",
            "categories": f"=Adjust!$B${head}:$D${head}",
            "values": f"=Adjust!$B${line['expected_dollars']}:$D${line['expected_dollars']}",
            "fill": {"color": styles.SKY},
            "gap": 120,
            "y_error_bars": {
                "type": "custom",
                "plus_values": errors,
                "minus_values": errors,
                "line": {"color": styles.INK, "width": 1.5},
            },
        }
    )
    dress(chart, "Expected profit since entry, once tested; whiskers: two standard errors", "action", "dollars")
    sheet.worksheet.insert_chart(f"F{head - 1}", chart, {"x_scale": 1.35, "y_scale": 1.15})
