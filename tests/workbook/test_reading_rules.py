"""A book's rules and presets as the backtest takes them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from workbook.reading_rules import read_rules
from workbook.run import Run
from xlalvh.strategy.presets import PRESETS
from xlalvh.strategy.rules import DEFAULTS


def changed(run: Run, folder: Path, **cells: object) -> Path:
    """The sample's book with other values in cells of Rules."""
    book = openpyxl.load_workbook(run.files[0])
    for cell, value in cells.items():
        book["Rules"][cell] = value
    path = folder / "mine.xlsx"
    book.save(path)
    return path


def cell_of(run: Run, name: str) -> str:
    sheet, area = run.built.names[name]
    assert sheet == "Rules"
    return area.split(":")[0]


def test_an_unchanged_book_has_the_defaults(sample_run: Run) -> None:
    assert read_rules(sample_run.files[0]) == (DEFAULTS, PRESETS)


def test_changes_are_read(sample_run: Run, tmp_path: Path) -> None:
    delta, first = cell_of(sample_run, "set_put_delta"), cell_of(sample_run, "preset_deltas")
    path = changed(sample_run, tmp_path, **{delta: 0.1, first: 0.6})
    rules, presets = read_rules(path)
    assert rules == {**DEFAULTS, "put_delta": 0.1}
    assert presets[0].deltas[0] == (0.6, *PRESETS[0].deltas[0][1:])
    assert presets[1:] == PRESETS[1:]


def test_blank_absurd_and_foreign_are_refused(sample_run: Run, tmp_path: Path) -> None:
    cell = cell_of(sample_run, "set_backtest_reserve")
    for value in (None, "much", -1.0):
        with pytest.raises(ValueError, match="backtest_reserve"):
            read_rules(changed(sample_run, tmp_path, **{cell: value}))
    weights = cell_of(sample_run, "preset_weights")
    with pytest.raises(ValueError, match="preset seeds"):
        read_rules(changed(sample_run, tmp_path, **{weights: 0.0}))
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    with pytest.raises(ValueError, match="no sheet Rules"):
        read_rules(other)
