"""The rules and presets of a book, as its Rules sheet has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbook.contents import Contents
from xlalvh.strategy.ladder import LAYERS
from xlalvh.strategy.presets import PRESETS, Preset
from xlalvh.strategy.rules import RULES

SHEET = "Rules"


def read_rules(path: Path) -> tuple[dict[str, float], tuple[Preset, ...]]:
    """Values by name and the presets; a rule that the book does not know, being older, has its default.

    Raises
    ------
    ValueError
        For a file without our Rules sheet, and for a blank or absurd value, naming the rule.
    """
    book = Contents(path, (SHEET,))
    if SHEET not in book.sheets:
        raise ValueError(f"{path} has no sheet {SHEET}: give a workbook of xlalvh")
    values = {}
    for rule in RULES:
        rows = book.rows(f"set_{rule.name}")
        value = _number(rows[0][0]) if rows else rule.value
        rule.check(value)
        values[rule.name] = value
    return values, tuple(_preset(book, preset) for preset in PRESETS)


def _preset(book: Contents, preset: Preset) -> Preset:
    names = [row[0] for row in book.rows("preset_names")]
    if preset.name not in names:
        return preset
    first = names.index(preset.name)
    part = slice(first, first + len(LAYERS))
    days = tuple(_number(row[0]) for row in book.rows("preset_days")[part])
    weights = tuple(_number(row[0]) for row in book.rows("preset_weights")[part])
    deltas = tuple(tuple(_number(cell) for cell in row if cell is not None) for row in book.rows("preset_deltas")[part])
    for what, numbers in (("days", days), ("contracts or share", weights), *(("delta", d) for d in deltas)):
        if not numbers or not all(number > 0.0 for number in numbers):
            raise ValueError(f"preset {preset.name}: {what} on Rules must be numbers above 0")
    if any(delta >= 1.0 for layer in deltas for delta in layer):
        raise ValueError(f"preset {preset.name}: a delta on Rules is not below 1")
    return Preset(
        preset.name, preset.tenor_rule, (days[0], days[1], days[2]), deltas, (weights[0], weights[1], weights[2]),
        preset.sizing, preset.note,
    )  # fmt: skip


def _number(cell: Any) -> float:
    """NaN for what is no number."""
    return float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else float("nan")
