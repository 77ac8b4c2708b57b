"""A run's files: never an older run's beside a newer one's, and clear words where nothing can be written."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from workbook.run import EngineError, run_book
from xlalvh.hosts.block import SPX_ROWS, TooLargeError
from xlalvh.hosts.calc import engine
from xlalvh.hosts.calc.session import CalcError
from xlalvh.market.tables import MarketTables


def test_the_embedded_engine_leaves_no_older_calc_book(sample_tables: MarketTables, tmp_path: Path) -> None:
    older = tmp_path / "alvh.ods"
    older.write_text("of yesterday", encoding="utf-8")
    done = run_book(sample_tables, tmp_path, "embedded")
    assert [path.name for path in done.files] == ["alvh.xlsx"]
    assert not older.exists()


def test_a_calc_that_fails_is_replaced_and_said(
    sample_tables: MarketTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise CalcError("it does not start")

    monkeypatch.setattr(engine, "available", lambda: True)
    monkeypatch.setattr(engine, "evaluate", broken)
    done = run_book(sample_tables, tmp_path, "auto")
    assert done.engine == "embedded"
    assert "it does not start" in done.note
    with pytest.raises(EngineError, match=r"it does not start.*--engine embedded"):
        run_book(sample_tables, tmp_path, "calc")


def test_a_folder_that_cannot_be_written_to(sample_tables: MarketTables, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(EngineError, match="--out"):
        run_book(sample_tables, tmp_path / "file", "embedded")


def test_excel_is_not_there_yet(sample_tables: MarketTables, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="use calc or embedded"):
        run_book(sample_tables, tmp_path, "excel")


def test_more_expiries_than_the_sheet_holds_are_refused(sample_tables: MarketTables, tmp_path: Path) -> None:
    many = dataclasses.replace(sample_tables, spx=sample_tables.spx[:1] * (SPX_ROWS + 1))
    with pytest.raises(TooLargeError, match=rf"{SPX_ROWS + 1} spx expiries do not fit the {SPX_ROWS} rows"):
        run_book(many, tmp_path, "embedded")
