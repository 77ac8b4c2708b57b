"""Ledgers, orders and snapshots for the tests of paper trading."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np

from xlalvh.market.quality import build
from xlalvh.market.quotes import ChainSnapshot, Snapshot
from xlalvh.research.paper.contracts import Contract
from xlalvh.research.paper.ledger import Ledger
from xlalvh.research.paper.order import Leg, Order

JULY, JUNE = dt.date(2023, 7, 7), dt.date(2023, 6, 21)
CLOSE = dt.datetime(2023, 5, 19, 20, 15, tzinfo=dt.UTC)  # 16:15 New York
NEW_YORK = dt.datetime(2023, 5, 19, 16, 15)
CONDOR = ((3900.0, "P", 10), (3950.0, "P", -10), (4350.0, "C", -10), (4400.0, "C", 10))
LADDER = ((19.0, "C", 4), (22.0, "C", 4), (26.0, "C", 2))
# By strike and right: bid and ask, points.
SPX = {
    (3900.0, "P"): (18.1, 18.4),
    (3950.0, "P"): (22.3, 22.7),
    (4350.0, "C"): (24.0, 24.5),
    (4400.0, "C"): (12.2, 12.6),
}
VIX = {(19.0, "C"): (1.31, 1.38), (22.0, "C"): (0.9, 0.95), (26.0, "C"): (0.62, 0.67)}


def spx(strike: float, right: str = "P") -> Contract:
    return Contract("SPXW", JULY, right, strike)


def vix(strike: float, right: str = "C") -> Contract:
    return Contract("VIX", JUNE, right, strike)


def desk(folder: Path, now: dt.datetime = CLOSE + dt.timedelta(minutes=20)) -> Ledger:
    """A ledger with a clock that stands."""
    return Ledger(folder / "paper.sqlite3", lambda: now)


def order(lots: int = 1, moved: float = 0.0, time: dt.datetime = NEW_YORK, **fields: object) -> Order:
    """The condor and the ladder, every quote moved by so much."""
    legs = [
        Leg("condor", "SPXW", JULY, r, k, float(n * lots), SPX[k, r][0] + moved, SPX[k, r][1] + moved)
        for k, r, n in CONDOR
    ]
    legs += [Leg("ladder", "VIX", JUNE, r, k, float(n * lots), *VIX[k, r]) for k, r, n in LADDER]
    return Order(time, time, "quotes by hand", False, legs, **fields)


def snapshot(moved: float = 0.0, at: dt.datetime = CLOSE, vix_at: dt.datetime | None = None) -> Snapshot:
    """Both chains with the quotes of `order`, moved by so much."""
    return Snapshot(
        _chain("SPX", "SPXW", JULY, {k: (b + moved, a + moved) for k, (b, a) in SPX.items()}, 4191.98, at),
        _chain("VIX", "VIX", JUNE, VIX, 16.81, vix_at or at),
    )


def _chain(
    underlying: str, root: str, expiry: dt.date, quotes: dict[tuple[float, str], tuple[float, float]], spot: float,
    at: dt.datetime,
) -> ChainSnapshot:  # fmt: skip
    strikes = sorted({strike for strike, _ in quotes})
    sides = [
        [quotes.get((strike, right), (np.nan, np.nan))[side] for strike in strikes] for right in "CP" for side in (0, 1)
    ]
    count = len(strikes)
    chain = build(underlying, [root] * count, [np.datetime64(expiry)] * count, strikes, *sides)
    return ChainSnapshot("quotes by hand", at, spot, chain)


def later(snapshot: Snapshot, **gap: float) -> Snapshot:
    """The same quotes some time on."""
    on = dt.timedelta(**gap)
    assert snapshot.vix is not None
    return replace(
        snapshot,
        spx=replace(snapshot.spx, market_time=snapshot.spx.market_time + on),
        vix=replace(snapshot.vix, market_time=snapshot.vix.market_time + on),
    )
