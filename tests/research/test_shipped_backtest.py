"""The results that come with the package are those of the code that comes with it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from xlalvh.research import backtest, backtest_tables, calibrate, results
from xlalvh.research.backtest import BASE, CONDOR, Settings
from xlalvh.research.history import History
from xlalvh.research.past import carried

AGAIN = "run: xlalvh backtest --to 2021-06-11 --history FOLDER --out xlalvh/research/shipped, keep backtest.json"
VARIANTS = (CONDOR, "+ ALVH seeds", "+ SPX puts", "legging out")


def test_variants_run_again_give_the_shipped_figures(real_history: History) -> None:
    days = carried(real_history.between(backtest.FIRST, dt.date(2021, 6, 11)))[0]
    accounts, condors = backtest.scenario_accounts(days, Settings(), VARIANTS, BASE)
    result = backtest.Result(Settings(), days.day, {s.name: accounts for s in backtest.SCENARIOS}, condors)
    again = backtest_tables.tabulate(result, dt.date(2026, 11, 21))
    shipped = results.load("backtest", shipped=True)
    judged = backtest_tables.SUMMARY.index("verdict")
    for name, width in (("summary", judged), ("crises", None), ("equity", None)):
        columns = again.tables[name].columns
        if name == "equity":
            places = [shipped.tables[name].columns.index(c) for c in columns]
            theirs = [tuple(row[i] for i in places) for row in shipped.tables[name].rows]
        else:
            theirs = [row for row in shipped.tables[name].rows if row[0] in VARIANTS]
        for mine, their in zip(again.tables[name].rows, theirs, strict=True):
            assert mine[0] == their[0]
            assert mine[1:width] == pytest.approx(their[1:width], abs=2e-6), f"{name} {mine[0]}; {AGAIN}"
    assert again.tables["size"] == shipped.tables["size"]


def test_the_error_of_the_prices_is_what_the_real_chains_say(data: Path, real_history: History) -> None:
    found = calibrate.model_error(data, real_history)
    assert found.credit.dates == 11
    assert round(100 * found.credit.mean) == -3
    assert round(100 * found.credit.deviation) == 11
    assert round(100 * found.flat_credit.mean) == 45
    assert len(found.vix_dates) == 2
    worst = max(abs(cell.mean) / cell.market for cell in found.vix)
    assert 0.10 < worst < 0.15
    for words in ("3 % too low", "11 %", "11 real chains", "45 %", "within 15 %", "two"):
        assert words in backtest_tables.MODEL_ERROR
