"""Interactive Brokers: ib_async's own classes translated; no network."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import socket
from typing import Any

import pytest

from tests.conftest import missing
from xlalvh.market import calendar
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.ib import SOURCE, Ib, chain_of, curve_of, settles
from xlalvh.market.quotes import QuoteError
from xlalvh.market.settings import Ib as Place

NOON = dt.datetime(2023, 5, 15, 16, 0, tzinfo=dt.UTC)


@pytest.fixture
def ib() -> Any:
    try:
        import ib_async
    except ImportError:
        missing("ib_async is not installed")
    return ib_async


def ticker(ib: Any, contract: Any, bid: float, ask: float, time: dt.datetime | None = NOON, **more: float) -> Any:
    found = ib.Ticker(contract=contract, time=time)
    for name, value in {"bid": bid, "ask": ask, **more}.items():
        setattr(found, name, value)
    return found


def option(ib: Any, root: str, day: str, strike: float, right: str) -> Any:
    return ib.Option("VIX", day, strike, right, "SMART", tradingClass=root)


def test_a_real_chain_as_tickers_comes_back(ib: Any, data: Any) -> None:
    real = read_quote_table(data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")
    tickers = []
    for i in range(len(real.chain)):
        root, expiry = str(real.chain.root[i]), real.chain.expiry[i].astype(dt.date)
        last = calendar.previous_session(expiry)  # the day that Interactive Brokers names
        for right, quotes in (("C", real.chain.call), ("P", real.chain.put)):
            prices = [-1.0 if math.isnan(p[i]) else float(p[i]) for p in (quotes.bid, quotes.ask)]
            tickers.append(ticker(ib, option(ib, root, f"{last:%Y%m%d}", float(real.chain.strike[i]), right), *prices))
    tickers[7].time = NOON - dt.timedelta(seconds=40)
    found = chain_of("VIX", 17.33, tickers)
    assert found.source == SOURCE
    assert found.market_time == NOON - dt.timedelta(seconds=40)  # the oldest; not delayed
    assert found.chain.expiries() == real.chain.expiries()
    assert (found.chain.strike == real.chain.strike).all()
    for side in ("call", "put"):
        assert (getattr(found.chain, side).flags == getattr(real.chain, side).flags).all()


def test_without_a_subscription_there_are_no_quotes(ib: Any) -> None:
    empty = [ticker(ib, option(ib, "VIX", "20230516", 18.0, "C"), math.nan, math.nan, None)]
    with pytest.raises(QuoteError, match="subscriptions"):
        chain_of("VIX", 17.33, empty)
    with pytest.raises(QuoteError, match=r"are empty|both sides"):
        chain_of("VIX", 17.33, [ticker(ib, option(ib, "VIX", "20230516", 18.0, "C"), -1.0, -1.0)])


def test_futures(ib: Any) -> None:
    def future(day: str, bid: float, ask: float, last: float) -> Any:
        return ticker(ib, ib.Future("VIX", day, "CFE", tradingClass="VX"), bid, ask, last=last)

    found = curve_of(
        [
            future("20230621", 18.9, 19.0, 18.0),
            future("20230516", 17.8, 17.9, 17.0),
            future("20230718", -1.0, 20.0, 19.6),
            future("20230815", math.nan, math.nan, math.nan),
        ]
    )
    assert [(f.expiry.isoformat(), round(f.price, 4), f.monthly) for f in found.futures] == [
        ("2023-05-17", 17.85, True),
        ("2023-06-21", 18.95, True),
        ("2023-07-19", 19.6, True),
    ]
    assert found.notes == ("1 VX futures without two sides priced at the last trade",)
    with pytest.raises(QuoteError, match="subscriptions"):
        curve_of([])


@pytest.mark.parametrize(
    ("root", "last_trade", "day"),
    [
        ("SPX", "20240118", "2024-01-19"),
        ("SPX", "20240119", "2024-01-19"),
        ("SPXW", "20240119", "2024-01-19"),
        ("VIX", "20240116", "2024-01-17"),
        ("VIX", "20240117", "2024-01-17"),
        ("VIX", "20240617", "2024-06-18"),  # a Tuesday: the next day is a holiday
        ("VIX", "20240618", "2024-06-18"),
        ("VIXW", "20240109", "2024-01-10"),
        ("VIXW", "20240110", "2024-01-10"),
    ],
)
def test_settlement_days(root: str, last_trade: str, day: str) -> None:
    assert settles(root, last_trade) == dt.date.fromisoformat(day)


def test_after_the_session_quotes_are_of_its_close(ib: Any) -> None:
    later = dt.datetime(2023, 5, 16, 1, 0, tzinfo=dt.UTC)
    contract = ib.Future("VIX", "20230621", "CFE", tradingClass="VX")
    found = curve_of([ticker(ib, contract, 18.9, 19.0, later)])
    assert found.market_time == dt.datetime(2023, 5, 15, 20, 15, tzinfo=dt.UTC)


def test_nobody_listens(ib: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(QuoteError, match=f"127.0.0.1:{port}: .*start Trader Workstation") as caught:
        asyncio.run(Ib(Place(port=port), NOON).chain("SPX"))
    assert "\n" not in str(caught.value)
