"""Dated events that move volatility: FOMC decisions, and releases of CPI and PPI.

`events.csv` holds the days that their publishers announced, with the source of each. A file of the same name and
columns (kind, date, source) in the user's data directory adds days to it. Nothing is guessed: beyond a kind's last day
there is no answer.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from typing import TYPE_CHECKING

from xlalvh.market.directory import data_directory

if TYPE_CHECKING:
    from pathlib import Path

NAME = "events.csv"
KINDS = {
    "FOMC": "federalreserve.gov/monetarypolicy/fomccalendars.htm",
    "CPI": "bls.gov/schedule/news_release/cpi.htm",
    "PPI": "bls.gov/schedule/news_release/ppi.htm",
}
_GAP = {"FOMC": 60, "CPI": 50, "PPI": 50}  # days: two events of a kind further apart have a missing one between
_HEADER = "kind,date,source"


class EventError(ValueError):
    """A day for which the table has no event; the message names the kind, the day and the remedy."""


def next_event(kind: str, day: dt.date, folder: Path | None = None) -> dt.date:
    """The first event of a kind on `day` or later. An FOMC event is the day of its decision.

    Parameters
    ----------
    kind : str
        FOMC, CPI or PPI.
    day : date
    folder : Path, optional
        Where the user's own table lies; the data directory if omitted.

    Raises
    ------
    EventError
        For another kind, before the table's first days and after its last, and for a user's table that cannot be read.
    """
    from pathlib import Path  # what a first formula does not need is imported on use

    own = (folder if folder is not None else data_directory()) / NAME
    if kind not in KINDS:
        raise EventError(f"kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    remedy = f"add the dates from {KINDS[kind]} to {own}, a line such as {kind},2027-03-17,source under {_HEADER}"
    days = sorted({*_days(Path(__file__).with_name(NAME), kind), *(_days(own, kind) if own.is_file() else ())})
    if not days:
        raise EventError(f"kind is {kind}, of which the table has no dates; {remedy}")
    at = bisect_left(days, day)
    if at == len(days):
        raise EventError(f"day is {day}; the table of {kind} ends on {days[-1]}; {remedy}")
    if (days[at] - (days[at - 1] if at else day)).days > _GAP[kind]:
        raise EventError(f"day is {day}; the table of {kind} has none between it and {days[at]}; {remedy}")
    return days[at]


def _days(path: Path, kind: str) -> list[dt.date]:
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if [name.strip().lower() for name in reader.fieldnames or ()][:2] != ["kind", "date"]:
                raise EventError(f"{path} does not begin with the line {_HEADER}; add it")
            reader.fieldnames = _HEADER.split(",")
            rows = [row for row in reader if row["kind"]]
            return [dt.date.fromisoformat((row["date"] or "").strip()) for row in rows if row["kind"].strip() == kind]
    except (OSError, UnicodeDecodeError) as error:
        raise EventError(f"{path} cannot be read ({error}); save it as UTF-8 text") from error
    except ValueError as error:
        if isinstance(error, EventError):
            raise
        raise EventError(f"{path}: {error}; write dates as 2027-03-17") from None
