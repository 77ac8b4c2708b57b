"""Daily levels beside a snapshot: closes of SPX and VIX, and VIX futures of constant maturity, a row a session.

Nothing of another date stands beside the quotes. The rows are the exchange's sessions up to the quotes' day; that day
has the quotes' own levels, and the days before it their closes, or nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xlalvh.market import calendar
from xlalvh.market.quotes import FuturesCurve, IndexHistory, QuoteError, Snapshot
from xlalvh.market.term_structure import constant_maturity

if TYPE_CHECKING:
    from xlalvh.market.store import Store

SESSIONS = 252  # a year of rows
MATURITIES = {"VX30": 30.0, "VX60": 60.0}  # symbol of a constant-maturity VIX future to its days
SYMBOLS = ("SPX", "VIX", *MATURITIES)
_REMEDY = "xlalvh refresh fetches closes; or paste them on Signals"

Number = float | None  # None is a blank cell


class DayRow(NamedTuple):
    """One session; points, None where not known."""

    day: dt.date
    spx: Number
    vix: Number
    vx30: Number  # constant-maturity futures
    vx60: Number


def rows(
    snapshot: Snapshot, curve: FuturesCurve | None, histories: Mapping[str, IndexHistory]
) -> tuple[tuple[DayRow, ...], str]:
    """The last `SESSIONS` sessions up to the day of the SPX quotes, the oldest first, and what is missing in words.

    Parameters
    ----------
    snapshot : Snapshot
    curve : FuturesCurve or None
        The VIX curve in use, given or from the options' parity.
    histories : mapping
        By symbol; days after the session before the quotes are not looked at.
    """
    day = calendar.to_new_york(snapshot.spx.market_time).date()
    sessions = [day]
    while len(sessions) < SESSIONS:
        sessions.append(calendar.previous_session(sessions[-1]))
    sessions.reverse()
    levels = {symbol: _by_day(histories.get(symbol)) for symbol in SYMBOLS}
    found = [DayRow(when, *(levels[symbol].get(when) for symbol in SYMBOLS)) for when in sessions[:-1]]
    found.append(_of_quotes(day, snapshot, curve))
    return tuple(found), "; ".join(_missing(found, histories))


def _by_day(history: IndexHistory | None) -> dict[dt.date, float]:
    return dict(zip(history.dates.tolist(), history.close.tolist(), strict=True)) if history is not None else {}


def _of_quotes(day: dt.date, snapshot: Snapshot, curve: FuturesCurve | None) -> DayRow:
    """The quotes' own levels, where they are of that day."""
    vix = snapshot.vix
    spot = vix.spot if vix is not None and _date(vix.market_time) == day else None
    maturities: tuple[Number, Number] = (None, None)
    if curve is not None and _date(curve.market_time) == day:
        maturities = _maturities(curve, spot)
    return DayRow(day, snapshot.spx.spot, spot, *maturities)


def _date(moment: dt.datetime) -> dt.date:
    return calendar.to_new_york(moment).date()


def _maturities(curve: FuturesCurve, vix: Number) -> tuple[Number, Number]:
    monthly = [f for f in curve.futures if f.monthly and calendar.settlement("VIX", f.expiry) > curve.market_time]
    days = np.array([calendar.years("VIX", f.expiry, curve.market_time) * 365.0 for f in monthly])
    prices = np.array([f.price for f in monthly])
    near, far = (constant_maturity(prices, days, target, vix) for target in MATURITIES.values())
    return (near, far) if np.isfinite(near) and np.isfinite(far) else (None, None)


def _missing(found: list[DayRow], histories: Mapping[str, IndexHistory]) -> list[str]:
    """What keeps signals from being computed, in words."""
    said = []
    before, last = found[-2], found[-1]
    for symbol, title in (("SPX", "SPX"), ("VIX", "VIX"), ("VX30", "the futures' slope")):
        if getattr(before, symbol.lower()) is not None:
            continue
        known = histories.get(symbol)
        earlier = known.dates[known.dates < np.datetime64(before.day)].tolist() if known is not None else []
        if earlier:
            said.append(f"the history of {title} ends {earlier[-1]}, not {before.day}, the session before the quotes")
        else:
            said.append(f"no history of {title}")
    if said:
        said[-1] += f" ({_REMEDY})"
    if last.vix is None:
        said.append(f"no VIX quotes of {last.day}")
    if last.vx30 is None:
        said.append(f"no VIX futures from 30 to 60 days of {last.day}")
    return said


def constant_maturities(curves: Mapping[dt.date, FuturesCurve], vix: IndexHistory | None) -> dict[str, IndexHistory]:
    """VIX futures of 30 and 60 days from daily curves, linear in price, by symbol; empty where no day has both.

    Parameters
    ----------
    curves : mapping of date to FuturesCurve
    vix : IndexHistory, optional
        Closes of VIX, day 0 where the first future lies beyond 30 days; days that would need a missing one are left
        out.
    """
    spot = _by_day(vix)
    both = {day: _maturities(curve, spot.get(day)) for day, curve in sorted(curves.items())}
    known = {day: pair for day, pair in both.items() if pair[0] is not None}
    if not known:
        return {}
    days = np.array(list(known), dtype="datetime64[D]")
    return {
        symbol: IndexHistory(symbol, days, np.array([pair[i] for pair in known.values()], dtype=float))
        for i, symbol in enumerate(MATURITIES)
    }


def of_store(store: Store) -> dict[str, IndexHistory]:
    """The stored histories, by symbol."""

    def read(symbol: str) -> IndexHistory | None:
        found = store.history(symbol)
        return found.history if found is not None else None

    return gathered(read)


def gathered(read: Callable[[str], IndexHistory | None]) -> dict[str, IndexHistory]:
    """The histories that a source has, by symbol; one that cannot be read counts as missing."""
    found = {}
    for symbol in SYMBOLS:
        try:
            history = read(symbol)
        except QuoteError:
            continue
        if history is not None:
            found[symbol] = history
    return found
