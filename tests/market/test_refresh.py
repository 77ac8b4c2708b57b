"""The refresh against a server with real quotes: what it stores, from whom, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.market import delayed
from tests.market.conftest import NOON, SPX, VIX, Market
from tests.market.loopback import answer, zipped
from xlalvh.market import histories
from xlalvh.market import refresh as refreshing
from xlalvh.market.histories import MATURITIES
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.providers.vx_futures import read_curves
from xlalvh.market.refresh import RefreshError
from xlalvh.market.settings import Files
from xlalvh.market.tables import tabulate


def change(market: Market, **settings: Any) -> None:
    market.settings = msgspec.structs.replace(market.settings, **settings)


def test_what_the_server_has_is_stored(market: Market) -> None:
    market.serve_futures()
    found = market.refresh()
    stored = market.store.latest()
    assert stored is not None
    assert stored.spx.source == stored.vix.source == "Cboe delayed quotes"
    assert stored.spx.market_time == NOON - dt.timedelta(minutes=15)
    assert stored.spx.spot == market.spx.spot
    np.testing.assert_array_equal(stored.spx.chain.call.bid, market.spx.chain.call.bid)
    np.testing.assert_array_equal(stored.vix.chain.put.ask, market.vix.chain.put.ask)
    assert [(f.expiry.isoformat(), f.price) for f in stored.futures.futures[:2]] == [
        ("2023-05-17", 18.5431),
        ("2023-06-21", 20.5509),
    ]
    assert stored.futures.source == "Cboe VX settlements"
    assert stored.futures.market_time == dt.datetime(2023, 5, 12, 20, 15, tzinfo=dt.UTC)
    assert found.warnings == stored.warnings
    assert market.told[-1] == "storing"


def test_the_next_refresh_brings_the_next_quotes(market: Market) -> None:
    market.refresh()
    market.later(minutes=5)
    market.serve(4180.0)
    market.refresh()
    assert [s.spx.spot for s in market.store.recent(2)] == [4180.0, market.spx.spot]


def test_a_fall_back_is_asked_and_named(market: Market, data: Path) -> None:
    market.server.routes[SPX] = answer(b"", "403 Forbidden")
    market.later(days=5)
    change(market, order=("cboe", "files"), files=Files(spx=str(data / "spx_chains" / "SPX_2023-05-19_close.csv")))
    found = market.refresh()
    assert found.spx.source == "SPX_2023-05-19_close.csv"
    assert found.vix.source == "Cboe delayed quotes"
    assert (
        "SPX options are from SPX_2023-05-19_close.csv: 127.0.0.1, _SPX.json: the server answers 403 Forbidden"
        in found.warnings
    )


def test_the_order_is_the_users(market: Market, data: Path) -> None:
    market.later(days=5)
    change(market, order=("files", "cboe"), files=Files(spx=str(data / "spx_chains" / "SPX_2023-05-19_close.csv")))
    assert market.refresh().spx.source == "SPX_2023-05-19_close.csv"
    assert SPX not in [path for path, _ in market.server.asked]


def test_a_folders_newest_table_counts(market: Market, data: Path, tmp_path: Path) -> None:
    real = (data / "spx_chains" / "SPX_2023-05-19_close.csv").read_bytes()
    (tmp_path / "spx_quotedata (1).csv").write_bytes(real)
    (tmp_path / "SPY_quotedata.csv").write_text("no")
    market.later(days=5)
    change(market, order=("files",), files=Files(spx=str(tmp_path)))
    assert market.refresh().spx.source == "spx_quotedata (1).csv"
    (tmp_path / "spx_quotedata (1).csv").unlink()
    market.later(days=1)
    with pytest.raises(RefreshError, match=r"holds no spx_quotedata\.csv"):
        market.refresh()


def test_a_part_that_fails_stays_the_last_good_one(market: Market) -> None:
    market.refresh()
    market.later(minutes=40)
    market.serve(4180.0)
    market.server.routes[VIX] = answer(b"<html>")
    found = market.refresh()
    assert found.spx.spot == 4180.0
    assert found.vix.market_time == NOON - dt.timedelta(minutes=15)
    assert any("40 minutes apart" in warning for warning in found.warnings)
    assert any("VIX options" in warning and "web page" in warning for warning in found.warnings)
    market.later(days=8)
    market.serve(4190.0)
    market.server.routes[VIX] = answer(b"<html>")
    found = market.refresh()
    assert found.vix is None
    assert any(warning.startswith("VIX options are missing: ") for warning in found.warnings)


def test_older_quotes_never_replace_newer_ones(market: Market) -> None:
    market.refresh()
    market.later(hours=-1)
    market.serve(4100.0)
    market.later(hours=2)
    with pytest.raises(RefreshError, match=r"are older than the last good ones.*; the quotes of 2023-05-15 11:47"):
        market.refresh()
    assert market.store.latest().spx.spot == market.spx.spot


def test_the_sample_stands_in_only_where_there_are_no_market_data(market: Market) -> None:
    change(market, order=("cboe", "sample"))
    market.server.routes[SPX] = answer(b"", "404 Not Found")
    assert market.refresh().sample
    assert market.store.latest().spx.spot == sample_snapshot().spx.spot
    market.serve()
    assert not market.refresh().sample
    market.server.routes[SPX] = answer(b"", "404 Not Found")
    with pytest.raises(RefreshError, match="404"):
        market.refresh()
    assert not market.store.latest().sample


def test_nobody_has_options(market: Market) -> None:
    change(market, order=("fred",))
    with pytest.raises(RefreshError, match=r"nobody in the settings' order \(fred\) has SPX options"):
        market.refresh()


def _serve_histories(market: Market, data: Path, *symbols: str) -> None:
    for symbol in symbols:
        raw = (data / "indices" / f"cboe_{symbol}_History.csv").read_bytes()
        market.server.routes[f"/daily/{symbol}_History.csv"] = answer(raw)


def test_histories_come_once_a_session(market: Market, data: Path) -> None:
    _serve_histories(market, data, "VIX", "SKEW")
    market.server.routes["/graph?id=DFF"] = answer((data / "indices" / "fred_DFF.csv").read_bytes())
    market.server.routes["/graph?id=SP500"] = answer(b"observation_date,SP500\n2023-05-12,4124.08\n2023-05-15,\n")
    change(market, histories=("VIX", "SKEW", "DFF", "SPX"))

    def asked() -> int:
        return sum(path.startswith(("/daily", "/graph")) for path, _ in market.server.asked)

    market.refresh()
    for symbol, source, close in (("VIX", "cboe", 37.32), ("SKEW", "cboe", None), ("DFF", "fred", None)):
        found = market.store.history(symbol)
        assert (found.history.symbol, found.source) == (symbol, source)
        if close is not None:
            assert found.history.close[found.history.dates == np.datetime64("2018-02-05")] == close
    spx = market.store.history("SPX")
    assert (spx.source, spx.history.close.tolist()) == ("fred", [4124.08])
    count = asked()
    market.later(hours=1)
    market.serve()
    market.refresh()
    assert asked() == count
    market.later(hours=12)
    market.serve()
    market.refresh()
    assert asked() > count or market.told.count("history of VIX: cboe") == 2


def test_a_history_that_fails_or_shrinks_changes_nothing(market: Market, data: Path) -> None:
    _serve_histories(market, data, "VIX")
    change(market, histories=("VIX", "SKEW"), order=("cboe",))
    market.refresh()
    days = len(market.store.history("VIX").history.dates)
    assert any("history of SKEW: cboe: " in line and "404" in line for line in market.told)
    market.later(hours=13)
    market.serve()
    for kept in (market.home / "answers").iterdir():
        kept.unlink()
    market.server.routes["/daily/VIX_History.csv"] = answer(b"DATE,OPEN,HIGH,LOW,CLOSE\n05/15/2023,1,1,1,1\n")
    market.refresh()
    assert any("history of VIX: cboe: only 1 days" in line for line in market.told)
    assert len(market.store.history("VIX").history.dates) == days


def test_text_of_a_provider_never_becomes_a_formula(market: Market) -> None:
    for text in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1"):
        snapshot = replace(market.spx, source=text, notes=(text,))
        for cell in (snapshot.source, *snapshot.notes):
            assert cell[0] not in "=+-@\t\r\n "
            assert "\n" not in cell


def test_two_refreshes_follow_each_other(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    market.home.mkdir(exist_ok=True)
    monkeypatch.setattr(refreshing, "_WAIT", 0.2)
    with FileLock(market.home / "refresh.lock"), pytest.raises(RefreshError, match="another refresh is still running"):
        market.refresh()
    assert "another refresh is running: waiting for it" in market.told
    market.refresh()


def test_a_file_of_full_size(market: Market, data: Path) -> None:
    real = read_quote_table(data / "spx_chains" / "SPX_2024-01-05_close.csv")
    market.now = dt.datetime(2024, 1, 5, 22, 0, tzinfo=dt.UTC)
    market.server.routes[SPX] = zipped(delayed.full_size(real, 30_000, "2024-01-05 22:00:00"))
    market.server.routes[VIX] = answer(b"", "404 Not Found")
    market.refresh()
    stored = market.store.latest_chain("SPX")
    assert 15_000 <= len(stored.chain) < 15_100  # calls and puts side by side
    assert stored.market_time == dt.datetime(2024, 1, 5, 21, 15, tzinfo=dt.UTC)
    near = np.datetime64("2026-01-01")  # the repeated expiries are later
    first, same = (chain.take(chain.expiry < near) for chain in (stored.chain, real.chain))
    np.testing.assert_array_equal(first.call.bid, same.call.bid)


def test_no_secret_is_written_or_told(market: Market, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """The only secret that a refresh can meet is a proxy's password in the environment."""
    caplog.set_level("DEBUG")
    market.refresh()
    monkeypatch.setenv("HTTP_PROXY", "http://me:sesame@127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(RefreshError) as caught:
        market.refresh()
    told = [str(caught.value), caplog.text, *market.told, *market.store.latest().warnings]
    assert not any("sesame" in text for text in told)
    assert not any(b"sesame" in path.read_bytes() for path in market.home.rglob("*") if path.is_file())


def test_old_snapshots_go_by_the_markets_time(market: Market) -> None:
    market.refresh()
    for days in (2, 3):  # the first is then 5 days old
        market.later(days=days)
        market.serve()
        market.refresh()
    assert len(market.store.entries()) == 3
    market.later(days=2)
    market.serve()
    market.refresh()
    assert [entry.number for entry in market.store.entries()] == [2, 3, 4]
    assert "stored snapshots older than 5 days are deleted: 1" in market.told


def test_a_clock_that_is_ahead_deletes_nothing(market: Market) -> None:
    market.refresh()
    market.later(minutes=5)
    market.serve()
    market.later(days=4000)
    market.refresh()
    assert len(market.store.entries()) == 2


def test_a_damaged_store_is_told(market: Market) -> None:
    market.refresh()
    market.store.path.write_bytes(b"damaged" * 1000)
    market.refresh()
    assert market.store.set_aside is not None
    assert any(market.store.set_aside.name in line for line in market.told)


def test_histories_come_again_with_a_new_store(market: Market, data: Path) -> None:
    change(market, histories=("VIX",))
    market.server.routes["/daily/VIX_History.csv"] = zipped((data / "indices" / "cboe_VIX_History.csv").read_bytes())
    market.refresh()
    assert market.store.symbols() == ["VIX"]
    for path in market.home.glob("quotes.sqlite3*"):
        path.unlink()
    market.refresh()
    assert market.store.symbols() == ["VIX"]


def test_a_fault_in_one_provider_leaves_the_others(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fault(self: object, underlying: str) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("xlalvh.market.providers.ib.Ib.chain", fault)
    change(market, order=("ib", "cboe"))
    found = market.refresh()
    assert found.spx.source == "Cboe delayed quotes"
    assert any("ib: IndexError: list index out of range" in line for line in found.warnings)


def test_the_slope_of_the_futures_comes_with_the_histories(market: Market, data: Path) -> None:
    """A year of constant maturities out of the files of the contracts, as the long table has them."""
    _serve_histories(market, data, "VIX")
    market.serve_futures()
    for path in market.contracts.glob("VX_2022-*.csv"):
        market.server.routes[f"/VX/{path.name}"] = answer(path.read_bytes())
    change(market, histories=("VIX", *MATURITIES), order=("cboe",))
    snapshot = market.refresh()
    found = histories.of_store(market.store)
    day = dt.date(2023, 5, 12)
    curves = read_curves(data / "vx_futures" / "VX_all_contracts_long.csv", day - dt.timedelta(days=300), day)
    expected = histories.constant_maturities(curves, found["VIX"])
    for symbol in MATURITIES:
        kept = np.isin(found[symbol].dates, expected[symbol].dates)
        assert kept.sum() == len(expected[symbol].dates) > 200
        np.testing.assert_allclose(found[symbol].close[kept], expected[symbol].close)
        assert found[symbol].dates[-1] == np.datetime64(day)
    rows = tabulate(snapshot, found).days
    assert (rows[-2].day, rows[-2].vx30) == (day, found["VX30"].close[-1])
    assert rows[-1].vx30 is None  # settlements of the day before are not of the quotes' day
