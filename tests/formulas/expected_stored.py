"""What the examples that read stored quotes, results and the paper ledger must give, found without a formula."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable
from importlib import resources
from typing import Any

from tests.formulas.expected_claims import claims
from tests.formulas.plain import serial
from xlalvh.market.providers.sample import sample_history, sample_snapshot

# Market: what the sample's own module says, without a formula


def _quote(symbol, field, refresh):
    assert (symbol, field, refresh) == ("SPX", "price", "sample")
    return 6912.35


def _chain(symbol, expiry, refresh):
    """The sample's VIX options of one day, a strike at a time; the far ends have no bid."""
    assert (symbol, refresh) == ("VIX", "sample")
    day = dt.date(1899, 12, 30) + dt.timedelta(days=expiry)
    vix = sample_snapshot().vix
    rows = []
    for i in range(len(vix.chain)):
        if vix.chain.expiry[i].item() != day:
            continue
        prices = [float(p[i]) for side in (vix.chain.call, vix.chain.put) for p in (side.bid, side.ask)]
        wrong = [f"{side} no bid" for side, bid in (("call", prices[0]), ("put", prices[2])) if math.isnan(bid)]
        shown = [None if math.isnan(price) else price for price in prices]
        rows.append((expiry, "VIX", float(vix.chain.strike[i]), *shown, "; ".join(wrong) or "ok"))
    header = ("expiry", "root", "strike", "call_bid", "call_ask", "put_bid", "put_ask", "quality")
    return (header, *sorted(rows, key=lambda row: row[2]))


def _futures(refresh):
    """Settlement at 09:30 on VIX expiry days; all in winter or summer time from 15:45 on 2026-01-14."""
    assert refresh == "sample"
    start = dt.datetime(2026, 1, 14, 15, 45)
    rows = []
    for future in sample_snapshot().futures.futures:
        summer = dt.date(2026, 3, 8) <= future.expiry < dt.date(2026, 11, 1)
        wait = dt.datetime.combine(future.expiry, dt.time(9, 30)) - start - dt.timedelta(hours=1 if summer else 0)
        day = (future.expiry - dt.date(1899, 12, 30)).days
        rows.append((float(day), wait / dt.timedelta(days=1), future.price, True))
    return (("expiry", "days", "price", "monthly"), *rows)


def _history(symbol, days, refresh):
    """Five sessions to Wednesday 2026-01-14: no holiday, a weekend between."""
    assert (symbol, days, refresh) == ("VIX", 5.0, "sample")
    dates = [serial(2026, 1, day) for day in (8, 9, 12, 13, 14)]
    closes = sample_history("VIX").close[-5:].tolist()
    return (
        ("date", "open", "high", "low", "close"),
        *((d, None, None, None, c) for d, c in zip(dates, closes, strict=True)),
    )


def _quote_age(refresh):
    assert refresh == "sample"
    return 15.0


# Research: what stands in the file that comes with the package


def _backtest(table, refresh):
    """Two lots of margin, 96 condors (one every six weeks) on the sessions from 2010-05-24 to 2021-06-11."""
    assert (table, refresh) == ("size", "shipped")
    file = resources.files("xlalvh.research") / "shipped" / "backtest.json"
    shipped = json.loads(file.read_text(encoding="utf-8"))["tables"]["size"]
    assert shipped["rows"] == [[2 * 50 * 100 * 10.0, 2783.0, 96.0, 6.0]]
    return tuple(shipped["columns"]), tuple(shipped["rows"][0])


# Paper


def _paper(table, account):
    """A ledger in which nothing was ever booked."""
    assert (table, account) == ("balance", "sample")
    return (
        ("item", "value"),
        ("ledger balances", "nothing booked yet"),
        ("last entry, quotes of (New York)", "none"),
        ("entries", 0.0),
        ("open positions", 0.0),
        ("cash (dollars)", 0.0),
        ("open positions at their marks (dollars)", 0.0),
        ("profit to date, costs included (dollars)", 0.0),
        ("costs to date (dollars)", 0.0),
        ("positions whose mark is no mid", 0.0),
        ("settled, value to be entered", "none"),
    )


FINDERS: dict[str, Callable[..., Any]] = {
    "ALVH_QUOTE": _quote,
    "ALVH_CHAIN": _chain,
    "ALVH_FUTURES": _futures,
    "ALVH_HISTORY": _history,
    "ALVH_QUOTE_AGE": _quote_age,
    "ALVH_BACKTEST": _backtest,
    "ALVH_PAPER": _paper,
    "ALVH_CLAIMS": claims,
}
