"""What options cost on past days: the pricing model over the history, with the errors that a sensitivity supposes.

Days are positions in the history. Nothing here looks at a later day than the one it is asked for, but at the exchange
calendar, which is known ahead.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from xlalvh.market import calendar
from xlalvh.numerics import black76
from xlalvh.numerics.arrays import Array, Dates, Integers
from xlalvh.research.history import MINUTES, History, HistoryError
from xlalvh.research.surface import DayState, SpxModel, VixModel

Days = Integers

SPX, VIX = 0, 1

_FRIDAYS = 15  # ahead
_NEEDED = ("spx", "vix", "vix3m", "vix6m", "vvix", "skew", "rate")
_CARRIED = 5  # sessions that a missing level may be carried over


class Quote(NamedTuple):
    """Price in points and delta, an option each."""

    price: Array
    delta: Array


@dataclass(frozen=True)
class Past:
    """The market of a history.

    Parameters
    ----------
    history : History
    spx_price : factor on every SPX option's price before it settles
    vix_vol : factor on every VIX option's volatility
    """

    history: History
    spx_price: float = 1.0
    vix_vol: float = 1.0

    @cached_property
    def last(self) -> int:
        """The last day."""
        return len(self.history) - 1

    @cached_property
    def futures(self) -> Array:
        """(N, M) points: settlements, and where a contract has none the line between its neighbours of the day.

        A contract beyond the last one with a price gets that one's.
        """
        when = self.history.vx_expiry.astype("int64").astype(float)
        filled = np.full(self.history.vx_settle.shape, np.nan)
        for i, row in enumerate(self.history.vx_settle):
            good = np.isfinite(row)
            if good.any():
                filled[i] = np.interp(when, when[good], row[good])
        return filled

    def position(self, dates: Dates) -> Days:
        """The first day on or after each date; N where the history does not reach it."""
        return np.searchsorted(self.history.day, dates)

    def spx_years(self, day: Days, expiry: Dates) -> Array:
        """Years from a day's close to the p.m. settlement of an expiry; not below 0."""
        unique, places = np.unique(expiry, return_inverse=True)
        moments = np.array([_moment(calendar.settlement("SPXW", date)) for date in unique.tolist()], dtype="M8[m]")
        return self._years(day, moments[places.reshape(expiry.shape)])

    def vix_years(self, day: Days, contract: Days) -> Array:
        """Years from a day's close to the settlement of a VX contract; not below 0."""
        return self._years(day, self.history.vx_settles_at[contract])

    def _years(self, day: Days, moments: Dates) -> Array:
        elapsed = (moments - self.history.close_at[day]) / np.timedelta64(1, "m")
        return np.maximum(elapsed / MINUTES, 0.0)

    def state(self, day: Days) -> DayState:
        """The index levels of days."""
        return DayState(*(getattr(self.history, name)[day] for name in DayState._fields))

    def spx_forward(self, day: Days, years: Array) -> Array:
        """SPX forward, points."""
        return SpxModel().forward(self.history.spx[day], self.history.rate[day], years)

    def spx_vol(self, day: Days, strikes: Array, years: Array) -> Array:
        """Volatilities of SPX options; `strikes` may have more rows than there are options."""
        return SpxModel().vol(self.state(day), strikes, self.spx_forward(day, years), years)

    def vix_vol_at(self, day: Days, strikes: Array, contract: Days) -> Array:
        """Volatilities of VIX options; `strikes` may have more rows than there are options."""
        future, years = self.futures[day, contract], self.vix_years(day, contract)
        return self.vix_vol * VixModel().vol(self.state(day), strikes, future, years)

    def spx(self, day: Days, right: Array, strike: Array, expiry: Dates) -> Quote:
        """SPX options at the close of a day."""
        years = self.spx_years(day, expiry)
        vol = self.spx_vol(day, strike, years)
        found = black76.main_greeks(right, self.spx_forward(day, years), strike, years, vol, self.history.rate[day])
        return Quote(np.asarray(found.price) * self.spx_price, np.asarray(found.delta))

    def vix(self, day: Days, right: Array, strike: Array, contract: Days) -> Quote:
        """VIX options on their own future at the close of a day."""
        years, vol = self.vix_years(day, contract), self.vix_vol_at(day, strike, contract)
        found = black76.main_greeks(right, self.futures[day, contract], strike, years, vol, self.history.rate[day])
        return Quote(np.asarray(found.price), np.asarray(found.delta))


def carried(history: History) -> tuple[History, dict[str, int]]:
    """The history with each missing level filled by the last one before it, and how many were, by series.

    Raises
    ------
    HistoryError
        Where a series that prices need lacks more than five sessions in a row, or its first.
    """
    columns, counts = {}, {}
    for name in _NEEDED:
        column = getattr(history, name)
        good = np.isfinite(column)
        place = np.maximum.accumulate(np.where(good, np.arange(len(column)), -_CARRIED - 1))
        gone = np.arange(len(column)) - place
        if (gone > _CARRIED).any():
            day = history.day[int(np.argmax(gone > _CARRIED))]
            raise HistoryError(f"the history has no {name.upper()} about {day}, which prices need: run history update")
        columns[name] = column[np.maximum(place, 0)]
        if not good.all():
            counts[name] = int((~good).sum())
    return replace(history, **columns), counts


def fridays(day: dt.date, count: int = _FRIDAYS) -> list[dt.date]:
    """The next p.m. expiries after a day: Fridays, or the session before one that is a holiday.

    SPXW listed other days too, later; at six weeks the Fridays are those that were always there.
    """
    first = day + dt.timedelta(days=(4 - day.weekday()) % 7 or 7)
    weeks = (first + dt.timedelta(weeks=i) for i in range(count))
    return [friday if calendar.is_session(friday) else calendar.previous_session(friday) for friday in weeks]


def _moment(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(tzinfo=None)
