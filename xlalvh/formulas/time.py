"""The Time group."""

from __future__ import annotations

import datetime as dt

import numpy as np

from xlalvh.formulas import cells
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
        Argument("now", Kind.DATE, "market time in New York, as a date with a time", optional=True),
    ),
    result="Years; 0 from settlement on.",
    source="Cboe contract specifications",
    example={"expiry": _SERIAL_EXAMPLE, "root": "SPXW", "now": 45065.677083333336},
    paired=True,
)
def alvh_years(expiry, root, now):
    found = np.empty(len(expiry), dtype=object)
    for i in range(len(expiry)):
        try:
            found[i] = _years(expiry[i], root[i], now[i])
        except CellError as error:
            found[i] = error
    return found


def _years(expiry: dt.datetime, root: str, now: dt.datetime | None) -> float:
    if now is None:
        raise not_available("now is omitted and there is no stored snapshot to take it from; give the market time")
    if root.upper() not in calendar.ROOTS:
        raise num_error(f"root is {root!r}; it must be one of {', '.join(calendar.ROOTS)}")
    try:
        return max(0.0, calendar.years(root.upper(), expiry.date(), calendar.from_new_york(now)))
    except ValueError as error:
        raise not_available(str(error)) from error
    except OverflowError as error:
        raise not_available(f"now is {now}; the exchange calendar ends on {calendar.LAST}") from error
