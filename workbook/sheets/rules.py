"""Rules: every threshold, editable, with its source; and the presets of the 4/4/2."""

from __future__ import annotations

from workbook.book import Book, column
from xlalvh.market.tables import MarketTables
from xlalvh.strategy.presets import PRESETS
from xlalvh.strategy.rules import RULES

_FIRST = 7


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `rule_…` and `preset_…`."""
    sheet = book.sheet("Rules", "#CC79A7")
    sheet.heading("Rules", "Every threshold of the method. Yellow cells are yours to change; the whole book follows.")
    sheet.widths(A=27, B=16, C=12, D=58, E=58, F_R=7)
    sheet.put("A5", "Thresholds", role="section")
    sheet.row("A6", ["rule", "value", "unit", "what it does", "where it comes from"], role="header")
    for i, rule in enumerate(RULES):
        line = _FIRST + i
        sheet.put(f"A{line}", rule.name, role="cell")
        sheet.input(f"B{line}", rule.value, f"rule_{rule.name}")
        sheet.row(f"C{line}", [rule.unit, rule.meaning, rule.source], role="cell")
    names = [rule.name for rule in RULES]
    for group, first, end in (
        ("rule_beta_params", "beta_c", "beta_kappa"),
        ("rule_regime_cuts", "cut_deep_backwardation", "cut_steep_contango"),
    ):
        book.name(group, sheet.name, f"B{_FIRST + names.index(first)}:B{_FIRST + names.index(end)}")
    top = _FIRST + len(RULES) + 1
    sheet.put(f"A{top}", "Presets of the 4/4/2", role="section")
    sheet.put(f"A{top + 1}", "preset in use", role="label")
    sheet.input(f"B{top + 1}", PRESETS[0].name, "rule_preset", choices=[p.name for p in PRESETS])
    header = ["preset", "tenors by", "sized by", "meaning", "", "front days", "mid days", "back days"]
    header += [f"{layer} delta {i}" for layer in ("front", "mid", "back") for i in (1, 2, 3, 4)]
    header += ["front weight", "mid weight", "back weight"]
    head = top + 2
    sheet.row(f"A{head}", header, role="header")
    sheet.worksheet.set_row(head - 1, 40)
    for i, preset in enumerate(PRESETS):
        line = head + 1 + i
        deltas = [d for layer in preset.deltas for d in (*layer, *[None] * (4 - len(layer)))]
        sheet.row(f"A{line}", [preset.name, preset.tenor_rule, preset.sizing, preset.note, ""], role="cell")
        for j, value in enumerate([*preset.tenor_days, *deltas, *preset.weights]):
            sheet.put(f"{column(5 + j)}{line}", value, role="input")
    last = head + len(PRESETS)
    for name, first, end in (
        ("preset_names", "A", "A"),
        ("preset_tenor", "B", "B"),
        ("preset_sizing", "C", "C"),
        ("preset_days", "F", "H"),
        ("preset_deltas", "I", "T"),
        ("preset_weights", "U", "W"),
    ):
        book.name(name, sheet.name, f"{first}{head + 1}:{end}{last}")
    sheet.widths(S_W=7)
    sheet.worksheet.freeze_panes(6, 1)
    sheet.page(f"W{last}")
