"""The exchange calendar: US sessions, expiries, settlement moments, and the market time of a quote file.

Dates are `datetime.date`; moments are aware UTC datetimes; wall times are naive New York datetimes. Sessions are
those of the New York Stock Exchange, which Cboe's index options follow; `holidays.csv` holds the weekdays without a
session and the early closes.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FIRST = dt.date(2004, 1, 1)  # the first VX future traded on 2004-03-26
LAST = dt.date(2040, 12, 31)
ROOTS = ("SPX", "SPXW", "XSP", "VIX", "VIXW", "UNKNOWN")
DELAY = dt.timedelta(minutes=15)

_MORNING_ROOTS = ("SPX", "VIX", "VIXW")
_OPEN = dt.time(9, 30)
_CLOSE = dt.time(16, 0)
_EARLY_CLOSE = dt.time(13, 0)
_AFTER_CLOSE = dt.timedelta(minutes=15)  # index options trade on for a quarter of an hour
_DAY = dt.timedelta(days=1)


class CalendarError(ValueError):
    """A day outside the calendar; the message names the day and the range."""


def is_session(day: dt.date) -> bool:
    """Whether the exchange trades on `day`.

    Raises
    ------
    CalendarError
        Outside `FIRST` to `LAST`.
    """
    return _kind(day) != "closed" and day.weekday() < 5


def previous_session(day: dt.date) -> dt.date:
    """The last session strictly before `day`."""
    day -= _DAY
    while not is_session(day):
        day -= _DAY
    return day


def close_time(day: dt.date) -> dt.time:
    """New York time of the stock close: 16:00, or 13:00 on early closes."""
    return _EARLY_CLOSE if _kind(day) == "early" else _CLOSE


def session_end(day: dt.date) -> dt.datetime:
    """The moment when index options stop trading in the session `day`: 16:15 New York, 13:15 on early closes."""
    return from_new_york(dt.datetime.combine(day, close_time(day)) + _AFTER_CLOSE)


def third_friday(year: int, month: int) -> dt.date:
    """The third Friday of a month, holiday or not."""
    middle = dt.date(year, month, 15)
    return middle + _DAY * ((4 - middle.weekday()) % 7)


@cache
def spx_expiry(year: int, month: int) -> dt.date:
    """Monthly (a.m.) SPX expiry: the third Friday, or the session before where that is a holiday."""
    friday = third_friday(year, month)
    return friday if is_session(friday) else previous_session(friday)


@cache
def vix_expiry(year: int, month: int) -> dt.date:
    """Monthly VIX expiry, which is the VX future's final settlement day.

    It is 30 days before the third Friday of the next month. Where that Wednesday or that Friday is a holiday, it is
    the session before the Wednesday (Cboe VX contract specifications).

    >>> vix_expiry(2024, 6)
    datetime.date(2024, 6, 18)
    """
    friday = third_friday(year + month // 12, month % 12 + 1)
    wednesday = friday - dt.timedelta(days=30)
    return wednesday if is_session(wednesday) and is_session(friday) else previous_session(wednesday)


def settlement(root: str, expiry: dt.date) -> dt.datetime:
    """The moment at which an option settles.

    Parameters
    ----------
    root : str
        SPX, VIX and VIXW settle at 09:30 New York; SPXW and XSP at 16:00, or 13:00 on early closes. UNKNOWN counts
        as SPXW. A VX future settles with VIX.
    expiry : date
        The settlement day. One that is no session settles on the session before.

    Raises
    ------
    CalendarError
        Outside the calendar.
    """
    day = expiry if is_session(expiry) else previous_session(expiry)
    return from_new_york(dt.datetime.combine(day, _OPEN if root in _MORNING_ROOTS else close_time(day)))


def years(root: str, expiry: dt.date, now: dt.datetime) -> float:
    """Elapsed UTC minutes from `now` to settlement, over 525,600; negative once settled, for the caller to judge."""
    return (settlement(root, expiry) - now) / dt.timedelta(minutes=525_600)


def market_time(stamp: dt.datetime, delay: dt.timedelta = DELAY) -> dt.datetime:
    """The moment that a file of delayed quotes shows.

    A stamp in the session means `delay` earlier, 15 minutes if omitted; one outside 09:30 to 16:15 (13:15 on early
    closes) means the end of the last session.

    Parameters
    ----------
    stamp : datetime
        When the file was downloaded, New York wall time.
    """
    moment, day = from_new_york(stamp), stamp.date()
    if is_session(day):
        if from_new_york(dt.datetime.combine(day, _OPEN)) <= moment <= session_end(day):
            return moment - delay
        if moment > session_end(day):
            return session_end(day)
    return session_end(previous_session(day))


def last_settled(moment: dt.datetime) -> dt.date:
    """The last session whose settlement prices were known at a moment, none that lies ahead of it."""
    day = to_new_york(moment).date()
    return day if is_session(day) and session_end(day) <= moment else previous_session(day)


def from_new_york(wall: dt.datetime) -> dt.datetime:
    """A New York wall time as a moment."""
    return wall.replace(tzinfo=_new_york()).astimezone(dt.UTC)


def to_new_york(moment: dt.datetime) -> dt.datetime:
    """A moment as a New York wall time."""
    return moment.astimezone(_new_york()).replace(tzinfo=None)


def _kind(day: dt.date) -> str:
    """What the file says of a day, closed or early; empty for other days."""
    if not FIRST <= day <= LAST:
        raise CalendarError(f"the exchange calendar runs from {FIRST} to {LAST}; {day} lies outside")
    return _holidays().get(day, "")


@cache
def _holidays() -> dict[dt.date, str]:
    import csv  # what a first formula does not need is imported on use

    # `pathlib` would take longer to import than all else here.
    with open(os.path.join(os.path.dirname(__file__), "holidays.csv"), encoding="ascii", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {dt.date.fromisoformat(day): kind for day, kind in rows}


@cache
def _new_york() -> ZoneInfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo("America/New_York")
