"""ALVH_BACKTEST: of a run here, else what comes with the package; every table, and what fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlalvh.formulas import CellError, alvh_backtest
from xlalvh.research import results
from xlalvh.research.results import Results, Table


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    return tmp_path


def run_of_today(profit: float) -> Results:
    tables = {"summary": Table(("variant", "profit_a_year", "verdict"), (("condor alone", profit, None),))}
    return Results("backtest", "2026-11-21", "days", "error", tables)


def test_without_a_run_here_the_makers_results_are_shown() -> None:
    about = dict(alvh_backtest("about"))
    assert about["results"].startswith("measured by the makers of xlalvh on ")
    assert "2010-05-24 to 2021-06-11" in about["data"]
    assert "modelled" in about["error"]
    header, *rows = alvh_backtest("Summary")
    assert header[0] == "variant"
    assert len(rows) == 10
    for table in ("size", "sensitivity", "difference", "crises", "equity", "drawdown"):
        assert len(alvh_backtest(table)) > 1, table
    assert len(alvh_backtest("equity")) == 121


def test_a_run_here_takes_their_place_at_the_next_recalculation() -> None:
    alvh_backtest("summary")
    for profit in (0.25, 0.5):
        results.save(run_of_today(profit))
        assert alvh_backtest("summary", 3.0) == (
            ("variant", "profit_a_year", "verdict"),
            ("condor alone", profit, ""),
        )
        assert dict(alvh_backtest("about"))["results"] == "measured on this machine on 2026-11-21"
    assert len(alvh_backtest("summary", "shipped")) == 11


def test_failures_say_what_to_do(own_home: Path) -> None:
    unknown = alvh_backtest("curves")
    assert isinstance(unknown, CellError)
    assert unknown.code == "#VALUE!"
    assert "summary" in str(unknown)
    (own_home / "research").mkdir()
    (own_home / "research" / "backtest.json").write_text("{")
    damaged = alvh_backtest("summary")
    assert isinstance(damaged, CellError)
    assert damaged.code == "#N/A"
    assert "backtest.json" in str(damaged)
