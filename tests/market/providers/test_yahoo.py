"""Yahoo: yfinance's own Ticker reads a real chain in Yahoo's form; no network."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.conftest import missing
from tests.market import delayed
from xlalvh.market import calendar
from xlalvh.market.providers import yahoo
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.yahoo import Yahoo, read_chain, read_history
from xlalvh.market.quotes import ChainSnapshot, QuoteError
from xlalvh.market.settings import Http
from xlalvh.market.settings import Yahoo as Limits

NOW = dt.datetime(2023, 5, 15, 16, 2, tzinfo=dt.UTC)


@pytest.fixture
def yfinance() -> Any:
    try:
        import yfinance
    except ImportError:
        missing("yfinance is not installed")
    return yfinance


class _Answers:
    """Yahoo's answers to yfinance's requests, by the date in the address."""

    def __init__(self, snapshot: ChainSnapshot) -> None:
        self.days: dict[int, dict[str, list[dict[str, Any]]]] = {}
        for row in delayed.contracts(snapshot):
            tail = row["option"][-15:]
            day = dt.datetime.strptime(tail[:6], "%y%m%d").replace(tzinfo=dt.UTC)
            side = "calls" if tail[6] == "C" else "puts"
            entry = {
                "contractSymbol": row["option"], "strike": int(tail[7:]) / 1000.0, "bid": row["bid"],
                "ask": row["ask"], "lastTradeDate": 1684166400, "lastPrice": 1.0, "currency": "USD",
            }  # fmt: skip
            self.days.setdefault(int(day.timestamp()), {"calls": [], "puts": []})[side].append(entry)
        self.spot = snapshot.spot
        self.level: dict[str, Any] = {}

    def get(self, url: str) -> Any:
        day = int(url.partition("date=")[2] or min(self.days))
        result = {
            "expirationDates": sorted(self.days),
            "quote": {"regularMarketPrice": self.spot, **self.level},
            "options": [self.days[day]],
        }
        return type("Reply", (), {"json": lambda self: {"optionChain": {"result": [result]}}})()


def test_a_chain(yfinance: Any, data: Path) -> None:
    real = read_quote_table(data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")
    ticker = yfinance.Ticker("^VIX")
    ticker._data = _Answers(real)
    found = read_chain(ticker, "VIX", 60, NOW)
    last = max(day for _, day in found.chain.expiries())
    assert 30 < (last - NOW.date()).days <= 60
    wanted = real.chain.take(real.chain.expiry <= np.datetime64(last))
    assert (found.chain.strike == wanted.strike).all()
    np.testing.assert_array_equal(found.chain.call.bid, wanted.call.bid)
    np.testing.assert_array_equal(found.chain.put.ask, wanted.put.ask)
    assert (found.spot, found.market_time) == (17.33, NOW - dt.timedelta(minutes=15))
    assert found.source == "Yahoo"


def test_quotes_that_yahoo_holds_back_are_as_old_as_the_level(yfinance: Any, data: Path) -> None:
    real = read_quote_table(data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")
    ticker = yfinance.Ticker("^VIX")
    ticker._data = _Answers(real)
    for late, age in ((10, 15), (50, 50), (-600, 15)):  # a level is not delayed, options are by 15 minutes
        ticker._data.level = {"regularMarketTime": int((NOW - dt.timedelta(minutes=late)).timestamp())}
        assert read_chain(ticker, "VIX", 10, NOW).market_time == NOW - dt.timedelta(minutes=age)


def test_a_history(yfinance: Any) -> None:
    last = calendar.last_settled(NOW)
    days = pd.DatetimeIndex([last - dt.timedelta(days=1), last, last + dt.timedelta(days=1)], tz="America/New_York")
    frame = pd.DataFrame(
        {"Open": [1.0, 0.0, 3.0], "High": [1.2, 2.2, 3.2], "Low": [0.9, 1.9, 2.9], "Close": [1.1, 2.1, 3.1]}, index=days
    )
    ticker = type("Ticker", (), {"history": lambda self, **kwargs: frame})()
    found = read_history(ticker, "VIX", NOW)
    assert found.close.tolist() == [1.1, 2.1]  # a day that has not ended is no close
    assert found.open is not None
    assert np.isnan(found.open[1])


def test_what_yfinance_raises_is_one_line(yfinance: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> Any:
        raise RuntimeError("Too\nMany Requests")

    monkeypatch.setattr(yahoo, "read_chain", fail)
    with pytest.raises(QuoteError, match=r"^Yahoo: RuntimeError: Too Many Requests$"):
        asyncio.run(Yahoo(Limits(), Http(), NOW).chain("SPX"))


def test_no_options_is_said(yfinance: Any) -> None:
    ticker = type("Ticker", (), {"options": ()})()
    with pytest.raises(QuoteError, match="no VIX options"):
        read_chain(ticker, "VIX", 60, NOW)
