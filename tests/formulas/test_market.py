"""The Market formulas on a store of real files: what was stored is what a cell shows, and nothing else."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xlalvh.formulas import (
    alvh_chain,
    alvh_futures,
    alvh_history,
    alvh_next_event,
    alvh_quote,
    alvh_quote_age,
    alvh_years,
    stored,
)
from xlalvh.formulas.registry import call
from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import IndexHistory, Snapshot
from xlalvh.market.snapshot import combine
from xlalvh.market.store import NAME, Store

SAMPLE = sample_snapshot()


def serial(*parts: int) -> float:
    return (dt.datetime(*parts) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    return Store(tmp_path / NAME)


def test_without_a_snapshot_everything_is_not_available(store: Store) -> None:
    calls: list[Callable[[], object]] = [
        lambda: alvh_quote("SPX"),
        lambda: alvh_chain("SPX"),
        alvh_futures,
        lambda: alvh_history("VIX"),
        alvh_quote_age,
        lambda: alvh_years(serial(2026, 2, 20), "SPX"),
        lambda: alvh_next_event("FOMC"),
    ]
    for one in calls:
        found = one()
        assert found.code == "#N/A"
        assert "store" in found.message
    assert not store.path.exists()


def test_a_real_quote_table(store: Store, data: Path) -> None:
    path = data / "spx_chains" / "SPX_2023-05-19_close.csv"
    store.put(combine(read_quote_table(path)))
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    cells = next(line.split(",") for line in lines if "SPXW230616C04200000" in line)
    symbols = ("SPXW230616C04200000", "spxw230616p04200000")
    assert alvh_quote(symbols, "bid") == (float(cells[4]), float(cells[15]))
    assert alvh_quote(symbols[0], ("bid", "ask")) == (float(cells[4]), float(cells[5]))
    assert alvh_quote(symbols[0]) == pytest.approx((float(cells[4]) + float(cells[5])) / 2)
    assert alvh_quote("SPX", ("source", "time")) == (path.name, serial(2023, 5, 19, 16, 15))
    assert alvh_quote("SPX", "bid").code == "#N/A"
    assert alvh_quote("SPXW230616C04200001").code == "#N/A"
    assert alvh_quote("SPXW239916C04200000").code == "#NUM!"
    assert alvh_chain("VIX").code == alvh_futures().code == alvh_quote("VX1").code == "#N/A"
    rows = alvh_chain("SPXW", serial(2023, 6, 16))[1:]
    assert {row[:2] for row in rows} == {(serial(2023, 6, 16), "SPXW")}
    both = alvh_chain("SPX", serial(2023, 6, 16))[1:]
    assert {row[1] for row in both} == {"SPX", "SPXW"}
    row = next(row for row in rows if row[2] == 4200.0)
    assert row[3:7] == (float(cells[4]), float(cells[5]), float(cells[15]), float(cells[16]))
    whole = alvh_chain("SPX")
    assert len(whole) == 1 + sum("SPX" in line.split(",")[1] for line in lines if line.count(",") > 15)
    now = dt.datetime(2023, 5, 19, 16, 15)
    expected = (dt.datetime(2023, 6, 16, 16) - now) / dt.timedelta(minutes=525_600)
    assert alvh_years(serial(2023, 6, 16), "SPXW") == pytest.approx(expected, rel=1e-12)


def test_a_real_history(store: Store, data: Path) -> None:
    history = read_index_history(data / "indices" / "cboe_VIX_History.csv")
    store.put(combine(SAMPLE.spx))
    store.put_history(history, "Cboe")
    at = int(np.searchsorted(history.dates, np.datetime64("2018-02-05")))
    store.put_history(
        replace(history, **{n: getattr(history, n)[: at + 1] for n in ("dates", "close", "open", "high", "low")}),
        "Cboe",
    )
    found = alvh_history("vix", 2)
    assert found[0] == ("date", "open", "high", "low", "close")
    assert found[2] == (serial(2018, 2, 5), *(float(getattr(history, n)[at]) for n in ("open", "high", "low", "close")))
    assert found[2][4] == 37.32
    assert len(alvh_history("VIX")) == 61
    assert alvh_quote("VIX", ("price", "time", "source")) == (37.32, serial(2018, 2, 5), "Cboe")
    assert alvh_history("SKEW").message.endswith("VIX. Refresh quotes to get it")
    assert alvh_history("VIX", 0).code == "#NUM!"


def test_cells_follow_a_refresh_and_only_that(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = 0
    latest = Store.latest

    def counted(self: Store) -> Snapshot | None:
        nonlocal reads
        reads += 1
        return latest(self)

    monkeypatch.setattr(Store, "latest", counted)
    for count, spot in enumerate((6000.0, 6001.0), start=1):
        store.put(replace(SAMPLE, spx=replace(SAMPLE.spx, spot=spot)))
        assert [alvh_quote("SPX", "price", refresh) for refresh in (None, count, "x")] == [spot] * 3
        assert reads == count
    days = np.array(["2026-01-13"], dtype="datetime64[D]")
    for level in (15.0, 16.0):
        store.put_history(IndexHistory("VVIX", days, np.array([level])), "x")
        assert alvh_quote("VVIX") == level


def test_the_sample_is_given_only_where_it_is_asked_for(store: Store) -> None:
    store.put(replace(SAMPLE, spx=replace(SAMPLE.spx, spot=1.0, source="mine")))
    assert alvh_quote("SPX", ("price", "source")) == (1.0, "mine")
    assert alvh_quote("SPX", ("price", "source"), "Sample") == (6912.35, "SAMPLE, not market data")
    assert alvh_history("VVIX", 5, "sample").code == "#N/A"


def test_age_counts_from_market_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(SAMPLE)
    moment = SAMPLE.spx.market_time
    monkeypatch.setattr(stored, "now", lambda: moment + dt.timedelta(minutes=72, seconds=30))
    assert alvh_quote_age() == 72.5
    monkeypatch.setattr(stored, "now", lambda: moment - dt.timedelta(minutes=5))
    assert alvh_quote_age().code == "#NUM!"
    monkeypatch.undo()


def test_age_by_the_real_clock(store: Store) -> None:
    then = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=40)
    store.put(replace(SAMPLE, spx=replace(SAMPLE.spx, market_time=then)))
    assert alvh_quote_age(3) == pytest.approx(40.0, abs=0.5)


def test_dates_in_a_book_that_counts_from_1904() -> None:
    plain, moved = (
        call("ALVH_CHAIN", ["VIX", day, "sample"], date_1904=d) for day, d in ((46071, False), (44609, True))
    )
    assert moved[1][0] == plain[1][0] - 1462
    assert [row[1:] for row in moved] == [row[1:] for row in plain]


def test_futures_by_their_place(store: Store) -> None:
    curve = SAMPLE.futures
    assert curve is not None
    store.put(SAMPLE)
    assert alvh_quote(("VX1", "VX2"), "price") == (curve.futures[0].price, curve.futures[1].price)
    assert alvh_quote("VX9").code == "#N/A"
    # Settled since: the second future is now the first.
    later = curve.market_time + dt.timedelta(days=8)
    store.put(replace(SAMPLE, futures=replace(curve, market_time=later)))
    assert alvh_quote("VX1") == curve.futures[1].price
    assert len(alvh_futures()) == len(curve.futures)


def test_a_store_that_cannot_be_read_says_so(store: Store) -> None:
    store.path.write_bytes(b"junk" * 4000)
    found = alvh_quote("SPX")
    assert found.code == "#N/A"
    assert "damaged" in found.message


def test_a_thousand_cells(store: Store) -> None:
    store.put(SAMPLE)
    start = time.perf_counter()
    for _ in range(1000):
        alvh_quote("SPX")
    assert time.perf_counter() - start < 5.0


def test_a_store_that_cannot_be_read_any_more_leaves_what_was_read(store: Store) -> None:
    store.put(SAMPLE)
    spot = alvh_quote("SPX")
    assert spot == SAMPLE.spx.spot
    store.path.write_bytes(b"damaged" * 1000)
    assert alvh_quote("SPX") == spot
    store.path.unlink()
    found = alvh_quote("SPX")
    assert (found.code, "no snapshot is stored" in found.message) == ("#N/A", True)
