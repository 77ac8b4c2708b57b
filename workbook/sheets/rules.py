"""Rules: every threshold, editable, with its source; and the presets of the 4/4/2."""

from __future__ import annotations

from workbook.book import Book
from xlalvh.market.tables import MarketTables
from xlalvh.strategy.ladder import LAYERS
from xlalvh.strategy.presets import PRESETS
from xlalvh.strategy.rules import (
    COSTS,
    FUTURE_BETAS,
    LAYER_WEIGHTS,
    MARGIN,
    PATH,
    PLAYBOOK,
    RULES,
    SHOCK,
    SIMULATION,
    TILT,
    WING,
)

_FIRST = 7


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `rule_…` and `preset_…`."""
    sheet = book.sheet("Rules", "#CC79A7")
    sheet.heading("Rules", "Every threshold of the method. Yellow cells are yours to change; the whole book follows.")
    sheet.widths(A=27, B=16, C=10, D=12, E=88, F=58, G=10, H=17, I_L=7, M=11)
    sheet.put("A5", "Thresholds", role="section")
    header = ["rule", "value", "in use", "unit", "what it does", "where it comes from", "from", "to"]
    sheet.row("A6", header, role="header")
    for i, rule in enumerate(RULES):
        line = _FIRST + i
        sheet.put(f"A{line}", rule.name, role="cell")
        sheet.input(f"B{line}", rule.value, f"set_{rule.name}", takes=(rule.low, rule.high))
        # A value that is cleared or absurd is no number: what depends on it says so instead of computing with it.
        good = f"IF(ISNUMBER(B{line}),IF((B{line}>=G{line})*(B{line}<=H{line}),B{line},NA()),NA())"
        sheet.formula(f"C{line}", f"={good}", role="cell", name=f"rule_{rule.name}")
        sheet.row(f"D{line}", [rule.unit, rule.meaning, rule.source, rule.low, rule.high], role="cell")
        said = f'"must be a number from "&G{line}&" to "&H{line}'
        sheet.formula(f"I{line}", f'=IF(ISNUMBER(C{line}),"",{said})', "text", "alert")
    names = [rule.name for rule in RULES]
    last = _FIRST + len(RULES) - 1
    book.name("rule_remarks", sheet.name, f"I{_FIRST}:I{last}")
    wrong = f"{len(RULES)}-COUNT(C{_FIRST}:C{last})"
    said = '" rules are blank or absurd, and what depends on them fails: see the remarks on Rules"'
    sheet.formula("B5", f'=IF({wrong}=0,"",{wrong}&{said})', "text", "alert", name="rule_problem")
    for group, first, end in (
        ("rule_beta_params", "beta_c", "beta_kappa"),
        ("rule_regime_cuts", "cut_deep_backwardation", "cut_steep_contango"),
        ("rule_playbook", *PLAYBOOK),
        ("rule_layer_weights", *LAYER_WEIGHTS),
        ("rule_future_betas", *FUTURE_BETAS),
        ("rule_tilt", *TILT),
        ("rule_shock", *SHOCK),
        ("rule_margin", *MARGIN),
        ("rule_path", *PATH),
        ("rule_wing", *WING),
        ("rule_costs", *COSTS),
        ("rule_simulation", *SIMULATION),
    ):
        book.name(group, sheet.name, f"C{_FIRST + names.index(first)}:C{_FIRST + names.index(end)}")
    top = _FIRST + len(RULES) + 1
    sheet.put(f"A{top}", "Presets of the 4/4/2", role="section")
    sheet.put(f"A{top + 1}", "preset in use", role="label")
    sheet.input(f"B{top + 1}", PRESETS[0].name, "rule_preset", takes=[p.name for p in PRESETS])
    head = top + 2
    header = [
        "preset",
        "layer",
        "days",
        "",
        "meaning",
        "",
        "tenors by",
        "sized by",
        "delta 1",
        "delta 2",
        "delta 3",
        "delta 4",
    ]
    sheet.row(f"A{head}", [*header, "contracts or share"], role="header")
    sheet.worksheet.set_row(head - 1, 30)
    for i, preset in enumerate(PRESETS):
        for j, layer in enumerate(LAYERS):
            line = head + 1 + len(LAYERS) * i + j
            deltas = [*preset.deltas[j], *[None] * (4 - len(preset.deltas[j]))]
            sheet.row(f"A{line}", [preset.name, layer], role="cell")
            sheet.input(f"C{line}", preset.tenor_days[j], takes="positive")
            texts = [None, preset.note if j == 0 else None, None, preset.tenor_rule, preset.sizing]
            sheet.row(f"D{line}", texts, role="cell")
            for letter, value in zip("IJKLM", [*deltas, preset.weights[j]], strict=True):
                sheet.input(f"{letter}{line}", value, takes="positive")
    last = head + len(LAYERS) * len(PRESETS)
    for name, area in (("names", "A"), ("days", "C"), ("tenor", "G"), ("sizing", "H"), ("weights", "M")):
        book.name(f"preset_{name}", sheet.name, f"{area}{head + 1}:{area}{last}")
    book.name("preset_table", sheet.name, f"A{head + 1}:M{last}")
    book.name("preset_deltas", sheet.name, f"I{head + 1}:L{last}")
    sheet.worksheet.freeze_panes(6, 1)
    sheet.page(f"M{last}")
