"""Accounting of a backtest, in whole cents: cash from every trade, and what the open options are worth each day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlalvh.numerics.arrays import Array, Dates, Integers, Mask
from xlalvh.research.history import HistoryError
from xlalvh.research.past import SPX, VIX, Days, Past
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.costs import MONTHLY, NICKEL, spx_half_spread, vix_half_spread

Cents = Integers

PENNY_TICKS = np.datetime64("2022-11-29")  # Cboe's notice of that day: VIX options below $3 in cents, before in nickels

_CENTS = 100.0


class Lots(NamedTuple):
    """Options held from the close of one day to another, an element each."""

    underlying: Integers  # SPX or VIX
    right: Array  # +1 call, -1 put
    strike: Array  # points
    expiry: Dates  # settlement day
    contract: Days  # of VIX options, the VX contract; -1 of SPX
    quantity: Array  # whole contracts, + long
    opened: Days  # bought or sold at this day's close
    closed: Days  # and gone at this day's: sold or bought back, or settled; N where the history ends before
    settles: Mask  # in cash, at no cost

    def take(self, mask: Mask) -> Lots:
        """The lots where a mask is true."""
        return _lots([column[mask] for column in self])


class Account(NamedTuple):
    """Cents by day, (N,)."""

    cash: Cents  # of all trades so far
    marks: Cents  # what is open is worth at mid prices
    costs: Cents  # half-spreads and commissions so far, a part of cash
    premium: Cents  # paid so far for options bought to open, costs included

    @property
    def profit(self) -> Cents:
        """Cash and marks."""
        return self.cash + self.marks

    def __add__(self, other: Account) -> Account:  # type: ignore[override] # sums books, does not join tuples
        return Account(*(a + b for a, b in zip(self, other, strict=True)))


def lots(**columns: object) -> Lots:
    """Lots from columns that broadcast."""
    return _lots(np.broadcast_arrays(*(np.asarray(columns[name]) for name in Lots._fields)))


def join(parts: Iterable[Lots]) -> Lots:
    """All lots of several."""
    return _lots([np.concatenate(columns) for columns in zip(*parts, strict=True)])


def _lots(columns: Sequence[NDArray[Any]]) -> Lots:
    kinds: tuple[Any, ...] = (np.int64, float, float, "M8[D]", np.int64, float, np.int64, np.int64, bool)
    typed: Any = (np.ravel(column).astype(kind) for column, kind in zip(columns, kinds, strict=True))
    return Lots(*typed)


def account(book: Lots, past: Past, rules: Mapping[str, float]) -> Account:
    """Cash and marks of lots on every day of the history; a lot that opens after its end is none.

    `rules` are those of COSTS. Prices are rounded to a cent a contract when they enter.
    """
    days = len(past.history)
    book = book.take(book.opened < days)
    count = len(book.strike)
    if not count:
        return Account(*(np.zeros(days, dtype=np.int64) for _ in Account._fields))
    # One element a lot and day, from the day it opens to the one it closes or the last.
    end = np.minimum(book.closed, past.last)
    lengths = end - book.opened + 1
    lot = np.repeat(np.arange(count), lengths)
    day = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(book.opened, lengths)
    price, delta = _prices(book, lot, day, past)
    if not np.isfinite(price).all():
        i = int(np.argmin(np.isfinite(price)))
        raise HistoryError(
            f"no price of the {'VIX' if book.underlying[lot[i]] == VIX else 'SPX'} option {book.strike[lot[i]]:g} of "
            f"{book.expiry[lot[i]]} on {past.history.day[day[i]]}: run history update, or leave these days out"
        )
    quantity = book.quantity.astype(np.int64)
    closing = day == book.closed[lot]
    opening = day == book.opened[lot]
    value = quantity[lot] * np.rint(price * MULTIPLIER * _CENTS).astype(np.int64)
    traded = opening | (closing & ~book.settles[lot])
    half = _half_spread(book.underlying[lot[traded]], delta[traded], day[traded], past, rules)
    each = np.rint((half * MULTIPLIER + rules["cost_contract"]) * _CENTS).astype(np.int64)
    cost = np.zeros(len(lot), dtype=np.int64)
    cost[traded] = np.abs(quantity[lot[traded]]) * each
    cash = np.where(closing, value, 0) - np.where(opening, value, 0) - cost
    bought = opening & (quantity[lot] > 0)

    def by_day(amounts: Cents, mask: Mask | slice = slice(None)) -> Cents:
        sums = np.zeros(days, dtype=np.int64)
        np.add.at(sums, day[mask], amounts[mask])
        return sums

    return Account(
        cash=np.cumsum(by_day(cash)),
        marks=by_day(value, ~closing),
        costs=np.cumsum(by_day(cost)),
        premium=np.cumsum(by_day(value + cost, bought)),
    )


def _prices(book: Lots, lot: Days, day: Days, past: Past) -> tuple[Array, Array]:
    """Mid prices and deltas, points; on the day of settlement what the option pays."""
    price, delta = np.empty(len(lot)), np.zeros(len(lot))
    settled = book.settles[lot] & (day == book.closed[lot])
    for kind in (SPX, VIX):
        mine = (book.underlying[lot] == kind) & ~settled
        which, when = lot[mine], day[mine]
        if not which.size:
            continue
        if kind == SPX:
            found = past.spx(when, book.right[which], book.strike[which], book.expiry[which])
        else:
            found = past.vix(when, book.right[which], book.strike[which], book.contract[which])
        price[mine], delta[mine] = found.price, found.delta
    which, when = lot[settled], day[settled]
    vix = book.underlying[which] == VIX
    level = np.where(vix, past.history.vx_final[book.contract[which]], past.history.spx[when])
    price[settled] = np.maximum(book.right[which] * (level - book.strike[which]), 0.0)
    return price, delta


def _half_spread(underlying: Integers, delta: Array, day: Days, past: Past, rules: Mapping[str, float]) -> Array:
    vix = past.history.vix[day]
    cents = past.history.day[day] >= PENNY_TICKS
    monthly = np.where(cents, vix_half_spread(vix, rules, MONTHLY), vix_half_spread(vix, rules, NICKEL))
    return np.where(underlying == SPX, spx_half_spread(delta, vix, rules), monthly)
