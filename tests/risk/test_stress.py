"""The table of named days against the closes and settlements that it was taken from."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.risk.books import BOOK, MARKET
from xlalvh.market.providers.vx_futures import read_futures
from xlalvh.numerics import black76
from xlalvh.risk.stress import SCENARIOS, stress

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
D = dt.date.fromisoformat


def test_the_names_are_the_specs() -> None:
    assert " ".join(BY_NAME) == "2008-10 2011-08 2015-08-24 2018-02-05 2018-12-24 2020-03-16 2022 2024-08-05 2025-04"


@pytest.fixture(scope="module")
def spx(data: Path) -> pd.Series:
    return pd.read_csv(data / "indices" / "SPX_GSPC_yahoo_1927-2026.csv", index_col="date").close


@pytest.fixture(scope="module")
def vix(data: Path) -> dict[str, float]:
    with (data / "indices" / "cboe_VIX_History.csv").open() as file:
        rows = csv.DictReader(file)
        return {str(dt.datetime.strptime(r["DATE"], "%m/%d/%Y").date()): float(r["CLOSE"]) for r in rows}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=BY_NAME)
def test_returns_changes_and_days_are_those_of_the_closes(spx, vix, scenario) -> None:
    assert scenario.days == (D(scenario.end) - D(scenario.start)).days
    assert scenario.spx_return == pytest.approx(spx[scenario.end] / spx[scenario.start] - 1.0, abs=5e-5)
    assert scenario.vix_change == pytest.approx(vix[scenario.end] - vix[scenario.start], abs=5e-3)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=BY_NAME)
def test_periods_are_what_their_names_say(spx, scenario) -> None:
    before = spx.index[spx.index.get_loc(scenario.end) - 1]
    if len(scenario.name) == 10:  # a day
        assert (scenario.start, scenario.end) == (before, scenario.name)
    elif len(scenario.name) == 7:  # a month
        month = spx[spx.index.str.startswith(scenario.name)]
        assert scenario.end == month.idxmin()
        assert scenario.start == spx.index[spx.index.get_loc(month.index[0]) - 1]
    else:  # a year
        worst = (spx / spx.shift(21) - 1.0)[spx.index.str.startswith(scenario.name)].idxmin()
        assert scenario.end == worst
        assert scenario.start == spx.index[spx.index.get_loc(worst) - 21]


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.futures], ids=lambda s: s.name)
def test_futures_moved_as_the_monthlies_settled(data, scenario) -> None:
    name = "vixcentral_F1-F12_2010-2021.csv" if scenario.end < "2021" else "VX_all_contracts_long.csv"
    start, end = (
        {f.expiry: f.price for f in read_futures(data / "vx_futures" / name, D(day)).futures if f.monthly}
        for day in (scenario.start, scenario.end)
    )
    kept = sorted(start.keys() & end.keys())[: len(scenario.futures)]
    found = [((expiry - D(scenario.start)).days, end[expiry] - start[expiry]) for expiry in kept]
    assert np.array(scenario.futures) == pytest.approx(np.array(found), abs=6e-4)


def test_the_ladder_on_5_february_2018_by_hand() -> None:
    """The call at 36.5 days: its future moved between 17.6 (12 days) and 13.0 (47 days), by 14.38, and three days
    passed. Its volatility follows the future to the power 0.8 at the moneyness of its d2; with one leg an expiry the
    smile is flat."""
    rungs = BOOK.take(BOOK.underlying == "VIX")
    expected = 0.0
    for q, k, t, f, v, r in zip(
        rungs.quantity, rungs.strike, rungs.years, rungs.forward, rungs.vol, rungs.rate, strict=True
    ):
        moved = f + np.interp(365.0 * t, (12.0, 47.0, 75.0, 103.0), (17.6, 13.0, 9.65, 5.675))
        vol = v * (moved / f) ** 0.8
        expected += (
            100.0 * q * float(black76.price(1.0, moved, k, t - 3.0 / 365.0, vol, r) - black76.price(1.0, f, k, t, v, r))
        )
    found = stress(BOOK, MARKET, BY_NAME["2018-02-05"])
    assert found.vix_dollars == pytest.approx(expected, abs=0.01)
    assert found.total_dollars == pytest.approx(found.spx_dollars + found.vix_dollars)
    assert found.futures_moved_by == "settlements"
    assert stress(BOOK, MARKET, BY_NAME["2008-10"]).futures_moved_by == "tenor beta"
