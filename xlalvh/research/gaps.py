"""What a history lacks and what looks odd in it: nothing is repaired, all is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from xlalvh.market import calendar
from xlalvh.market.providers.text import count
from xlalvh.numerics.arrays import Array, Dates
from xlalvh.research.history import LEVELS, History, Origin

# A day's change of the log beyond these is named: each has happened, few times.
_JUMPS = {"spx": 0.09, "vix": 0.6, "vix9d": 0.9, "vix3m": 0.4, "vix6m": 0.35, "vvix": 0.35, "skew": 0.15}
_RETURNS = 0.25  # of a jump: what is left of it on the next day marks a spike
_CURVE_FIRST = np.datetime64("2010-05-24")  # where vixcentral's table begins
_FUTURE_JUMP = 0.35  # of the log of one contract's settlement
_SHOWN = 6  # of a list, in a line


@dataclass(frozen=True)
class Series:
    """One index or rate on the history's days."""

    name: str
    first: dt.date | None  # None where there is nothing
    last: dt.date | None
    days: int
    missing: tuple[dt.date, ...]  # between first and last, where SPX traded
    off_days: int  # days of its files on which SPX did not trade, left out


@dataclass(frozen=True)
class Jump:
    """A change in one day that is worth a look."""

    name: str
    day: dt.date
    before: float
    after: float
    spike: bool  # gone the next day, which a wrong figure would be too


@dataclass(frozen=True)
class Report:
    """What a history has, lacks, and what is odd in it."""

    first: dt.date
    last: dt.date
    days: int
    series: tuple[Series, ...]
    sessions_missing: tuple[dt.date, ...]  # the exchange was open, SPX has no level
    closed_days: tuple[dt.date, ...]  # SPX has a level, the exchange was closed
    contracts: int
    prices: dict[str, int]  # futures prices by origin
    spliced: tuple[dt.date, ...]  # contracts known from vixcentral's table alone
    absent: tuple[dt.date, ...]  # monthly contracts of which nothing is known
    curve_days_missing: tuple[dt.date, ...]  # no curve from 30 to 60 days, since 2010-05-24
    finals_from_open: tuple[dt.date, ...]  # final settlement taken from VIX's open
    finals_missing: tuple[dt.date, ...]  # settled, and no final settlement
    jumps: tuple[Jump, ...]
    refused: tuple[str, ...]  # files of a known kind that could not be read

    def lines(self) -> list[str]:
        """The report as sentences."""
        found = [f"SPX: {self.days:,} trading days, {self.first} to {self.last}"]
        if self.sessions_missing:
            found.append(
                f"no SPX level on {count(len(self.sessions_missing), 'session')}: {_some(self.sessions_missing)}"
            )
        if self.closed_days:
            found.append(f"SPX has a level though the exchange was closed: {_some(self.closed_days)}")
        for series in self.series:
            if series.first is None:
                found.append(f"{series.name}: nothing")
                continue
            gaps = f"; missing {len(series.missing)}: {_some(series.missing)}" if series.missing else "; no gap"
            off = f"; {series.off_days} days without SPX left out" if series.off_days else ""
            found.append(f"{series.name}: {series.days:,} days, {series.first} to {series.last}{gaps}{off}")
        origins = ", ".join(f"{n:,} {name}" for name, n in self.prices.items() if n)
        found.append(f"VX: {self.contracts} monthly contracts; prices: {origins or 'none'}")
        for what, days in (
            ("contracts spliced from vixcentral's table", self.spliced),
            ("monthly contracts missing altogether", self.absent),
            ("days without a curve from 30 to 60 days", self.curve_days_missing),
            ("final settlements taken from VIX's open", self.finals_from_open),
            ("final settlements missing", self.finals_missing),
        ):
            if days:
                found.append(f"VX: {what}: {len(days)} ({_some(days)})")
        found += [
            f"{jump.name} on {jump.day}: {jump.before:g} to {jump.after:g}"
            + (", gone the next day" if jump.spike else "")
            for jump in self.jumps
        ]
        return found + [f"not read: {reason}" for reason in self.refused]


