"""Cboe's delayed-quotes file made of a real chain: the same quotes in the format of the JSON."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

from xlalvh.market.quotes import ChainSnapshot


def contracts(snapshot: ChainSnapshot) -> list[dict[str, Any]]:
    """A contract an entry, with every field of the real file; a missing price is 0 there."""
    chain = snapshot.chain
    found = []
    for i in range(len(chain)):
        day = chain.expiry[i].astype(dt.date)
        for right, quotes in (("C", chain.call), ("P", chain.put)):
            bid, ask = (0.0 if math.isnan(v) else float(v) for v in (quotes.bid[i], quotes.ask[i]))
            found.append(
                {
                    "option": f"{chain.root[i]}{day:%y%m%d}{right}{round(chain.strike[i] * 1000):08d}",
                    "bid": bid, "bid_size": 12.0, "ask": ask, "ask_size": 8.0, "iv": 0.1873, "open_interest": 137.0,
                    "volume": 6.0, "delta": -0.0061, "gamma": 0.0001, "vega": 0.2442, "theta": -0.2802, "rho": -0.0152,
                    "theo": 0.7767, "change": -0.07, "open": 1.27, "high": 1.54, "low": 1.19, "tick": "up",
                    "last_trade_price": 1.54, "last_trade_time": "2026-09-04T15:59:45", "percent_change": -4.34782,
                    "prev_day_close": 1.60999995470047,
                }
            )  # fmt: skip
    return found


def file(snapshot: ChainSnapshot, stamp: str, options: list[dict[str, Any]] | None = None) -> bytes:
    """The file; `stamp` is UTC, as in 2026-09-05 03:44:41."""
    name = snapshot.chain.underlying
    data = {
        "options": contracts(snapshot) if options is None else options,
        "symbol": f"^{name}", "security_type": "index", "exchange_id": 5, "current_price": snapshot.spot,
        "price_change": -0.35, "bid": 0.0, "ask": 0.0, "close": snapshot.spot, "iv30": 15.2, "seqno": 1,
        "last_trade_time": "2026-09-04T16:15:00", "tick": "down",
    }  # fmt: skip
    return json.dumps({"timestamp": stamp, "data": data, "symbol": f"_{name}"}).encode()


def full_size(snapshot: ChainSnapshot, least: int, stamp: str) -> bytes:
    """As `file`, with the expiries repeated on later days until there are enough contracts."""
    options = contracts(snapshot)
    size = len(options)
    while len(options) < least:
        copy = len(options) // size
        for row in options[:size]:
            tail = len(row["option"]) - 15
            day = dt.datetime.strptime(row["option"][tail : tail + 6], "%y%m%d") + dt.timedelta(days=5 * 364 * copy + 1)
            options.append({**row, "option": f"{row['option'][:tail]}{day:%y%m%d}{row['option'][tail + 6 :]}"})
    return file(snapshot, stamp, options[:least])
