"""Sessions beside a snapshot: nothing of another date, and what is missing in words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xlalvh.market import calendar, histories
from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_history, sample_snapshot
from xlalvh.market.providers.vx_futures import read_curves, read_futures
from xlalvh.market.quotes import IndexHistory, QuoteError, Snapshot
from xlalvh.market.snapshot import combine
from xlalvh.market.store import Store
from xlalvh.market.tables import MarketTables, tabulate

DAY = dt.date(2023, 5, 19)


@pytest.fixture(scope="module")
def past(data: Path) -> dict[str, IndexHistory]:
    """Real closes to 2026: far beyond the quotes' day."""
    vix = read_index_history(data / "indices" / "cboe_VIX_History.csv")
    spx = pd.read_csv(data / "indices" / "SPX_GSPC_yahoo_1927-2026.csv")
    closes = IndexHistory("SPX", spx.date.to_numpy("datetime64[D]"), spx.close.to_numpy(float))
    curves = read_curves(data / "vx_futures" / "VX_all_contracts_long.csv", DAY - dt.timedelta(days=400), DAY)
    return {"SPX": closes, "VIX": vix, **histories.constant_maturities(curves, vix)}


@pytest.fixture(scope="module")
def may(data: Path) -> Snapshot:
    return combine(read_quote_table(data / "spx_chains" / "SPX_2023-05-19_close.csv"))


def test_rows_are_the_sessions_up_to_the_quotes_and_no_later(may, past) -> None:
    found = tabulate(may, past).days
    assert len(found) == histories.SESSIONS
    assert found[-1].day == DAY
    assert [row.day for row in found] == sorted({row.day for row in found})
    assert all(calendar.is_session(row.day) for row in found)
    assert all(row.spx is not None and row.vix is not None for row in found[:-1])


def test_closes_are_those_of_their_day(may, past, data: Path) -> None:
    frame = pd.read_csv(data / "indices" / "cboe_VIX_History.csv", index_col="DATE").CLOSE
    for row in tabulate(may, past).days[-30:-1]:
        assert row.vix == frame[f"{row.day:%m/%d/%Y}"]


def test_the_last_row_is_the_quotes_own(may, past) -> None:
    """VIX was not given; its close of that day is not taken in its place, nor a curve of another day."""
    tables = tabulate(may, past)
    assert tables.days[-1] == (DAY, may.spx.spot, None, None, None)
    assert tables.days_missing == f"no VIX quotes of {DAY}; no VIX futures from 30 to 60 days of {DAY}"


def test_vix_of_another_day_is_not_of_the_quotes_day(may, past, data: Path) -> None:
    vix = read_quote_table(data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")
    last = tabulate(combine(may.spx, vix), past).days[-1]
    assert last.vix is None
    assert last.vx30 is None


def test_a_curve_of_the_day_gives_its_slope(may, past, data: Path) -> None:
    """Settlements of 2023-05-19; 33 days to the first: spot VIX would be needed, and is not of that day."""
    curve = read_futures(data / "vx_futures" / "VX_all_contracts_long.csv", DAY)
    assert tabulate(combine(may.spx, None, curve), past).days[-1].vx30 is None
    spot = dataclasses.replace(sample_snapshot().vix, market_time=may.spx.market_time, spot=16.81)
    last = tabulate(combine(may.spx, spot, curve), past).days[-1]
    first, second, third = (f for f in curve.futures if f.monthly and f.expiry < dt.date(2023, 8, 20))
    days = (calendar.settlement("VIX", first.expiry) - curve.market_time) / dt.timedelta(days=1)
    near = 16.81 + 30.0 / days * (first.price - 16.81)
    assert last.vx30 == pytest.approx(near, abs=1e-9)
    assert first.price < last.vx60 < third.price
    assert second.price > first.price


@pytest.mark.parametrize("end", ["2023-05-17", "2020-01-02"])
def test_a_history_that_ends_earlier_is_said(may, past, end: str) -> None:
    short = {
        name: IndexHistory(name, h.dates[h.dates <= np.datetime64(end)], h.close[h.dates <= np.datetime64(end)])
        for name, h in past.items()
        if name in ("SPX", "VIX")
    }
    tables = tabulate(may, short)
    assert f"the history of SPX ends {end}, not 2023-05-18" in tables.days_missing
    assert "no history of the futures' slope (xlalvh refresh" in tables.days_missing
    assert tables.days[-2].spx is None


def test_a_history_of_later_days_counts_as_none(may, past) -> None:
    later = {"SPX": IndexHistory("SPX", past["SPX"].dates[-5:], past["SPX"].close[-5:])}
    assert "no history of SPX;" in tabulate(may, later).days_missing


def test_the_sample_has_its_own_and_takes_no_other(past, sample_tables: MarketTables) -> None:
    assert tabulate(sample_snapshot(), past).days == sample_tables.days
    assert sample_tables.days_missing == ""
    assert all(None not in row for row in sample_tables.days)
    snapshot = sample_snapshot()
    assert sample_tables.days[-1][1:3] == (snapshot.spx.spot, snapshot.vix.spot)
    for symbol, value in zip(histories.MATURITIES, sample_tables.days[-1][3:], strict=True):
        assert sample_history(symbol).close[-1] == pytest.approx(value, abs=0.1)  # futures stand on ticks


def test_maturities_by_hand(data: Path) -> None:
    """2020-03-16 settlements 72.625 / 59.15 / 44.875 at 1.7, 29.7 and 64.7 days."""
    day = dt.date(2020, 3, 16)
    found = histories.constant_maturities(
        read_curves(data / "vx_futures" / "VX_all_contracts_long.csv", day, day), None
    )
    close = calendar.session_end(day)
    second, third = (
        (calendar.settlement("VIX", dt.date(2020, m, d)) - close) / dt.timedelta(days=1) for m, d in ((4, 15), (5, 20))
    )
    slope = (44.875 - 59.15) / (third - second)
    assert found["VX30"].close[0] == pytest.approx(59.15 + slope * (30.0 - second))
    assert found["VX60"].close[0] == pytest.approx(59.15 + slope * (60.0 - second))


def test_a_folder_of_contracts_gives_what_the_long_table_gives(data: Path) -> None:
    first, last = dt.date(2023, 3, 1), dt.date(2023, 3, 31)
    folder = read_curves(data / "vx_futures" / "cboe_per_contract", first, last)
    table = read_curves(data / "vx_futures" / "VX_all_contracts_long.csv", first, last)
    assert list(folder) == list(table)
    for symbol in histories.MATURITIES:
        one, other = (histories.constant_maturities(curves, None)[symbol] for curves in (folder, table))
        np.testing.assert_allclose(one.close, other.close)


def test_the_stores_histories(tmp_path: Path, past) -> None:
    store = Store(tmp_path / "quotes.sqlite3")
    assert histories.of_store(store) == {}
    store.put_history(past["VIX"], "cboe")
    found = histories.of_store(store)
    assert list(found) == ["VIX"]
    np.testing.assert_array_equal(found["VIX"].close, past["VIX"].close)


def test_a_source_that_fails_counts_as_missing() -> None:
    def broken(symbol: str) -> IndexHistory:
        raise QuoteError(symbol)

    assert histories.gathered(broken) == {}