def review(history: History, file_days: Mapping[str, Dates], refused: Iterable[str] = ()) -> Report:
    """Look over a history.

    Parameters
    ----------
    history : History
    file_days : mapping
        The days that the files of each index have, by symbol.
    refused : iterable of str
        Why files were not read.
    """
    days = history.day.astype(object)
    expiries = history.vx_expiry.astype(object)
    names = {Origin.CONTRACT: "own settlements", Origin.CURVE: "of vixcentral's table", Origin.TRADE: "last trades"}
    settled = history.vx_expiry <= history.day[-1]
    reach = np.isfinite(history.cm(30.0)) & np.isfinite(history.cm(60.0)) | (history.day < _CURVE_FIRST)
    own = ((history.vx_from == Origin.CONTRACT) | (history.vx_from == Origin.TRADE)).any(axis=0)
    table = (history.vx_from == Origin.CURVE).any(axis=0)
    since = dt.date(2013, 1, 1)  # the exchange's files by contract begin
    return Report(
        first=days[0],
        last=days[-1],
        days=len(history),
        series=tuple(
            _series(
                name, np.asarray(getattr(history, name)), history.day, file_days.get(_SYMBOL.get(name, name.upper()))
            )
            for name in (*LEVELS[1:], "rate")
        ),
        sessions_missing=tuple(_sessions_missing(set(days), days[0], days[-1])),
        closed_days=tuple(day for day in days if day >= calendar.FIRST and not calendar.is_session(day)),
        contracts=len(expiries),
        prices={name: int((history.vx_from == origin).sum()) for origin, name in names.items()},
        spliced=tuple(
            e for e, mine, other in zip(expiries, own, table, strict=True) if other and not mine and e > since
        ),
        absent=tuple(_absent(set(expiries), days[-1])) if len(expiries) else (),
        curve_days_missing=tuple(day for day, good in zip(days, reach, strict=True) if not good),
        finals_from_open=tuple(expiries[history.vx_final_from == Origin.OPEN]),
        finals_missing=tuple(expiries[settled & (history.vx_final_from == Origin.NONE)]),
        jumps=tuple(_jumps(history)),
        refused=tuple(refused),
    )


_SYMBOL = {"rate": "DFF"}


def _series(name: str, values: Array, day: Dates, in_files: Dates | None) -> Series:
    known = np.nonzero(np.isfinite(values))[0]
    if not len(known):
        return Series(name, None, None, 0, (), 0)
    low, high = known[0], known[-1]
    gaps = np.nonzero(~np.isfinite(values[low : high + 1]))[0] + low
    off = 0
    if in_files is not None and name != "rate":  # the federal funds rate has every day of the year
        inside = in_files[(in_files >= day[low]) & (in_files <= day[high])]
        off = int((~np.isin(inside, day)).sum())
    first, last = day[[low, high]].astype(object)
    return Series(name, first, last, len(known), tuple(day[gaps].astype(object)), off)


def _sessions_missing(days: set[dt.date], first: dt.date, last: dt.date) -> Iterable[dt.date]:
    day = max(first, calendar.FIRST)
    while day <= last:
        if day not in days and calendar.is_session(day):
            yield day
        day += dt.timedelta(days=1)


def _absent(known: set[dt.date], last: dt.date) -> Iterable[dt.date]:
    """Monthly contracts between the first that is known and the last day that are not."""
    day = min(known)
    while day < last:
        expiry = calendar.vix_expiry(day.year, day.month)
        if expiry not in known and expiry <= last:
            yield expiry
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _jumps(history: History) -> Iterable[Jump]:
    for name, least in _JUMPS.items():
        yield from _jumps_of(name, np.asarray(getattr(history, name)), history.day, least)
    for j, expiry in enumerate(history.vx_expiry):
        yield from _jumps_of(f"VX {expiry}", history.vx_settle[:, j], history.day, _FUTURE_JUMP)


def _jumps_of(name: str, values: Array, day: Dates, least: float) -> Iterable[Jump]:
    known = np.nonzero(np.isfinite(values))[0]
    log = np.log(values[known])
    change = np.diff(log)
    for at in np.nonzero(np.abs(change) > least)[0]:
        i = at + 1
        spike = i + 1 < len(log) and abs(log[i + 1] - log[at]) < _RETURNS * abs(change[at])
        yield Jump(name, day[known[i]].astype(object), float(values[known[at]]), float(values[known[i]]), bool(spike))


def _some(days: tuple[dt.date, ...]) -> str:
    listed = ", ".join(map(str, days[:_SHOWN]))
    return listed if len(days) <= _SHOWN else f"{listed} and {len(days) - _SHOWN} more"
