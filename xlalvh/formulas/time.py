"""The Time group."""

from __future__ import annotations

import datetime as dt

import numpy as np

from xlalvh.formulas import cells, stored
from xlalvh.formulas.errors import CellError, not_available, num_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.market import calendar

TIME = "Time"

_YEAR = Argument("year", Kind.NUMBER, "year", "calendar year", low=calendar.FIRST.year, high=calendar.LAST.year)
_MONTH = Argument("month", Kind.NUMBER, "month, 1 to 12", "calendar month", low=1, high=12)
_SERIAL_EXAMPLE = 45107.0  # 2023-06-30


def _expiries(rule, year, month):
    found = np.empty(len(year), dtype=object)
    found[:] = [_expiry(rule, y, m) for y, m in zip(year, month, strict=True)]
    return found


def _expiry(rule, year, month):
    if year != int(year) or month != int(month):
        return np.nan
    try:
        return cells.serial(rule(int(year), int(month)))
    except ValueError as error:
        return not_available(str(error))


@formula(
    category=TIME,
    help="Monthly SPX expiry: the third Friday, or the session before where that is a holiday.",
    arguments=(_YEAR, _MONTH),
    result="Date (a serial), one a month.",
    source="Cboe SPX contract specifications",
    example={"year": 2023.0, "month": 6.0},
    paired=True,
    gives_date=True,
    unavailable="year and month must be whole numbers",
)
def alvh_spx_expiry(year, month):
    return _expiries(calendar.spx_expiry, year, month)


@formula(
    category=TIME,
    help="Monthly VIX expiry: 30 days before the next month's third Friday, moved by holidays.",
    arguments=(_YEAR, _MONTH),
    result="Date (a serial), one a month.",
    source="Cboe VIX contract specifications",
    example={"year": 2023.0, "month": 6.0},
    paired=True,
    gives_date=True,
    unavailable="year and month must be whole numbers",
)
def alvh_vix_expiry(year, month):
    return _expiries(calendar.vix_expiry, year, month)


@formula(
    category=TIME,
    help="Years to settlement: elapsed minutes / 525,600, by the exchange calendar.",
    arguments=(
        Argument("expiry", Kind.DATE, "settlement day"),
        Argument("root", Kind.LABEL, "SPX (09:30), SPXW or XSP (16:00, 13:00 on early closes), VIX or VIXW (09:30)"),
        Argument(
            "now", Kind.DATE, "New York time, as a date with a time; of the stored snapshot if omitted", optional=True
        ),
    ),
    result="Years; 0 from settlement on.",
    source="Cboe contract specifications",
    example={"expiry": _SERIAL_EXAMPLE, "root": "SPXW", "now": 45065.677083333336},
    paired=True,
)
def alvh_years(expiry, root, now):
    return _each(_years, expiry, root, now)


@formula(
    category=TIME,
    help="The next FOMC decision, CPI or PPI release on a day or later.",
    arguments=(
        Argument("kind", Kind.LABEL, "FOMC, CPI or PPI"),
        Argument("day", Kind.DATE, "first day that counts; the stored snapshot's market day if omitted", optional=True),
    ),
    result="Date (a serial); #N/A where the dated table has none: add days to events.csv in the data directory.",
    source="Federal Reserve and Bureau of Labor Statistics, by announcement; each day's in the table",
    example={"kind": "FOMC", "day": 46036.0},
    paired=True,
    gives_date=True,
)
def alvh_next_event(kind, day):
    return _each(_event, kind, day)


def _event(kind: str, day: dt.datetime | None) -> float:
    from xlalvh.market import events

    first = (day if day is not None else _market_time("day")).date()
    try:
        return cells.serial(events.next_event(kind.upper(), first))
    except events.EventError as error:
        raise (num_error if kind.upper() not in events.KINDS else not_available)(str(error)) from error
    except OSError as error:
        raise not_available(str(error)) from error


def _market_time(name: str) -> dt.datetime:
    """New York wall time of the stored snapshot's SPX options, for an argument that was left out."""
    try:
        return calendar.to_new_york(stored.snapshot().spx.market_time)
    except CellError as error:
        raise not_available(f"{name} is omitted, and {error.message}, or give the market time") from error


def _each(function, *columns):
    """A function on element after element; an error takes its element's place."""
    found = np.empty(len(columns[0]), dtype=object)
    for i, given in enumerate(zip(*columns, strict=True)):
        try:
            found[i] = function(*given)
        except CellError as error:
            found[i] = error
    return found


def _years(expiry: dt.datetime, root: str, now: dt.datetime | None) -> float:
    if now is None:
        now = _market_time("now")
    if root.upper() not in calendar.ROOTS:
        raise num_error(f"root is {root!r}; it must be one of {', '.join(calendar.ROOTS)}")
    try:
        return max(0.0, calendar.years(root.upper(), expiry.date(), calendar.from_new_york(now)))
    except ValueError as error:
        raise not_available(str(error)) from error
    except OverflowError as error:
        raise not_available(f"now is {now}; the exchange calendar ends on {calendar.LAST}") from error
